"""School Data Sync's three generations of files become the roster."""

from pathlib import Path

import pytest
from tests.engine.district import plan_files
from tests.engine.formats.uploads import SDS_V1, SDS_V2, SDS_V2P1, Texts, cells, changed, found, read_texts, without

from firstbell.engine.package import open_package
from firstbell.engine.pipeline import Plan, inspect, plan
from firstbell.engine.policy import Policy
from firstbell.engine.reading import Mode
from firstbell.engine.snapshot import Snapshot

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "sds"


@pytest.mark.parametrize(
    ("texts", "version", "codes"), [(SDS_V2, "2", {"class-without-term"}), (SDS_V2P1, "2.1", {"class-without-term"})]
)
def test_the_version_is_known_by_where_the_roles_are(texts: Texts, version: str, codes: set[str]) -> None:
    reading, checked = read_texts(texts)
    assert (reading.format, reading.version) == ("School Data Sync", version)
    assert {row[0] for row in found(checked)} == codes
    assert set(reading.modes.values()) == {Mode.BULK}


class TestFirstFormat:
    def test_students_teachers_and_contacts_are_told_apart_although_numbers_are_shared(self) -> None:
        reading, checked = read_texts(SDS_V1)
        assert (reading.format, reading.version) == ("School Data Sync", "1")
        assert cells(checked, "users", "sourcedId", "givenName", "enabledUser") == [
            ("2", "Ben", "false"),
            ("mia@example.org", "Mia", "true"),
            ("staff/1", "Otto", "true"),
            ("student/1", "Ada", "true"),
            ("t1", "Tess", "true"),
        ]
        assert {row[0] for row in found(checked)} == {"id-shared"}

    def test_roles_come_from_the_files_and_the_principal_from_the_school(self) -> None:
        _, checked = read_texts(SDS_V1)
        assert cells(checked, "roles", "userSourcedId", "orgSourcedId", "role", "roleType") == [
            ("2", "elm", "student", "primary"),
            ("mia@example.org", "elm", "parent", "primary"),
            ("staff/1", "elm", "teacher", "primary"),
            ("student/1", "elm", "student", "primary"),
            ("t1", "elm", "principal", "secondary"),
            ("t1", "elm", "teacher", "primary"),
        ]

    def test_parents_are_agents_of_their_student(self) -> None:
        _, checked = read_texts(SDS_V1)
        agents = cells(checked, "users", "sourcedId", "agentSourcedIds")
        assert ("student/1", "mia@example.org") in agents

    def test_sections_of_one_course_and_term_share_them(self) -> None:
        _, checked = read_texts(SDS_V1)
        assert cells(checked, "classes", "sourcedId", "courseSourcedId", "termSourcedIds") == [
            ("k1", "made/elm/course-id/r0", "made/term-id/y27"),
            ("k2", "made/elm/course-id/r0", "made/term-id/y27"),
        ]
        assert cells(checked, "academicSessions", "sourcedId", "title", "type", "startDate", "schoolYear") == [
            ("made/term-id/y27", "2026-2027", "schoolYear", "2026-08-17", "2027")
        ]

    def test_the_only_teacher_of_a_class_is_the_main_one(self) -> None:
        _, checked = read_texts(SDS_V1)
        assert cells(
            checked, "enrollments", "classSourcedId", "userSourcedId", "role", "primary", "schoolSourcedId"
        ) == [
            ("k1", "student/1", "student", None, "elm"),
            ("k1", "t1", "teacher", "true", "elm"),
            ("k2", "2", "student", None, "elm"),
            ("k2", "staff/1", "teacher", None, "elm"),
            ("k2", "t1", "teacher", None, "elm"),
        ]

    def test_days_are_american_or_not(self) -> None:
        _, checked = read_texts(SDS_V1)
        assert cells(checked, "demographics", "sourcedId", "birthDate") == [
            ("2", "2010-11-30"),
            ("student/1", "2020-03-04"),
        ]

    def test_without_its_sections_nobody_is_enrolled_and_nobody_removed(self) -> None:
        reading, checked = read_texts(without(SDS_V1, "Section.csv"))
        assert ("file-absent", None, None, "Section.csv", None) in found(checked)
        assert "enrollments" not in reading.tables
        assert reading.mode("enrollments") is Mode.ABSENT


class TestSecondFormat:
    def test_a_user_has_the_role_in_each_organization(self) -> None:
        _, checked = read_texts(SDS_V2)
        assert cells(checked, "roles", "userSourcedId", "orgSourcedId", "role", "metadata") == [
            ("s1", "elm", "student", None),
            ("s1", "lake", "student", None),
            ("t1", "elm", "teacher", '{"role":"Faculty"}'),
        ]

    def test_each_class_has_a_course_of_its_own_and_the_open_session(self) -> None:
        _, checked = read_texts(SDS_V2)
        assert cells(checked, "classes", "sourcedId", "courseSourcedId", "termSourcedIds") == [
            ("k1", "made/elm/class/k1", "made/without-dates"),
            ("k2", "made/elm/class/k2", "made/without-dates"),
        ]
        assert [row[0] for row in cells(checked, "courses", "title")] == ["Reading", "Reading"]

    def test_types_of_organizations_get_our_words(self) -> None:
        _, checked = read_texts(changed(SDS_V2, "orgs.csv", "elm,Elm,school", "elm,Elm,campus"))
        assert cells(checked, "orgs", "sourcedId", "type") == [("elm", "ext:campus"), ("lake", "national")]


class TestSecondFormatPointOne:
    def test_a_role_in_several_sessions_is_one_role_from_the_first_to_the_last(self) -> None:
        _, checked = read_texts(SDS_V2P1)
        roles = cells(checked, "roles", "userSourcedId", "orgSourcedId", "role", "roleType", "beginDate", "endDate")
        assert roles == [
            ("c1", "elm", "parent", "primary", None, None),
            ("s1", "elm", "student", "primary", "2026-08-17", "2027-06-12"),
            ("s2", "elm", "student", "primary", None, None),
            ("t1", "elm", "teacher", "primary", None, None),
            ("t1", "lake", "systemAdministrator", "secondary", None, None),
        ]

    def test_grades_and_main_school_of_a_person_come_from_the_roles(self) -> None:
        _, checked = read_texts(SDS_V2P1)
        assert cells(checked, "users", "sourcedId", "grades", "primaryOrgSourcedId", "agentSourcedIds") == [
            ("c1", None, None, None),
            ("s1", "01", "elm", "c1"),
            ("s2", "10", "elm", None),
            ("t1", None, "elm", None),
        ]

    def test_a_class_keeps_its_course_and_sessions_and_gets_what_it_lacks(self) -> None:
        _, checked = read_texts(SDS_V2P1)
        assert cells(checked, "classes", "sourcedId", "courseSourcedId", "termSourcedIds", "classCode") == [
            ("k1", "r0", "fall,spring", "R0-1"),
            ("k2", "made/elm/class/k2", "made/without-dates", None),
        ]
        assert [row[0] for row in cells(checked, "courses", "sourcedId")] == ["made/elm/class/k2", "r0"]

    def test_words_that_say_more_than_ours_are_kept(self) -> None:
        _, checked = read_texts(SDS_V2P1)
        assert ("t1", "teacher", '{"role":"professor"}') in cells(
            checked, "enrollments", "userSourcedId", "role", "metadata"
        )
        assert ("spring", "gradingPeriod", '{"type":"quarter"}') in cells(
            checked, "academicSessions", "sourcedId", "type", "metadata"
        )

    def test_a_school_year_named_by_its_first_year_is_the_year_in_which_it_ends(self) -> None:
        _, checked = read_texts(
            {**SDS_V2P1, "academicSessions.csv": SDS_V2P1["academicSessions.csv"].replace(",2027,", ",2026,")}
        )
        assert ("fall", "2027") in cells(checked, "academicSessions", "sourcedId", "schoolYear")
        assert ("spring", "2027") in cells(checked, "academicSessions", "sourcedId", "schoolYear")
        assert [row[:4] for row in found(checked) if row[0] == "year-repaired"] == [
            ("year-repaired", "academicSessions.csv", 1, "schoolYear"),
            ("year-repaired", "academicSessions.csv", 2, "schoolYear"),
        ]

    def test_races_and_flags_are_demographics(self) -> None:
        _, checked = read_texts(SDS_V2P1)
        columns = ("sourcedId", "asian", "white", "blackOrAfricanAmerican", "hispanicOrLatinoEthnicity", "metadata")
        assert cells(checked, "demographics", *columns) == [
            ("s1", "true", "true", "false", "true", '{"flags":"freeLunch,iep"}'),
            ("s2", None, None, None, None, '{"flags":"504"}'),
        ]

    def test_findings_name_the_files_own_columns(self) -> None:
        texts = changed(SDS_V2P1, "classes.csv", "k2,elm,", "k2,ash,")
        _, checked = read_texts(changed(texts, "enrollments.csv", "k1,s2", "k1,s9"))
        assert {row for row in found(checked) if row[0] == "reference-missing"} == {
            ("reference-missing", "classes.csv", 2, "orgSourcedId", "ash"),
            ("reference-missing", "enrollments.csv", 2, "userSourcedId", "s9"),
        }

    @pytest.mark.parametrize(
        ("file", "table", "mode"),
        [
            ("courses.csv", "courses", Mode.PARTIAL),
            ("academicSessions.csv", "academicSessions", Mode.PARTIAL),
            ("classes.csv", "enrollments", Mode.ABSENT),
            ("demographics.csv", "demographics", Mode.PARTIAL),
        ],
    )
    def test_without_a_file_nothing_of_its_kind_is_removed(self, file: str, table: str, mode: Mode) -> None:
        reading, _ = read_texts(without(SDS_V2P1, file))
        assert reading.mode(table) is mode

    def test_without_its_roles_the_package_is_refused(self) -> None:
        reading, checked = read_texts(without(SDS_V2P1, "roles.csv"))
        assert not reading.usable
        assert ("file-required", None, None, "roles.csv", None) in found(checked)


def test_a_class_with_an_error_keeps_its_course_and_session_on_the_roster() -> None:
    known = Snapshot()
    first = plan_files(SDS_V2P1, known)
    assert isinstance(first, Plan)
    known.take(first.comparison)
    result = plan_files(changed(SDS_V2P1, "classes.csv", "k2,elm,Study hall", "k2,elm,"), known)
    assert isinstance(result, Plan)
    assert result.checked.left_out["classes"].to_list() == ["k2"]
    assert all(of_table.count("removed") == 0 for of_table in result.comparison.plans.values())


@pytest.mark.parametrize("texts", [SDS_V1, SDS_V2, SDS_V2P1], ids=["1", "2", "2.1"])
def test_passwords_reach_the_log_ins_and_nothing_else(texts: Texts) -> None:
    result = plan_files(texts)
    assert isinstance(result, Plan)
    assert "Sesame-7" in result.passwords["password"].to_list()
    assert all("Sesame" not in rows.write_csv() for rows in result.checked.tables.values())


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples lie beside the repository, not in it")
@pytest.mark.parametrize(
    ("name", "codes", "people", "enrolled"),
    [
        ("v1-100-users", {"class-without-students"}, 98, 630),
        ("v2", {"class-without-term"}, 29, 29),
        ("v2.1", {"year-repaired"}, 8, 6),
    ],
)
def test_microsofts_own_samples_go_and_change_nothing_the_next_night(
    name: str, codes: set[str], people: int, enrolled: int
) -> None:
    reading, checked = inspect(open_package(SAMPLES / name))
    assert reading.format == "School Data Sync"
    assert set(checked.findings["code"]) == codes
    assert (checked.tables["users"].height, checked.tables["enrollments"].height) == (people, enrolled)
    known = Snapshot()
    for changes in (True, False):
        result = plan(open_package(SAMPLES / name), known, Policy())
        assert isinstance(result, Plan)
        assert not result.verdict.holds
        assert any(of_table.changes.height for of_table in result.comparison.plans.values()) is changes
        known.take(result.comparison)
