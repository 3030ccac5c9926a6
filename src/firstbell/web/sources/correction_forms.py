"""A form for each kind of correction. What the engine's parser says about an entry is what the form says."""

from typing import Any, ClassVar, Final

from django import forms

from firstbell.engine.corrections.kinds import DATE_FORMS, NAME_ORDERS
from firstbell.engine.tables import TABLES
from firstbell.web.runs.uploading import FilesField

FILES: Final = "known-files"
"""The list of files that the page offers."""
COLUMNS: Final = "known-columns"


def _file(**more: Any) -> forms.CharField:
    return forms.CharField(label="File", widget=forms.TextInput(attrs={"list": FILES, "autocomplete": "off"}), **more)


def _column(label: str = "Column", **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.TextInput(attrs={"list": COLUMNS, "autocomplete": "off"}), **more)


def _width() -> forms.IntegerField:
    return forms.IntegerField(label="Digits", min_value=2, max_value=50)


class CorrectionForm(forms.Form):
    """One correction to add. ``kind`` is the engine's word for it, ``title`` what people see."""

    kind: ClassVar[str]
    title: ClassVar[str]
    hint: ClassVar[str] = ""

    use_required_attribute = False

    def members(self) -> dict[str, object]:
        """What was entered, as the engine's parser reads it."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return {"kind": self.kind, **said}

    def look_here(self) -> None:
        """Have the browser begin at the first faulty field of this form, far down the page."""
        faulty = next((name for name in self.fields if name in self.errors), next(iter(self.fields)))
        self.fields[faulty].widget.attrs["autofocus"] = True


class RenameColumnForm(CorrectionForm):
    """A column under another name."""

    kind = "rename-column"
    title = "A column has another name"
    file = _file()
    column = _column("Its name in your file")
    to = _column("Its name in the format", help_text="Such as sourcedId or givenName.")


class RenameFileForm(CorrectionForm):
    """A file under another name."""

    kind = "rename-file"
    title = "A file has another name"
    file = _file(help_text="As you send it. A * stands for anything, such as the date in students_*.csv.")
    to = forms.CharField(
        label="Its name in the format", widget=forms.TextInput(attrs={"list": FILES, "autocomplete": "off"})
    )
    field_order = ("file", "to")


class PadIdsForm(CorrectionForm):
    """Ids that lost their leading zeros."""

    kind = "pad-ids"
    title = "Ids lost their leading zeros"
    hint = "Spreadsheets make 42 of 000042. The ids get their zeros back in every file that names them."
    table = forms.ChoiceField(label="Ids of", choices=[(name, table.nouns) for name, table in TABLES.items()])
    width = _width()


class PadColumnForm(CorrectionForm):
    """Numbers of one column that lost their leading zeros."""

    kind = "pad-column"
    title = "Numbers lost leading zeros"
    file = _file()
    column = _column()
    width = _width()


class SplitNameForm(CorrectionForm):
    """First and last name in one column."""

    kind = "split-name"
    title = "Names stand in one column"
    file = _file()
    column = _column("Column of the names")
    order = forms.ChoiceField(
        label="Written as",
        choices=list(zip(NAME_ORDERS, ("Doe, Jane", "Jane Doe (the last word is the last name)"), strict=True)),
    )


class ReplaceValuesForm(CorrectionForm):
    """Words spelled another way."""

    kind = "replace-values"
    title = "Values are spelled another way"
    file = _file()
    column = _column()
    values = forms.CharField(
        label="What becomes what",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="One a line: STU = student. Nothing behind the = makes the cell blank.",
    )

    def clean_values(self) -> dict[str, str]:
        """A mapping of what stands there to what it becomes."""
        lines = [line for line in self.cleaned_data["values"].splitlines() if line.strip()]
        without = next((line for line in lines if "=" not in line), None)
        if without is not None:
            raise forms.ValidationError(f"There is no = in the line {without.strip()}.")
        pairs = [(before.strip(), after.strip()) for before, _, after in (line.partition("=") for line in lines)]
        twice = next((before for before, _ in pairs if [known for known, _ in pairs].count(before) > 1), None)
        if twice is not None:
            raise forms.ValidationError(f"{twice} stands there twice.")
        return dict(pairs)


class FillBlanksForm(CorrectionForm):
    """What every record is."""

    kind = "fill-blanks"
    hint = "Where the column is missing or a cell of it is blank."
    title = "A column is the same for all"
    file = _file()
    column = _column()
    value = forms.CharField(label="What it says", help_text="Such as student or scheduled.")


class DateFormForm(CorrectionForm):
    """How dates are written."""

    kind = "date-form"
    title = "Dates are written another way"
    hint = "3/4/2026 is in March or in April: only you know. Leave file and column empty for all columns of dates."
    form = forms.ChoiceField(label="Written as", choices=[(form, form) for form in DATE_FORMS])
    file = _file(required=False)
    column = _column(required=False)


class JoinTextForm(CorrectionForm):
    """A column made of others."""

    kind = "join-text"
    title = "A column can be made of others"
    file = _file()
    column = _column("Column to fill where it is blank")
    template = forms.CharField(
        label="Made as", help_text="Columns in braces, such as {username}@school.org.", widget=forms.TextInput()
    )


FORMS: Final[tuple[type[CorrectionForm], ...]] = (
    RenameColumnForm,
    RenameFileForm,
    PadIdsForm,
    PadColumnForm,
    SplitNameForm,
    ReplaceValuesForm,
    FillBlanksForm,
    DateFormForm,
    JoinTextForm,
)
"""In the order in which people need them."""


class TryForm(forms.Form):
    """Files to look at without keeping them."""

    package = FilesField(
        label="Files to try the corrections on", help_text="A zip or its CSV files. They are looked at and not kept."
    )
