"""The names of columns: those in a header, and what a name tells of its column."""

import csv
import re

_ID_NAME = re.compile(r"(?:^|[ _.])(?:id|Id|ID)$|[a-z](?:Id|ID)$|^(?i:sourcedid)$")
_SECRET_NAME = re.compile(r"pass(word|wd|code|phrase)|pwd", re.IGNORECASE)
_OF_PEOPLE = ({"firstname", "lastname"}, {"classname"}, {"schoolname"})
"""Columns that a list has which people made, and which need no id (``formats.templates``)."""
_SEPARATORS = re.compile(r"[\s_.\-]")
"""Readers of headers look over these, so a name may be split by them."""


def names_in(line: bytes) -> list[str]:
    """The names of the columns, from the first line of a file."""
    text = line.decode("utf-8", "replace").rstrip("\r").replace("\r", " ")
    try:
        cells = next(csv.reader([text]), [])
    except csv.Error:  # a cell of more than 128 KiB: whatever it is, it names no column
        return []
    return [cell.strip() for cell in cells]


def is_header(names: list[str]) -> bool:
    """True where these can be the names of columns: one names an id, or they are those of a list of people, or it is
    a manifest.

    Else they may be the cells of a record, and one of them a password.
    """
    plain = {_SEPARATORS.sub("", name).casefold() for name in names}
    of_people = any(known <= plain for known in _OF_PEOPLE)
    return of_people or any(names_an_id(name) for name in names) or names[:2] == ["propertyName", "value"]


def names_an_id(column: str) -> bool:
    """True for the name of a column that holds ids, in any of the formats."""
    return bool(_ID_NAME.search(column))


def names_a_secret(column: str) -> bool:
    """True for the name of a column that holds passwords, in the format or as an extension, however it is spelled."""
    return bool(_SECRET_NAME.search(_SEPARATORS.sub("", column)))
