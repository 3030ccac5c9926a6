"""Retention: people who left longer ago than a district keeps them are erased, from run folders too.

A run's changes and findings lose the rows that are about them. The input of a run is kept or not as a whole: where it
holds one of them, or is older than the district keeps anybody, or cannot be read, it goes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from django.conf import settings
from django.utils import timezone

from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import (
    ACCOUNTS,
    FINDINGS,
    INPUT,
    LOGINS,
    MENDED,
    PASSWORDS,
    RECEIVED,
    RunFolder,
    changes_of,
    records_of,
    safe_part_of,
    safe_records_of,
)
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.models import Run, Touch
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.erasing import Held, erase_rows, list_due, what_is_held
from firstbell.domain.roster.sources import policy_of
from firstbell.engine import formats
from firstbell.engine.corrections.reading import corrected
from firstbell.engine.package import open_package
from firstbell.engine.tables import TABLES

NAMING = ("sourcedId", "username", "identifier", "email")
"""Columns of people by which a file that holds somebody is known."""


type Reaches = Callable[[District, Held], None]
REACHES: list[Reaches] = []
"""What apps above this one do to what they keep of people who are being erased; each is safe to repeat."""


@dataclass(slots=True)
class Erased:
    """How many people were erased, and the runs whose folders held something of them."""

    people: int = 0
    runs: list[int] = field(default_factory=list)


def erase_due(district: District, *, by: Actor = SYSTEM, at: datetime | None = None) -> Erased:
    """Erase everyone who is due, as often as there are some. What fails is begun anew: nothing is half told."""
    at = at or timezone.now()
    erased = Erased()
    while True:
        with within(district):
            due = list_due(district, at)
            held = what_is_held(district, due)
        if not due:
            return erased
        runs = [run.pk for run in _settled_runs(district) if _clean(district, run, held, at)]
        for reach in REACHES:
            reach(district, held)
        _forget_touches(district, held)
        gone = erase_rows(district, held, at, runs=runs, by=by)
        erased.people += gone
        erased.runs += [run for run in runs if run not in erased.runs]
        if not gone:  # who was due is on the roster again
            return erased


def _settled_runs(district: District) -> Iterator[Run]:
    """Runs that nobody works on any more. One that waits keeps what came until it is decided."""
    with within(district):
        runs = list(Run.objects.filter(district_id=district.pk).select_related("source").order_by("id"))
    return (run for run in runs if run.is_settled)


def _clean(district: District, run: Run, held: Held, at: datetime) -> bool:
    """Take what is about these people out of a run's folder; tells whether there was anything."""
    folder = RunFolder(district, run.pk)
    keys = held.keys.get(run.source_id, set())
    found = [_drop_rows(folder, name, _about(held, table)) for table in TABLES for name in _files_of(table)]
    found.append(_drop_rows(folder, FINDINGS, _naming(keys | held.words, held.names)))
    found.append(_drop_rows(folder, LOGINS, _about(held, "users")))
    found.append(_drop_rows(folder, ACCOUNTS, _about(held, "users") | _asked_for(held)))
    found.append(_drop_rows(folder, PASSWORDS, pl.col("sourcedId").is_in(sorted(keys))))
    found += [_drop_input(district, run, folder, name, held, at) for name in (INPUT, RECEIVED)]
    found.append(_drop_mended(folder, keys | held.words, held.names, input_went=any(found[-2:])))
    found.append(_drop_conflicts(district, run, keys))
    return any(found)


def _files_of(table: str) -> tuple[str, ...]:
    return changes_of(table), safe_part_of(table), records_of(table), safe_records_of(table)


def _about(held: Held, table: str) -> pl.Expr:
    return pl.col("row_id").is_in(held.rows.get(table, []))


def _naming(words: set[str], names: set[str]) -> pl.Expr:
    """Findings whose record, value or detail is somebody's. A hint tells of others within a sentence."""
    known = [pl.col(column).is_in(sorted(words)) for column in ("sourcedId", "value", "detail")]
    told = [pl.col(column).str.contains_any(sorted(names)) for column in ("value", "detail")] if names else []
    told += [pl.col("hint").str.contains_any(sorted(words | names))] if words | names else []
    return pl.any_horizontal(*(expression.fill_null(value=False) for expression in (*known, *told)))


def _asked_for(held: Held) -> pl.Expr:
    """Accounts that were left out and whose name holds somebody's: nobody knows that they are not theirs."""
    if not held.names:
        return pl.lit(value=False)
    return pl.col("row_id").is_null() & pl.col("name").str.contains_any(sorted(held.names))


def _drop_rows(folder: RunFolder, name: str, which: pl.Expr) -> bool:
    frame = folder.read_findings() if name == FINDINGS else folder.read_frame(name)
    if frame is None or not frame.height:
        return False
    stays = frame.filter(~which.fill_null(value=False))
    if stays.height == frame.height:
        return False
    folder.write_frame(name, stays)
    return True


def _drop_input(district: District, run: Run, folder: RunFolder, name: str, held: Held, at: datetime) -> bool:
    if not folder.has(name):
        return False
    is_old = run.created_at <= at - timedelta(days=district.retention_days)
    if not is_old and not _holds(district, run, folder, name, held):
        return False
    folder.delete(name)
    return True


def _drop_mended(folder: RunFolder, words: set[str], names: set[str], *, input_went: bool) -> bool:
    """Cells that were changed in the page go with the files, or where one of them was somebody's."""
    if input_went:
        was_there = folder.has(MENDED)
        folder.delete(MENDED)
        return was_there
    cells = [pl.col("was", "now").is_in(sorted(words))]
    cells += [pl.col("was", "now").str.contains_any(sorted(names))] if names else []
    return _drop_rows(folder, MENDED, pl.any_horizontal(*cells))


def _holds(district: District, run: Run, folder: RunFolder, name: str, held: Held) -> bool:
    """Whether the files of a run hold one of these people, or cannot be read, so that nobody can tell."""
    with within(district):
        corrections = policy_of(run.source).corrections
    with folder.unpacked(name, Path(run.package_name).suffix or ".zip") as path:
        limits = limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES)
        reading = formats.read(corrected(open_package(path, name=run.package_name, limits=limits), corrections))
    users = reading.tables.get("users")
    if users is None or not reading.usable:
        return True
    words = sorted(held.keys.get(run.source_id, set()) | held.words)
    named = [pl.col(column).is_in(words).fill_null(value=False) for column in NAMING if column in users.columns]
    return users.filter(pl.any_horizontal(*named)).height > 0


def _drop_conflicts(district: District, run: Run, keys: set[str]) -> bool:
    stays = [conflict for conflict in run.conflicts if conflict.get("key") not in keys]
    if len(stays) == len(run.conflicts):
        return False
    with within(district):
        run.conflicts = stays
        run.save(update_fields=["conflicts"])
    return True


def _forget_touches(district: District, held: Held) -> None:
    with within(district):
        for table, ids in held.rows.items():
            Touch.objects.filter(district_id=district.pk, kind=KINDS[table], row_id__in=ids).delete()
