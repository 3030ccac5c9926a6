"""What is asked where lists are brought."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from firstbell.web.runs.uploading import FilesField

ADD, REPLACE = "add", "replace"
MOST_FILES = 3


class ListForm(forms.Form):
    """The files of a list, and what they may do."""

    lists = FilesField(
        label="Your lists",
        help_text="Up to three files: a workbook (.xlsx or .xls), or CSV files for classes, staff and students.",
    )
    mode = forms.ChoiceField(
        label="What they do",
        choices=(
            (ADD, "Add and update. Nobody is removed."),
            (REPLACE, "Replace the roster of these schools. Whom the lists leave out is removed there."),
        ),
        initial=ADD,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, too_large: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        self._too_large = too_large

    def clean(self) -> dict[str, Any]:
        """At most three files, and not too large."""
        cleaned = super().clean() or {}
        if self._too_large:
            self.errors.pop("lists", None)
            most = filesizeformat(settings.FIRSTBELL_MAX_UPLOAD_BYTES)
            self.add_error("lists", f"The files are larger than {most} together.")
        elif len(cleaned.get("lists") or []) > MOST_FILES:
            self.add_error("lists", f"Choose at most {MOST_FILES} files.")
        return cleaned


class NamesForm(forms.Form):
    """The students of one class, as names."""

    group = forms.ChoiceField(label="Class")
    names = forms.CharField(
        label="Names",
        help_text="One student a line: <code>Ana Lopez</code>, or <code>Ana Lopez; ana.lopez; blue fox tent</code>"
        " with a username and a password. A last name of two words goes first: <code>de la Cruz, Ana</code>.",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocapitalize": "words"}),
        max_length=100_000,
    )

    def __init__(self, groups: list[tuple[str, str]], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        cast("forms.ChoiceField", self.fields["group"]).choices = groups

    def clean_names(self) -> str:
        """Every line needs a first and a last name."""
        text = str(self.cleaned_data["names"])
        lines = [line.split(";")[0].strip() for line in text.splitlines() if line.strip()]
        short = [line for line in lines if len(line.replace(",", " ").split()) < 2]
        if short:
            raise forms.ValidationError(f"{short[0][:80] or 'A line'} has no last name. Write first and last name.")
        return text
