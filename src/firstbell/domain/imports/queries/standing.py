"""The acknowledgements of a source as they stand: which hold, which end soon, and which are about nothing any more."""

from dataclasses import dataclass
from datetime import date, timedelta

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.imports.queries.acknowledged import Place, at_place, list_acknowledgements
from firstbell.domain.imports.queries.found import find_findings
from firstbell.domain.roster.models import Source

SOON = timedelta(days=14)
_LAST_FEW = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """One acknowledgement. ``last_run``: the last run of the source that read its files, where it found this again."""

    given: Acknowledgement
    is_over: bool
    ends_soon: bool
    last_run: int | None


def list_standing(district: District, source: Source, *, today: date) -> list[Standing]:
    """All of a source; the first to end comes first."""
    given = list_acknowledgements(district, source)
    if not given:
        return []
    seen = _seen(district, source, given)
    return [Standing(each, each.until < today, today <= each.until < today + SOON, seen.get(each.pk)) for each in given]


def _seen(district: District, source: Source, given: list[Acknowledgement]) -> dict[int, int]:
    with within(district):
        runs = Run.objects.filter(district_id=district.pk, source_id=source.pk, kind="import").order_by("-id")
        last_few = list(runs[:_LAST_FEW])
    for run in last_few:
        found = find_findings(district, run)
        if found is not None:
            places = {each.pk: Place(each.code, each.file, each.column, each.sourced_id) for each in given}
            return {pk: run.pk for pk, place in places.items() if at_place(found, place).height}
    return {}
