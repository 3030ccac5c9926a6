"""The advisor's questions. Each may be left open: what is known is advised on, and what is missing is said."""

from typing import Final

from django import forms
from django.http import QueryDict

from firstbell.domain.advice.answers import (
    CHOICES,
    CRITERIA,
    Answers,
    BadAnswer,
    Criterion,
    ensure_answer,
    read_answers,
)
from firstbell.domain.advice.settings import AdviceSettings

NOT_KNOWN: Final = "Not answered"


class AnswerField(forms.CharField):
    """One answer as it was typed or chosen, which the domain judges."""

    def __init__(self, criterion: Criterion, *, label: str, widget: forms.Widget) -> None:
        super().__init__(label=label, required=False, widget=widget)
        self._criterion = criterion

    def clean(self, value: object) -> str:
        """The answer, blank for none."""
        typed = str(value or "").strip()
        try:
            ensure_answer(self._criterion, typed)
        except BadAnswer as problem:
            raise forms.ValidationError(str(problem)) from problem
        return typed


class AdvisorForm(forms.Form):
    """Four questions, sent as the page's own address, so that its answer can be linked to."""

    def __init__(self, sent: QueryDict, settings: AdviceSettings) -> None:
        super().__init__(sent)
        for criterion in CRITERIA:
            self.fields[criterion] = AnswerField(
                criterion, label=settings.say(f"question.{criterion}"), widget=_widget(criterion, settings)
            )
        self.fields["accounts"].help_text = "Everyone who would have an account. A rough number will do."
        self.fields["single_school"] = forms.BooleanField(label="We have a single school", required=False)
        self.order_fields(["accounts", "single_school", *CRITERIA])

    @property
    def answers(self) -> Answers:
        """What is known and can be so; an answer that cannot be one counts as none."""
        self.full_clean()
        good = self.cleaned_data
        single_school = bool(good.get("single_school"))
        return read_answers(
            accounts=good.get("accounts", ""),
            mobility="" if single_school else good.get("mobility", ""),
            frequency=good.get("frequency", ""),
            current=good.get("current", ""),
            single_school=single_school,
        )


def _widget(criterion: Criterion, settings: AdviceSettings) -> forms.Widget:
    if criterion == "accounts":
        return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 16})
    said = [(choice, settings.say(f"answer.{criterion}.{choice}")) for choice in CHOICES[criterion]]
    return forms.RadioSelect(choices=[*said, ("", NOT_KNOWN)])
