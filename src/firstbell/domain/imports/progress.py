"""How far a run is while a worker is at it, for whoever waits. It stands in the run's folder: the transaction that
applies a run is seen by nobody before it ends.
"""

import io
import json
import time
from dataclasses import dataclass, field

from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_streams import Unsealable
from firstbell.domain.imports.folder import RunFolder
from firstbell.domain.imports.models import Run

PROGRESS = "progress.json"


@dataclass(frozen=True, slots=True)
class Progress:
    """The step that a run is at, the seconds of those before it, and what was counted so far."""

    step: str
    seconds: dict[str, float] = field(default_factory=dict)
    rows: int | None = None
    findings: int | None = None
    changes: int | None = None


class Noted:
    """Listens to a run and notes each step as it begins; ``forget`` it when the run has ended."""

    def __init__(self, district: District, run: Run) -> None:
        self._folder = RunFolder(district, run.pk)
        self._run = run
        self._seconds: dict[str, float] = {}
        self._step = ""
        self._since = 0.0

    def __call__(self, step: str) -> None:
        """Note a step."""
        now = time.perf_counter()
        if self._step:
            self._seconds[self._step] = round(self._seconds.get(self._step, 0.0) + now - self._since, 3)
        self._step, self._since = step, now
        if step:
            self._write(step)

    def forget(self) -> None:
        """Take the note away: the run itself tells from now on."""
        self._folder.delete(PROGRESS)

    def _write(self, step: str) -> None:
        note: dict[str, object] = {"step": step, "seconds": self._seconds}
        if step in {"apply", "verify"}:
            note |= {"rows": total_rows(self._run), "findings": total_findings(self._run)}
            note["changes"] = total_changes(self._run)
        self._folder.write(PROGRESS, io.BytesIO(json.dumps(note).encode()))


def find_progress(district: District, run: Run) -> Progress | None:
    """How far the run is, or None where nobody works on it, or the note is being written just now."""
    try:
        with RunFolder(district, run.pk).open(PROGRESS) as note:
            return Progress(**json.loads(note.read()))
    except (FileNotFoundError, Unsealable):
        return None


def total_rows(run: Run) -> int:
    """Records read from all files."""
    return sum(int(rows or 0) for rows in run.files.values())


def total_findings(run: Run) -> int:
    """Findings of every severity."""
    return sum(int(count) for count in run.found.values())


def total_changes(run: Run) -> int:
    """Rows of all tables that are added, updated, removed or restored."""
    told = ("added", "updated", "removed", "restored")
    return sum(int(counts.get(action, 0)) for counts in run.counts.values() for action in told)
