"""People and classes, as far as who asks may see them: lists in pieces, and one with what hangs on it."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from firstbell.api.manage_v1.problems import ANSWERS
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import access_class, access_members, access_person, scope_of
from firstbell.domain.roster.queries.classes import ClassFilter, class_lines, list_classes
from firstbell.domain.roster.queries.keyset import Place
from firstbell.domain.roster.queries.people import PeopleFilter, PersonLine, lines_of, list_people

router = Router(tags=["roster"])
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[int | None, Query(ge=1, le=2**62, description="The id of the last one of the piece before.")]
RowId = Annotated[int | None, Query(ge=1, le=2**62)]
Words = Annotated[str, Query(max_length=200, description="Beginnings of names, usernames, ids or e-mail addresses.")]


class PersonShape(Schema):
    """One person on the roster."""

    id: int
    given_name: str
    family_name: str
    username: str
    identifier: str = Field(description="The number that people know.")
    email: str
    roles: list[str]
    schools: list[str] = Field(description="Names.")
    grades: list[str]
    is_enabled: bool
    can_sign_in: bool
    removed_at: datetime | None


class PlaceShape(Schema):
    """A place in a class."""

    class_id: int
    title: str
    school: str
    role: str
    begin_date: date | None
    end_date: date | None


class RoleShape(Schema):
    """What a person is in an organization."""

    role: str
    org: str
    is_primary: bool
    begin_date: date | None
    end_date: date | None


class KnownShape(Schema):
    """What a source calls the person."""

    source: str
    key: str
    is_present: bool


class WholePersonShape(PersonShape):
    """A person with what hangs on them."""

    sourced_id: str = Field(description="The id that products know.")
    owner: str = Field(description="The source that the person comes from; blank for one made in the product.")
    held_roles: list[RoleShape]
    places: list[PlaceShape]
    known_as: list[KnownShape]


class PeoplePage(Schema):
    """A piece of the people, by name."""

    people: list[PersonShape]
    more: bool


class PeopleAsked(Schema):
    """Which people."""

    q: str = Field("", max_length=200, description="Beginnings of names, usernames, ids or e-mail addresses.")
    school: int | None = Field(None, ge=1, le=2**62)
    role: str | None = Field(None, max_length=100)
    grade: str | None = Field(None, max_length=20)
    removed: bool = Field(default=False, description="Those who were removed.")


class ClassShape(Schema):
    """One class."""

    id: int
    title: str
    code: str
    school: str
    terms: list[str]
    periods: list[str]
    location: str
    grades: list[str]
    teachers: list[str] = Field(description="Names, the main one first.")
    students: int


class MemberShape(Schema):
    """Somebody in a class."""

    person_id: int
    given_name: str
    family_name: str
    role: str
    is_main: bool
    begin_date: date | None
    end_date: date | None


class WholeClassShape(ClassShape):
    """A class with who is in it."""

    members: list[MemberShape]


class ClassPage(Schema):
    """A piece of the classes, by title."""

    classes: list[ClassShape]
    more: bool


PEOPLE, CLASSES = "/districts/{slug:code}/people", "/districts/{slug:code}/classes"


@router.get(PEOPLE, response={200: PeoplePage, **ANSWERS}, operation_id="list_people")
def get_people(
    request: HttpRequest,
    code: str,
    asked: Annotated[PeopleAsked, Query()],
    after: After = None,
    limit: Limit = 50,
) -> PeoplePage:
    """List people by name, of one's schools or of the district. `after`: the id of the last one of the piece before."""
    viewer, district = visit(request, code)
    role, grade = _plain(asked.role or "") or None, _plain(asked.grade or "") or None
    wanted = PeopleFilter(_plain(asked.q), asked.school, role, grade, asked.removed)
    with within(district):
        scope = scope_of(district, viewer, today=today_of(district))
        piece = list_people(district, scope, wanted, Place(after=after), limit=limit)
    return PeoplePage(people=[_person(line) for line in piece.rows], more=piece.has_after)


@router.get(f"{PEOPLE}/{{int:person_id}}", response={200: WholePersonShape, **ANSWERS}, operation_id="get_person")
def get_person(request: HttpRequest, code: str, person_id: int) -> WholePersonShape:
    """Get a person, removed or not, with roles, places in classes and what each source calls them."""
    viewer, district = visit(request, code)
    with within(district):
        person = access_person(district, viewer, person_id, today=today_of(district))
        [line] = lines_of(district, [person.row], removed=person.row.removed_at is not None)
    return WholePersonShape(
        **_person(line).model_dump(),
        sourced_id=person.row.sourced_id,
        owner=person.owner,
        held_roles=[RoleShape.model_validate(held, from_attributes=True) for held in person.roles],
        places=[PlaceShape.model_validate(held, from_attributes=True) for held in person.places],
        known_as=[KnownShape.model_validate(known, from_attributes=True) for known in person.known_as],
    )


@router.get(CLASSES, response={200: ClassPage, **ANSWERS}, operation_id="list_classes")
def get_classes(
    request: HttpRequest,
    code: str,
    q: Words = "",
    school: RowId = None,
    term: RowId = None,
    grade: Annotated[str | None, Query(max_length=20)] = None,
    after: After = None,
    limit: Limit = 50,
) -> ClassPage:
    """List classes by title. `after` is the id of the last one of the piece before."""
    viewer, district = visit(request, code)
    with within(district):
        scope = scope_of(district, viewer, today=today_of(district))
        wanted = ClassFilter(_plain(q), school, term, _plain(grade or "") or None)
        piece = list_classes(district, scope, wanted, Place(after=after), limit=limit)
    classes = [ClassShape.model_validate(line, from_attributes=True) for line in piece.rows]
    return ClassPage(classes=classes, more=piece.has_after)


@router.get(f"{CLASSES}/{{int:class_id}}", response={200: WholeClassShape, **ANSWERS}, operation_id="get_class")
def get_class(request: HttpRequest, code: str, class_id: int) -> WholeClassShape:
    """Get a class with who is in it. Teachers and students get their own classes, students only with its teachers."""
    viewer, district = visit(request, code)
    today = today_of(district)
    with within(district):
        found = access_class(district, viewer, class_id, today=today)
        members = access_members(district, viewer, class_id, today=today)
        [line] = class_lines(district, [found])
    shape = ClassShape.model_validate(line, from_attributes=True)
    told = [MemberShape.model_validate(member, from_attributes=True) for member in members]
    return WholeClassShape(**shape.model_dump(), members=told)


def _person(line: PersonLine) -> PersonShape:
    return PersonShape.model_validate(line, from_attributes=True)


def _plain(word: str) -> str:
    """PostgreSQL has no NUL; no name has one either."""
    return word.replace("\0", "")
