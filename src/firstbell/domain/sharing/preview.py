"""A grant before it holds: what there is to choose from, and the roster as the program would see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import AcademicSession, Org, Role
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.presets import Bounds, Wish
from firstbell.domain.sharing.scope import scope_ctes, values_of

SAMPLE = 8
COUNTED = ("users", "classes", "enrollments", "orgs", "academicSessions", "courses", "demographics")
GRADES = "select distinct unnest(grades) from roster_user where district_id = %s and removed_at is null order by 1"
PEOPLE = """
select s.sourced_id, u.given_name, u.family_name, u.grades,
       (select count(*) from scope k join roster_enrollment e on e.district_id = %(district)s and e.id = k.row_id
        where k.kind = %(enrollments)s and e.user_id = u.id)
from scope s join roster_user u on u.district_id = %(district)s and u.id = s.row_id
where s.kind = %(users)s order by (u.grades is null), md5(u.id::text) limit %(most)s
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a grant of this district can name: schools and terms by row id, grades, roles."""

    schools: list[tuple[int, str]]
    terms: list[tuple[int, str]]
    grades: list[str]
    roles: list[str]


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """Somebody as the program would see them."""

    name: str
    grade: str
    classes: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Records by table, and some of the people."""

    counts: dict[str, int]
    people: list[SeenPerson]


def choices_of(district: District) -> Choices:
    """What is on the roster now."""
    with within(district):
        live = {"district_id": district.pk, "removed_at": None}
        schools = Org.objects.filter(**live).exclude(type="district").order_by("name", "id")
        terms = (
            AcademicSession.objects.filter(**live).exclude(type="gradingPeriod").order_by("-start_date", "title", "id")
        )
        roles = Role.objects.filter(**live).values_list("role", flat=True).distinct()
        with connection.cursor() as cursor:
            cursor.execute(GRADES, [district.pk])
            grades = sorted((row[0] for row in cursor.fetchall()), key=lambda grade: (grade[:1].isdigit(), grade))
        return Choices(
            [(org.id, org.name or org.sourced_id) for org in schools],
            [(term.id, term.title or term.sourced_id) for term in terms.order_by("-start_date", "title", "id")],
            grades,
            sorted(role for role in roles if role),
        )


def preview_of(client: ApiClient, wish: Wish) -> Preview:
    """What the program would see by this grant."""
    with within(client.district):
        counts = count_shown(client, wish.bounds)
        known = {"users": KINDS["users"], "enrollments": KINDS["enrollments"], "most": SAMPLE}
        people = ask_scope(client, wish.bounds, PEOPLE, known)
    is_graded = "users.grades" not in wish.all_hidden
    return Preview(
        {table: counts.get(table, 0) for table in COUNTED},
        [
            SeenPerson(
                f"Person {sourced_id[:8].upper()}" if wish.bounds.is_anonymous else f"{given} {str(family)[:1]}.",
                ", ".join(grades or ()) if is_graded else "",
                classes,
            )
            for sourced_id, given, family, grades, classes in people
        ],
    )


def count_shown(client: ApiClient, bounds: Bounds) -> dict[str, int]:
    """Records by table. Within the wall."""
    names = {kind: name for name, kind in KINDS.items()}
    found = ask_scope(client, bounds, "select kind, count(*) from scope group by kind", {})
    return {names[kind]: count for kind, count in found}


def people_shown(client: ApiClient, bounds: Bounds) -> set[int]:
    """The row ids of the people. Within the wall."""
    found = ask_scope(client, bounds, "select row_id from scope where kind = %(users)s", {"users": KINDS["users"]})
    return {row_id for (row_id,) in found}


def ask_scope(client: ApiClient, bounds: Bounds, statement: str, known: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What a query of ``scope`` gives, by these bounds. Within the wall."""
    own: dict[str, Any] = {"district": client.district_id, "client": client.pk, "key": client.pseudonym_key}
    with connection.cursor() as cursor:
        cursor.execute(f"with recursive {scope_ctes(bounds)} {statement}", {**own, **known, **values_of(bounds)})
        return list(cursor.fetchall())
