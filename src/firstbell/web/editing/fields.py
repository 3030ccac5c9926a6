"""A form's field for a column of the roster (``engine.tables``): kind, closed list and meaning are said there."""

from collections.abc import Iterable, Mapping
from typing import Final

from django import forms

from firstbell.engine.tables import LIST_KINDS, Column, Kind, Table
from firstbell.engine.vocabulary import GRADES_1P1, VOCABULARIES
from firstbell.web.words import field_in_words, grades_in_words, in_words

type Choices = list[tuple[str, str]]

LABELS: Final[dict[str, dict[str, str]]] = {
    "orgs": {"identifier": "ID", "parentSourcedId": "Belongs to"},
    "academicSessions": {
        "startDate": "First day",
        "endDate": "First day after",
        "parentSourcedId": "Part of",
        "schoolYear": "School year ends in",
    },
    "classes": {"termSourcedIds": "Terms", "classCode": "Code", "classType": "Kind", "location": "Room"},
    "users": {
        "identifier": "ID",
        "email": "E-mail",
        "sms": "Text messages",
        "grades": "Grade",
        "primaryOrgSourcedId": "Main school",
        "userMasterIdentifier": "ID across systems",
        "enabledUser": "May use products",
    },
    "roles": {"orgSourcedId": "School", "beginDate": "First day", "endDate": "First day after"},
    "enrollments": {"primary": "Main teacher", "beginDate": "First day", "endDate": "First day after"},
}
"""Where people say it otherwise than the column's name does."""
LONGEST: Final = 255
TRUTH: Final[Choices] = [("true", "Yes"), ("false", "No")]


def label_of(table: Table, column: str) -> str:
    """What people call a column."""
    return LABELS.get(table.name, {}).get(column) or field_in_words(column)


def text_in_words(column: Column, text: str | None, names: Mapping[str, str]) -> str:
    """Canonical text as people say it. ``names``: of what a reference leads to, by row id."""
    if not text:
        return ""
    parts = text.split(",") if column.kind in LIST_KINDS else [text]
    match column.kind:
        case Kind.REF | Kind.REFS:
            return ", ".join(names.get(part, part) for part in parts)
        case Kind.GRADES:
            return grades_in_words(parts)
        case Kind.ENUM:
            return in_words(text)
        case Kind.BOOLEAN:
            return "Yes" if text == "true" else "No"
        case _:
            return ", ".join(parts)


def field_of(table: Table, column: Column, *, choices: Choices | None = None, now: str | None = None) -> forms.Field:
    """The field. ``choices``: row ids and names, of a reference; ``now``: what stands there, which may stay."""
    needed = column.required and not column.tolerated and column.default is None
    field = _control(table, column, choices or [], now, needed=needed)
    field.label = label_of(table, column.name)
    field.required = field.widget.is_required = needed
    field.help_text = _help(table, column)
    return field


def _control(table: Table, column: Column, choices: Choices, now: str | None, *, needed: bool) -> forms.Field:
    match column.kind:
        case Kind.REFS:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
        case Kind.REF:
            return forms.ChoiceField(choices=_with_blank(choices, needed=needed))
        case Kind.BOOLEAN:
            return forms.ChoiceField(choices=TRUTH if column.default else _with_blank(TRUTH, needed=False))
        case Kind.ENUM:
            words = VOCABULARIES[column.vocabulary or ""].v1p2
            return forms.ChoiceField(choices=_words(words, now, needed=needed or column.default is not None))
        case Kind.GRADES if table.name == "users":
            return forms.ChoiceField(choices=_grades(now))
        case Kind.DATE:
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), max_length=10)
        case Kind.EMAIL:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "email"}), max_length=LONGEST)
        case _:
            return forms.CharField(max_length=LONGEST)


def grade_choices() -> Choices:
    """The grades of the closed list, as people say them."""
    return [(grade, grades_in_words([grade])) for grade in GRADES_1P1]


def _help(table: Table, column: Column) -> str:
    """The column's meaning, where its label does not say it all."""
    if column.kind is Kind.GRADES and table.name != "users":
        return "Such as 7, or 6,7,8 for several."
    if column.kind in {Kind.STRING, Kind.STRINGS, Kind.DATE, Kind.YEAR, Kind.REF} and column.name not in {
        "name",
        "title",
        "givenName",
        "familyName",
        "pronouns",
        "email",
    }:
        more = ", several with commas between them" if column.kind is Kind.STRINGS else ""
        return f"{column.meaning[:1].upper()}{column.meaning[1:]}{more}."
    return ""


def _with_blank(choices: Choices, *, needed: bool) -> Choices:
    return choices if needed and len(choices) == 1 else [("", "Choose" if needed else "None"), *choices]


def _words(words: Iterable[str], now: str | None, *, needed: bool) -> Choices:
    known = list(words)
    if now and now not in known:
        known.append(now)
    return ([] if needed else [("", "None")]) + [(word, in_words(word)) for word in known]


def _grades(now: str | None) -> Choices:
    choices = [("", "None"), *grade_choices()]
    if now and now not in dict(choices):
        choices.append((now, grades_in_words(now.split(","))))
    return choices
