"""School years, semesters and terms, and how many classes each holds."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, Count, F, Func

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import AcademicSession, TallyOf
from firstbell.domain.roster.queries.schools import name_sources
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT, classes_in
from firstbell.domain.roster.queries.tallies import find_tallies


@dataclass(frozen=True, slots=True)
class TermLine:
    """One academic session in a list; ``source`` is whose it is, blank where it is the district's own."""

    id: int
    title: str
    type: str
    start_date: date | None
    end_date: date | None
    part_of: str
    classes: int
    source: str
    removed_at: datetime | None


def list_terms(district: District, *, removed: bool = False) -> list[TermLine]:
    """The newest first, a year before its parts: a fixed number of questions."""
    terms = AcademicSession.objects.filter(district_id=district.pk, removed_at__isnull=not removed)
    found = list(terms.order_by("-start_date", "-end_date", "id"))
    parents = AcademicSession.objects.filter(district_id=district.pk, id__in={term.parent_id for term in found})
    titles = {parent.id: parent.title or parent.sourced_id for parent in parents}
    counted, sources = _classes_of(district), name_sources(district)
    return [
        TermLine(
            term.id,
            term.title or term.sourced_id,
            term.type or "",
            term.start_date,
            term.end_date,
            titles.get(term.parent_id or 0, ""),
            counted.get(term.id, 0),
            sources.get(term.source_id or 0, ""),
            term.removed_at,
        )
        for term in found
    ]


def _classes_of(district: District) -> dict[int, int]:
    """How many classes each term (row id) has."""
    kept = find_tallies(district, WHOLE_DISTRICT, TallyOf.CLASSES, "second")
    if kept is not None:
        return {int(term): count for term, count in kept.items()}
    unnested = Func(F("term_ids"), function="unnest", output_field=BigIntegerField())
    classes = classes_in(district, WHOLE_DISTRICT).annotate(term=unnested).values_list("term")
    return dict(classes.annotate(count=Count("id")))


def list_term_choices(district: District) -> list[tuple[str, str]]:
    """Terms that are on the roster as choices, the newest first."""
    terms = AcademicSession.objects.filter(district_id=district.pk, removed_at=None)
    return [(str(term.id), term.title or term.sourced_id) for term in terms.order_by("-start_date", "-end_date", "id")]


def count_terms_ahead(district: District, *, today: date) -> int:
    """Terms on the roster that are under way or ahead."""
    return AcademicSession.objects.filter(district_id=district.pk, removed_at=None, end_date__gt=today).count()


def list_terms_ahead(district: District, *, today: date) -> list[tuple[str, str]]:
    """Terms under way or ahead as choices, those that begin last first: the new year before the old one."""
    terms = AcademicSession.objects.filter(district_id=district.pk, removed_at=None, end_date__gt=today)
    return [(str(term.id), term.title or term.sourced_id) for term in terms.order_by("-start_date", "-end_date", "id")]
