"""The main job: a first import and the nights after it, by the doors that the product has."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from bench.figures import Floor, Times
from bench.packages import Packages
from bench.reading import READ, read_floor
from bench.twin import COPY, COPY_ROWS, TWINS, copy_out, empty_roster, make_twins, measure_twins, owner_cursor
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import add_district
from firstbell.domain.districts.models import District
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.imports.undoing import undo_run
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import add_source
from firstbell.project.cluster import SUPERUSER, describe_cluster

FIRST = "first import"
FIRST_AGAIN = "first import, against the rows alone"
WITHOUT_WALL = "first import without the wall"
SAME_BYTES = "next night, the same bytes"
SHUFFLED = "next night, shuffled and re-quoted"
CHURNED = "next night, 1 % of students touched"
UNDONE = "undo of that night"
FLOORS = {
    FIRST: Floor(COPY, at_most=2),
    FIRST_AGAIN: Floor(COPY_ROWS),
    WITHOUT_WALL: Floor(COPY),
    SAME_BYTES: Floor(READ, at_most=0.5),
    SHUFFLED: Floor(READ, at_most=5),
    CHURNED: Floor(READ, at_most=8),
    UNDONE: Floor(READ, at_most=8),
}
GUARD = {"removed_people": 1_000_000}
"""A hundredth of a large district is more people than the guard lets go unasked."""


class NotApplied(Exception):
    """A run of the bench ended otherwise than it must, so its time says nothing."""


class Bench:
    """The imports of one size, with what is kept between repetitions."""

    def __init__(self, home: Path, packages: Packages, times: Times) -> None:
        self._home = home
        self._packages = packages
        self._times = times
        self._rows: dict[str, bytes] = {}
        self.steps: dict[str, dict[str, float]] = {}
        """By what was done, the seconds of each step of the last repetition."""

    def repeat(self) -> None:
        """One repetition of everything, each beside its floor."""
        times, packages = self._times, self._packages
        district, source = new_district()
        with self._timed(FIRST):
            self._import(FIRST, district, source, packages.first)
        times.add(FIRST_AGAIN, times.taken[FIRST][-1])
        if not self._rows:
            make_twins()
            self._rows = copy_out()
        self._settle()
        measure_twins(self._rows, times)
        read_floor(packages, times)
        with self._timed(SAME_BYTES):
            import_package(district, source, packages.first)
        with self._timed(SHUFFLED):
            self._import(SHUFFLED, district, source, packages.shuffled)
        with self._timed(CHURNED):
            night = self._import(CHURNED, district, source, packages.next_day)
        with self._timed(UNDONE):
            undo_run(district, night, by=OPERATOR)
        district, source = new_district()
        with _no_wall(), self._timed(WITHOUT_WALL):
            import_package(district, source, packages.first)

    def _import(self, what: str, district: District, source: Source, package: Path) -> Run:
        run = import_package(district, source, package)
        self.steps[what] = dict(run.steps)
        return run

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        self._settle()
        with self._times.of(what):
            yield

    def _settle(self) -> None:
        """A checkpoint, so that nothing pays for the writes of the one before."""
        with psycopg.connect(describe_cluster(self._home).conninfo(SUPERUSER), autocommit=True) as superuser:
            superuser.execute("checkpoint")


def new_district() -> tuple[District, Source]:
    """A new district with a source, alone on an empty roster."""
    empty_roster()
    district = add_district(f"bench-{uuid.uuid4().hex[:8]}", "Bench Unified", by=OPERATOR)
    return district, add_source(district, "SIS", by=OPERATOR, settings=dict(GUARD))


def import_package(district: District, source: Source, path: Path) -> Run:
    """Receive and carry out, as an upload and a worker do. Raises NotApplied."""
    run = carry_out(district, receive_path(district, source, path, by=OPERATOR), by=OPERATOR)
    if run.state != RunState.APPLIED:
        raise NotApplied(f"{path.name}: {run.state} {run.message} {[reason['says'] for reason in run.reasons]}")
    return run


@contextmanager
def _no_wall() -> Iterator[None]:
    """The roster's tables without their policies, for the same role."""
    _set_wall("disable")
    yield
    _set_wall("enable")


def _set_wall(verb: str) -> None:
    with owner_cursor() as cursor:
        for name in TWINS:
            change = sql.SQL(f"alter table {{}} {verb} row level security")
            cursor.execute(change.format(sql.Identifier(name)))
