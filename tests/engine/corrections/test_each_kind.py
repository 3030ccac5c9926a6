"""Each correction gives the very rows that a good export gives, and tells what it did."""

import pytest
from tests.engine.corrections.spelling import (
    Contents,
    edited,
    looked_at,
    numbered,
    renamed,
    same_tables,
    set_cells,
    told,
)
from tests.engine.district import as_1p1, lakeside


def _contents() -> Contents:
    return dict(lakeside().contents())


def test_a_file_under_another_name_is_read_and_told() -> None:
    contents = _contents()
    contents["kids.csv"] = contents.pop("users.csv")
    _, checked = looked_at(contents, {"kind": "rename-file", "file": "KIDS.csv", "to": "users.csv"})
    assert same_tables(checked, looked_at(_contents())[1])
    assert told(checked, "corrected-file") == [("users.csv", "", "kids.csv", "users.csv")]
    assert set(checked.findings["code"]) == {"corrected-file"}


def test_a_file_whose_name_carries_the_date_is_found_by_its_pattern() -> None:
    contents = _contents()
    contents["users_2026[1].csv"] = contents.pop("users.csv")
    correction = {"kind": "rename-file", "file": "users_*.csv", "to": "users.csv"}
    assert same_tables(looked_at(contents, correction)[1], looked_at(_contents())[1])


@pytest.mark.parametrize("others", [[], ["kids-1.csv", "kids-2.csv"], ["users.csv", "kids-1.csv"]])
def test_a_file_that_is_not_there_or_not_alone_is_left_and_told(others: list[str]) -> None:
    contents = _contents()
    text = contents.pop("users.csv")
    contents.update(dict.fromkeys(others, text))
    _, checked = looked_at(contents, {"kind": "rename-file", "file": "kids*.csv", "to": "users.csv"})
    assert len(told(checked, "correction-idle")) == 1
    assert not told(checked, "corrected-file")


def test_columns_under_other_names_are_read_and_findings_name_them_as_the_district_does() -> None:
    names = {"sourcedId": "Student ID", "givenName": "First"}
    contents = renamed(_contents(), "users.csv", names)
    corrections = [
        {"kind": "rename-column", "file": "users.csv", "column": own, "to": name} for name, own in names.items()
    ]
    _, checked = looked_at(contents, *corrections)
    assert same_tables(checked, looked_at(_contents())[1])
    assert {row[1:] for row in told(checked, "corrected-column")} == {
        ("Student ID", "6 records", "sourcedId"),
        ("First", "6 records", "givenName"),
    }
    faulty = set_cells(contents, "users.csv", "First", lambda first: "" if first == "Ada" else first)
    faulty = set_cells(faulty, "users.csv", "Student ID", lambda key: "s 1" if key == "s1" else key)
    _, checked = looked_at(faulty, *corrections)
    found = checked.findings
    assert found.filter(code="value-missing").select("file", "record", "column").row(0) == ("users.csv", 1, "First")
    assert found.filter(code="id-characters").select("file", "record", "column").row(0) == (
        "users.csv",
        2,
        "Student ID",
    )


def test_a_column_is_found_in_another_case_too_but_never_by_chance() -> None:
    correction = {"kind": "rename-column", "file": "users.csv", "column": "student  id", "to": "sourcedId"}
    contents = renamed(_contents(), "users.csv", {"sourcedId": "Student ID"})
    assert same_tables(looked_at(contents, correction)[1], looked_at(_contents())[1])
    twice = renamed(contents, "users.csv", {"phone": "STUDENT ID"})
    assert told(looked_at(twice, correction)[1], "correction-idle")


def test_a_column_that_is_there_under_both_names_stops_the_run() -> None:
    contents = renamed(_contents(), "users.csv", {"phone": "Student ID"})
    correction = {"kind": "rename-column", "file": "users.csv", "column": "Student ID", "to": "sourcedId"}
    reading, checked = looked_at(contents, correction)
    assert told(checked, "column-twice")
    assert not reading.usable


def test_ids_that_lost_their_zeros_meet_their_references_again() -> None:
    good: Contents = dict(numbered().contents())
    contents = good
    for file, column in (("users.csv", "sourcedId"), ("enrollments.csv", "userSourcedId")):
        contents = set_cells(contents, file, column, lambda key: key.lstrip("0"))
    assert told(looked_at(contents)[1], "reference-missing")
    _, checked = looked_at(contents, {"kind": "pad-ids", "table": "users", "width": 6})
    assert same_tables(checked, looked_at(good)[1])
    assert set(told(checked, "corrected-zeros")) == {
        ("users.csv", "sourcedId", "6 numbers", "6"),
        ("enrollments.csv", "userSourcedId", "6 numbers", "6"),
    }


def test_ids_within_lists_and_of_1p1_are_padded_too() -> None:
    district = as_1p1(lakeside())
    keys = {"elm": "0007", "oak": "0011"}
    for rows in district.files.values():
        for row in rows:
            row.update({column: keys[value] for column, value in row.items() if value in keys})
    district["users"][0]["orgSourcedIds"] = "0007,0011"
    good = dict(district.contents())
    contents: Contents = {file: str(text).replace("0007", "7").replace("0011", "11") for file, text in good.items()}
    _, checked = looked_at(contents, {"kind": "pad-ids", "table": "orgs", "width": 4})
    assert same_tables(checked, looked_at(good)[1])


def test_padding_touches_numbers_only_and_only_the_named_column() -> None:
    contents = set_cells(_contents(), "users.csv", "identifier", lambda value: value if "T" in value else "77")
    reading, checked = looked_at(
        contents, {"kind": "pad-column", "file": "users.csv", "column": "identifier", "width": 5}
    )
    assert sorted(set(reading.tables["users"]["identifier"])) == ["00077", "T-elm", "T-oak"]
    assert told(checked, "corrected-zeros") == [("users.csv", "identifier", "4 numbers", "5")]


@pytest.mark.parametrize(
    ("order", "joined"), [("last, first", "{family}, {given}"), ("first last", "{given} {family}")]
)
def test_one_column_of_names_becomes_two(order: str, joined: str) -> None:
    def change(header: list[str], rows: list[list[str]]) -> None:
        given, family = header.index("givenName"), header.index("familyName")
        for row in rows:
            name = joined.format(given=row[given], family=row[family].replace(" ", "-"))
            row.append(name)
            del row[family], row[given]
        header.append("Name")
        del header[family], header[given]

    _, checked = looked_at(
        edited(_contents(), "users.csv", change),
        {"kind": "split-name", "file": "users.csv", "column": "Name", "order": order},
    )
    good = set_cells(_contents(), "users.csv", "familyName", lambda name: name.replace(" ", "-"))
    assert same_tables(checked, looked_at(good)[1])
    assert told(checked, "corrected-names") == [("users.csv", "Name", "6 names", "givenName and familyName")]
    assert set(checked.findings["code"]) == {"corrected-names"}


def test_a_name_that_cannot_be_split_loses_nothing_and_is_told() -> None:
    contents = renamed(_contents(), "users.csv", {"givenName": "Name"})
    contents = set_cells(contents, "users.csv", "Name", lambda name: "Cher" if name == "Ada" else f"Doe-{name}, {name}")
    contents = set_cells(contents, "users.csv", "familyName", lambda name: "")
    correction = {"kind": "split-name", "file": "users.csv", "column": "Name", "order": "last, first"}
    reading, checked = looked_at(contents, correction)
    assert reading.tables["users"].select("givenName", "familyName").rows()[:2] == [(None, "Cher"), ("Ben", "Doe-Ben")]
    unsplit = checked.findings.filter(code="name-unsplit")
    assert unsplit.select("record", "column", "value", "sourcedId").rows() == [(1, "Name", "Cher", "s0")]
    assert checked.findings.filter(code="value-missing").select("record", "column").rows() == [(1, "Name")]


def test_names_that_stand_in_their_own_columns_stay() -> None:
    contents = renamed(_contents(), "users.csv", {"middleName": "Name"})
    contents = set_cells(contents, "users.csv", "Name", lambda _: "Doe, Jane")
    contents = set_cells(contents, "users.csv", "givenName", lambda name: "" if name == "Ben" else name)
    correction = {"kind": "split-name", "file": "users.csv", "column": "Name", "order": "last, first"}
    users = looked_at(contents, correction)[0].tables["users"]
    assert users["givenName"].to_list()[:3] == ["Ada", "Jane", "Cai"]
    assert users["familyName"].to_list()[:2] == ["Family0", "Family1"]


def test_what_every_row_is_fills_a_missing_or_blank_column() -> None:
    good = looked_at(_contents())[1]
    correction = {"kind": "fill-blanks", "file": "classes.csv", "column": "classType", "value": "scheduled"}

    def without(header: list[str], rows: list[list[str]]) -> None:
        place = header.index("classType")
        for row in (header, *rows):
            del row[place]

    for contents in (
        edited(_contents(), "classes.csv", without),
        set_cells(_contents(), "classes.csv", "classType", lambda _: " "),
    ):
        _, checked = looked_at(contents, correction)
        assert same_tables(checked, good)
        assert told(checked, "corrected-blanks") == [("classes.csv", "classType", "2 cells", "scheduled")]
        assert set(checked.findings["code"]) == {"corrected-blanks"}, "a column that was made has no order"
    homeroom = set_cells(_contents(), "classes.csv", "classType", lambda _: "homeroom")
    assert looked_at(homeroom, correction)[0].tables["classes"]["classType"].to_list() == ["homeroom"] * 2


def test_values_spelled_their_own_way_become_the_formats_words() -> None:
    words = {"student": "STU", "teacher": "TCH"}
    contents = set_cells(_contents(), "roles.csv", "role", lambda role: words.get(role, role))
    contents = set_cells(contents, "users.csv", "grades", lambda grades: "9th, 10th" if grades else "n/a")
    _, checked = looked_at(
        contents,
        {"kind": "replace-values", "file": "roles.csv", "column": "role", "values": {"STU": "student"}},
        {
            "kind": "replace-values",
            "file": "users.csv",
            "column": "grades",
            "values": {"9th": "09", "10th": "10", "n/a": ""},
        },
    )
    assert set(checked.tables["roles"]["role"]) == {"student"}, "what nobody declared is no word"
    assert checked.tables["users"]["grades"].to_list() == [*["09,10"] * 4, None, None]
    assert sorted(told(checked, "corrected-values")) == [
        ("roles.csv", "role", "4 cells", "STU as student (4)"),
        ("users.csv", "grades", "6 cells", "9th, 10th as 09,10 (4), n/a as blank (2)"),
    ]


def test_replacing_goes_once_and_never_in_a_chain() -> None:
    contents = set_cells(_contents(), "users.csv", "grades", lambda grades: "1,2" if grades else "")
    correction = {
        "kind": "replace-values",
        "file": "users.csv",
        "column": "grades",
        "values": {"1": "2", "2": "3", "1,2": "1"},
    }
    assert looked_at(contents, correction)[0].tables["users"]["grades"].to_list()[0] == "1"


@pytest.mark.parametrize(
    ("form", "spelled"),
    [
        ("D/M/YYYY", "3/11/2026"),
        ("D/M/YYYY", "03/11/2026 0:00"),
        ("M/D/YYYY", "11/3/2026 12:00:00 AM"),
        ("M/D/YYYY", "11/03/2026"),
        ("YYYY/M/D", "2026/11/3"),
        ("D.M.YYYY", "03.11.2026"),
        ("D-M-YYYY", "3-11-2026"),
        ("M-D-YYYY", "11-3-2026"),
        ("YYYYMMDD", "20261103"),
    ],
)
def test_a_declared_form_of_date_is_read_and_nothing_else(form: str, spelled: str) -> None:
    said = iter([spelled, "2026-11-04", "31/02/2026", ""])
    contents = set_cells(_contents(), "demographics.csv", "birthDate", lambda _: next(said))
    reading, checked = looked_at(contents, {"kind": "date-form", "form": form})
    assert reading.tables["demographics"]["birthDate"].to_list() == ["2026-11-03", "2026-11-04", None, None]
    assert told(checked, "corrected-dates") == [("demographics.csv", "birthDate", "1 date", form)]
    assert checked.findings.filter(code="date-dropped")["value"].to_list() == ["31/02/2026"], "shown as it was written"


def test_a_form_of_date_can_be_declared_for_one_column() -> None:
    contents = set_cells(_contents(), "enrollments.csv", "beginDate", lambda _: "1/9/2026")
    contents = set_cells(contents, "enrollments.csv", "endDate", lambda _: "1/9/2027")
    correction = {"kind": "date-form", "form": "D/M/YYYY", "file": "enrollments.csv", "column": "beginDate"}
    rows = looked_at(contents, correction)[0].tables["enrollments"]
    assert set(rows["beginDate"]) == {"2026-09-01"}
    assert set(rows["endDate"]) == {None}


def test_an_address_is_made_of_a_username_where_there_is_none() -> None:
    contents = set_cells(_contents(), "users.csv", "email", lambda _: "")
    contents = set_cells(contents, "users.csv", "username", lambda name: "" if name == "user.s1" else name)
    correction = {
        "kind": "join-text",
        "file": "users.csv",
        "column": "email",
        "template": "{username}@lakeside.example",
    }
    reading, checked = looked_at(contents, correction)
    assert reading.tables["users"]["email"].to_list()[:2] == ["user.s0@lakeside.example", None]
    assert told(checked, "corrected-text") == [("users.csv", "email", "5 cells", "{username}@lakeside.example")]


def test_a_template_that_names_its_own_column_completes_it_once() -> None:
    contents = set_cells(_contents(), "users.csv", "email", lambda _: "ada")
    said = iter(["ada", "ben@lakeside.example"])
    contents = set_cells(contents, "users.csv", "email", lambda _: next(said, ""))
    correction = {"kind": "join-text", "file": "users.csv", "column": "email", "template": "{email}@lakeside.example"}
    users = looked_at(contents, correction)[0].tables["users"]
    assert users["email"].to_list()[:3] == ["ada@lakeside.example", "ben@lakeside.example", None]


@pytest.mark.parametrize(
    "correction",
    [
        {"kind": "rename-column", "column": "Nowhere", "to": "email"},
        {"kind": "pad-column", "column": "Nowhere", "width": 5},
        {"kind": "split-name", "column": "Nowhere", "order": "first last"},
        {"kind": "replace-values", "column": "Nowhere", "values": {"a": "b"}},
        {"kind": "date-form", "column": "Nowhere", "form": "D/M/YYYY"},
        {"kind": "join-text", "column": "email", "template": "{Nowhere}@school.org"},
    ],
    ids=lambda correction: str(correction["kind"]),
)
def test_a_correction_of_a_column_that_is_not_there_is_told_and_changes_nothing(correction: dict[str, object]) -> None:
    _, checked = looked_at(_contents(), {**correction, "file": "users.csv"})
    assert same_tables(checked, looked_at(_contents())[1])
    assert told(checked, "correction-idle") == [("users.csv", "", "", "the file has no column Nowhere")]


def test_a_correction_of_a_file_that_did_not_come_says_nothing() -> None:
    _, checked = looked_at(
        _contents(), {"kind": "fill-blanks", "file": "resources.csv", "column": "title", "value": "x"}
    )
    assert not checked.findings.height


def test_files_are_recognised_by_their_corrected_headers() -> None:
    contents = _contents()
    text = renamed(contents, "users.csv", {"sourcedId": "Student ID", "givenName": "First"})["users.csv"]
    del contents["users.csv"]
    contents["staff.csv"] = text
    _, checked = looked_at(
        contents,
        {"kind": "rename-column", "file": "staff.csv", "column": "Student ID", "to": "sourcedId"},
        {"kind": "rename-column", "file": "users.csv", "column": "First", "to": "givenName"},
    )
    assert checked.tables["users"].height == 6
    assert checked.tables["users"]["givenName"].null_count() == 0
    assert told(checked, "file-found-by-header")


def test_the_order_of_kinds_does_not_depend_on_the_order_in_which_they_were_declared() -> None:
    contents = renamed(_contents(), "users.csv", {"username": "Login"})
    contents = set_cells(contents, "users.csv", "email", lambda _: "")
    corrections: list[dict[str, object]] = [
        {"kind": "join-text", "file": "users.csv", "column": "email", "template": "{username}@school.example"},
        {"kind": "rename-column", "file": "users.csv", "column": "Login", "to": "username"},
    ]
    first = looked_at(contents, *corrections)[1]
    assert same_tables(first, looked_at(contents, *reversed(corrections))[1])
    assert first.tables["users"]["email"][0] == "user.s0@school.example"
