"""The made-up packages of the demo: good nights, a file with mistakes, and a broken export."""

from pathlib import Path

import polars as pl

from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

STUDENTS = 1200
CHARTER_STUDENTS = 30
CHURN = 0.01


def write_night(folder: Path, day: int) -> Path:
    """The whole district as of a day."""
    out = folder / f"maple-valley-night-{day}.zip"
    write(sample(STUDENTS, day=day, churn=CHURN), out, version="1.2")
    return out


def write_night_with_mistakes(folder: Path, day: int) -> Path:
    """The same, as a busy office would send it: enrollments in classes that are not there, a wrong date, a double."""
    tables = sample(STUDENTS, day=day, churn=CHURN)
    enrollments = tables["enrollments"]
    place = pl.int_range(pl.len())
    tables["enrollments"] = enrollments.with_columns(
        classSourcedId=pl.when(place % 400 == 7).then(pl.lit("cls-of-last-year")).otherwise("classSourcedId"),
        beginDate=pl.when(place == 11).then(pl.lit("17.08.2026")).otherwise("beginDate"),
    )
    users = tables["users"]
    double = users.slice(40, 1).with_columns(familyName=pl.lit("Somebody-Else"))
    grade = pl.when(pl.int_range(pl.len()) == 60).then(None).otherwise("givenName")
    tables["users"] = pl.concat([users.with_columns(givenName=grade), double])
    out = folder / f"maple-valley-night-{day}.zip"
    write(tables, out, version="1.2")
    return out


def write_broken_export(folder: Path, day: int) -> Path:
    """An export that stopped half-way through one school: its students are missing, with all that is theirs."""
    tables = sample(STUDENTS, day=day, churn=CHURN)
    students = tables["roles"].filter(pl.col("role") == "student")
    largest = students.group_by("orgSourcedId").len().sort("len", "orgSourcedId", descending=True)["orgSourcedId"][0]
    there = students.filter(pl.col("orgSourcedId") == largest)["userSourcedId"].sort()
    lost = there.head(there.len() // 2).implode()
    tables["users"] = tables["users"].filter(~pl.col("sourcedId").is_in(lost))
    tables["demographics"] = tables["demographics"].filter(~pl.col("sourcedId").is_in(lost))
    for name in ("roles", "enrollments"):
        tables[name] = tables[name].filter(~pl.col("userSourcedId").is_in(lost))
    out = folder / f"maple-valley-night-{day}.zip"
    write(tables, out, version="1.2")
    return out


def write_charter(folder: Path) -> Path:
    """A small school, as its office filled it in."""
    out = folder / "juniper-charter-school.zip"
    write(sample(CHARTER_STUDENTS, seed=7), out, version="1.1")
    return out
