"""Does what the commands about runs ask for, with progress, and one clear line where it cannot. Needs Django."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import structlog

from firstbell.cli.packages import Unusable, plain, told
from firstbell.domain.audit.actor import OPERATOR, Actor
from firstbell.domain.districts.actions import BadDistrict, add_district
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district, list_districts
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.passwords import use_passwords
from firstbell.domain.imports.queries import find_run
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import add_source, find_source

log = structlog.get_logger(__name__)

STEPS = 8
"""Of the engine four, then keep, apply, verify and open log-ins."""


class Fault(click.ClickException):
    """A mistake of ours: one line, and the log has the rest. The exit code is sysexits' EX_SOFTWARE."""

    exit_code = 70


class NotDone(click.ClickException):
    """The run is in a state from which this cannot be done."""

    exit_code = 1


def ensure_district(code: str, name: str, *, method: str, time_zone: str) -> District:
    """The district with this code, made where it is new. Raises Unusable for what cannot be a district."""
    found = find_district(code)
    if found is not None:
        return found
    try:
        return add_district(code, name, method=method, time_zone=time_zone, by=OPERATOR)
    except BadDistrict as problem:
        raise Unusable(plain(str(problem))) from problem


def ensure_source(district: District, name: str) -> Source:
    """The source of this name, made where it is new. Raises Unusable for what cannot be a name."""
    longest = Source._meta.get_field("name").max_length or 0
    name = name.strip()
    if not name.isprintable() or not 0 < len(name) <= longest:
        raise Unusable(f"--source: a name has 1 to {longest} characters that can be seen.")
    return find_source(district, name) or add_source(district, name, by=OPERATOR)


def receive_or_stop(district: District, source: Source, path: Path, *, dry_run: bool = False) -> Run:
    """Begin a run with the package at a path. Raises Unusable where a file of it cannot be read."""
    try:
        return receive_path(district, source, path, by=OPERATOR, dry_run=dry_run)
    except OSError as problem:
        where = problem.filename or path
        raise Unusable(f"{plain(str(where))}: {(problem.strerror or str(problem)).lower()}.") from problem


def carry_out_told(district: District, run: Run, *, by: Actor = OPERATOR) -> None:
    """Take a run to its end, telling its steps in a terminal. Raises Fault and NotDone."""
    with told(f"run {run.pk}", steps=STEPS) as tell, faults_told(run):
        carry_out(district, run, by=by, told=tell)
        if run.state == RunState.APPLIED:
            tell("open log-ins")
            use_passwords(district, run)


@contextmanager
def faults_told(run: Run) -> Iterator[None]:
    """What goes wrong with a run, in one line."""
    try:
        yield
    except NotNow as problem:
        raise NotDone(f"Run {run.pk}: {problem}") from problem
    except Exception as fault:
        if run.state != RunState.FAILED:  # else whoever carried it out has logged why
            log.error("run.fault", run_id=run.pk, district_id=run.district_id, exc_info=fault)
        if run.state == RunState.APPLIED:
            raise Fault(
                f"Run {run.pk} was applied, but a fault of Firstbell stopped what follows. See the log."
            ) from fault
        raise Fault(
            f"Run {run.pk} was stopped by a fault of Firstbell. The roster is as it was. See the log."
        ) from fault


def run_or_stop(number: int, code: str | None) -> tuple[District, Run]:
    """A run and its district: the one named, or whichever has it. Raises Unusable."""
    districts = list_districts() if code is None else [district_or_stop(code)]
    for district in districts:
        run = find_run(district, number)
        if run is not None:
            return district, run
    raise Unusable(f"There is no run {number}{f' in {districts[0].code}' if code else ''}. See: firstbell runs")


def district_or_stop(code: str) -> District:
    """The district with this code. Raises Unusable."""
    district = find_district(code)
    if district is None:
        raise Unusable(f"There is no district {plain(code)}.")
    return district


def source_or_stop(district: District, name: str) -> Source:
    """The source of this name. Raises Unusable."""
    source = find_source(district, name.strip())
    if source is None:
        raise Unusable(f"{district.code} has no source {plain(name)}.")
    return source


def operator_named(person: str | None) -> Actor:
    """The operator under a name of their own: the one given, or that of the log-in at this machine."""
    try:
        name = (person or "").strip() or getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such name: a bare number in a container
        return OPERATOR
    return Actor(OPERATOR.kind, OPERATOR.id, name[:200])
