"""A state's night: 500 districts of the sizes that US districts have, two workers, one PostgreSQL.

``python -m bench.fleet --factor 0.05`` makes every district a twentieth as large (at least 30 students), so that it
fits a small machine: what a run costs whatever its size weighs more then than it would in a state. It loads all of
them, and then lets a night come: a fifth of the districts send the same bytes, the others have touched 1 % of their
students. Printed: total time, rows a second, how long jobs waited, and what a run costs by itself and by its rows.
"""

import argparse
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench.home import temporary_home
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

if TYPE_CHECKING:
    from firstbell.domain.districts.models import District
    from firstbell.domain.roster.models import Source

DISTRICTS = 500
STUDENTS = 2_000_000
SMALLEST = 30
UNCHANGED_EVERY = 5
CHURN = 0.01
BRACKETS = (
    (25_000, 180_000, 2.2),
    (10_000, 25_000, 4.5),
    (5_000, 10_000, 7.5),
    (2_500, 5_000, 13.6),
    (1_000, 2_500, 23.3),
    (600, 1_000, 13.1),
    (300, 600, 13.9),
    (50, 300, 21.9),
)
"""From, to (students), and per cent of the regular public school districts of the US: NCES, Digest of Education
Statistics, the table of districts by enrollment size, around 2019. Within a bracket sizes are spread evenly by their
logarithm, and the few of which no size is reported count as small."""
GUARD = {"removed_people": 1_000_000, "removed_share": 100, "updated_share": 100}
WORKER = [str(Path(sys.executable).with_name("firstbell")), "worker", "--until-idle", "--queue", "imports"]


@dataclass(frozen=True, slots=True)
class Member:
    """One district of the fleet, and its packages."""

    district: "District"
    source: "Source"
    students: int
    first: Path
    night: Path


@dataclass(frozen=True, slots=True)
class Night:
    """What was measured. ``costs``: rows and seconds of each run."""

    seconds: float
    rows: int
    waits: list[float]
    costs: list[tuple[int, float]]


def sizes(factor: float) -> list[int]:
    """Students of each district, the largest first; together the state's, times the factor."""
    drawn: list[float] = []
    for least, most, share in BRACKETS:
        count = max(1, round(DISTRICTS * share / 100))
        drawn += [math.exp(math.log(least) + (place + 0.5) / count * math.log(most / least)) for place in range(count)]
    drawn = sorted(drawn, reverse=True)[:DISTRICTS]
    scale = STUDENTS / sum(drawn) * factor
    return [max(SMALLEST, round(size * scale)) for size in drawn]


def main() -> None:
    """Measure, and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--factor", type=float, default=0.05)
    arguments.add_argument("--workers", type=int, default=2)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="firstbell-bench-fleet-") as folder, temporary_home():
        wanted = sizes(asked.factor)
        print(f"{len(wanted)} districts, {sum(wanted):,} students: making them", file=sys.stderr)
        fleet = [_member(number, students, Path(folder)) for number, students in enumerate(wanted)]
        first = _work([(member, member.first) for member in fleet], asked.workers)
        night = _work([(member, member.night) for member in fleet], asked.workers)
    _print(first, night, sum(wanted), asked.factor, asked.workers)


def _member(number: int, students: int, folder: Path) -> Member:
    from firstbell.domain.audit.actor import OPERATOR  # noqa: PLC0415 (Django is set up by now)
    from firstbell.domain.districts.actions import add_district  # noqa: PLC0415
    from firstbell.domain.roster.sources import add_source  # noqa: PLC0415

    first, night = folder / f"{number}-first.zip", folder / f"{number}-night.zip"
    write(sample(students, seed=number), first, version="1.2")
    if number % UNCHANGED_EVERY == 0:
        night = first
    else:
        write(sample(students, seed=number, day=1, churn=CHURN), night, version="1.2")
    district = add_district(f"fleet-{number}", f"District {number}", by=OPERATOR, method="automated")
    source = add_source(district, "SIS", by=OPERATOR, settings=dict(GUARD))
    return Member(district, source, students, first, night)


def _work(packages: list[tuple[Member, Path]], workers: int) -> Night:
    """All packages come at once, the large ones first as the clock of a state would have it, and workers do them."""
    from django.db import connections  # noqa: PLC0415 (Django is set up by now)

    from firstbell.domain.audit.actor import OPERATOR  # noqa: PLC0415
    from firstbell.domain.districts.wall import within  # noqa: PLC0415
    from firstbell.domain.imports.queueing import CARRY_OUT, later  # noqa: PLC0415
    from firstbell.domain.imports.receiving import receive_path  # noqa: PLC0415

    runs = []
    for member, path in packages:
        with within(member.district):
            run = receive_path(member.district, member.source, path, by=OPERATOR)
            later(CARRY_OUT, member.district, run)
        runs.append((member, run.pk))
    connections.close_all()
    begun = time.perf_counter()
    working = [subprocess.Popen(WORKER) for _ in range(workers)]
    for worker in working:
        if worker.wait() != 0:
            raise SystemExit("a worker of the bench failed")
    seconds = time.perf_counter() - begun
    costs = [_cost(member, run_id) for member, run_id in runs]
    return Night(seconds, sum(rows for rows, _ in costs), _waits(len(packages)), costs)


def _cost(member: Member, run_id: int) -> tuple[int, float]:
    from firstbell.domain.districts.wall import within  # noqa: PLC0415 (Django is set up by now)
    from firstbell.domain.imports.models import Run, RunState  # noqa: PLC0415

    with within(member.district):
        run = Run.objects.get(pk=run_id, district_id=member.district.pk)
    if run.state != RunState.APPLIED:
        raise SystemExit(f"run {run_id} of {member.district.code} is {run.state}: {run.message} {run.reasons}")
    return sum(run.files.values()), sum(run.steps.values())


def _waits(count: int) -> list[float]:
    """Seconds between its being deferred and its being started, of the last jobs."""
    from django.db import connection  # noqa: PLC0415 (Django is set up by now)

    with connection.cursor() as cursor:
        cursor.execute(
            "select extract(epoch from min(at) filter (where type = 'started')"
            " - min(at) filter (where type = 'deferred')) from procrastinate_events"
            " group by job_id having bool_or(type = 'started') order by job_id desc limit %s",
            [count],
        )
        return sorted(float(wait) for (wait,) in cursor.fetchall())


def _print(first: Night, night: Night, students: int, factor: float, workers: int) -> None:
    table = Table(title=f"{DISTRICTS} districts, {students:,} students ({factor:g} of a state), {workers} workers")
    for column in ("", "first loads", "a night"):
        table.add_column(column, justify="right" if column else "left")
    lines: list[tuple[str, Callable[[Night], str]]] = [
        ("seconds in all", lambda one: f"{one.seconds:,.1f}"),
        ("rows read", lambda one: f"{one.rows:,}"),
        ("rows a second", lambda one: f"{one.rows / one.seconds:,.0f}"),
        ("runs a second", lambda one: f"{len(one.costs) / one.seconds:,.1f}"),
        ("queue wait, median", lambda one: f"{statistics.median(one.waits):,.1f} s"),
        ("queue wait, p95", lambda one: f"{one.waits[int(0.95 * len(one.waits))]:,.1f} s"),
        ("a run by itself", lambda one: f"{_line(one)[0]:.3f} s"),
        ("and for 100,000 rows", lambda one: f"{_line(one)[1] * 100_000:.2f} s"),
    ]
    for label, told in lines:
        table.add_row(label, told(first), told(night))
    Console().print(table)


def _line(night: Night) -> tuple[float, float]:
    """Seconds that a run costs by itself, and for each row: the straight line through all that read their files."""
    costs = [(rows, seconds) for rows, seconds in night.costs if seconds]
    slope, intercept = statistics.linear_regression(*zip(*costs, strict=True))
    return intercept, slope


if __name__ == "__main__":
    main()
