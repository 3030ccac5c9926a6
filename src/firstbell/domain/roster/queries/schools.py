"""Organizations by name, and how many people and classes each has."""

from collections.abc import Iterable
from dataclasses import dataclass

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Org
from firstbell.domain.roster.queries.scope import Scope


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
