"""The made-up packages of the demo: good nights, a night with mistakes, a broken export, and a small school."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

type Tables = dict[str, pl.DataFrame]

STUDENTS = 1200
CHARTER_STUDENTS = 31
CHURN = 0.01


def _maple(day: int) -> Tables:
    tables = sample(STUDENTS, day=day, churn=CHURN)
    return _at_home(tables, "maple-valley", {"org-district": "Maple Valley Unified"})


def _maple_with_mistakes(day: int) -> Tables:
    """As a busy office sends it: classes that are not there, a day that does not exist, one number for two people."""
    tables = _maple(day)
    place = pl.int_range(pl.len())
    tables["enrollments"] = tables["enrollments"].with_columns(
        classSourcedId=pl.when(place % 1500 == 7).then(pl.lit("cls-of-last-year")).otherwise("classSourcedId"),
        beginDate=pl.when(place == 11).then(pl.lit("2026-02-30")).otherwise("beginDate"),
        endDate=pl.when(place == 23).then(pl.lit("2020-06-01")).otherwise("endDate"),
    )
    users = tables["users"].with_columns(
        givenName=pl.when(place == 860).then(None).otherwise("givenName"),
        email=pl.when(place == 40).then(pl.lit("front desk")).otherwise("email"),
        grades=pl.when(place == 910).then(pl.lit("grade 7")).otherwise("grades"),
    )
    tables["users"] = pl.concat([users, users.slice(840, 1).with_columns(familyName=pl.lit("Somebody-Else"))])
    return tables


def _maple_cut_short(day: int) -> Tables:
    """The export stopped half-way through the largest school: those students are missing, with all that is theirs."""
    tables = _maple(day)
    students = tables["roles"].filter(pl.col("role") == "student")
    largest = students.group_by("orgSourcedId").len().sort("len", "orgSourcedId", descending=True)["orgSourcedId"][0]
    there = students.filter(pl.col("orgSourcedId") == largest)["userSourcedId"].sort()
    lost = there.head(there.len() // 2).implode()
    for name, person in {
        "users": "sourcedId",
        "demographics": "sourcedId",
        "roles": "userSourcedId",
        "enrollments": "userSourcedId",
    }.items():
        tables[name] = tables[name].filter(~pl.col(person).is_in(lost))
    return tables


NIGHTS: tuple[Callable[[int], Tables], ...] = (_maple, _maple, _maple, _maple, _maple_with_mistakes, _maple_cut_short)
"""The first roster, three good nights, one with mistakes, and one that the guard holds."""


def write_night(night: int, out: Path) -> None:
    """What the student information system of Maple Valley exports that night (0 is the first)."""
    write(NIGHTS[night](night), out, version="1.2")


def write_charter(out: Path) -> None:
    """A school of 38 people, as its office filled it in."""
    tables = sample(CHARTER_STUDENTS, seed=7)
    names = {"org-district": "Juniper Charter School", "org-0001": "Juniper Charter School"}
    write(_at_home(tables, "juniper", names), out, version="1.2")


def _at_home(tables: Tables, domain: str, names: dict[str, str]) -> Tables:
    """The same under other names of orgs, and with addresses of its own."""
    named = pl.col("sourcedId").replace_strict(names, default=pl.col("name"))
    addressed = pl.col("email").str.replace(r"(@|\.)example\.org$", f"${{1}}{domain}.example.org")
    return tables | {
        "orgs": tables["orgs"].with_columns(name=named),
        "users": tables["users"].with_columns(email=addressed),
    }
