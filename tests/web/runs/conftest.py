"""A district of its own for each test, with packages to upload and a worker that does what waits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import new_district
from tests.web.rooms.conftest import house, member
from tests.working import work_until_idle

from firstbell.domain.accounts.models import Account
from firstbell.domain.districts.models import District
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

__all__ = ["house"]
STUDENTS = 200


@dataclass(frozen=True)
class Office:
    """A district's office: the account of each role, and the files on its desk."""

    district: District
    accounts: dict[str, Account]
    roster: Path
    broken: Path
    broken_and_new: Path
    """The broken one, with somebody under a new name."""

    def path(self, rest: str = "") -> str:
        return f"/d/{self.district.code}/{rest}"


@pytest.fixture
def office(database: None, tmp_path: Path) -> Office:
    """A new district without a roster yet."""
    district = new_district("Lakeside Unified")
    roles = {"administrator": "district_administrator", "principal": "principal", "teacher": "teacher"}
    accounts = {name: member(district, name, role) for name, role in roles.items()}
    roster, broken, new = (tmp_path / f"{name}.zip" for name in ("roster", "broken", "broken-and-new"))
    tables = sample(STUDENTS, seed=3)
    write(tables, roster, version="1.2")
    _without_half_of_its_students(tables)
    write(tables, broken, version="1.2")
    first = pl.int_range(pl.len()) == 0
    named = pl.when(first).then(pl.lit("Renamed")).otherwise("familyName")
    write(tables | {"users": tables["users"].with_columns(familyName=named)}, new, version="1.2")
    return Office(district, accounts, roster, broken, new)


def _without_half_of_its_students(tables: dict[str, pl.DataFrame]) -> None:
    students = tables["roles"].filter(pl.col("role") == "student")["userSourcedId"].sort()
    lost = students.head(students.len() // 2).implode()
    for name, column in (("users", "sourcedId"), ("demographics", "sourcedId")):
        tables[name] = tables[name].filter(~pl.col(column).is_in(lost))
    for name in ("roles", "enrollments"):
        tables[name] = tables[name].filter(~pl.col("userSourcedId").is_in(lost))


@pytest.fixture
def work(database: None) -> Callable[[], None]:
    """A real worker does what waits, and ends when nothing is left."""
    return work_until_idle
