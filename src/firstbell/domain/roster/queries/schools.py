"""Organizations by name, and how many people and classes each has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Org, Source, TallyOf
from firstbell.domain.roster.queries.scope import Scope, classes_in
from firstbell.domain.roster.queries.tallies import find_tallies


@dataclass(frozen=True, slots=True)
class Counted:
    """One choice of a filter, and how many rows it leaves."""

    value: str
    label: str
    count: int


def name_orgs(district: District, org_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of organizations by row id; one without a name goes by its published id."""
    wanted = {org_id for org_id in org_ids if org_id is not None}
    if not wanted:
        return {}
    orgs = Org.objects.filter(district_id=district.pk, id__in=wanted).values_list("id", "name", "sourced_id")
    return {org_id: name or sourced_id for org_id, name, sourced_id in orgs}


def name_schools(district: District, scope: Scope) -> list[str]:
    """The names of a scope's schools, in their order; none for the whole district."""
    return sorted(name_orgs(district, scope.schools or ()).values())


def count_by_org(district: District, counts: Iterable[tuple[int | None, int]]) -> list[Counted]:
    """Counts by organization as choices, by name."""
    counted = dict(counts)
    names = name_orgs(district, counted)
    choices = [Counted(str(org_id), name, counted[org_id]) for org_id, name in names.items()]
    return sorted(choices, key=lambda choice: choice.label.casefold())


def list_school_names(district: District, scope: Scope) -> list[tuple[int, str]]:
    """The schools of a scope that are on the roster, or were, by name: row id and name."""
    orgs = Org.objects.filter(district_id=district.pk)
    orgs = orgs.filter(type="school") if scope.schools is None else orgs.filter(id__in=scope.schools)
    names = [(org_id, name or sourced_id) for org_id, name, sourced_id in orgs.values_list("id", "name", "sourced_id")]
    return sorted(names, key=lambda school: school[1].casefold())


@dataclass(frozen=True, slots=True)
class OrgLine:
    """One organization in a list; ``source`` is whose it is, blank where it is the district's own."""

    id: int
    name: str
    type: str
    identifier: str
    belongs_to: str
    classes: int
    source: str
    removed_at: datetime | None


def list_orgs(district: District, scope: Scope, *, removed: bool = False) -> list[OrgLine]:
    """The organizations of a scope, by name: a fixed number of questions."""
    orgs = Org.objects.filter(district_id=district.pk, removed_at__isnull=not removed)
    found = list(orgs if scope.schools is None else orgs.filter(id__in=scope.schools))
    parents = name_orgs(district, (org.parent_id for org in found))
    counted, sources = _classes_of(district, scope), name_sources(district)
    lines = [
        OrgLine(
            org.id,
            org.name or org.sourced_id,
            org.type or "",
            org.identifier or "",
            parents.get(org.parent_id or 0, ""),
            counted.get(org.id, 0),
            sources.get(org.source_id or 0, ""),
            org.removed_at,
        )
        for org in found
    ]
    return sorted(lines, key=lambda line: (line.name.casefold(), line.id))


def _classes_of(district: District, scope: Scope) -> dict[int | None, int]:
    """How many classes each school (row id) has."""
    kept = find_tallies(district, scope, TallyOf.CLASSES, "school_id")
    if kept is not None:
        return {int(school): count for school, count in kept.items()}
    return dict(classes_in(district, scope).values_list("school_id").annotate(count=Count("id")))


def list_org_choices(district: District, scope: Scope, *, only_schools: bool) -> list[tuple[str, str]]:
    """Organizations that are on the roster as choices, by name."""
    orgs = Org.objects.filter(district_id=district.pk, removed_at=None)
    if scope.schools is not None:
        orgs = orgs.filter(id__in=scope.schools)
    if only_schools:
        orgs = orgs.filter(Q(type="school") | Q(type__startswith="ext:"))
    names = [(str(pk), name or sourced_id) for pk, name, sourced_id in orgs.values_list("id", "name", "sourced_id")]
    return sorted(names, key=lambda choice: choice[1].casefold())


def list_published_schools(district: District) -> list[tuple[str, str]]:
    """Schools on the roster as choices by their published id, by name."""
    with within(district):
        schools = Org.objects.filter(district_id=district.pk, removed_at=None, type="school")
        names = [(sourced_id, name or sourced_id) for sourced_id, name in schools.values_list("sourced_id", "name")]
    return sorted(names, key=lambda choice: choice[1].casefold())


def name_sources(district: District) -> dict[int, str]:
    """The names of a district's sources by id."""
    return dict(Source.objects.filter(district_id=district.pk).values_list("pk", "name"))
