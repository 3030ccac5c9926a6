"""Tests a Clever connection, and fetches by it: all of a district, whenever anything has happened there."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from firstbell.connectors.checks import IN_A_HURRY, ONCE, ROWS_SHOWN, Checks, check_way, tested
from firstbell.connectors.clever import people, places
from firstbell.connectors.clever.client import ADDRESS, LARGEST_PAGE, Client
from firstbell.connectors.contract import About, Completeness, Fetched, ForGood, Surroundings, Tested, Told, Values
from firstbell.connectors.packing import Place, Unfinished, fingerprint_of
from firstbell.connectors.patience import Patience
from firstbell.connectors.reach import Reach, read_address
from firstbell.connectors.transport import Wire
from firstbell.connectors.values import Row, text_of

_GOES_ON_FOR = timedelta(hours=6)
_FILES = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments", "demographics")
_LISTS = ("terms", "schools", "courses", *people.ROLES, "sections")
"""In this order: a class needs to know which terms have days, a student who the contacts are."""
_NEEDED = ("schools", "student", "teacher")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clever:
    """A consumer of Clever's API."""

    patience: Callable[[], Patience] = Patience
    now: Callable[[], datetime] = _now

    def test_connection(self, values: Values, around: Surroundings) -> Tested:
        """Each step of the way: address, name, certificate, token, what is shared, and the first rows."""
        reach = Reach(around.reachable)
        with Wire(reach, IN_A_HURRY) as wire:
            return tested(lambda checks: _test(checks, values, reach, wire))

    def fetch(
        self, values: Values, into: Path, around: Surroundings, *, memory: str, whole: bool, told: Told
    ) -> Fetched:
        """Leave a OneRoster package of the whole district in ``into``; nothing where nothing has happened since."""
        reach = Reach(around.reachable)
        with Wire(reach) as wire:
            client = client_of(values, reach, wire, self.patience())
            district = client.district()
            before = _event_in(memory, text_of(district.get("id")))
            if before and not whole and not client.has_happened_since(before):
                return Fetched(Completeness.NOTHING_NEW, memory, notes=("Nothing has happened at Clever since.",))
            newest = client.newest_event()  # before the rows are read: what happens meanwhile is looked at next time
            return Pull(client, district, into, around, told, self.now()).run(newest)


def client_of(values: Values, reach: Reach, wire: Wire, patience: Patience) -> Client:
    """The district of a token. Raises ForGood for an address that cannot be."""
    base = (values.get("address") or "").strip().rstrip("/") or ADDRESS
    read_address(base, reach)
    return Client(base, (values.get("token") or "").strip(), wire, patience)


def _event_in(memory: str, district: str) -> str:
    """The last event that is known of this district; blank where none is."""
    try:
        said = json.loads(memory)
        return text_of(said["event"]) if said["district"] == district else ""
    except (ValueError, KeyError, TypeError):
        return ""


@dataclass(slots=True)
class Pull:
    """One pull of a whole district."""

    client: Client
    district: Row
    into: Path
    around: Surroundings
    told: Told
    now: datetime
    _made: set[str] = field(default_factory=set)
    _contacts: dict[str, list[str]] = field(default_factory=dict)

    def run(self, newest: str) -> Fetched:
        """Pull. Raises Trouble; what was pulled till then stays for the next try."""
        key = text_of(self.district.get("id"))
        began, oldest = self.now.isoformat(), (self.now - _GOES_ON_FOR).isoformat()
        fingerprint = fingerprint_of(self.client.base, key)
        work = Unfinished(self.into, fingerprint, began, oldest=oldest, most_bytes=self.around.most_bytes)
        for name in _LISTS:
            work.place(name, Place(limit=LARGEST_PAGE))
        if not work.places["terms"].done and not work.places["terms"].link:
            work.add(work.places["terms"], {"orgs": [places.district_row(self.district)]})
        self._know_again(work)
        sections = places.Sections(key, self.now.date(), work.ids("academicSessions"))
        for name in _LISTS:
            self._list(work, name, key, sections)
        for name in _NEEDED:
            if not work.places[name].received:
                raise ForGood(
                    f"Clever shares no {name.removesuffix('s')} with this application.",
                    about=About.CONTENT,
                    remedy="Ask the district's administrator at Clever what is shared.",
                )
        notes = tuple(f"{name}: {place.received:,}." for name, place in work.places.items() if place.received)
        work.finish("1.2", dict.fromkeys(_FILES, "bulk"), {}, "Clever")
        memory = json.dumps({"district": key, "event": newest}) if newest else ""
        return Fetched(Completeness.WHOLE, memory, "Clever", notes)

    def _know_again(self, work: Unfinished) -> None:
        """Where a pull goes on: what was made so far, and whose contacts are known."""
        self._made = work.ids("academicSessions") | work.ids("courses") | work.ids("users")
        for row in work.rows("contacts"):
            self._contacts.setdefault(row["student"], []).append(row["contact"])

    def _list(self, work: Unfinished, name: str, district: str, sections: places.Sections) -> None:
        place = work.places[name]
        path, query = ("users", {"role": name}) if name in people.ROLES else (name, {})
        while not place.done:
            rows = self.client.page(path, place, query)
            kept: dict[str, list[dict[str, str]]] = {}
            for row in rows:
                for file, cells in self._rows(name, row, district, sections).items():
                    kept.setdefault(file, []).extend(cells)
            place.received += len(rows)
            work.add(place, kept)
            work.note()
            self.told(name, place.received)

    def _rows(self, name: str, row: Row, district: str, sections: places.Sections) -> dict[str, list[dict[str, str]]]:
        if name == "schools":
            return {"orgs": [places.school_row(row, district)]}
        if name == "terms":
            term = places.term_row(row)
            sections.terms.update(filter(None, [term.get("sourcedId")]))
            return {"academicSessions": [term]} if term else {}
        if name == "courses":
            return {"courses": [places.course_row(row, district)]}
        if name == "sections":
            made = sections.rows(row)
            for file in ("academicSessions", "courses"):
                made[file] = [one for one in made.get(file, []) if self._is_new(one["sourcedId"])]
            return made
        return self._person(row, district)

    def _person(self, row: Row, district: str) -> dict[str, list[dict[str, str]]]:
        """Somebody with two roles is in two lists, and one person."""
        key = text_of(row.get("id"))
        if not self._is_new(key):
            return {}
        ties = [{"student": student, "contact": key} for student in people.students_of(row)]
        for tie in ties:
            self._contacts.setdefault(tie["student"], []).append(key)
        return {**people.rows_of(row, district=district, contacts=self._contacts), "contacts": ties}

    def _is_new(self, key: str) -> bool:
        if key in self._made:
            return False
        self._made.add(key)
        return True


def _test(checks: Checks, values: Values, reach: Reach, wire: Wire) -> None:
    client = checks.tried(lambda: client_of(values, reach, wire, ONCE))
    checks.good(About.SETTINGS, "The settings can be used.")
    check_way(checks, f"{client.base}/districts", reach, wire)
    district = checks.tried(client.district)
    checks.good(About.LOG_IN, f"The token is accepted: it is of {text_of(district.get('name'))}.")
    lists: list[tuple[str, str, dict[str, str]]] = [("schools", "schools", {}), ("sections", "sections", {})]
    lists += [(one, "users", {"role": one}) for one in ("student", "teacher")]
    found = {name: checks.tried(_first_of(client, path, query)) for name, path, query in lists}
    checks.good(About.SCOPE, "It may read schools, sections, students and teachers.")
    checks.good(About.VERSION, "It speaks Clever's API v3.1.")
    key = text_of(district.get("id"))
    checks.show(
        "schools", [places.school_row(row, key) for row in found["schools"]], ("name", "identifier", "sourcedId")
    )
    shown = ("givenName", "familyName", "grades", "identifier", "email", "username", "sourcedId")
    for name in ("student", "teacher"):
        told = [people.rows_of(row, district=key, contacts={})["users"][0] for row in found[name]]
        checks.show(f"{name}s", told, shown)
    for name, rows in found.items():
        if not rows:
            remedy = "Ask the district's administrator at Clever what is shared."
            checks.bad(About.CONTENT, f"Clever shares no {name.removesuffix('s')} with this application.", remedy)
    checks.good(About.CONTENT, "It has schools, sections, students and teachers.")


def _first_of(client: Client, path: str, query: dict[str, str]) -> Callable[[], list[Row]]:
    return lambda: client.first(path, query, ROWS_SHOWN)
