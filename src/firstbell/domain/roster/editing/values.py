"""A row's values as canonical text, and back."""

from collections.abc import Mapping
from datetime import date

from firstbell.domain.roster.columns import sql_name
from firstbell.domain.roster.models import Row
from firstbell.engine.tables import Column, Kind, Table

type Texts = dict[str, str | None]
"""Canonical text by canonical column; None is blank."""


def value_of(column: Column, text: str | None) -> object:
    """The value that a field of the database holds."""
    if text is None:
        return None
    match column.kind:
        case Kind.DATE:
            return date.fromisoformat(text)
        case Kind.YEAR | Kind.REF:
            return int(text)
        case Kind.BOOLEAN:
            return text == "true"
        case Kind.STRINGS | Kind.GRADES:
            return text.split(",")
        case Kind.REFS:
            return [int(part) for part in text.split(",")]
        case _:
            return text


def text_of(value: object) -> str | None:
    """Canonical text of a field's value."""
    match value:
        case None | []:
            return None
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case list():
            return ",".join(str(part) for part in value)
        case _:
            return str(value)


def texts_of(table: Table, row: Row) -> Texts:
    """The content of a row."""
    columns = (column for column in table.content if column.name != "sourcedId")
    return {column.name: text_of(getattr(row, sql_name(column))) for column in columns}


def as_fields(table: Table, texts: Mapping[str, str | None]) -> dict[str, object]:
    """Texts as the fields of the table's model."""
    return {sql_name(table[name]): value_of(table[name], text) for name, text in texts.items()}
