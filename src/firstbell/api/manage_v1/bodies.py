"""What is sent to change the roster: fields by the names that the API tells them by, and what the domain makes of them.

Every field may be left out: then it stays as it is. What a row needs, and what a value may be, is said where forms and
files are checked too (``engine.entry``), so a wrong one is refused in the same words.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from ninja import Schema
from pydantic import ConfigDict, Field

from firstbell.domain.roster.columns import sql_name
from firstbell.domain.roster.editing.values import Texts, text_of
from firstbell.engine.entry import typed_columns
from firstbell.engine.tables import CLASSES, ENROLLMENTS, ROLES, USERS, Table

LONGEST = 255
MOST_AT_ONCE = 500

type Text = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00]*$")]
type Part = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00,]*$")]
"""One of several values, which are kept with commas between them."""
type Parts = Annotated[list[Part], Field(max_length=100)]
type Id = Annotated[int, Field(ge=1, le=2**62)]


class Body(Schema):
    """A field that there is not is refused, so that a slip of the pen is no silent loss."""

    model_config = ConfigDict(extra="forbid")


class PersonBody(Body):
    """Who a person is; null empties a field."""

    given_name: Text | None = None
    family_name: Text | None = None
    middle_name: Text | None = None
    preferred_given_name: Text | None = None
    preferred_middle_name: Text | None = None
    preferred_family_name: Text | None = None
    pronouns: Text | None = None
    username: Text | None = None
    identifier: Text | None = Field(None, description="The number that people know.")
    email: Text | None = None
    phone: Text | None = None
    sms: Text | None = None
    user_master_identifier: Text | None = None
    grades: Parts | None = None
    primary_org_id: Id | None = Field(None, description="The main school; at first that of the first role.")
    enabled_user: bool | None = Field(None, description="False: the person may not use products.")


class RoleDatesBody(Body):
    """From when until when a role is held."""

    begin_date: date | None = None
    end_date: date | None = Field(None, description="The first day after.")


class RoleBody(RoleDatesBody):
    """What a person is, in which school."""

    role: Text | None = None
    org_id: Id | None = Field(None, description="The school.")


class NewPersonBody(PersonBody):
    """A new person, with the roles that put them on the roster."""

    roles: Annotated[list[RoleBody], Field(max_length=20)] = Field(default=[], description="At least one.")


class ClassBody(Body):
    """A class. Where nobody names its course, the course of this title is taken, or made."""

    title: Text | None = None
    class_code: Text | None = None
    class_type: Text | None = Field(None, description="homeroom or scheduled.")
    location: Text | None = Field(None, description="The room.")
    school_id: Id | None = None
    term_ids: Annotated[list[Id], Field(max_length=100)] | None = None
    course_id: Id | None = None
    grades: Parts | None = None
    periods: Parts | None = None
    subjects: Parts | None = None
    subject_codes: Parts | None = None


class PlaceBody(Body):
    """As what somebody is in a class, and for how long."""

    role: Text | None = Field(None, description="student, teacher, proctor or administrator.")
    primary: bool | None = Field(None, description="The main teacher.")
    begin_date: date | None = None
    end_date: date | None = Field(None, description="The first day after.")


class NewMembersBody(PlaceBody):
    """Who comes to a class."""

    person_ids: Annotated[list[Id], Field(max_length=MOST_AT_ONCE)] = Field(default=[], description="Their ids.")


def _by_field(table: Table) -> Mapping[str, str]:
    return {sql_name(column): column.name for column in typed_columns(table)}


COLUMNS: Final[dict[type[Body], Mapping[str, str]]] = {
    PersonBody: _by_field(USERS),
    RoleDatesBody: _by_field(ROLES),
    ClassBody: _by_field(CLASSES),
    PlaceBody: _by_field(ENROLLMENTS),
}
"""The canonical column of each field."""
FIELDS: Final = {name: field for columns in COLUMNS.values() for field, name in columns.items()}
"""And back: what the API calls a column."""


def said_in(body: Body) -> Texts:
    """What was sent as the domain takes it: canonical text by column, of the fields that were named."""
    columns = next(columns for kind, columns in COLUMNS.items() if isinstance(body, kind))
    named = body.model_dump(exclude_unset=True)
    return {columns[field]: text_of(value) for field, value in named.items() if field in columns}
