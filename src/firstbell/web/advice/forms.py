"""The advisor's questions. Each may be left open: what is known is advised on, and what is missing is said."""

from collections.abc import Sequence
from typing import Final

from django import forms
from django.http import QueryDict

from firstbell.domain.advice.actions import LONGEST_NAME, BadProspect, Who, ensure_good
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
from firstbell.domain.advice.takes import Takes

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


class ProductsField(forms.MultipleChoiceField):
    """Products that were chosen. One that has gone since an address was made is left out, and the others stay."""

    def clean(self, value: object) -> list[str]:
        """Those that there are."""
        chosen = value if isinstance(value, list) else []
        return [code for code in chosen if self.valid_value(code)]


class AdvisorForm(forms.Form):
    """Four questions, sent as the page's own address, so that its answer can be linked to."""

    def __init__(self, sent: QueryDict, settings: AdviceSettings, catalogue: Sequence[Takes]) -> None:
        super().__init__(sent)
        self._catalogue = catalogue
        for criterion in CRITERIA:
            self.fields[criterion] = AnswerField(
                criterion, label=settings.say(f"question.{criterion}"), widget=_widget(criterion, settings)
            )
        self.fields["accounts"].help_text = "Everyone who would have an account. A rough number will do."
        self.fields["single_school"] = forms.BooleanField(label="We have a single school", required=False)
        if catalogue:
            said = [(product.code, product.name) for product in catalogue]
            self.fields["product"] = ProductsField(
                label="Which products will you use?",
                required=False,
                choices=said,
                widget=forms.CheckboxSelectMultiple,
            )
        self.order_fields(["accounts", "single_school", *CRITERIA, "product"])

    @property
    def products(self) -> list[Takes]:
        """The products that were chosen, of those that there are."""
        self.full_clean()
        chosen = self.cleaned_data.get("product", [])
        return [product for product in self._catalogue if product.code in chosen]

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


class KeepForm(forms.Form):
    """Whose advice it is. What was answered comes along as it stands in the address."""

    district_name = forms.CharField(label="Name of your district or school", max_length=LONGEST_NAME)
    nces = forms.CharField(label="NCES number", required=False, max_length=12)
    name = forms.CharField(label="Your name", required=False, max_length=LONGEST_NAME)
    email = forms.EmailField(label="Your e-mail address", required=False)

    district_name.widget.attrs |= {"autocomplete": "organization"}
    nces.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
    nces.help_text = "7 digits for a district, 12 for a school."
    name.widget.attrs |= {"autocomplete": "name"}
    email.widget.attrs |= {"autocomplete": "email"}

    def __init__(self, sent: QueryDict | None = None) -> None:
        super().__init__(sent, auto_id="keep_%s")

    def clean(self) -> dict[str, object]:
        """The domain judges the whole."""
        cleaned: dict[str, object] = super().clean() or {}
        if not self.errors:
            try:
                ensure_good(self.who)
            except BadProspect as problem:
                self.add_error(problem.field, str(problem))
        return cleaned

    @property
    def who(self) -> Who:
        """Who it is, of a form that is valid."""
        return Who(**self.cleaned_data)
