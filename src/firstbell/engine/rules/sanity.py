"""What is well formed and still odd: classes without teachers, people without classes, schools without anyone.

A rule speaks only where all the files that it needs are full lists without unreadable records, and looks at everything
they name, also at what was left out for another reason: that has its own finding. Where half or more are odd it is the
export and not the records: one finding says so, or none where they are so few that nobody can tell.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.rules.rule import Tables
from firstbell.engine.tables import TABLES

FEW = 2
"""So many odd records say nothing about an export of which they are the larger part."""
LEARNS, TEACHES = "student", "teacher"
# Who comes along with a child signs in where the district wants it, not by the roster.
_WITHOUT_SIGN_IN = ("parent", "guardian", "relative")
_HELD_IN = ("term", "semester")


@dataclass(frozen=True, slots=True)
class Odd:
    """Records that are odd, of how many, and in words what they are not."""

    table: str
    code: str
    records: pl.DataFrame
    of: int
    lack: str
    shown: str = "sourcedId"


def find_oddities(tables: Tables, reading: Reading, unreadable: Collection[str] | Mapping[str, int]) -> None:
    """Note what is odd. ``tables``: the records that stand. ``unreadable``: tables with records that cannot be read."""
    full = {
        name: rows.filter(pl.col("_status") == "active")
        for name, rows in reading.tables.items()
        if reading.mode(name) is Mode.BULK and rows.height and name not in unreadable
    }
    if {"classes", "enrollments"} <= full.keys():
        _note(tables, _class_without(tables, full, TEACHES, "class-without-teacher", "have no teacher"))
        _note(tables, _class_without(tables, full, LEARNS, "class-without-students", "have no students"))
    if {"users", "roles", "enrollments"} <= full.keys():
        _note(tables, _person_without_class(tables, full, LEARNS, "student-without-class"))
        teachers = _person_without_class(tables, full, TEACHES, "teacher-without-class")
        if 2 * teachers.records.height <= teachers.of:
            _note(tables, teachers)
    if {"users", "roles"} <= full.keys():
        _note(tables, _person_without_sign_in(tables, full))
    if {"orgs", "roles", "classes"} <= full.keys():
        _note(tables, _school_without_anyone(tables, full))
    if {"academicSessions", "classes"} <= full.keys():
        _note(tables, _term_without_class(tables, full))


def _note(tables: Tables, odd: Odd) -> None:
    count = odd.records.height
    if not count:
        return
    if 2 * count < odd.of:
        tables.note(findings.of(odd.records, odd.code, value=pl.coalesce(odd.shown, "sourcedId")))
    elif count > FEW:
        told = f"of {odd.of:,} {TABLES[odd.table].nouns} {odd.lack}"
        file = odd.records["_file"][0]
        tables.note(findings.one("export-incomplete", file=file, value=f"{count:,}", detail=told))


def _class_without(tables: Tables, full: Mapping[str, pl.DataFrame], role: str, code: str, lack: str) -> Odd:
    classes = tables["classes"]
    with_one = full["enrollments"].filter(pl.col("role") == role)
    if not with_one.height:
        return Odd("classes", code, classes.clear(), classes.height, lack)
    without = classes.join(with_one, left_on="sourcedId", right_on="classSourcedId", how="anti", maintain_order="left")
    without = _unexplained(without, with_one["classSourcedId"], full["classes"])
    return Odd("classes", code, without, classes.height, lack, "title")


def _unexplained(without: pl.DataFrame, named: pl.Series, there: pl.DataFrame) -> pl.DataFrame:
    """The odd records; none where as many ids are named that nobody has: a wrong id is told already."""
    nobodys = named.drop_nulls().unique()
    nobodys = nobodys.filter(~nobodys.is_in(there["sourcedId"].implode()))
    return without.clear() if nobodys.len() >= without.height else without


def _person_without_class(tables: Tables, full: Mapping[str, pl.DataFrame], role: str, code: str) -> Odd:
    """Only who may use the products, and only where anybody is enrolled in this role."""
    roles = full["roles"].filter(pl.col("role") == role)
    people = tables["users"].filter(pl.col("enabledUser") == "true")
    people = people.join(roles, left_on="sourcedId", right_on="userSourcedId", how="semi", maintain_order="left")
    enrolled = full["enrollments"]
    if not (enrolled["role"] == role).any():
        return Odd("users", code, people.clear(), people.height, "")
    without = people.join(enrolled, left_on="sourcedId", right_on="userSourcedId", how="anti", maintain_order="left")
    without = _unexplained(without, enrolled["userSourcedId"], full["users"])
    return Odd("users", code, without, people.height, f"with the role {role} are in no class")


def _person_without_sign_in(tables: Tables, full: Mapping[str, pl.DataFrame]) -> Odd:
    roles = full["roles"].filter(~pl.col("role").is_in(_WITHOUT_SIGN_IN))
    people = tables["users"].filter(pl.col("enabledUser") == "true")
    people = people.join(roles, left_on="sourcedId", right_on="userSourcedId", how="semi", maintain_order="left")
    without = people.filter(pl.all_horizontal(pl.col("username", "email", "userIds").is_null()))
    return Odd("users", "person-without-sign-in", without, people.height, "have nothing to sign in with")


def _school_without_anyone(tables: Tables, full: Mapping[str, pl.DataFrame]) -> Odd:
    schools = tables["orgs"].filter(pl.col("type") == "school")
    used = pl.concat([full["roles"]["orgSourcedId"], full["classes"]["schoolSourcedId"].alias("orgSourcedId")])
    without = schools.filter(~pl.col("sourcedId").is_in(used.implode()))
    return Odd("orgs", "school-without-anyone", without, schools.height, "have neither people nor classes", "name")


def _term_without_class(tables: Tables, full: Mapping[str, pl.DataFrame]) -> Odd:
    """A term whose days no session with classes covers. Schools of one district divide the same year differently."""
    sessions = tables["academicSessions"]
    named = full["classes"]["termSourcedIds"].drop_nulls().unique().str.split(",").explode().unique()
    used = full["academicSessions"].filter(pl.col("sourcedId").is_in(named.implode()))
    taught = used.select(begins="startDate", ends="endDate").unique()
    terms = sessions.filter(pl.col("type").is_in(_HELD_IN))
    meets = (pl.col("begins") < pl.col("endDate")) & (pl.col("ends") > pl.col("startDate"))
    covered = terms.join(taught, how="cross").filter(meets.fill_null(value=True))
    without = terms.join(covered, on="sourcedId", how="anti", maintain_order="left")
    return Odd("academicSessions", "term-without-class", without, terms.height, "have no class", "title")
