"""Objects of OneRoster REST as rows of OneRoster CSV. Members follow from the columns of ``engine.tables``."""

from collections.abc import Callable, Mapping
from hashlib import sha256

from firstbell.connectors.values import (
    Row,
    day_of,
    id_of,
    ids_of,
    items_of,
    joined_id,
    metadata_of,
    moment_of,
    text_of,
    user_ids_of,
    words_of,
)
from firstbell.engine.tables import TABLES, Column, Kind

type Rows = dict[str, list[dict[str, str]]]
"""File -> rows."""

_READ: Mapping[Kind, Callable[[object], str]] = {
    Kind.DATE: day_of,
    Kind.REF: id_of,
    Kind.REFS: ids_of,
    Kind.STRINGS: words_of,
    Kind.GRADES: words_of,
    Kind.USER_IDS: user_ids_of,
}
_MEMBERS = {
    "agentSourcedIds": "agents",
    "termSourcedIds": "terms",
    "preferredGivenName": "preferredFirstName",
    "preferredFamilyName": "preferredLastName",
}
"""Columns whose member cannot be told from their name (OneRoster 1.2 REST binding)."""
_LONGEST_ID = 255


def rows_of(file: str, row: Row, *, version: str, now: str) -> Rows:
    """The rows that an object becomes. A person of 1.2 is one row, and one for each role and log-in elsewhere."""
    stated = _stated(row, now)
    cells = {**_cells(file, row), **stated}
    if file == "classes":
        cells["classType"] = cells["classType"] or "scheduled"  # REST 1.2 lets it out, CSV may not
    if file != "users":
        return {file: [cells]}
    if version == "1.1":
        orgs = row.get("orgs") or row.get("org") or row.get("primaryOrg")
        return {"users": [{**cells, "role": text_of(row.get("role")), "orgSourcedIds": ids_of(orgs)}]}
    profiles, ids = _profiles(row)
    roles = _roles(row, ids)
    return {
        "users": [cells],
        "roles": [{**role, **stated} for role in roles],
        "userProfiles": [{**profile, **stated} for profile in profiles],
    }


def _stated(row: Row, now: str) -> dict[str, str]:
    return {
        "status": text_of(row.get("status")) or "active",
        "dateLastModified": moment_of(row.get("dateLastModified")) or now,
    }


def _cells(file: str, row: Row) -> dict[str, str]:
    cells = {column.name: _cell(column, row) for column in TABLES[file].columns if column.kind is not Kind.METADATA}
    return cells | metadata_of(row.get("metadata"))


def _cell(column: Column, row: Row) -> str:
    value = row.get(_member(column))
    if value is None:
        value = row.get(column.name)
    return _READ.get(column.kind, text_of)(value).strip()


def _member(column: Column) -> str:
    if column.name in _MEMBERS:
        return _MEMBERS[column.name]
    return column.name.removesuffix("SourcedId") if column.kind is Kind.REF else column.name


def _roles(row: Row, profiles: Mapping[str, str]) -> list[dict[str, str]]:
    """The roles of a person of 1.2, which have no ids in REST: theirs are made of person, organization and role."""
    user = text_of(row.get("sourcedId"))
    made: dict[str, dict[str, str]] = {}
    for role in _stated_roles(row):
        cells = _cells("roles", role) | {"userSourcedId": user}
        cells["roleType"] = cells["roleType"] or "primary"
        cells["userProfileSourcedId"] = profiles.get(text_of(role.get("userProfile")), "")
        key = _short(joined_id(user, cells["orgSourcedId"], cells["role"]))
        if key in made:  # the same again in other days
            key = _short(joined_id(user, cells["orgSourcedId"], cells["role"], cells["beginDate"] or cells["endDate"]))
        made.setdefault(key, cells | {"sourcedId": key})
    return list(made.values())


def _stated_roles(row: Row) -> list[Row]:
    """``roles``, or what 1.1 has in its place: some servers of 1.2 still send that."""
    roles: list[Row] = [role for role in items_of(row.get("roles")) if isinstance(role, dict)]
    if roles or not row.get("role"):
        return roles
    return [{"role": row.get("role"), "org": org} for org in items_of(row.get("orgs"))]


def _profiles(row: Row) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Log-ins in other systems, and profile id -> the row that a role refers to. Never a password of theirs."""
    user = text_of(row.get("sourcedId"))
    rows: list[dict[str, str]] = []
    ids: dict[str, str] = {}
    for profile in items_of(row.get("userProfiles")):
        if not isinstance(profile, dict):
            continue
        name = text_of(profile.get("profileId"))
        for credential in items_of(profile.get("credentials")):
            if not isinstance(credential, dict) or not text_of(credential.get("username")):
                continue
            kind, username = text_of(credential.get("type")), text_of(credential.get("username"))
            key = sha256(f"{user}\0{name}\0{kind}\0{username}".encode()).hexdigest()[:32]
            said = {"sourcedId": key, "userSourcedId": user, "credentialType": kind or "none", "username": username}
            rows.append({**_cells("userProfiles", profile), **said, "password": ""})
            ids.setdefault(name, key)
    return rows, ids


def _short(key: str) -> str:
    return key if len(key) <= _LONGEST_ID else sha256(key.encode()).hexdigest()
