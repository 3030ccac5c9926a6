"""Usernames and the like that a source does not send: rules entered, looked at on its last files, saved."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.districts.models import FirstLogIn
from firstbell.domain.imports.previewing import preview_derived
from firstbell.domain.imports.queries import find_last_kept
from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import CARDS, DERIVES, change_settings, policy_of
from firstbell.engine.deriving import Derived
from firstbell.engine.deriving_rules import RULES, BadRule, ensure_good_rules
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sources.entering import lines_of
from firstbell.web.sources.saving import is_saved, shown_by, status_of
from firstbell.web.visit import Visit, inside

_LABELS = {
    "student.username": ("Usernames of students", "One pattern a line, such as {given:1}{family}."),
    "student.email": ("E-mail addresses of students", "Such as {username}@students.example.org."),
    "student.password": (
        "First passwords of students",
        "For newcomers without a log-in. Whoever knows the rule knows the passwords: cards have better ones.",
    ),
    "staff.username": ("Usernames of staff", "Such as {given}{family:1}."),
    "staff.email": ("E-mail addresses of staff", "Such as {username}@example.org."),
}
_CARDS = [
    ("", "None by themselves"),
    *((kind.value, kind.label) for kind in FirstLogIn if kind is not FirstLogIn.NOTHING),
]
_NOUNS = {"username": "usernames", "email": "e-mail addresses", "password": "first passwords"}


class DerivedForm(forms.Form):
    """The patterns of each rule, one a line."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        for rule, (label, help_text) in _LABELS.items():
            lines = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
            self.fields[_name(rule)] = forms.CharField(
                label=label, help_text=help_text, required=False, widget=lines, max_length=1000
            )

        self.fields["cards"] = forms.ChoiceField(label="Cards for new students", choices=_CARDS, required=False)
        self.fields["cards"].help_text = (
            "For newcomers who have no way to sign in. Administrators are told, and the page of the run prints the"
            " cards: their passwords are made then, as the district’s rules for passwords say, and stand nowhere else."
        )

    def rules(self) -> dict[str, list[str]]:
        """Rule -> patterns; no rule without any."""
        said = {rule: lines_of(self.cleaned_data[_name(rule)]) for rule in RULES}
        return {rule: patterns for rule, patterns in said.items() if patterns}

    def clean(self) -> None:
        """Each rule, as the engine takes it."""
        for rule in RULES:
            try:
                ensure_good_rules({rule: lines_of(self.cleaned_data.get(_name(rule), ""))})
            except BadRule as problem:
                said = str(problem).partition(": ")[2]
                self.add_error(_name(rule), said[:1].upper() + said[1:])


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_derived(visit: Visit, source_id: int) -> HttpResponseBase:
    """What is made for people whom the source sends without it. Nothing holds before it is saved."""
    source = access_source(visit.viewer, visit.district, source_id)
    posted = visit.request.method == "POST"
    saved = policy_of(source).derives
    shown = {_name(rule): "\n".join(patterns) for rule, patterns in saved.items()}
    form = DerivedForm(visit.request.POST if posted else {**shown, "cards": source.settings.get(CARDS, "")})
    good = form.is_valid()
    if posted and good and "save" in visit.request.POST and is_saved(form, partial(_save, visit, source, form)):
        messages.success(visit.request, f"Saved. It holds from the next file of {source.name} on.")
        return redirect(visit.url("source_made", source.pk))
    context = {
        "source": source,
        "form": form,
        "crumbs": [Crumb("Sources", visit.url("sources")), Crumb(source.name, visit.url("source", source.pk))],
        "unsaved": posted,
        "shown": shown_by(form, source, [DERIVES, CARDS]),
        "seen": _seen(visit, source, form.rules()) if good else None,
    }
    return show(visit, "sources/made.html", context, room="sources", status=status_of(form))


def _save(visit: Visit, source: Source, form: DerivedForm, shown: str | None) -> None:
    wanted = {DERIVES: form.rules(), CARDS: form.cleaned_data["cards"] or None}
    change_settings(visit.district, source, wanted, by=visit.viewer.actor, shown=shown)


def _name(rule: str) -> str:
    return rule.replace(".", "_")


def _seen(visit: Visit, source: Source, rules: dict[str, list[str]]) -> dict[str, object] | None:
    """What the rules make for people in the last files that are kept; None where there are none, or no rule."""
    run = find_last_kept(visit.district, source) if rules else None
    if run is None:
        return None
    made = preview_derived(visit.district, run, policy_of(source), rules)
    return {"run": run, "lines": [_line(one) for one in made]}


def _line(one: Derived) -> dict[str, object]:
    who = "students" if one.group == "student" else "staff"
    return {
        "label": f"{_NOUNS[one.column]} of {who}".capitalize(),
        "made": one.made,
        "left": one.left,
        "examples": ", ".join(one.examples),
    }
