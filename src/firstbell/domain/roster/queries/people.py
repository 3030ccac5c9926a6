"""People in lists: filtered, counted, in pieces, each with roles, schools and whether they can sign in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.db.models import Count, F, Func, Q, QuerySet, TextField

from firstbell.domain.accounts.queries import who_can_sign_in
from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Leaving, Source, TallyOf, User
from firstbell.domain.roster.queries.keyset import Piece, Place, take
from firstbell.domain.roster.queries.leaving import find_last_days
from firstbell.domain.roster.queries.readiness import Lacking, roles_lacking
from firstbell.domain.roster.queries.schools import Counted, count_by_org, name_orgs
from firstbell.domain.roster.queries.scope import Scope, people_in, roles_in
from firstbell.domain.roster.queries.searching import begins_with
from firstbell.domain.roster.queries.tallies import find_tallies, find_tally
from firstbell.domain.roster.queries.words import has_word
from firstbell.engine.vocabulary import GRADES_1P1

NAMES = ("family_name_key", "given_name_key")
ORDERS = {
    "name": (*NAMES, "id"),
    "given": ("given_name_key", "family_name_key", "id"),
    "username": ("username_key", "id"),
    "identifier": ("identifier_key", "id"),
    "email": ("email_key", "id"),
}
"""By what people can be sorted. Each begins with a column that has an index."""
SEARCHED = (*NAMES, "username_key", "identifier_key", "email_key")


@dataclass(frozen=True, slots=True)
class Came:
    """Those whom one run brought for the first time, by its stamps; of one source where others' may be between."""

    run_id: int
    first_stamp: int
    last_stamp: int
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people: by the beginnings of names and ids, by school (row id), role and grade, live or removed.

    ``lacking``: only those of the school who lack something before the first bell.
    """

    words: str = ""
    school: int | None = None
    role: str | None = None
    grade: str | None = None
    removed: bool = False
    sort: str = "name"
    lacking: Lacking | None = None
    by_hand: bool = False
    """Only who was added by hand, beside what sources send."""
    leaving: bool = False
    """Of these only who has a last day."""
    came: Came | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in a list. Roles are OneRoster's words; schools are names."""

    id: int
    family_name: str
    given_name: str
    identifier: str
    username: str
    roles: tuple[str, ...]
    schools: tuple[str, ...]
    grades: tuple[str, ...]
    is_enabled: bool
    can_sign_in: bool
    removed_at: datetime | None
    email: str
    own_identifier: str
    """The ID that people know, blank where there is none; ``identifier`` is the published id then."""
    source: str
    """Where they come from; blank for who was added by hand."""
    last_day: date | None


def list_people(
    district: District, scope: Scope, wanted: PeopleFilter, place: Place, *, limit: int = 50
) -> Piece[PersonLine]:
    """A piece of the people wanted, in the order wanted: by family name, given name and id where it is no other."""
    everyone = people_in(district, scope, removed=wanted.removed)
    piece = take(_filtered(district, scope, wanted), ORDERS[wanted.sort], place, limit, landmarks=everyone)
    return piece.each(lambda people: lines_of(district, people, removed=wanted.removed))


def list_ids(district: District, scope: Scope, wanted: PeopleFilter, *, limit: int) -> list[int]:
    """The row ids of the people wanted, in the order of the list."""
    return list(_filtered(district, scope, wanted).order_by(*ORDERS[wanted.sort]).values_list("id", flat=True)[:limit])


def count_people(district: District, scope: Scope, wanted: PeopleFilter, *, most: int | None = None) -> int:
    """How many people are wanted; where they are more than ``most``, one more than that."""
    if _is_tallied(wanted):
        school, role, grade = wanted.school, wanted.role or "", wanted.grade or ""
        kept = find_tally(district, scope, TallyOf.PEOPLE, school=school, second=role, grade=grade)
        if kept is not None:
            return kept
    found = _filtered(district, scope, wanted)
    return (found if most is None else found[: most + 1]).count()


def count_people_by_school(district: District, scope: Scope, wanted: PeopleFilter) -> list[Counted]:
    """Schools with the number of their people who have the role wanted."""
    if not wanted.removed:
        kept = find_tallies(district, scope, TallyOf.PEOPLE, "school_id", second=wanted.role or "")
        if kept is not None:
            return count_by_org(district, ((int(school), count) for school, count in kept.items()))
    roles = roles_in(district, scope, removed=wanted.removed)
    if wanted.role:
        roles = roles.filter(role=wanted.role)
    counts = roles.values_list("org_id").annotate(people=Count("user_id", distinct=True))
    return count_by_org(district, counts)


def count_people_by_role(district: District, scope: Scope, wanted: PeopleFilter) -> list[Counted]:
    """Roles with the number of people who have them in the school wanted; the most frequent first."""
    if not wanted.removed:
        kept = find_tallies(district, scope, TallyOf.PEOPLE, "second", school=wanted.school)
        if kept is not None:
            return [Counted(role, role, kept[role]) for role in sorted(kept, key=lambda role: (-kept[role], role))]
    roles = roles_in(district, scope, removed=wanted.removed).filter(role__isnull=False)
    if wanted.school is not None:
        roles = roles.filter(org_id=wanted.school)
    counts = roles.values_list("role").annotate(people=Count("user_id", distinct=True)).order_by("-people", "role")
    return [Counted(role, role, count) for role, count in counts if role]


def count_people_by_grade(district: District, scope: Scope, wanted: PeopleFilter) -> list[Counted]:
    """Grades with the number of people of the school and role wanted who are in them."""
    everyone = replace(wanted, words="", grade=None)
    if _is_tallied(everyone):
        kept = find_tallies(district, scope, TallyOf.PEOPLE, "grade", school=wanted.school, second=wanted.role or "")
        if kept is not None:
            return [Counted(grade, grade, kept[grade]) for grade in in_order_of_grades(kept)]
    unnested = Func(F("grades"), function="unnest", output_field=TextField())
    people = _filtered(district, scope, everyone).annotate(grade=unnested).values_list("grade")
    counted = dict(people.annotate(count=Count("id")))
    return [Counted(grade, grade, counted[grade]) for grade in in_order_of_grades(counted)]


def _is_tallied(wanted: PeopleFilter) -> bool:
    """Whether it asks for nothing but a school, a role and a grade."""
    asks_more = wanted.removed or wanted.lacking or wanted.by_hand or wanted.leaving or wanted.came
    return not (asks_more or wanted.words.split())


def in_order_of_grades(grades: Iterable[str]) -> list[str]:
    """Grades from the lowest, and behind them those that nobody knows."""
    known = {grade: place for place, grade in enumerate(GRADES_1P1)}
    return sorted(grades, key=lambda grade: (known.get(grade, len(known)), grade))


def _filtered(district: District, scope: Scope, wanted: PeopleFilter) -> QuerySet[User]:
    people = people_in(district, scope, removed=wanted.removed)
    if wanted.school is not None or wanted.role:
        roles = roles_in(district, scope, removed=wanted.removed)
        if wanted.school is not None:
            roles = roles.filter(org_id=wanted.school)
        if wanted.role:
            roles = roles.filter(role=wanted.role)
        people = people.filter(id__in=roles.values("user_id"))
    if wanted.lacking and not wanted.removed:
        roles = roles_lacking(district, scope, wanted.lacking, school=wanted.school)
        people = people.filter(id__in=roles.values("user_id"))
    if wanted.by_hand or wanted.leaving:
        people = people.filter(source_id=None)
    if wanted.leaving:
        people = people.filter(id__in=Leaving.objects.filter(district_id=district.pk).values("person_id"))
    if wanted.came:
        people = people.filter(_came(wanted.came))
    if wanted.grade:
        people = people.filter(grades__contains=[wanted.grade])
    return people.filter(begins_with(SEARCHED, wanted.words, names=NAMES, also=partial(has_word, district, "users")))


def _came(came: Came) -> Q:
    """The last stamp of a row is never before its first, and has an index."""
    first = Q(created_stamp__range=(came.first_stamp, came.last_stamp), stamp__gte=came.first_stamp)
    return first if came.source_id is None else first & Q(source_id=came.source_id)


def lines_of(district: District, people: Sequence[User], *, removed: bool) -> list[PersonLine]:
    """People as lists show them: five questions for all, whatever their number."""
    ids = [person.id for person in people]
    roles: dict[int, list[tuple[str, int]]] = {}
    held = roles_in(district, Scope(), removed=removed).filter(user_id__in=ids).order_by("role_type", "id")
    for user_id, role, org_id in held.values_list("user_id", "role", "org_id"):
        roles.setdefault(user_id or 0, []).append((role or "", org_id or 0))
    names = name_orgs(district, {org_id for held_roles in roles.values() for _, org_id in held_roles})
    with_account = who_can_sign_in(district, ids)
    sources = dict(Source.objects.filter(district_id=district.pk).values_list("pk", "name"))
    last_days = find_last_days(district, [person.id for person in people if person.source_id is None])
    return [
        PersonLine(
            id=person.id,
            family_name=person.family_name or "",
            given_name=person.preferred_given_name or person.given_name or "",
            identifier=person.identifier or person.sourced_id,
            username=person.username or "",
            roles=_distinct(role for role, _ in roles.get(person.id, ())),
            schools=_distinct(names.get(org_id, "") for _, org_id in roles.get(person.id, ())),
            grades=tuple(person.grades or ()),
            is_enabled=person.enabled_user is not False,
            can_sign_in=person.id in with_account,
            removed_at=person.removed_at,
            email=person.email or "",
            own_identifier=person.identifier or "",
            source=sources.get(person.source_id or 0, ""),
            last_day=last_days.get(person.id),
        )
        for person in people
    ]


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
