"""A OneRoster server for tests: it serves a roster well, and misbehaves where a test asks it to."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import polars as pl
from tests.connectors.servers import Asked, Reply, Server, in_json, serving

from firstbell.connectors.contract import Surroundings, Values
from firstbell.connectors.oneroster_rest.connector import OneRosterRest
from firstbell.connectors.patience import Patience

ROOTS = {"1.1": "/sis/ims/oneroster/v1p1", "1.2": "/sis/ims/oneroster/rostering/v1p2"}
MODIFIED = "2026-11-01T04:00:00.000Z"
HERE = Surroundings(reachable=frozenset({"127.0.0.1"}))
IMPATIENT = OneRosterRest(patience=lambda at_once: Patience(attempts=6, at_once=at_once, sleep=lambda seconds: None))

type Objects = dict[str, list[dict[str, object]]]
type Before = Callable[[Asked], Reply | None]
type Shape = Callable[[str, list[dict[str, object]], Asked], Reply | None]


def objects_of(tables: Mapping[str, pl.DataFrame], version: str) -> Objects:
    """A roster as OneRoster JSON, written down here by hand: not by the code that reads it."""
    roles: dict[str, list[dict[str, str]]] = {}
    for role in tables["roles"].to_dicts():
        roles.setdefault(role["userSourcedId"], []).append(role)
    return {
        "academicSessions": [
            _of(row, "title type startDate endDate schoolYear", parent=_ref(row["parentSourcedId"], "academicSession"))
            for row in tables["academicSessions"].to_dicts()
        ],
        "orgs": [
            _of(row, "name type identifier", parent=_ref(row["parentSourcedId"], "org"))
            for row in tables["orgs"].to_dicts()
        ],
        "courses": [
            _of(
                row,
                "title courseCode",
                schoolYear=_ref(row["schoolYearSourcedId"], "academicSession"),
                org=_ref(row["orgSourcedId"], "org"),
                **_lists(row, "grades subjects subjectCodes"),
            )
            for row in tables["courses"].to_dicts()
        ],
        "classes": [
            _of(
                row,
                "title classCode classType location",
                course=_ref(row["courseSourcedId"], "course"),
                school=_ref(row["schoolSourcedId"], "org"),
                terms=[_ref(term, "academicSession") for term in row["termSourcedIds"].split(",")],
                **_lists(row, "grades subjects subjectCodes periods"),
            )
            for row in tables["classes"].to_dicts()
        ],
        "users": [_user(row, roles.get(row["sourcedId"], []), version) for row in tables["users"].to_dicts()],
        "enrollments": [
            _of(
                row,
                "role primary beginDate endDate",
                user=_ref(row["userSourcedId"], "user"),
                **{"class": _ref(row["classSourcedId"], "class")},
                school=_ref(row["schoolSourcedId"], "org"),
            )
            for row in tables["enrollments"].to_dicts()
        ],
        "demographics": [
            {"sourcedId": row["sourcedId"], "status": "active", "dateLastModified": MODIFIED}
            | {name: text for name, text in row.items() if text and name not in {"sourcedId", "_file", "_record"}}
            for row in tables["demographics"].to_dicts()
        ],
    }


def _of(row: dict[str, str], plain: str, **more: object) -> dict[str, object]:
    said = {name: row[name] for name in plain.split()} | more
    kept = {name: value for name, value in said.items() if value not in (None, "", [])}
    return {"sourcedId": row["sourcedId"], "status": "active", "dateLastModified": MODIFIED} | kept


def _ref(key: str | None, kind: str) -> dict[str, str] | None:
    return {"href": f"https://elsewhere.example/{kind}/{key}", "sourcedId": key, "type": kind} if key else None


def _lists(row: dict[str, str], names: str) -> dict[str, object]:
    return {name: row[name].split(",") for name in names.split() if row[name]}


def _user(row: dict[str, str], roles: list[dict[str, str]], version: str) -> dict[str, object]:
    plain = "username enabledUser givenName familyName middleName identifier email sms phone"
    ids = [{"type": kind, "identifier": key} for kind, key in re.findall(r"\{([^:]+):([^}]+)\}", row["userIds"] or "")]
    more: dict[str, object] = {"userIds": ids} | _lists(row, "grades")
    if row["agentSourcedIds"]:
        more["agents"] = [_ref(agent, "user") for agent in row["agentSourcedIds"].split(",")]
    if version == "1.1":
        orgs = list(dict.fromkeys(role["orgSourcedId"] for role in roles))
        return _of(row, plain, role=_role_1p1(roles), orgs=[_ref(org, "org") for org in orgs], **more)
    more["roles"] = [
        {
            "roleType": role["roleType"],
            "role": role["role"],
            "org": _ref(role["orgSourcedId"], "org"),
            "beginDate": role["beginDate"],
            "endDate": role["endDate"],
        }
        for role in roles
    ]
    more |= {"preferredFirstName": row["preferredGivenName"], "preferredLastName": row["preferredFamilyName"]}
    more["primaryOrg"] = _ref(row["primaryOrgSourcedId"], "org")
    return _of(row, f"{plain} userMasterIdentifier preferredMiddleName pronouns", **more)


def _role_1p1(roles: list[dict[str, str]]) -> str:
    words = {"siteAdministrator": "administrator", "districtAdministrator": "administrator"}
    words |= {"principal": "administrator", "counselor": "aide", "systemAdministrator": "administrator"}
    return words.get(roles[0]["role"], roles[0]["role"])


@dataclass
class Sis:
    """What the server has, and how it behaves. ``before`` may answer in its stead, ``shape`` the page of a list."""

    objects: Objects
    version: str = "1.2"
    most: int = 100_000
    """So many rows a page at most, whatever is asked for."""
    totals: bool = True
    links: bool = False
    before: Before = lambda asked: None
    shape: Shape = lambda name, rows, asked: None
    filters: bool = True
    url: str = ""
    lists: dict[str, int] = field(default_factory=dict)

    def respond(self, asked: Asked) -> Reply:
        """The answer to a request."""
        if (reply := self.before(asked)) is not None:
            return reply
        if asked.path == "/token":
            return in_json({"access_token": "t0ken", "token_type": "Bearer", "expires_in": 3600})
        name = asked.path.removeprefix(f"{ROOTS[self.version]}/")
        if name not in self.objects:
            return in_json({"imsx_codeMajor": "failure"}, 404)
        if "authorization" not in asked.headers:
            return in_json({"imsx_codeMajor": "failure", "imsx_severity": "error"}, 401)
        self.lists[name] = self.lists.get(name, 0) + 1
        rows = self.chosen(name, asked)
        return self.shape(name, rows, asked) or self.page(name, rows, asked)

    def chosen(self, name: str, asked: Asked) -> list[dict[str, object]]:
        """The rows that a filter leaves."""
        since = re.fullmatch(r"dateLastModified>'(.*)'", unquote(asked.query.get("filter", "")))
        rows = self.objects[name]
        if not since or not self.filters:
            return rows
        return [row for row in rows if str(row["dateLastModified"]) > since[1]]

    def page(self, name: str, rows: list[dict[str, object]], asked: Asked, *, offset: int | None = None) -> Reply:
        """A page as it should be."""
        size = min(int(asked.query.get("limit", "100")), self.most)
        start = int(asked.query.get("offset", "0")) if offset is None else offset
        told = {"X_Total_Count": str(len(rows))} if self.totals else {}
        if self.links and start + size < len(rows):
            told["Link"] = f'<{self.url}{asked.path}?limit={size}&offset={start + size}>; rel="next"'
        return in_json({name: rows[start : start + size]}, 200, packed=True, **told)

    def values(self, **more: str) -> Values:
        """The settings of a source that reads this server."""
        return {
            "version": self.version,
            "address": f"{self.url}{ROOTS[self.version]}",
            "sign_in": "oauth2",
            "token_address": f"{self.url}/token",
            "key": "key",
            "secret": "s3cret",
            "page_size": "100",
            **more,
        }


@contextmanager
def running(sis: Sis) -> Iterator[Server]:
    """The server, running."""
    with serving(sis.respond) as server:
        sis.url = server.url
        yield server


def modes_in(folder: Path) -> dict[str, str]:
    """File -> bulk or delta, as the manifest of a package says."""
    lines = (folder / "manifest.csv").read_text().splitlines()
    said = dict(line.split(",", 1) for line in lines)
    modes = {name.removeprefix("file."): mode for name, mode in said.items() if name.startswith("file.")}
    return {name: mode for name, mode in modes.items() if mode != "absent"}


def rows_in(folder: Path, file: str) -> list[dict[str, str]]:
    """The rows of a file."""
    with (folder / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
