"""Clever's files become the roster: people on several rows, co-teachers, contacts, and terms that are words."""

import pytest
from tests.engine.district import plan_files
from tests.engine.formats.uploads import CLEVER, cells, changed, found, read_texts, without

from firstbell.engine.pipeline import Plan
from firstbell.engine.reading import Mode
from firstbell.engine.report import by_cause
from firstbell.engine.snapshot import Snapshot


def test_a_good_upload_is_clean_even_when_strict() -> None:
    reading, checked = read_texts(CLEVER, strict=True)
    assert (reading.format, found(checked)) == ("Clever", [])
    assert set(reading.modes.values()) == {Mode.BULK}


def test_a_pupil_on_several_rows_is_one_person_with_a_role_in_each_school() -> None:
    _, checked = read_texts(CLEVER)
    people = cells(checked, "users", "sourcedId", "givenName", "identifier", "grades", "primaryOrgSourcedId")
    assert ("s1", "Ada", "9001", "KG", "elm") in people
    assert ("s2", "Ben", "9002", "10", None) in people
    assert [
        row for row in cells(checked, "roles", "userSourcedId", "orgSourcedId", "role", "roleType") if row[0] == "s2"
    ] == [
        ("s2", "elm", "student", "primary"),
        ("s2", "oak", "student", "primary"),
    ]


def test_staff_in_two_files_and_schools_are_one_person() -> None:
    _, checked = read_texts(CLEVER)
    roles = cells(checked, "roles", "userSourcedId", "orgSourcedId", "role")
    assert {row for row in roles if row[0] in {"t1", "t2", "p1", "p2"}} == {
        ("t1", "elm", "teacher"),
        ("t1", "oak", "teacher"),
        ("t2", "oak", "teacher"),
        ("t2", "elm", "siteAdministrator"),
        ("p1", "oak", "principal"),
        ("p2", "oak", "ext:staff"),
    }


def test_contacts_become_people_of_the_pupils_school() -> None:
    _, checked = read_texts(CLEVER)
    users = {
        row[0]: row[1:] for row in cells(checked, "users", "sourcedId", "givenName", "familyName", "agentSourcedIds")
    }
    mother, uncle = str(users["s1"][2]).split(",")
    assert (mother, users[mother][:2], users[uncle][:2]) == ("c1", ("Mia Ann", "Lee"), ("Bo", "Lee"))
    roles = cells(checked, "roles", "userSourcedId", "orgSourcedId", "role")
    assert ("c1", "elm", "parent") in roles
    assert (uncle, "elm", "guardian") in roles


def test_every_teacher_of_a_section_is_enrolled_and_the_first_is_the_main_one() -> None:
    _, checked = read_texts(CLEVER)
    members = cells(checked, "enrollments", "classSourcedId", "userSourcedId", "role", "primary", "schoolSourcedId")
    assert members == [
        ("k1", "s1", "student", None, "elm"),
        ("k1", "t1", "teacher", "true", "elm"),
        ("k2", "s2", "student", None, "oak"),
        ("k2", "t1", "teacher", "true", "oak"),
        ("k2", "t2", "teacher", "false", "oak"),
        ("k3", "s2", "student", None, "oak"),
        ("k3", "t2", "teacher", "true", "oak"),
    ]


def test_ten_teachers_are_read() -> None:
    header = ",".join(f"Teacher_{place}_id" for place in range(2, 11))
    teachers = "School_id,Teacher_id,Last_name,First_name\n" + "".join(
        f"elm,a{n},Last{n},First{n}\n" for n in range(10)
    )
    sections = (
        f"School_id,Section_id,Teacher_id,{header},Name,Term_name\nelm,k1,{','.join(f'a{n}' for n in range(10))},R,Y\n"
    )
    texts = {**without(CLEVER, "staff.csv"), "teachers.csv": teachers, "sections.csv": sections}
    texts["enrollments.csv"] = "School_id,Section_id,Student_id\nelm,k1,s1\n"
    _, checked = read_texts(texts)
    assert len(cells(checked, "enrollments", "userSourcedId")) == 11


def test_a_section_on_several_rows_is_one_class_with_the_teachers_and_terms_of_all() -> None:
    again = "oak,k2,t2,,,2,9,Algebra,,4,math,Spring,1/5/2027,6/12/2027\n"
    _, checked = read_texts({**CLEVER, "sections.csv": CLEVER["sections.csv"] + again})
    assert found(checked) == []
    (one,) = [
        row for row in cells(checked, "classes", "sourcedId", "title", "periods", "termSourcedIds") if row[0] == "k2"
    ]
    assert one[1:3] == ("Algebra", "3,4")
    assert str(one[3]).split(",") == ["made/term/Fall/2026-08-17", "made/term/Spring/2027-01-05"]
    main = [
        row for row in cells(checked, "enrollments", "classSourcedId", "userSourcedId", "primary") if row[2] == "true"
    ]
    assert ("k2", "t1", "true") in main
    assert ("k2", "t2", "true") not in main


def test_courses_and_terms_are_made_of_the_words_on_the_sections() -> None:
    _, checked = read_texts(CLEVER)
    assert cells(checked, "courses", "sourcedId", "title", "courseCode", "orgSourcedId") == [
        ("made/elm/course/R0", "Reading", "R0", "elm"),
        ("made/oak/class/k3", "Study hall", None, "oak"),
        ("made/oak/course-name/Algebra", "Algebra", None, "oak"),
    ]
    assert cells(checked, "academicSessions", "title", "type", "startDate", "endDate", "schoolYear") == [
        ("2026-2027", "schoolYear", "2026-08-17", "2027-06-12", "2027"),
        ("Fall", "term", "2026-08-17", "2026-12-18", "2027"),
    ]


def test_a_class_without_a_term_is_in_the_one_session_without_an_end() -> None:
    _, checked = read_texts(changed(CLEVER, "sections.csv", "Fall,8/17/2026,12/18/2026", ",,"))
    assert found(checked) == [("class-without-term", "sections.csv", None, None, None)]
    assert ("k3", "made/without-dates") in cells(checked, "classes", "sourcedId", "termSourcedIds")
    assert ("made/without-dates", "2000-01-01", "2100-01-01") in cells(
        checked, "academicSessions", "sourcedId", "startDate", "endDate"
    )


def test_ids_that_are_made_do_not_depend_on_the_order_of_the_files() -> None:
    turned = {
        file: "\n".join([text.splitlines()[0], *reversed(text.splitlines()[1:])]) + "\n"
        for file, text in CLEVER.items()
    }
    straight, reverse = read_texts(CLEVER)[1], read_texts(turned)[1]
    for table in ("academicSessions", "courses", "roles", "enrollments"):
        assert cells(straight, table, "sourcedId") == cells(reverse, table, "sourcedId"), table


def test_two_names_that_differ_in_what_an_id_cannot_hold_are_two_courses() -> None:
    text = (
        CLEVER["sections.csv"]
        .replace("Algebra", "Art & Craft")
        .replace("oak,k3,t2,,Study hall,3,,,", "oak,k3,t2,,S,3,,Art / Craft,")
    )
    _, checked = read_texts({**CLEVER, "sections.csv": text})
    courses = [row for row in cells(checked, "courses", "sourcedId", "title") if "Craft" in str(row[1])]
    assert len({row[0] for row in courses}) == 2
    assert all("&" not in str(row[0]) and " " not in str(row[0]) for row in courses)


def test_a_number_that_a_pupil_and_a_teacher_share_is_two_people() -> None:
    texts = {**CLEVER, "students.csv": CLEVER["students.csv"].replace(",s2,", ",t2,")}
    texts["enrollments.csv"] = texts["enrollments.csv"].replace(",s2", ",t2")
    _, checked = read_texts(texts)
    assert {(row[0], row[1]) for row in cells(checked, "users", "sourcedId", "givenName") if "t2" in str(row[0])} == {
        ("student/t2", "Ben"),
        ("staff/t2", "Otto"),
    }
    members = cells(checked, "enrollments", "classSourcedId", "userSourcedId", "role")
    assert ("k2", "student/t2", "student") in members
    assert ("k2", "staff/t2", "teacher") in members
    assert [row[:4] for row in found(checked)] == [
        ("id-shared", "students.csv", 3, "Student_id"),
        ("id-shared", "teachers.csv", 3, "Teacher_id"),
    ]


def test_two_people_under_one_id_are_both_left_out() -> None:
    _, checked = read_texts(changed(CLEVER, "students.csv", "elm,s2,9002,Ray,Ben", "elm,s2,9002,Roe,Bea"))
    assert [row for row in found(checked) if row[0] == "id-twice"] == [
        ("id-twice", "students.csv", 3, "Student_id", None),
        ("id-twice", "students.csv", 4, "Student_id", None),
    ]
    assert "s2" not in {row[0] for row in cells(checked, "users", "sourcedId")}


@pytest.mark.parametrize(
    ("written", "read", "code"),
    [
        ("11/30/2010", "2010-11-30", None),
        ("1/2/2010", "2010-01-02", None),
        ("2010-11-30", "2010-11-30", None),
        ("11/30/10", "2010-11-30", "year-in-two-digits"),
        ("11/30/75", "1975-11-30", "year-in-two-digits"),
        ("30/11/2010", None, "date-dropped"),
    ],
)
def test_days_are_read_as_clever_writes_them(written: str, read: str | None, code: str | None) -> None:
    _, checked = read_texts(changed(CLEVER, "students.csv", "11/30/2010", written))
    assert ("s2", read) in cells(checked, "demographics", "sourcedId", "birthDate")
    assert {row[0] for row in found(checked)} == ({code} if code else set())


def test_a_term_that_cannot_be_read_leaves_its_class_out_and_no_other() -> None:
    _, checked = read_texts(changed(CLEVER, "sections.csv", ",,3,math,Fall,8/17/2026", ",,3,math,Fall,8/77/2026"))
    assert ("date-bad", "sections.csv", 2, "Term_start", "8/77/2026") in found(checked)
    assert [row[0] for row in cells(checked, "classes", "sourcedId")] == ["k1", "k3"]
    assert {name: ids.len() for name, ids in checked.left_out.items()} == {"classes": 1, "enrollments": 3}


@pytest.mark.parametrize("style", ["blanks", "lower case", "turned"])
def test_headers_may_be_written_in_other_ways(style: str) -> None:
    texts = dict(CLEVER)
    header, _, rest = texts["enrollments.csv"].partition("\n")
    spelled = {"blanks": header.replace("_", " "), "lower case": header.lower(), "turned": header}[style]
    texts["enrollments.csv"] = f"{spelled}\n{rest}"
    if style == "turned":
        texts["enrollments.csv"] = "Student_id,Section_id,School_id\ns1,k1,elm\ns2,k2,oak\ns2,k3,oak\n"
    _, checked = read_texts(texts)
    assert len([row for row in cells(checked, "enrollments", "role") if row[0] == "student"]) == 3
    assert {row[0] for row in found(checked)} == ({"column-case"} if style == "lower case" else set())


def test_findings_name_the_files_own_columns_and_records() -> None:
    texts = changed(CLEVER, "enrollments.csv", "oak,k2,s2", "oak,k2,nobody")
    texts = changed(texts, "sections.csv", "oak,k2,t1,t2", "oak,k2,t1,t9")
    texts = changed(texts, "students.csv", "oak,s2,9002", "ash,s2,9002")
    _, checked = read_texts(texts)
    assert sorted(found(checked), key=str) == [
        ("reference-missing", "enrollments.csv", 2, "Student_id", "nobody"),
        ("reference-missing", "sections.csv", 2, "Teacher_id to Teacher_2_id", "t9"),
        ("reference-missing", "students.csv", 3, "School_id", "ash"),
    ]


def test_what_follows_from_a_fault_stands_with_it_also_under_the_files_own_columns() -> None:
    texts = changed(CLEVER, "schools.csv", "oak,Oak High", "oak,")
    texts = changed(texts, "students.csv", "elm,s1,9001,Lee", "elm,s1,9001,")
    _, checked = read_texts(texts)
    causes = {(cause.file, cause.column): cause for cause in by_cause(checked.findings)}
    assert {"students.csv", "sections.csv"} <= {found.file for found in causes["schools.csv", "School_name"].follows}
    assert {found.file for found in causes["students.csv", "Last_name"].follows} == {"enrollments.csv"}
    assert "left-out-with" not in {cause.code for cause in causes.values()}


def test_one_cell_that_became_several_rows_is_told_once() -> None:
    _, checked = read_texts(changed(CLEVER, "sections.csv", "oak,k3", "ash,k3"))
    assert [row for row in found(checked) if row[0] == "reference-missing"] == [
        ("reference-missing", "sections.csv", 3, "School_id", "ash")
    ]


def test_what_tells_of_needs_is_kept_with_the_demographics_and_the_rest_with_the_person() -> None:
    _, checked = read_texts(CLEVER)
    assert ("s1", '{"bus":"7"}') in cells(checked, "users", "sourcedId", "metadata")
    assert ("s1", '{"Frl_status":"Free"}') in cells(checked, "demographics", "sourcedId", "metadata")


def test_passwords_reach_the_log_ins_and_nothing_else() -> None:
    result = plan_files(CLEVER)
    assert isinstance(result, Plan)
    assert result.passwords.rows() == [("s1", "Sesame-7")]
    assert "password" not in result.reading.tables["users"].columns
    assert all("Sesame" not in rows.write_csv() for rows in result.checked.tables.values())


@pytest.mark.parametrize(
    ("file", "partial", "absent"),
    [
        ("students.csv", {"users", "roles"}, {"demographics"}),
        ("teachers.csv", {"users", "roles"}, set()),
        ("sections.csv", {"enrollments"}, {"classes", "courses", "academicSessions"}),
        ("enrollments.csv", {"enrollments"}, set()),
        ("schools.csv", set(), {"orgs"}),
    ],
)
def test_without_a_file_nothing_of_its_kind_is_removed(file: str, partial: set[str], absent: set[str]) -> None:
    reading, checked = read_texts(without(CLEVER, file))
    assert ("file-absent", None, None, file, None) in found(checked)
    assert {name for name, mode in reading.modes.items() if mode is Mode.PARTIAL} == partial
    assert all(reading.mode(name) is Mode.ABSENT for name in absent)


def test_administrators_of_the_older_file_and_attendance_are_known() -> None:
    admins = "School_id,Staff_id,Admin_email,First_name,Last_name,Admin_title\noak,a1,ann@example.org,Ann,Ash,Dean\n"
    attendance = "Student_id,School_id,Section_id,Attendance_date\ns1,elm,k1,2026-09-01\n"
    _, checked = read_texts({**CLEVER, "admins.csv": admins, "attendance.csv": attendance})
    assert found(checked) == []
    assert ("a1", "oak", "siteAdministrator") in cells(checked, "roles", "userSourcedId", "orgSourcedId", "role")


def test_a_file_under_another_name_is_known_by_its_header() -> None:
    texts = {**without(CLEVER, "teachers.csv"), "Lehrer 2026.csv": CLEVER["teachers.csv"]}
    _, checked = read_texts(texts)
    assert [row[:2] for row in found(checked)] == [("file-found-by-header", "Lehrer 2026.csv")]


def test_what_comparing_finds_is_in_the_files_own_words_too() -> None:
    known = Snapshot()
    first = plan_files(CLEVER, known)
    assert isinstance(first, Plan)
    known.take(first.comparison)
    result = plan_files(
        {**CLEVER, "teachers.csv": CLEVER["teachers.csv"].replace("T1,May,Tess,tess@", "T9,Poe,Ida,ida@")}, known
    )
    assert isinstance(result, Plan)
    (told,) = [part for part in result.comparison.findings if "id-recycled" in part["code"].to_list()]
    assert told.select("file", "column", "value").rows() == [("teachers.csv", "Teacher_id", "t1")]


def test_a_record_whose_id_cannot_be_read_stops_the_removals_and_names_its_file() -> None:
    known = Snapshot()
    first = plan_files(CLEVER, known)
    assert isinstance(first, Plan)
    known.take(first.comparison)
    text = CLEVER["students.csv"].replace("oak,s2,", "oak,,").replace("elm,s2,", "elm,,")
    result = plan_files({**CLEVER, "students.csv": text}, known)
    assert isinstance(result, Plan)
    assert result.comparison.plans["users"].count("removed") == 0
    stopped = [part for part in result.comparison.findings if "removals-stopped" in part["code"].to_list()]
    assert {part["file"][0] for part in stopped} == {"students.csv"}


def test_a_class_with_an_error_keeps_its_course_and_term_on_the_roster() -> None:
    known = Snapshot()
    lone = CLEVER["sections.csv"].replace("Study hall,3,,,,,,Fall,8/17/2026", "Study hall,3,,,,,,Lone,8/18/2026")
    first = plan_files({**CLEVER, "sections.csv": lone}, known)
    assert isinstance(first, Plan)
    known.take(first.comparison)
    result = plan_files({**CLEVER, "sections.csv": lone.replace("Lone,8/18/2026", "Lone,8/88/2026")}, known)
    assert isinstance(result, Plan)
    assert result.checked.left_out["classes"].to_list() == ["k3"]
    assert all(of_table.count("removed") == 0 for of_table in result.comparison.plans.values())


def test_sections_without_any_teacher_and_without_pupils_are_classes_all_the_same() -> None:
    sections = "School_id,Section_id,Teacher_id,Name,Term_name\nelm,k1,,Reading,Year\n"
    _, checked = read_texts({**without(CLEVER, "enrollments.csv"), "sections.csv": sections})
    assert cells(checked, "classes", "sourcedId", "title") == [("k1", "Reading")]
    assert cells(checked, "enrollments", "sourcedId") == []
