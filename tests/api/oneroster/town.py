"""A town's roster made by chance, and what a grant shows of it, said once more in Python.

The second has nothing to do with the provider's SQL: it goes by the rows of the package.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.models import AcademicSession, Org, Source
from firstbell.domain.roster.sources import add_source
from firstbell.domain.sharing.presets import Wish
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.tables import TABLES

type Row = dict[str, str | None]
type Rows = dict[str, dict[str, Row]]
FAMILY = {"guardian", "parent", "relative"}
SCHOOLS = ("north", "south", "west")
GRADES = ("03", "04", "05")
TERMS = ("fall", "spring")


def make_town(seed: int, students: int = 45) -> Rows:
    """Three schools (one has a department), classes that go over one term or two, families, people with two roles."""
    chance = random.Random(seed)
    rows: Rows = {name: {} for name in TABLES}

    def add(table: str, sourced_id: str, **said: str | None) -> None:
        rows[table][sourced_id] = {"sourcedId": sourced_id, **said}

    def role(user: str, kind: str, org: str) -> None:
        is_first = not any(held["userSourcedId"] == user for held in rows["roles"].values())
        role_type = "primary" if is_first else "secondary"
        add("roles", f"r-{user}-{org}", userSourcedId=user, role=kind, roleType=role_type, orgSourcedId=org)

    _add_places(add)
    for school in SCHOOLS:
        for number in range(4):
            add(
                "classes",
                f"{school}-{number}",
                title=f"{school} {number}",
                courseSourcedId="c-north" if school != "west" and number == 3 else chance.choice(["c-art", "c-math"]),
                classType="scheduled",
                schoolSourcedId=school,
                termSourcedIds=("fall", "spring", "fall,spring", "spring")[number],
                location=f"Room {number}",
            )
        for number in range(2):
            teacher = f"t-{school}-{number}"
            _person(add, teacher, chance)
            role(teacher, "teacher", school)
        _person(add, f"p-{school}", chance)
        role(f"p-{school}", "principal", school)
    role("t-north-0", "teacher", "south")
    role("t-north-1", "teacher", "arts")
    _person(add, "boss", chance)
    role("boss", "districtAdministrator", "town")
    for number in range(students):
        _add_student(add, role, chance, number)
    for school in SCHOOLS:
        for number in range(4):
            _enroll(add, f"t-{school}-{number % 2}", f"{school}-{number}", school, "teacher")
    return rows


def _add_places(add: Callable[..., None]) -> None:
    add("orgs", "town", name="Town", type="district")
    for school in SCHOOLS:
        add("orgs", school, name=f"{school.title()} School", type="school", parentSourcedId="town")
    add("orgs", "arts", name="Arts", type="department", parentSourcedId="north")
    year = {"schoolYear": "2027"}
    add(
        "academicSessions",
        "year",
        title="Year",
        type="schoolYear",
        startDate="2026-08-01",
        endDate="2027-06-30",
        **year,
    )
    for term, begin, end in (("fall", "2026-08-01", "2026-12-31"), ("spring", "2027-01-01", "2027-06-30")):
        add(
            "academicSessions",
            term,
            title=term,
            type="term",
            startDate=begin,
            endDate=end,
            parentSourcedId="year",
            **year,
        )
        add(
            "academicSessions",
            f"{term}-1",
            title=f"{term} 1",
            type="gradingPeriod",
            startDate=begin,
            endDate=end,
            parentSourcedId=term,
            **year,
        )
    for subject in ("art", "math"):
        add(
            "courses",
            f"c-{subject}",
            title=subject,
            courseCode=subject,
            orgSourcedId="town",
            schoolYearSourcedId="year",
        )
    add("courses", "c-north", title="Only here", courseCode="n", orgSourcedId="north")


def _person(add: Callable[..., None], user: str, chance: random.Random, **said: str | None) -> None:
    name = chance.choice(["Ana", "Ben", "Chloé", "Dana"])
    add(
        "users",
        user,
        enabledUser="true",
        username=user,
        givenName=name,
        familyName=f"{user.title()}",
        email=f"{user}@example.org",
        identifier=f"id-{user}",
        phone="555-0100",
        **said,
    )


def _add_student(
    add: Callable[..., None], role: Callable[[str, str, str], None], chance: random.Random, number: int
) -> None:
    student, school, family = f"s-{number:03}", chance.choice(SCHOOLS), f"g-{number // 2:03}"
    if number % 2 == 0:
        _person(add, family, chance)
        role(family, "guardian", school)
    agents = family if number % 3 else None
    _person(add, student, chance, grades=chance.choice(GRADES), agentSourcedIds=agents)
    role(student, "student", school)
    for place in chance.sample(range(4), 2):
        _enroll(add, student, f"{school}-{place}", school, "student")
    add("demographics", student, birthDate="2016-01-01", sex="female")
    if number % 5 == 0:
        add(
            "userProfiles",
            f"f-{student}",
            userSourcedId=student,
            profileType="SSO",
            vendorId="vendor",
            credentialType="sso",
            username=f"{student}-login",
        )


def _enroll(add: Callable[..., None], user: str, class_: str, school: str, role: str) -> None:
    add(
        "enrollments",
        f"e-{user}-{class_}",
        userSourcedId=user,
        classSourcedId=class_,
        schoolSourcedId=school,
        role=role,
    )


def next_day(rows: Rows, seed: int) -> Rows:
    """What happens in a town: somebody moves, is a grade further, leaves, gets other relatives; a class goes on."""
    chance = random.Random(seed)
    after: Rows = {name: {key: dict(row) for key, row in held.items()} for name, held in rows.items()}
    students = sorted(key for key in after["users"] if key.startswith("s-"))
    mover, grown, leaver, other, renamed = chance.sample(students, 5)
    old = next(row["orgSourcedId"] for row in after["roles"].values() if row["userSourcedId"] == mover)
    new = chance.choice([school for school in SCHOOLS if school != old])
    _drop(after, mover, "roles", "enrollments")

    def add(table: str, sourced_id: str, **said: str | None) -> None:
        after[table][sourced_id] = {"sourcedId": sourced_id, **said}

    add("roles", f"r-{mover}-{new}", userSourcedId=mover, role="student", roleType="primary", orgSourcedId=new)
    _enroll(add, mover, f"{new}-0", new, "student")
    after["users"][grown]["grades"] = chance.choice(GRADES)
    _drop(after, leaver, "roles", "enrollments", "demographics", "userProfiles", "users")
    after["users"][other]["agentSourcedIds"] = chance.choice(sorted(k for k in after["users"] if k.startswith("g-")))
    after["users"][renamed]["givenName"] = f"New{seed}"
    class_ = chance.choice(sorted(after["classes"]))
    after["classes"][class_]["termSourcedIds"] = chance.choice(["fall", "spring", "fall,spring"])
    return after


def _drop(rows: Rows, user: str, *tables: str) -> None:
    for table in tables:
        name = "sourcedId" if table in {"users", "demographics"} else "userSourcedId"
        rows[table] = {key: row for key, row in rows[table].items() if row[name] != user}


def bring(district: District, rows: Rows, folder: Path, name: str = "town") -> None:
    """The town's roster, as a package that somebody lets go."""
    frames = {}
    for table, held in rows.items():
        names = [column.name for column in TABLES[table].columns]
        cells = {column: [row.get(column) for row in held.values()] for column in names}
        frames[table] = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String))
    package = folder / f"{name}.zip"
    write(frames, package, version="1.2")
    with within(district):
        source = Source.objects.filter(district_id=district.pk, name="SIS").first()
    run = carry_out(
        district, receive_path(district, source or add_source(district, "SIS", by=OPERATOR), package, by=OPERATOR)
    )
    if run.state == "held":
        approve_run(district, run, by=OPERATOR)
        run = carry_out(district, run)
    assert run.state == "applied", (run.message, run.reasons)


@dataclass(frozen=True)
class Said:
    """A grant by the ids of the package."""

    schools: tuple[str, ...] | None = None
    grades: tuple[str, ...] | None = None
    terms: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    hidden: frozenset[str] = frozenset()
    withheld: frozenset[str] = field(default_factory=frozenset)

    def wish(self, district: District) -> Wish:
        """The same by row ids."""
        return Wish(
            schools=_row_ids(district, Org, self.schools),
            grades=self.grades,
            terms=_row_ids(district, AcademicSession, self.terms),
            roles=self.roles,
            hidden=self.hidden,
        )


def _row_ids(district: District, model: type[Any], ids: tuple[str, ...] | None) -> tuple[int, ...] | None:
    if ids is None:
        return None
    with within(district):
        return tuple(model.objects.filter(district_id=district.pk, sourced_id__in=ids).values_list("id", flat=True))


def shown_of(rows: Rows, said: Said) -> dict[str, set[str]]:
    """The ids of each table that a program with this grant sees."""
    everything = {table: set(held) for table, held in rows.items()}
    orgs, sessions = rows["orgs"], rows["academicSessions"]
    schools = everything["orgs"] if said.schools is None else _below(orgs, said.schools)
    terms = everything["academicSessions"] if said.terms is None else _below(sessions, said.terms)

    def may(word: str | None) -> bool:
        return said.roles is None or word in said.roles

    held = [r for r in rows["roles"].values() if r["orgSourcedId"] in schools and may(r["role"])]
    students = {
        str(r["userSourcedId"])
        for r in held
        if r["role"] == "student"
        and str(r["userSourcedId"]) not in said.withheld
        and (said.grades is None or rows["users"][str(r["userSourcedId"])].get("grades") in said.grades)
    }
    people = set(students)
    for r in held:
        user = str(r["userSourcedId"])
        children = {key for key, row in rows["users"].items() if user in (row.get("agentSourcedIds") or "").split(",")}
        if r["role"] == "student" or user in said.withheld:
            continue
        if r["role"] not in FAMILY or not children or children & students:
            people.add(user)
    classes = _classes_of(rows, said, schools, terms, students)
    is_all = (said.schools, said.terms, said.grades) == (None, None, None)
    courses = everything["courses"] if is_all else {str(rows["classes"][key]["courseSourcedId"]) for key in classes}
    owners = {str(rows["courses"][key]["orgSourcedId"]) for key in courses}
    return {
        "orgs": everything["orgs"] if said.schools is None else _around(orgs, schools) | owners,
        "academicSessions": everything["academicSessions"] if said.terms is None else _around(sessions, terms),
        "courses": courses,
        "classes": classes,
        "users": people,
        "roles": {
            str(r["sourcedId"])
            for r in held
            if r["userSourcedId"] in people and (r["role"] != "student" or r["userSourcedId"] in students)
        },
        "enrollments": {
            key
            for key, row in rows["enrollments"].items()
            if row["classSourcedId"] in classes
            and row["userSourcedId"] in people
            and may(row["role"])
            and row["schoolSourcedId"] in schools
        },
        "demographics": {key for key in rows["demographics"] if key in people},
    }


def _classes_of(rows: Rows, said: Said, schools: set[str], terms: set[str], students: set[str]) -> set[str]:
    return {
        key
        for key, row in rows["classes"].items()
        if row["schoolSourcedId"] in schools
        and (said.terms is None or terms & set(str(row["termSourcedIds"]).split(",")))
        and (
            said.grades is None
            or any(
                e["classSourcedId"] == key and e["role"] == "student" and e["userSourcedId"] in students
                for e in rows["enrollments"].values()
            )
        )
    }


def _below(rows: dict[str, Row], ids: tuple[str, ...]) -> set[str]:
    found = set(ids)
    while more := {key for key, row in rows.items() if row.get("parentSourcedId") in found} - found:
        found |= more
    return found


def _around(rows: dict[str, Row], ids: set[str]) -> set[str]:
    found = set(ids)
    while more := {str(rows[key]["parentSourcedId"]) for key in found if rows[key].get("parentSourcedId")} - found:
        found |= more
    return found
