"""Corrections are settings: read and written without loss, and what is wrong is told with its place."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from tests.engine.corrections.spelling import looked_at
from tests.engine.district import lakeside

from firstbell.engine.corrections.kinds import DATE_FORMS, KINDS
from firstbell.engine.corrections.parsing import BadCorrections, as_settings, parse

EVERY_KIND: list[dict[str, object]] = [
    {"kind": "rename-file", "file": "kids.csv", "to": "users.csv"},
    {"kind": "rename-column", "file": "users.csv", "column": "Student ID", "to": "sourcedId"},
    {
        "kind": "split-name",
        "file": "users.csv",
        "column": "Name",
        "order": "last, first",
        "given": "givenName",
        "family": "familyName",
    },
    {"kind": "replace-values", "file": "roles.csv", "column": "role", "values": {"STU": "student", "n/a": ""}},
    {"kind": "date-form", "form": "D/M/YYYY", "file": "", "column": ""},
    {"kind": "pad-ids", "table": "users", "width": 6},
    {"kind": "pad-column", "file": "users.csv", "column": "identifier", "width": 9},
    {"kind": "fill-blanks", "file": "classes.csv", "column": "classType", "value": "scheduled"},
    {"kind": "join-text", "file": "users.csv", "column": "email", "template": "{username}@school.org"},
]


def test_every_kind_is_read_and_written_alike_and_says_itself() -> None:
    assert [each["kind"] for each in EVERY_KIND] == list(KINDS)
    corrections = parse(EVERY_KIND)
    assert as_settings(corrections) == EVERY_KIND
    sentences = [str(correction) for correction in corrections.declared]
    assert len(set(sentences)) == len(KINDS)
    assert all(sentence.endswith(".") for sentence in sentences)


USERS = {"file": "users.csv"}
WRONG: list[tuple[object, str]] = [
    ({"kind": "pad-ids"}, "Corrections have to be a list."),
    (["pad"], "Correction 1 has to be an object with a kind."),
    ([{"kind": "guess"}], "Correction 1: kind has to be one of: rename-file, rename-column"),
    ([{"kind": ["x"]}], "Correction 1: kind has to be one of"),
    ([EVERY_KIND[5], {"kind": "pad-ids", "table": "pupils", "width": 6}], "Correction 2 (pad-ids): table has to be"),
    ([{"kind": "pad-ids", "table": "users", "width": "6"}], "width has to be a whole number from 2 to 50."),
    ([{"kind": "pad-ids", "table": "users", "width": True}], "width has to be a whole number"),
    ([{"kind": "pad-ids", "table": "users", "width": 51}], "width has to be a whole number"),
    ([{"kind": "pad-ids", "table": "users", "width": 6, "side": "left"}], "it has no side."),
    ([{"kind": "rename-file", "file": "kids.csv"}], "to has to be a text"),
    ([{"kind": "rename-file", "file": "kids.csv", "to": "../users.csv"}], "a file's name without folders"),
    ([{"kind": "rename-file", "file": "kids.csv", "to": "Manifest.csv"}], "manifest.csv cannot be corrected."),
    ([{"kind": "rename-file", "file": "kids.csv", "to": "*.csv"}], "to has to be one other name."),
    ([{"kind": "rename-column", **USERS, "column": " ", "to": "x"}], "column is blank."),
    ([{"kind": "rename-column", **USERS, "column": "x", "to": "x"}], "x has that name already."),
    ([{"kind": "rename-column", **USERS, "column": "x\ty", "to": "z"}], "characters that cannot be seen"),
    ([{"kind": "rename-column", **USERS, "column": "x" * 201, "to": "z"}], "at most 200 characters"),
    ([{"kind": "split-name", **USERS, "column": "Name", "order": "any"}], "order has to be one of: last, first;"),
    (
        [{"kind": "split-name", **USERS, "column": "Name", "order": "first last", "given": "Name"}],
        "three different columns",
    ),
    ([{"kind": "replace-values", **USERS, "column": "role", "values": {}}], "values has to name 1 to 1,000 values"),
    ([{"kind": "replace-values", **USERS, "column": "role", "values": {"": "student"}}], "what is replaced is blank."),
    ([{"kind": "replace-values", **USERS, "column": "role", "values": {"S": 1}}], "what S becomes has to be a text"),
    ([{"kind": "date-form", "form": "D/M/YY"}], "form has to be one of: D/M/YYYY;"),
    ([{"kind": "date-form", "form": "D/M/YYYY", **USERS}], "name a file and its column, or neither"),
    ([{"kind": "join-text", **USERS, "column": "email", "template": "@school.org"}], "name columns in braces"),
    ([{"kind": "join-text", **USERS, "column": "email", "template": "{username}}"}], "name columns in braces"),
    ([{"kind": "fill-blanks", **USERS, "column": "role", "value": ""}], "value is blank."),
    (
        [EVERY_KIND[5], {**EVERY_KIND[5], "width": 9}],
        "Correction 2 (pad-ids): there is one of the same kind about the same already. Ids of people",
    ),
    ([EVERY_KIND[5]] * 201, "at most 200 corrections"),
]


@pytest.mark.parametrize(("settings", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_wrong_correction_is_told_with_its_place(settings: object, says: str) -> None:
    with pytest.raises(BadCorrections) as problem:
        parse(settings)
    assert says in str(problem.value)


@pytest.mark.parametrize(
    "correction",
    [
        {"kind": "rename-column", "column": "Password", "to": "username"},
        {"kind": "pad-column", "column": "password", "width": 8},
        {"kind": "split-name", "column": "pwd", "order": "first last"},
        {"kind": "split-name", "column": "Name", "order": "first last", "given": "password"},
        {"kind": "fill-blanks", "column": "password", "value": "welcome"},
        {"kind": "replace-values", "column": "passcode", "values": {"a": "b"}},
        {"kind": "date-form", "column": "password", "form": "D/M/YYYY"},
        {"kind": "join-text", "column": "password", "template": "{identifier}"},
        {"kind": "join-text", "column": "email", "template": "{password}@school.org"},
    ],
    ids=lambda correction: str(correction["kind"]),
)
def test_no_correction_shows_copies_or_makes_a_password(correction: dict[str, object]) -> None:
    with pytest.raises(BadCorrections, match="names a password"):
        parse([{**USERS, **correction}])


def test_every_kind_at_once_on_a_good_export_harms_nothing() -> None:
    contents = lakeside().contents()
    good, ours = looked_at(contents)[1], looked_at(contents, *EVERY_KIND)[1]
    changed = {"email", "identifier"}
    for name, rows in good.tables.items():
        columns = [column for column in rows.columns if column not in changed]
        assert ours.tables[name].select(columns).equals(rows.select(columns)), name
    assert set(ours.findings["code"]) == {"correction-idle", "corrected-zeros", "corrected-text"}


def test_the_page_about_corrections_has_every_kind_with_its_members_in_the_order_of_applying() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "corrections.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert [row[0].strip("|` ") for row in rows] == list(KINDS)
    for row, kind in zip(rows, KINDS.values(), strict=True):
        assert row[1] == ", ".join(f"`{field.name}`" for field in fields(kind)), kind
    assert all(f"`{form}`" in page for form in DATE_FORMS)
    example = page.split("```json")[1].split("```")[0]
    assert len(parse(json.loads(example)).declared) == 4
