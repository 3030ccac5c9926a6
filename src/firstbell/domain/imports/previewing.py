"""What corrections of a source would do to files that it sent, or that somebody tries: nothing is kept or changed."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.conf import settings

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import INPUT, RunFolder
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.known import SourceView
from firstbell.engine import formats
from firstbell.engine.corrections.kinds import Corrections
from firstbell.engine.corrections.previewing import Preview, preview
from firstbell.engine.corrections.reading import corrected
from firstbell.engine.csvfile import names_a_secret
from firstbell.engine.deriving import Derived, derive
from firstbell.engine.leaving_out import LeftOut, leave_out
from firstbell.engine.package import open_package
from firstbell.engine.policy import Policy
from firstbell.engine.scope import narrow
from firstbell.engine.scope_files import Seen, look
from firstbell.engine.tables import DEMOGRAPHICS, TABLES

_OF_DEMOGRAPHICS = f"{DEMOGRAPHICS.name}.csv"
_OPEN = frozenset(
    column.name
    for table in TABLES.values()
    if table is not DEMOGRAPHICS
    for column in table.columns
    if not names_a_secret(column.name)
) | {"status", "dateLastModified", "orgSourcedIds"}
"""Columns that hold nothing of what families reported."""


def preview_kept(district: District, run: Run, corrections: Corrections, *, sees_demographics: bool) -> Preview:
    """On the files of a run as they were kept. Raises FileNotFoundError where none are."""
    with RunFolder(district, run.pk).unpacked(INPUT, Path(run.package_name).suffix or ".zip") as path:
        return preview_file(path, run.package_name, corrections, sees_demographics=sees_demographics)


def preview_left_out(
    district: District, run: Run, corrections: Corrections, patterns: Mapping[str, Iterable[str]]
) -> list[LeftOut]:
    """What patterns would leave out of the files of a run as they were kept: how many rows of each table."""
    with RunFolder(district, run.pk).unpacked(INPUT, Path(run.package_name).suffix or ".zip") as path:
        limits = limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES)
        package = open_package(path, name=run.package_name, limits=limits)
        return leave_out(formats.read(corrected(package, corrections)), patterns)


def preview_scope(district: District, run: Run, corrections: Corrections, scope: Mapping[str, Sequence[str]]) -> Seen:
    """What a scope would leave out of the files of a run as they were kept."""
    with RunFolder(district, run.pk).unpacked(INPUT, Path(run.package_name).suffix or ".zip") as path:
        limits = limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES)
        package = open_package(path, name=run.package_name, limits=limits)
        return look(formats.read(corrected(package, corrections)), scope)


def preview_derived(
    district: District, run: Run, policy: Policy, rules: Mapping[str, Sequence[str]]
) -> tuple[Derived, ...]:
    """What rules would make for people in the files of a run as they were kept. Passwords are counted, never shown."""
    with RunFolder(district, run.pk).unpacked(INPUT, Path(run.package_name).suffix or ".zip") as path:
        limits = limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES)
        package = open_package(path, name=run.package_name, limits=limits)
        reading = formats.read(corrected(package, policy.corrections))
        leave_out(reading, policy.leaves_out)
        with within(district):
            known = SourceView(district, run.source)
            narrow(reading, policy.scope, lambda table: known.records(table).filter("present")["key"])
            passwords = reading.take_secrets()
            return derive(reading, passwords, known, rules, policy.match_keys.get("users", ())).derived


def preview_file(path: Path, name: str, corrections: Corrections, *, sees_demographics: bool) -> Preview:
    """On a package at a path of this machine."""
    package = open_package(path, name=name, limits=limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES))
    if sees_demographics:
        return preview(package, corrections)
    return preview(package, corrections, withheld=_may_hold_demographics)


def _may_hold_demographics(file: str, column: str) -> bool:
    """Whatever is not known to hold something else."""
    return file == _OF_DEMOGRAPHICS or column not in _OPEN
