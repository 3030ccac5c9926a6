"""Clever's API for tests, with a small district that one can change."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.connectors.servers import Asked, Reply, Server, in_json, serving

from firstbell.connectors.clever.connector import Clever
from firstbell.connectors.contract import Values
from firstbell.connectors.patience import Patience

IMPATIENT = Clever(patience=lambda: Patience(sleep=lambda seconds: None))

type Row = dict[str, object]

STAFF: Row = {"staff_id": "44", "title": "Principal", "school": "s1", "schools": ["s1"]}
CONTACT: Row = {
    "sis_id": "p6",
    "phone": "555-0100",
    "student_relationships": [{"student": "u1", "relationship": "Parent"}],
}


def student(key: str, first: str, last: str, **more: object) -> Row:
    """A student of school s1."""
    role = {"sis_id": f"9{key}", "student_number": f"7{key}", "school": "s1", "schools": ["s1"], "grade": "3"} | more
    return {
        "id": key,
        "district": "d1",
        "name": {"first": first, "last": last},
        "email": f"{key}@pupils.example.org",
        "roles": {"student": role},
    }


def teacher(key: str, last: str, *, beside: Row | None = None) -> Row:
    """A teacher of school s1, and what they are beside that."""
    role = {"sis_id": f"t-{key}", "school": "s1", "schools": ["s1"]}
    return {
        "id": key,
        "district": "d1",
        "name": {"first": "Tess", "last": last},
        "email": f"{key}@example.org",
        "roles": {"teacher": role, **(beside or {})},
    }


@dataclass
class Lists:
    """A district at Clever."""

    district: Row = field(default_factory=lambda: {"id": "d1", "name": "Birch Unified", "state": "success"})
    schools: list[Row] = field(
        default_factory=lambda: [
            {"id": "s1", "name": "Birch Elementary", "school_number": "101", "low_grade": "Kindergarten"},
            {"id": "s2", "name": "Alder Middle", "school_number": "102"},
        ]
    )
    terms: list[Row] = field(
        default_factory=lambda: [
            {"id": "t1", "name": "Fall", "start_date": "2026-08-17", "end_date": "2026-12-18"},
            {"id": "t2", "name": "Undated"},
        ]
    )
    courses: list[Row] = field(default_factory=lambda: [{"id": "c1", "name": "Math 3", "number": "M3"}])
    users: list[Row] = field(
        default_factory=lambda: [
            student(
                "u1",
                "Ada",
                "Moss",
                dob="03/04/2017",
                gender="F",
                race="Asian",
                hispanic_ethnicity="N",
                frl_status="Free",
                credentials={"district_username": "amoss"},
                preferred_name={"first": "Addie"},
                ext={"locker": "12"},
            ),
            student("u2", "Ben", "Reed", schools=["s1", "s2"]),
            teacher("u3", "Wren"),
            teacher("u4", "Lark", beside={"staff": STAFF}),
            {
                "id": "u5",
                "name": {"first": "Kim", "last": "Dale"},
                "roles": {"staff": {"staff_id": "9", "title": "Cook"}},
            },
            {"id": "u6", "name": {"first": "Pat", "last": "Moss"}, "roles": {"contact": CONTACT}},
            {"id": "u7", "name": {"first": "Dee", "last": "Ash"}, "roles": {"district_admin": {"title": "IT"}}},
        ]
    )
    sections: list[Row] = field(
        default_factory=lambda: [
            {
                "id": "k1",
                "name": "Math 3, period 2",
                "school": "s1",
                "course": "c1",
                "term_id": "t1",
                "section_number": "M3-2",
                "subject": "math",
                "period": "2",
                "grade": "3",
                "teacher": "u3",
                "teachers": ["u3", "u4"],
                "students": ["u1", "u2"],
            },
            {"id": "k2", "name": "Homeroom", "school": "s1", "subject": "homeroom/advisory", "teacher": "u4"},
        ]
    )


@dataclass
class CleverServer:
    """Serves the lists by cursor. ``events``: ids, the newest last; None where the token may not read them."""

    lists: Lists = field(default_factory=Lists)
    events: list[str] | None = field(default_factory=lambda: ["e1"])
    most: int = 10_000
    before: Callable[[Asked], Reply | None] = lambda asked: None
    url: str = ""
    asked: list[Asked] = field(default_factory=list)

    def respond(self, asked: Asked) -> Reply:
        """The answer to a request."""
        self.asked.append(asked)
        if asked.headers.get("authorization") != "Bearer t0ken":
            return in_json({"error": "unauthorized"}, 401)
        if (reply := self.before(asked)) is not None:
            return reply
        name = asked.path.removeprefix("/v3.1/")
        if name == "events":
            return self._events(asked)
        rows = [self.lists.district] if name == "districts" else getattr(self.lists, name)
        if "role" in asked.query:
            rows = [row for row in rows if f"'{asked.query['role']}': {{" in str(row["roles"])]
        if int(asked.query.get("limit", "100")) > self.most:
            return in_json({"error": "too large"}, 413)
        return self._page(rows, asked)

    def _events(self, asked: Asked) -> Reply:
        if self.events is None:
            return in_json({"error": "no events"}, 403)
        rows: list[Row] = [{"id": one, "type": "users.updated"} for one in self.events]
        if asked.query.get("ending_before") == "last":
            return self._page(rows[-1:], Asked("GET", "/", {}))
        if asked.query["starting_after"] not in self.events:
            return in_json({"error": "gone"}, 404)
        return self._page(rows, asked)

    def _page(self, rows: list[Row], asked: Asked) -> Reply:
        after = asked.query.get("starting_after")
        start = [row["id"] for row in rows].index(after) + 1 if after else 0
        size = int(asked.query.get("limit", "100"))
        links = [{"rel": "self", "uri": asked.url}]
        if start + size < len(rows):
            links.append({"rel": "next", "uri": "https://elsewhere.example/v3.1/next"})
        return in_json({"data": [{"data": row} for row in rows[start : start + size]], "links": links})

    def values(self, **more: str) -> Values:
        """The settings of a source that reads this server."""
        return {"token": "t0ken", "address": f"{self.url}/v3.1", **more}


@contextmanager
def running(clever: CleverServer) -> Iterator[Server]:
    """The server, running."""
    with serving(clever.respond) as server:
        clever.url = server.url
        yield server
