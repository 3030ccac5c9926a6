"""What somebody types for one row is read as a file's record is."""

import pytest

from firstbell.engine.entry import enter, typed_columns
from firstbell.engine.tables import ACADEMIC_SESSIONS, CLASSES, DEMOGRAPHICS, ENROLLMENTS, TABLES, USERS, Table

TERM = {"title": "Fall", "type": "semester", "startDate": "2026-08-17", "endDate": "2026-12-20"}


def test_what_was_meant_is_put_right_without_a_word() -> None:
    typed = enter(USERS, {"givenName": " Ada ", "familyName": "Byron", "grades": "7", "enabledUser": "yes"})
    assert typed.problems == ()
    assert (typed.values["givenName"], typed.values["grades"], typed.values["enabledUser"]) == ("Ada", "07", "true")


def test_what_is_not_said_is_blank_or_what_a_blank_safely_means() -> None:
    typed = enter(USERS, {"givenName": "Ada", "familyName": "Byron"})
    assert (typed.values["email"], typed.values["enabledUser"]) == (None, "true")


@pytest.mark.parametrize(
    ("table", "said", "column"),
    [
        (USERS, {"givenName": "Ada", "familyName": " "}, "familyName"),
        (USERS, {"givenName": "Ada", "familyName": "B", "email": "ada"}, "email"),
        (ACADEMIC_SESSIONS, {**TERM, "endDate": "2026-08-01"}, "endDate"),
        (ACADEMIC_SESSIONS, {**TERM, "startDate": "someday"}, "startDate"),
        (ACADEMIC_SESSIONS, {**TERM, "startDate": "0026-08-17"}, "startDate"),
        (ACADEMIC_SESSIONS, {**TERM, "type": "fortnight"}, "type"),
        (CLASSES, {"title": "A", "courseSourcedId": "1", "schoolSourcedId": "2"}, "termSourcedIds"),
    ],
)
def test_what_cannot_be_is_told_at_its_column(table: Table, said: dict[str, str], column: str) -> None:
    problems = enter(table, said).problems
    assert [problem.column for problem in problems] == [column]
    assert column not in problems[0].says("The label")


def test_a_rule_about_a_record_is_told_too() -> None:
    said = {"classSourcedId": "1", "schoolSourcedId": "2", "userSourcedId": "3", "role": "student", "primary": "true"}
    assert [problem.column for problem in enter(ENROLLMENTS, said).problems] == ["primary"]


def test_braces_in_what_was_typed_are_no_places_for_words() -> None:
    problem = enter(USERS, {"givenName": "A", "familyName": "B", "email": "{column}{0}"}).problems[0]
    assert problem.says("E-mail") == "{column}{0} is not an e-mail address. Correct the address."


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_can_be_typed_but_ids_secrets_and_extensions(table: Table) -> None:
    names = {column.name for column in typed_columns(table)}
    assert names == {column.name for column in table.columns if not column.secret} - {"sourcedId", "metadata"}
    assert enter(DEMOGRAPHICS, {}).problems == ()
