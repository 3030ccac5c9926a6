"""What is asked on cases."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from firstbell.domain.accounts.models import Account
from firstbell.domain.advice.takes import Takes
from firstbell.domain.assisted.models import Form
from firstbell.domain.assisted.opening import Wish
from firstbell.domain.assisted.thread import LONGEST_TEXT
from firstbell.web.runs.uploading import FilesField


class WishForm(forms.Form):
    """What a case is for."""

    schools = forms.CharField(
        label="Schools",
        help_text="One a line. Leave it blank for all schools of the district.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
    )
    products = forms.MultipleChoiceField(label="Products", required=False, widget=forms.CheckboxSelectMultiple)
    needed_by = forms.DateField(
        label="Needed by", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    contact = forms.ChoiceField(
        label="Contact person", help_text="Gets the letters about the case, and alone takes over the log-ins."
    )
    form = forms.ChoiceField(label="Templates", choices=Form.choices, initial=Form.SIMPLE, widget=forms.RadioSelect)
    message = forms.CharField(
        label="Anything else that we should know",
        help_text="Somebody reads it before you get the templates. Leave out the names of students.",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, contacts: Sequence[Account], products: Sequence[Takes], today: date, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self._today = today
        cast("forms.ChoiceField", self.fields["contact"]).choices = [(str(one.pk), one.name) for one in contacts]
        offered = [(one.code, one.name) for one in products]
        cast("forms.MultipleChoiceField", self.fields["products"]).choices = offered
        if not offered:
            del self.fields["products"]

    def clean_needed_by(self) -> date | None:
        """No day that is over."""
        wanted = cast("date | None", self.cleaned_data["needed_by"])
        if wanted is not None and wanted < self._today:
            raise forms.ValidationError("This day is over.")
        return wanted

    def wish(self, origin: str) -> Wish:
        """What was asked for."""
        asked = self.cleaned_data
        names = [" ".join(line.split()) for line in str(asked["schools"]).splitlines()]
        return Wish(
            contact_id=int(asked["contact"]),
            schools=tuple(dict.fromkeys(name for name in names if name)),
            products=tuple(asked.get("products") or ()),
            needed_by=asked["needed_by"],
            form=Form(asked["form"]),
            message=asked["message"],
            origin=origin,
        )


class FilesForm(forms.Form):
    """The filled templates."""

    package = FilesField(
        label="Your files",
        help_text="The workbook (.xlsx or .xls), or its CSV files, or a zip of them. They are checked at once.",
    )

    def __init__(self, *args: Any, too_large: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        self._too_large = too_large

    def clean(self) -> dict[str, Any]:
        """Not larger than what is taken."""
        cleaned = super().clean() or {}
        if self._too_large:
            self.errors.pop("package", None)
            most = filesizeformat(settings.FIRSTBELL_MAX_UPLOAD_BYTES)
            self.add_error("package", f"The files are larger than {most} together.")
        return cleaned


class SayForm(forms.Form):
    """A message on a case."""

    text = forms.CharField(
        label="Message",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Both sides read it. Say “record 12” rather than a student’s name.",
    )
    code = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    file = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
    column = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
