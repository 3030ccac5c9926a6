"""What of a source the district does not want: entered, looked at on its last files, saved."""

from functools import partial
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.imports.previewing import preview_left_out
from firstbell.domain.imports.queries import find_last_kept
from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import LEAVES_OUT, change_settings, policy_of
from firstbell.engine.leaving_out import BadPattern, LeftOut, ensure_good
from firstbell.engine.tables import TABLES
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sources.entering import lines_of
from firstbell.web.sources.saving import is_saved, shown_by, status_of
from firstbell.web.visit import Visit, inside

_LINES = {"rows": 4, "spellcheck": "false"}


class NotWantedForm(forms.Form):
    """Patterns for each table, one a line."""

    TABLES: ClassVar[tuple[str, ...]] = ("classes", "courses", "users")

    classes = forms.CharField(
        label="Classes",
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="By title or code, one a line; * stands for anything: Lunch*, Study Hall. Enrollments go along.",
    )
    courses = forms.CharField(
        label="Courses",
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="By title or code. Their classes go with them.",
    )
    users = forms.CharField(
        label="People",
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="By the source’s id, number, username or email: *@contractor.example.org.",
    )

    def patterns(self) -> dict[str, list[str]]:
        """Table -> patterns; no table without any."""
        lines = {name: lines_of(self.cleaned_data[name]) for name in self.TABLES}
        return {name: given for name, given in lines.items() if given}

    def clean(self) -> None:
        """Each table's patterns, as the engine takes them."""
        for name in self.TABLES:
            try:
                ensure_good({name: lines_of(self.cleaned_data.get(name, ""))})
            except BadPattern as problem:
                self.add_error(name, str(problem).partition(": ")[2].capitalize())


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_not_wanted(visit: Visit, source_id: int) -> HttpResponseBase:
    """What is not wanted of a source, and what that does to its last files. Nothing holds before it is saved."""
    source = access_source(visit.viewer, visit.district, source_id)
    posted = visit.request.method == "POST"
    saved = policy_of(source).leaves_out
    form = NotWantedForm(visit.request.POST if posted else {name: "\n".join(given) for name, given in saved.items()})
    good = form.is_valid()
    if posted and good and "save" in visit.request.POST and is_saved(form, partial(_save, visit, source, form)):
        messages.success(visit.request, f"Saved. It holds from the next file of {source.name} on.")
        return redirect(visit.url("source_not_wanted", source.pk))
    context = {
        "source": source,
        "form": form,
        "crumbs": [Crumb("Sources", visit.url("sources")), Crumb(source.name, visit.url("source", source.pk))],
        "unsaved": posted,
        "shown": shown_by(form, source, [LEAVES_OUT]),
        "seen": _seen(visit, source, form.patterns()) if good else None,
    }
    return show(visit, "sources/not_wanted.html", context, room="sources", status=status_of(form))


def _save(visit: Visit, source: Source, form: NotWantedForm, shown: str | None) -> None:
    change_settings(visit.district, source, {LEAVES_OUT: form.patterns()}, by=visit.viewer.actor, shown=shown)


def _seen(visit: Visit, source: Source, patterns: dict[str, list[str]]) -> dict[str, object] | None:
    """What the patterns leave out of the last files that are kept; None where there are none, or nothing is entered."""
    run = find_last_kept(visit.district, source) if patterns else None
    if run is None:
        return None
    left = preview_left_out(visit.district, run, policy_of(source).corrections, patterns)
    return {"run": run, "lines": [_line(one) for one in left]}


def _line(one: LeftOut) -> dict[str, object]:
    return {
        "label": TABLES[one.table].nouns.capitalize(),
        "count": one.count,
        "total": one.total,
        "examples": ", ".join(one.examples),
    }
