"""New ids that a source announces: a file of old and new ones, looked at and taken before its next roster."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.new_ids import TABLES_WITH_IDS, BadNewIds, declare_new_ids, read_new_ids
from firstbell.engine.tables import TABLES
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

LARGEST = 50_000_000


class NewIdsForm(forms.Form):
    """The file, and whose ids they are."""

    table = forms.ChoiceField(
        label="Whose ids", choices=[(name, TABLES[name].nouns.capitalize()) for name in TABLES_WITH_IDS]
    )
    file = forms.FileField(
        label="The file",
        help_text="CSV in UTF-8. Its first line is old,new; each line below has an id as the source sent it until now,"
        " and the one that it sends from now on.",
    )

    def clean_file(self) -> bytes:
        """Its bytes."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("The file is too large. Split it.")
        body: bytes = file.read()
        return body


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_new_ids(visit: Visit, source_id: int) -> HttpResponseBase:
    """Take a file of new ids, or only tell what it would do."""
    source = access_source(visit.viewer, visit.district, source_id)
    posted = visit.request.method == "POST"
    form = NewIdsForm(visit.request.POST, visit.request.FILES) if posted else NewIdsForm()
    seen = ""
    if posted and form.is_valid():
        table, looks = form.cleaned_data["table"], "look" in visit.request.POST
        try:
            pairs = read_new_ids(form.cleaned_data["file"])
            count = declare_new_ids(visit.district, source, table, pairs, by=visit.viewer.actor, only_look=looks)
        except BadNewIds as problem:
            form.add_error("file", str(problem))
        else:
            said = count_in_words(count, TABLES[table].noun, TABLES[table].nouns)
            if not looks:
                messages.success(visit.request, f"{said} of {source.name} have new ids from its next file on.")
                return redirect(visit.url("source", source.pk))
            seen = f"{said} would have new ids. Choose the file again and take them."
    context = {
        "source": source,
        "form": form,
        "seen": seen,
        "crumbs": [Crumb("Sources", visit.url("sources")), Crumb(source.name, visit.url("source", source.pk))],
    }
    return show(visit, "sources/new_ids.html", context, room="sources", status=422 if form.errors else 200)
