"""Canonical tables as SQL: names, types, and how canonical text becomes a column's value and comes back.

Derived from ``engine.tables``; a new column there needs its field in ``models`` and a migration, and nothing here.
"""

import re

from firstbell.domain.roster import models
from firstbell.engine.tables import TABLES, Column, Kind, Table

MODELS: dict[str, type[models.Row]] = {
    "orgs": models.Org,
    "academicSessions": models.AcademicSession,
    "courses": models.Course,
    "classes": models.Class,
    "users": models.User,
    "userProfiles": models.UserProfile,
    "roles": models.Role,
    "enrollments": models.Enrollment,
    "demographics": models.Demographics,
}
KINDS: dict[str, int] = {name: place for place, name in enumerate(TABLES)}
"""What a table is called in ``Record.kind``. New tables go behind the others, or records lose their rows."""


def table_name(table: Table) -> str:
    """The SQL table."""
    return MODELS[table.name]._meta.db_table


def has_published_id(table: Table) -> bool:
    """Demographics go by the person's id."""
    return issubclass(MODELS[table.name], models.PublishedRow)


def sql_name(column: Column) -> str:
    """``givenName`` is given_name, ``courseSourcedId`` is course_id, ``termSourcedIds`` is term_ids."""
    if column.target and column.name == "sourcedId":
        return "id"  # the row goes by the id of what it describes
    name = column.name.replace("SourcedIds", "Ids").replace("SourcedId", "Id") if column.target else column.name
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def from_text(column: Column, value: str) -> str:
    """SQL that makes a column's value of canonical text (null stays null)."""
    match column.kind:
        case Kind.DATE:
            return f"{value}::date"
        case Kind.YEAR:
            return f"{value}::smallint"
        case Kind.BOOLEAN:
            return f"{value}::boolean"
        case Kind.STRINGS | Kind.GRADES:
            return f"string_to_array({value}, ',')"
        case Kind.REF:
            return f"{value}::bigint"
        case Kind.REFS:
            return f"string_to_array({value}, ',')::bigint[]"
        case _:
            return value


def to_text(column: Column, value: str) -> str:
    """SQL that gives a column's value as canonical text; a single reference as its row id."""
    match column.kind:
        case Kind.DATE | Kind.YEAR | Kind.BOOLEAN:
            return f"{value}::text"
        case Kind.STRINGS | Kind.GRADES | Kind.REFS:
            return f"array_to_string({value}, ',')"
        case _:
            return value
