"""How large a run of a source usually is, beside one that waits."""

from dataclasses import dataclass
from statistics import median_high

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState

LAST_RUNS = 30
_TABLES = ("users", "classes", "enrollments")
_ACTIONS = ("added", "updated", "removed")


@dataclass(frozen=True, slots=True)
class Usual:
    """Of one table and action: how many in this run, in most of the last ones (their median), and in the largest."""

    table: str
    action: str
    now: int
    usual: int
    most: int


@dataclass(frozen=True, slots=True)
class Nights:
    """The last runs of a source that were applied, beside one."""

    count: int
    lines: tuple[Usual, ...]


def compare_with_usual(district: District, run: Run) -> Nights:
    """A run beside those of its source that were applied before it. A first load is no usual night: it is left out."""
    with within(district):
        applied = Run.objects.filter(
            district_id=district.pk, source_id=run.source_id, state=RunState.APPLIED, kind="import", pk__lt=run.pk
        )
        newest = list(applied.order_by("-id").values_list("counts", "pk")[:LAST_RUNS])
        first = applied.order_by("id").values_list("pk", flat=True).first()
    nights = [counts for counts, pk in newest if pk != first]
    lines = [_line(run, nights, table, action) for table in _TABLES for action in _ACTIONS] if nights else []
    return Nights(len(nights), tuple(line for line in lines if line.now or line.most))


def _line(run: Run, nights: list[dict[str, dict[str, int]]], table: str, action: str) -> Usual:
    sizes = [counts.get(table, {}).get(action, 0) for counts in nights]
    return Usual(table, action, run.counts.get(table, {}).get(action, 0), median_high(sizes), max(sizes))
