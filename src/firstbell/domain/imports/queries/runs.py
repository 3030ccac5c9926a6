"""The runs of a district."""

from datetime import datetime

from django.db.models import Max

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.sources import OF_CASES


def list_runs(
    district: District, *, limit: int = 20, before: int | None = None, source_id: int | None = None
) -> list[Run]:
    """Runs with their sources, the newest first; ``before`` is the id of the last one of the page before."""
    with within(district):
        runs = Run.objects.filter(district_id=district.pk).select_related("source").order_by("-id")
        if before is not None:
            runs = runs.filter(pk__lt=before)
        if source_id is not None:
            runs = runs.filter(source_id=source_id)
        return list(runs[:limit])


def find_run(district: District, run_id: int) -> Run | None:
    """A run with its source, or None where the district has none of this number."""
    with within(district):
        return Run.objects.filter(district_id=district.pk, pk=run_id).select_related("source").first()


def find_last_applied_run(district: District) -> Run | None:
    """The last run that was applied, of any source."""
    with within(district):
        applied = Run.objects.filter(district_id=district.pk, state=RunState.APPLIED).select_related("source")
        return applied.order_by("-id").first()


def last_applied_by_source(district: District) -> dict[int, datetime]:
    """When the last import of each source was applied. The caller is within the district's wall."""
    applied = Run.objects.filter(district_id=district.pk, state=RunState.APPLIED, kind="import", dry_run=False)
    return dict(applied.values_list("source_id").annotate(at=Max("finished_at")))


def count_waiting(district: District) -> int:
    """How many runs are held for a person of the district; those of a case wait on the case."""
    with within(district):
        held = Run.objects.filter(district_id=district.pk, state=RunState.HELD)
        return held.exclude(source__kind=OF_CASES).count()
