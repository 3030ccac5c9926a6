"""Forms of the Programs pages."""

from django import forms

from firstbell.domain.sharing.granting import AGREEMENT_MOST, REASON_MOST
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.presets import HIDEABLE, MEANINGS, Preset, Wish
from firstbell.domain.sharing.preview import Choices
from firstbell.web.words import grades_in_words, in_words

ALL = "None chosen is all."


class GrantForm(forms.Form):
    """What a program reads."""

    preset = forms.ChoiceField(
        label="What it is told of people",
        choices=[(preset.value, MEANINGS[preset]) for preset in Preset],
        widget=forms.RadioSelect,
    )
    schools = forms.TypedMultipleChoiceField(
        label="Schools", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, help_text=ALL
    )
    grades = forms.MultipleChoiceField(
        label="Grades of students", required=False, widget=forms.CheckboxSelectMultiple, help_text=ALL
    )
    terms = forms.TypedMultipleChoiceField(
        label="Terms", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, help_text=ALL
    )
    roles = forms.MultipleChoiceField(label="Roles", required=False, widget=forms.CheckboxSelectMultiple, help_text=ALL)
    hidden = forms.MultipleChoiceField(
        label="It is not told",
        required=False,
        choices=list(HIDEABLE.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="Beside what the choice above leaves out already.",
    )
    begins = forms.DateField(
        label="First day", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    agreement = forms.CharField(
        label="Which agreement it stands on",
        required=False,
        max_length=AGREEMENT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who signed it, for whom and when.",
    )

    def __init__(self, *args: object, choices: Choices, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.fields["schools"].choices = choices.schools  # type: ignore[attr-defined]
        self.fields["terms"].choices = choices.terms  # type: ignore[attr-defined]
        self.fields["grades"].choices = [(grade, grades_in_words([grade])) for grade in choices.grades]  # type: ignore[attr-defined]
        self.fields["roles"].choices = [(role, in_words(role)) for role in choices.roles]  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """What was filled in."""
        said = self.cleaned_data
        return Wish(
            Preset(said["preset"]),
            tuple(said["schools"]) or None,
            tuple(said["grades"]) or None,
            tuple(said["terms"]) or None,
            tuple(said["roles"]) or None,
            frozenset(said["hidden"]),
            said["begins"],
            said["ends"],
            said["agreement"],
        )


def as_filled(wish: Wish) -> dict[str, object]:
    """A grant as the form shows it."""
    return {
        "preset": wish.preset.value,
        "schools": wish.schools or (),
        "grades": wish.grades or (),
        "terms": wish.terms or (),
        "roles": wish.roles or (),
        "hidden": sorted(wish.hidden),
        "begins": wish.begins,
        "ends": wish.ends,
        "agreement": wish.agreement,
    }


class WithholdForm(forms.Form):
    """Somebody of whom a program is told nothing."""

    program = forms.ModelChoiceField(
        ApiClient.objects.none(), label="Tell nothing of this person to", required=False, empty_label="All programs"
    )
    reason = forms.CharField(label="Why", max_length=REASON_MOST, help_text="Such as: the family opted out.")

    def __init__(self, *args: object, programs: list[ApiClient], **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        chosen = ApiClient.objects.filter(pk__in=[program.pk for program in programs])
        self.fields["program"].queryset = chosen.order_by("name")  # type: ignore[attr-defined]
