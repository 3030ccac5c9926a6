"""Filters above a list: a search box and choices with counts, sent as the list's own address.

With scripts, typing and choosing change the list in place; without, the form's button does.
"""

from collections.abc import Iterable, Mapping

from django import forms

from firstbell.domain.roster.queries.schools import Counted

AS_CHOSEN = {"hx-trigger": "change"}
AS_TYPED = {"hx-trigger": "input changed delay:250ms, search", "autocomplete": "off", "spellcheck": "false"}
LONGEST = 200


class ListFilter(forms.Form):
    """The search box; a list adds its choices."""

    q = forms.CharField(required=False, max_length=LONGEST, widget=forms.SearchInput(attrs=AS_TYPED))

    def __init__(self, entered: Mapping[str, object], *, path: str, label: str) -> None:
        super().__init__({name: str(value) for name, value in entered.items()})
        self._path = path
        self.fields["q"].label = label
        self.fields["q"].widget.attrs["hx-get"] = path

    def add_choice(self, name: str, label: str, everything: str, choices: Iterable[Counted]) -> None:
        """One select: everything, or one of the choices, each with its count."""
        said = [(choice.value, f"{choice.label} ({choice.count:,})") for choice in choices]
        field = forms.ChoiceField(label=label, required=False, choices=[("", everything), *said])
        field.widget.attrs |= {**AS_CHOSEN, "hx-get": self._path}
        self.fields[name] = field

    def add_plain_choice(self, name: str, label: str, everything: str, choices: Iterable[tuple[str, str]]) -> None:
        """One select whose choices are not counted, since counting them takes long."""
        field = forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices])
        field.widget.attrs |= {**AS_CHOSEN, "hx-get": self._path}
        self.fields[name] = field

    def follow(self) -> None:
        """Come along beside a part of the page: htmx puts each select, with its new counts, in place of the old."""
        for bound in self:
            if bound.name != "q":
                bound.field.widget.attrs["hx-swap-oob"] = "true"
