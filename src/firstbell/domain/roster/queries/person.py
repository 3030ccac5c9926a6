"""One person on the roster: who they are, where each thing comes from, their roles and classes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from firstbell.domain.accounts.queries import who_can_sign_in
from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS, sql_name
from firstbell.domain.roster.models import Class, Demographics, Enrollment, Record, Role, Source, User
from firstbell.domain.roster.queries.classes import name_terms
from firstbell.domain.roster.queries.merged import with_merged
from firstbell.domain.roster.queries.schools import name_orgs
from firstbell.domain.roster.queries.scope import Scope, people_in
from firstbell.engine.tables import USERS


@dataclass(frozen=True, slots=True)
class HeldRole:
    """What a person is in an organization."""

    id: int
    role: str
    org: str
    is_primary: bool
    begin_date: date | None
    end_date: date | None


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A person's place in a class."""

    id: int
    class_id: int
    title: str
    school: str
    terms: tuple[str, ...]
    role: str
    begin_date: date | None
    end_date: date | None


@dataclass(frozen=True, slots=True)
class KnownAs:
    """What a source calls the person; ``is_present`` is False once the source no longer has them."""

    source: str
    key: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Relative:
    """A related person, mostly a parent."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person with what hangs on them. ``owner`` is the source that owns the row, blank where nobody does;
    ``contributors`` names the source of each column (SQL name) that another one keeps."""

    row: User
    owner: str
    contributors: dict[str, str]
    known_as: tuple[KnownAs, ...]
    roles: tuple[HeldRole, ...]
    places: tuple[HeldPlace, ...]
    relatives: tuple[Relative, ...]
    school: str
    can_sign_in: bool
    also_published: tuple[str, ...] = ()
    """The published ids of rows that were merged into this one."""
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", name_of(self.row))

    def comes_from(self, column: str) -> str:
        """The source that a column (SQL name) comes from; blank where it belongs to the district."""
        return self.contributors.get(column, self.owner)


def name_of(person: User) -> str:
    """The name a person goes by."""
    given = person.preferred_given_name or person.given_name
    family = person.preferred_family_name or person.family_name
    return " ".join(part for part in (given, family) if part) or person.sourced_id


def find_person(district: District, person_id: int) -> Person | None:
    """The person with this row id, removed or not: a fixed number of questions."""
    row = User.objects.filter(district_id=district.pk, id=person_id).first()
    if row is None:
        return None
    sources = {source.pk: source for source in Source.objects.filter(district_id=district.pk).order_by("rank")}
    records = Record.objects.filter(district_id=district.pk, kind=KINDS["users"], row_id=person_id)
    held = {record.source_id: record for record in records}
    known_as = [
        KnownAs(source.name, held[pk].source_key, held[pk].present) for pk, source in sources.items() if pk in held
    ]
    present = [source for pk, source in sources.items() if pk in held and held[pk].present]
    owner = sources.get(row.source_id or 0)
    return Person(
        row=row,
        owner=owner.name if owner else "",
        contributors=_contributors(present),
        known_as=tuple(known_as),
        roles=_roles(district, row),
        places=_places(district, row),
        relatives=_relatives(district, row),
        school=name_orgs(district, [row.primary_org_id]).get(row.primary_org_id or 0, ""),
        can_sign_in=bool(who_can_sign_in(district, [person_id])),
        also_published=_also_published(district, person_id),
    )


def find_demographics(district: District, person_id: int) -> Demographics | None:
    """What the family reported of a person. Only through ``roster.access``."""
    return Demographics.objects.filter(district_id=district.pk, id=person_id, removed_at=None).first()


def name_people(district: District, scope: Scope, person_ids: Iterable[int]) -> dict[int, str]:
    """The names of those of these people whom the scope holds, by row id."""
    people = people_in(district, scope).filter(id__in=list(person_ids))
    return {person.id: name_of(person) for person in people}


def _also_published(district: District, person_id: int) -> tuple[str, ...]:
    merged = with_merged(district, [person_id])[1:]
    if not merged:
        return ()
    rows = User.objects.filter(district_id=district.pk, id__in=merged).order_by("id")
    return tuple(rows.values_list("sourced_id", flat=True))


def _contributors(present: list[Source]) -> dict[str, str]:
    columns = {column.name: sql_name(column) for column in USERS.columns}
    return {
        columns[name]: source.name
        for source in reversed(present)
        for name in source.settings.get("contributes", {}).get("users", ())
        if name in columns
    }


def _roles(district: District, person: User) -> tuple[HeldRole, ...]:
    roles = Role.objects.filter(district_id=district.pk, user_id=person.id)
    held = list(roles.filter(**_until(person)).order_by("role_type", "begin_date", "id"))
    names = name_orgs(district, (role.org_id for role in held))
    return tuple(
        HeldRole(
            role.id,
            role.role or "",
            names.get(role.org_id or 0, ""),
            role.role_type == "primary",
            role.begin_date,
            role.end_date,
        )
        for role in held
    )


def _places(district: District, person: User) -> tuple[HeldPlace, ...]:
    enrollments = Enrollment.objects.filter(district_id=district.pk, user_id=person.id)
    held = list(enrollments.filter(**_until(person)).order_by("id"))
    classes = {row.id: row for row in Class.objects.filter(district_id=district.pk, id__in=[p.class_id for p in held])}
    schools = name_orgs(district, (row.school_id for row in classes.values()))
    terms = name_terms(district, (term for row in classes.values() for term in row.term_ids or ()))
    places = [_place(place, classes[place.class_id], schools, terms) for place in held if place.class_id in classes]
    return tuple(sorted(places, key=lambda place: (place.title.casefold(), place.id)))


def _place(place: Enrollment, group: Class, schools: dict[int, str], terms: dict[int, str]) -> HeldPlace:
    return HeldPlace(
        place.id,
        group.id,
        group.title or group.sourced_id,
        schools.get(group.school_id or 0, ""),
        tuple(terms[term] for term in group.term_ids or () if term in terms),
        place.role or "",
        place.begin_date,
        place.end_date,
    )


def _until(person: User) -> dict[str, object]:
    """What a live person has, or what a removed one had when they left."""
    return {"removed_at": None} if person.removed_at is None else {"removed_at__gte": person.removed_at}


def _relatives(district: District, person: User) -> tuple[Relative, ...]:
    if not person.agent_ids:
        return ()
    people = User.objects.filter(district_id=district.pk, id__in=person.agent_ids, removed_at=None)
    return tuple(Relative(agent.id, name_of(agent)) for agent in people.order_by("family_name_key", "id"))
