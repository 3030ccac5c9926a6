"""The resources of the contract: what one record of each says in each version.

Where the columns of CSV and the members of JSON disagree on what must be there, a gap is filled by the sourcedId (an
organization's identifier in 1.2, a course's code, a username in 1.1) and, of a session's year, by the year it ends in.
Children are left out: their parents tell them, and lists of a thousand classes would travel with each school.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from firstbell.domain.roster.columns import MODELS
from firstbell.domain.sharing.oneroster import json, people
from firstbell.domain.sharing.oneroster.comparing import Changed, Comparable, Words
from firstbell.domain.sharing.oneroster.member import Member, member_of
from firstbell.domain.sharing.oneroster.version import Version
from firstbell.engine.formats.oneroster.layouts import LAYOUTS
from firstbell.engine.tables import TABLES, Column

SINGLE = {
    "orgs": "org",
    "academicSessions": "academicSession",
    "courses": "course",
    "classes": "class",
    "users": "user",
    "enrollments": "enrollment",
    "demographics": "demographics",
}
"""The key of one record; that of a list is the table's name."""
INSTEAD = {
    (Version.V1P2, "orgs", "identifier"): "r.sourced_id",
    (Version.V1P1, "courses", "courseCode"): "r.sourced_id",
    (Version.V1P2, "courses", "courseCode"): "r.sourced_id",
    (Version.V1P1, "users", "username"): "r.sourced_id",
    (Version.V1P1, "academicSessions", "schoolYear"): "extract(year from r.end_date)::smallint",
    (Version.V1P2, "academicSessions", "schoolYear"): "extract(year from r.end_date)::smallint",
    (Version.V1P1, "users", "enabledUser"): "true",
    (Version.V1P2, "users", "enabledUser"): "true",
}
TOLD_AT = (
    "(select s.told_at from districts_stamptime s"
    " where s.district_id = %(district)s and s.stamp >= greatest({}, %(floor)s) order by s.stamp limit 1)"
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of record. All SQL speaks of the row as `r`."""

    table: str
    rows: str
    """What `r` is chosen from, with the conditions that hold for every client."""
    sourced_id: str
    members: Mapping[str, Member]
    joined: str = ""
    """Joins that the members need, made for the records of one page only."""

    @property
    def fields(self) -> dict[str, Comparable]:
        """What a filter may name."""
        return {name: field for member in self.members.values() for name, field in member.fields}


@cache
def resource(version: Version, table: str, hidden: frozenset[str] = frozenset()) -> Resource:
    """The resource of a canonical table, without the members that a program does not see (``users.email``).

    What is not among its members is in no record, and cannot be asked for, filtered or sorted by.
    """
    made = _resource(version, table, hidden)
    return replace(made, members={k: v for k, v in made.members.items() if f"{table}.{k}" not in hidden})


def _resource(version: Version, table: str, hidden: frozenset[str]) -> Resource:
    if table == "users":
        return _users(version, hidden)
    if table == "demographics":
        return _demographics(version)
    return _plain(version, table)


def _plain(version: Version, table: str) -> Resource:
    sql_table = MODELS[table]._meta.db_table
    changed = Changed(lambda stamp: f"(r.stamp > {stamp})", "r.stamp")
    common = _common("r.sourced_id", "r.removed_at is null", "r.stamp", changed)
    return Resource(
        table,
        f"{sql_table} r where r.district_id = %(district)s",
        "r.sourced_id",
        _named([*common, *_columns(version, table)]),
    )


def _users(version: Version, hidden: frozenset[str]) -> Resource:
    changed = Changed(people.changed_since, people.STAMP)
    common = _common("r.sourced_id", people.ALIVE, "greatest(r.stamp, k.stamp, f.stamp)", changed, people.IS_THERE)
    roles = people.role_and_orgs() if version is Version.V1P1 else people.roles_and_profiles()
    return Resource(
        "users",
        f"roster_user r where r.district_id = %(district)s and {people.HAS_A_ROLE}",
        "r.sourced_id",
        _named([*common, *_columns(version, "users"), *roles]),
        people.joined(hidden),
    )


def _demographics(version: Version) -> Resource:
    changed = Changed(lambda stamp: f"(r.stamp > {stamp})", "r.stamp")
    common = _common("r.sourced_id", "r.removed_at is null", "r.stamp", changed)
    rows = (
        "(select d.*, u.sourced_id from roster_demographics d join roster_user u"
        " on u.district_id = d.district_id and u.id = d.id where d.district_id = %(district)s"
        f" and {people.HAS_A_ROLE.replace('r.', 'u.')}) r where true"
    )
    return Resource("demographics", rows, "r.sourced_id", _named([*common, *_columns(version, "demographics")]))


def _common(sourced_id: str, alive: str, stamp: str, changed: Changed, asked_alive: str = "") -> list[Member]:
    """What every record begins with. `asked_alive` says in a filter what `alive` says of a row of the page."""
    status = "case when {} then 'active' else 'tobedeleted' end"
    return [
        Member("sourcedId", json.value("sourcedId", sourced_id), (("sourcedId", Words(sourced_id)),)),
        Member(
            "status",
            json.value("status", status.format(alive)),
            (("status", Words(f"({status.format(asked_alive or alive)})")),),
        ),
        Member(
            "dateLastModified",
            json.instant("dateLastModified", TOLD_AT.format(stamp)),
            (("dateLastModified", changed),),
        ),
    ]


def _columns(version: Version, table: str) -> list[Member]:
    """The members of a table's columns, in the order of the tables; metadata last."""
    named = [column for column in TABLES[table].columns if _is_shown(version, table, column)]
    return [member_of(column, instead=INSTEAD.get((version, table, column.name))) for column in named]


def _is_shown(version: Version, table: str, column: Column) -> bool:
    if column.secret or column.name == "sourcedId":
        return False
    return column.name == "metadata" or version is Version.V1P2 or column.name in LAYOUTS["1.1"][table].columns


def _named(members: list[Member]) -> dict[str, Member]:
    return {member.name: member for member in members}
