"""The same file again: recognised before it is read, and answered without doing anything.

The fingerprint takes in all that the outcome depends on: bytes, settings, engine, tables and the roster's version.
"""

import hashlib
import json

from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import move
from firstbell.engine.content import TABLES_VERSION

ENGINE_VERSION = 1
"""Grows when the engine reads, checks or compares differently, so that the same bytes are looked at anew."""


def fingerprint(district: District, run: Run) -> str:
    """SHA-256 in hexadecimal, of the district's roster as it is now."""
    parts = [run.digest, run.source.settings, TABLES_VERSION, ENGINE_VERSION, district.last_stamp]
    if district.password_lengths:
        parts.append(district.password_lengths)
    if run.replaces:
        parts.append("replaces")
    if run.schools is not None:
        parts.append(run.schools)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def find_last_applied(district: District, run: Run) -> Run | None:
    """The last import of the run's source that was applied."""
    with within(district):
        applied = Run.objects.filter(
            district_id=district.pk, source_id=run.source_id, state=RunState.APPLIED, kind="import"
        )
        return applied.order_by("-id").first()


def find_same(district: District, run: Run) -> Run | None:
    """The last applied run, if this one would only repeat it."""
    last = find_last_applied(district, run)
    if last is None or run.source.held or run.dry_run or last.fingerprint != fingerprint(district, run):
        return None
    return last


def finish_as(district: District, run: Run, last: Run, *, by: Actor) -> None:
    """End a run that repeats the last one."""
    with within(district):
        run.format, run.files, run.found, run.fingerprint = last.format, last.files, last.found, last.fingerprint
        run.open_columns = last.open_columns
        run.counts = {name: _nothing(counts) for name, counts in last.counts.items()}
        run.message = f"The same file as in run {last.pk}: nothing to do."
        move(run, RunState.APPLIED, by=by, same_as=last.pk)


def _nothing(counts: dict[str, int]) -> dict[str, int]:
    kept = counts["unchanged"] + counts["added"] + counts["updated"] + counts["restored"]
    return {"added": 0, "updated": 0, "removed": 0, "restored": 0, "unchanged": kept}
