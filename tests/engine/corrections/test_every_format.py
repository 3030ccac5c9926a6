"""Corrections reach the files of every format, not OneRoster's alone: what is spelled anew becomes the same roster."""

import pytest
from tests.engine.corrections.spelling import Contents, edited, looked_at, renamed, same_tables, set_cells, told
from tests.engine.formats.uploads import UPLOADS

PEOPLE = {
    "clever": ("students.csv", "First_name", "Last_name"),
    "sds_v1": ("Student.csv", "First Name", "Last Name"),
    "sds_v2": ("users.csv", "givenName", "familyName"),
    "sds_v2p1": ("users.csv", "givenName", "familyName"),
}
BIRTHS = {
    "clever": ("students.csv", "DOB"),
    "sds_v1": ("Student.csv", "Birthdate"),
    "sds_v2p1": ("demographics.csv", "birthDate"),
}
NUMBERS = {"clever": ("students.csv", "Student_number"), "sds_v1": ("Student.csv", "Student Number")}


def _good(dialect: str) -> Contents:
    return dict(UPLOADS[dialect])


@pytest.mark.parametrize("dialect", sorted(PEOPLE))
def test_a_file_and_a_column_under_other_names_are_read(dialect: str) -> None:
    file, given, _ = PEOPLE[dialect]
    contents = renamed(_good(dialect), file, {given: "Vorname"})
    contents["kids_2026.csv"] = contents.pop(file)
    reading, checked = looked_at(
        contents,
        {"kind": "rename-file", "file": "kids_*.csv", "to": file},
        {"kind": "rename-column", "file": file, "column": "Vorname", "to": given},
    )
    good_reading, good = looked_at(_good(dialect))
    assert (reading.format, reading.version) == (good_reading.format, good_reading.version)
    assert same_tables(checked, good)
    assert len(told(checked, "corrected-file")) == len(told(checked, "corrected-column")) == 1


@pytest.mark.parametrize("dialect", sorted(PEOPLE))
def test_whole_names_are_split(dialect: str) -> None:
    file, given, family = PEOPLE[dialect]

    def join(header: list[str], rows: list[list[str]]) -> None:
        places = header.index(given), header.index(family)
        header.append("Whole")
        for row in rows:
            row.append(" ".join(row[place] for place in places))
            row[places[0]] = row[places[1]] = ""

    _, checked = looked_at(
        edited(_good(dialect), file, join),
        {
            "kind": "split-name",
            "file": file,
            "column": "Whole",
            "order": "first last",
            "given": given,
            "family": family,
        },
    )
    names = ["sourcedId", "givenName", "familyName"]
    assert checked.tables["users"].select(names).equals(looked_at(_good(dialect))[1].tables["users"].select(names))


@pytest.mark.parametrize("dialect", sorted(BIRTHS))
def test_dates_in_a_declared_form_are_read(dialect: str) -> None:
    file, column = BIRTHS[dialect]
    sure = set_cells(_good(dialect), file, column, lambda said: "2020-03-04" if said else "")
    contents = set_cells(_good(dialect), file, column, lambda said: "4.3.2020" if said else "")
    _, checked = looked_at(contents, {"kind": "date-form", "file": file, "column": column, "form": "D.M.YYYY"})
    assert same_tables(checked, looked_at(sure)[1])


@pytest.mark.parametrize("dialect", sorted(NUMBERS))
def test_numbers_get_their_zeros_back(dialect: str) -> None:
    file, column = NUMBERS[dialect]
    sure = set_cells(_good(dialect), file, column, lambda said: said.zfill(8))
    contents = _good(dialect)
    _, checked = looked_at(contents, {"kind": "pad-column", "file": file, "column": column, "width": 8})
    assert same_tables(checked, looked_at(sure)[1])
