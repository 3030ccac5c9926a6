"""People and classes, as far as who asks may see them: lists in pieces, and one with what hangs on it."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from firstbell.api.manage_v1.problems import ANSWERS
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import access_class, access_members, access_person, scope_of
from firstbell.domain.roster.columns import sql_name
from firstbell.domain.roster.editing.ownership import locked_columns
from firstbell.domain.roster.models import Row
from firstbell.domain.roster.queries.classes import ClassFilter, Member, class_lines, list_classes
from firstbell.domain.roster.queries.keyset import Place
from firstbell.domain.roster.queries.people import PeopleFilter, PersonLine, lines_of, list_people
from firstbell.engine.tables import TABLES

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

    id: int
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

    version: int = Field(description="It grows with each change of the person's own fields.")
    sourced_id: str = Field(description="The id that products know.")
    middle_name: str | None
    preferred_given_name: str | None
    preferred_middle_name: str | None
    preferred_family_name: str | None
    pronouns: str | None
    phone: str | None
    sms: str | None
    user_master_identifier: str | None
    primary_org_id: int | None = Field(description="The main school.")
    locked: dict[str, str] = Field(description="The fields that a source keeps, each with its name: change them there.")
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

    place_id: int = Field(description="Their place, by which it is changed or taken away.")
    person_id: int
    given_name: str
    family_name: str
    role: str
    is_main: bool
    begin_date: date | None
    end_date: date | None


class WholeClassShape(ClassShape):
    """A class with who is in it."""

    version: int = Field(description="It grows with each change of the class's own fields.")
    sourced_id: str = Field(description="The id that products know.")
    removed_at: datetime | None
    school_id: int | None
    term_ids: list[int]
    course_id: int | None
    class_type: str | None
    subjects: list[str]
    subject_codes: list[str]
    locked: dict[str, str] = Field(description="The fields that a source keeps, each with its name: change them there.")
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
        return person_shape(viewer, district, person_id)


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
    with within(district):
        return class_shape(viewer, district, class_id)


def person_shape(viewer: Viewer, district: District, person_id: int) -> WholePersonShape:
    """A person as the viewer sees them, within the wall. Raises NotThere and NotAllowed."""
    person = access_person(district, viewer, person_id, today=today_of(district))
    row = person.row
    [line] = lines_of(district, [row], removed=row.removed_at is not None)
    return WholePersonShape(
        **_person(line).model_dump(),
        version=row.stamp,
        sourced_id=row.sourced_id,
        middle_name=row.middle_name,
        preferred_given_name=row.preferred_given_name,
        preferred_middle_name=row.preferred_middle_name,
        preferred_family_name=row.preferred_family_name,
        pronouns=row.pronouns,
        phone=row.phone,
        sms=row.sms,
        user_master_identifier=row.user_master_identifier,
        primary_org_id=row.primary_org_id,
        locked=_locked(district, "users", row),
        owner=person.owner,
        held_roles=[RoleShape.model_validate(held, from_attributes=True) for held in person.roles],
        places=[PlaceShape.model_validate(held, from_attributes=True) for held in person.places],
        known_as=[KnownShape.model_validate(known, from_attributes=True) for known in person.known_as],
    )


def class_shape(viewer: Viewer, district: District, class_id: int) -> WholeClassShape:
    """A class as the viewer sees it, within the wall. Raises NotThere."""
    today = today_of(district)
    found = access_class(district, viewer, class_id, today=today)
    members = access_members(district, viewer, class_id, today=today)
    [line] = class_lines(district, [found])
    return WholeClassShape(
        **ClassShape.model_validate(line, from_attributes=True).model_dump(),
        version=found.stamp,
        sourced_id=found.sourced_id,
        removed_at=found.removed_at,
        school_id=found.school_id,
        term_ids=found.term_ids or [],
        course_id=found.course_id,
        class_type=found.class_type,
        subjects=found.subjects or [],
        subject_codes=found.subject_codes or [],
        locked=_locked(district, "classes", found),
        members=[_member(member) for member in members],
    )


def _member(member: Member) -> MemberShape:
    return MemberShape(
        place_id=member.enrollment_id,
        person_id=member.person_id,
        given_name=member.given_name,
        family_name=member.family_name,
        role=member.role,
        is_main=member.is_main,
        begin_date=member.begin_date,
        end_date=member.end_date,
    )


def _locked(district: District, table: str, row: Row) -> dict[str, str]:
    return {sql_name(TABLES[table][name]): source for name, source in locked_columns(district, table, row).items()}


def _person(line: PersonLine) -> PersonShape:
    return PersonShape.model_validate(line, from_attributes=True)


def _plain(word: str) -> str:
    """PostgreSQL has no NUL; no name has one either."""
    return word.replace("\0", "")
