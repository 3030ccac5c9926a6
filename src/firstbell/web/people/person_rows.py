"""Roles and places of one person as their page shows them."""

from dataclasses import dataclass
from datetime import date

from firstbell.domain.roster.queries.person import HeldPlace, HeldRole, Person
from firstbell.web.visit import Visit
from firstbell.web.words import in_words, roles_in_words


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A role, or a place in a class: its name, what is beside it, and where the page of its why is."""

    name: str
    role: str
    detail: str
    begin_date: date | None
    end_date: date | None
    is_over: bool
    why_url: str
    url: str = ""
    change_url: str = ""
    """Where it can be changed; blank for who may not."""


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A name, with an address where the viewer may follow it."""

    name: str
    url: str = ""


def role_row(visit: Visit, person: Person, role: HeldRole, *, may_change: bool) -> HeldRow:
    """A role in an organization."""
    return HeldRow(
        name=role.org or "An organization without a name",
        role=in_words(role.role),
        detail="" if role.is_primary else "Secondary",
        begin_date=role.begin_date,
        end_date=role.end_date,
        is_over=_is_over(role.end_date, visit.today),
        why_url=visit.url("person_why", person.row.id, role.id),
        change_url=visit.url("role", person.row.id, role.id) if may_change else "",
    )


def place_row(visit: Visit, person: Person, place: HeldPlace) -> HeldRow:
    """A place in a class."""
    return HeldRow(
        name=place.title,
        role=in_words(place.role),
        detail=" · ".join(part for part in (place.school, ", ".join(place.terms)) if part),
        begin_date=place.begin_date,
        end_date=place.end_date,
        is_over=_is_over(place.end_date, visit.today),
        why_url=visit.url("person_why", person.row.id, place.id),
        url=visit.url("class", place.class_id),
    )


def relatives_of(visit: Visit, person: Person) -> list[NamedLink]:
    """Related people; who sees some schools only may not follow them all, and so none."""
    may_follow = visit.scope.schools is None
    return [
        NamedLink(relative.name, visit.url("person", relative.id) if may_follow else "")
        for relative in person.relatives
    ]


def lead_of(person: Person) -> str:
    """ "Student at Lincoln Middle School; teacher's aide at Roosevelt Elementary School" """
    by_school: dict[str, list[str]] = {}
    for role in person.roles:
        by_school.setdefault(role.org, []).append(role.role)
    said = [
        f"{roles_in_words(dict.fromkeys(roles))} at {school}" if school else roles_in_words(dict.fromkeys(roles))
        for school, roles in by_school.items()
    ]
    return "; ".join([*said[:1], *(words[:1].lower() + words[1:] for words in said[1:])])


def _is_over(end: date | None, today: date) -> bool:
    """The end date is the first day after."""
    return end is not None and end <= today
