"""Which part of what a source sends the district takes: entered, looked at on its last files, saved."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.imports.previewing import preview_scope
from firstbell.domain.imports.queries import find_last_kept
from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import SCOPE, policy_of
from firstbell.domain.sources.actions import set_scope
from firstbell.engine.leaving_out import BadPattern
from firstbell.engine.scope_settings import FIELDS, GRADES, NO_GRADE, ROLES, ensure_good_scope
from firstbell.engine.tables import TABLES
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sources.entering import lines_of
from firstbell.web.sources.saving import is_saved, shown_by, status_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words, grades_in_words, in_words

_LINES = {"rows": 4, "spellcheck": "false"}
_GRADE_CHOICES = [(grade, "No grade" if grade == NO_GRADE else grades_in_words([grade])) for grade in GRADES]
_NOUNS = {
    "schools": ("school", "schools"),
    "terms": ("term", "terms"),
    "grades": ("grade", "grades"),
    "roles": ("role", "roles"),
}


class ScopeForm(forms.Form):
    """Each part of a scope; a blank one takes all."""

    LINES: ClassVar[tuple[str, ...]] = ("schools", "terms")

    schools = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="By name, number or the source’s id, one a line. A district named here stands for all its schools."
        " Blank: all schools.",
    )
    terms = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="By title, school year or id, one a line; * stands for anything: 2026-27*. Blank: all terms.",
    )
    grades = forms.MultipleChoiceField(
        label="Grades of students",
        required=False,
        choices=_GRADE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text="None marked: all grades. Families come with their children.",
    )
    roles = forms.MultipleChoiceField(
        required=False,
        choices=[(role, in_words(role)) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text="None marked: all roles.",
    )
    fields_not_wanted = forms.MultipleChoiceField(
        label="Not wanted of people",
        required=False,
        choices=list(FIELDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="What is marked is blank here, whatever the source sends.",
    )

    def scope(self) -> dict[str, list[str]]:
        """Part -> lines or words; no part without any."""
        said: dict[str, list[str]] = {name: lines_of(self.cleaned_data[name]) for name in self.LINES}
        said |= {"grades": self.cleaned_data["grades"], "roles": self.cleaned_data["roles"]}
        said["fields"] = self.cleaned_data["fields_not_wanted"]
        return {name: given for name, given in said.items() if given}

    def clean(self) -> None:
        """Lines as the engine takes them."""
        for name in self.LINES:
            try:
                ensure_good_scope({name: lines_of(self.cleaned_data.get(name, ""))})
            except BadPattern as problem:
                self.add_error(name, str(problem).partition(": ")[2].capitalize())


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_scope(visit: Visit, source_id: int) -> HttpResponseBase:
    """What is taken of a source, and what that does to its last files. Nothing holds before it is saved."""
    source = access_source(visit.viewer, visit.district, source_id)
    posted = visit.request.method == "POST"
    form = ScopeForm(visit.request.POST if posted else entered(policy_of(source).scope))
    good = form.is_valid()
    if posted and good and "save" in visit.request.POST and is_saved(form, partial(_save, visit, source, form)):
        messages.success(visit.request, f"Saved. It holds from the next files of {source.name} on.")
        return redirect(visit.url("source_scope", source.pk))
    context = {
        "source": source,
        "next_url": visit.url("source_next_year", source.pk),
        "form": form,
        "crumbs": [Crumb("Sources", visit.url("sources")), Crumb(source.name, visit.url("source", source.pk))],
        "unsaved": posted,
        "shown": shown_by(form, source, [SCOPE]),
        "seen": _seen(visit, source, form.scope()) if good else None,
    }
    return show(visit, "sources/scope.html", context, room="sources", status=status_of(form))


def _save(visit: Visit, source: Source, form: ScopeForm, shown: str | None) -> None:
    set_scope(visit.district, source, form.scope(), by=visit.viewer.actor, shown=shown)


def scope_in_words(scope: dict[str, tuple[str, ...]]) -> str:
    """“2 schools, 3 grades, without E-mail addresses”; blank where all is taken."""
    parts = [count_in_words(len(scope[name]), *nouns) for name, nouns in _NOUNS.items() if scope.get(name)]
    if fields := scope.get("fields"):
        parts.append("without " + ", ".join(FIELDS[name].lower() for name in fields if name in FIELDS))
    return ", ".join(parts)


def entered(scope: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """A scope as the form takes it."""
    lines = {name: "\n".join(scope.get(name, ())) for name in ScopeForm.LINES}
    return lines | {
        "grades": list(scope.get("grades", ())),
        "roles": list(scope.get("roles", ())),
        "fields_not_wanted": list(scope.get("fields", ())),
    }


def _seen(visit: Visit, source: Source, scope: dict[str, list[str]]) -> dict[str, object] | None:
    """What it does to the last files that are kept; None where there are none, or all is taken."""
    run = find_last_kept(visit.district, source) if scope else None
    if run is None:
        return None
    seen = preview_scope(visit.district, run, policy_of(source).corrections, scope)
    lines = [(TABLES[one.table].nouns.capitalize(), one.count, one.total) for one in seen.left_out]
    return {"run": run, "lines": lines, "schools": seen.schools, "unmet": seen.unmet}
