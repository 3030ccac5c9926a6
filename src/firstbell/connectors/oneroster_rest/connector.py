"""Tests a OneRoster connection, and fetches by it. ClassLink is this with its own settings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from firstbell.connectors.checks import IN_A_HURRY, ONCE, ROWS_SHOWN, Checks, check_way, tested
from firstbell.connectors.contract import About, Fetched, ForGood, Surroundings, Tested, Told, Trouble, Values
from firstbell.connectors.oneroster_rest.cells import rows_of
from firstbell.connectors.oneroster_rest.client import Client, FilterRefused, access_of
from firstbell.connectors.oneroster_rest.lists import LISTS, OPTIONAL, Page
from firstbell.connectors.oneroster_rest.pulling import Pull, seen_in
from firstbell.connectors.oneroster_rest.settings import ROOTS, Settings, read_settings
from firstbell.connectors.patience import Patience
from firstbell.connectors.reach import Reach
from firstbell.connectors.transport import Wire
from firstbell.engine.tables import TABLES

_MUST_HAVE = ("orgs", "users", "classes", "enrollments")


def _in_peace(at_once: int) -> Patience:
    return Patience(at_once=at_once)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class OneRosterRest:
    """A consumer of OneRoster REST. ``read`` makes settings of what a person entered."""

    read: Callable[[Values, Reach], Settings] = read_settings
    patience: Callable[[int], Patience] = _in_peace
    now: Callable[[], datetime] = _now

    def test_connection(self, values: Values, around: Surroundings) -> Tested:
        """Each step of the way: address, name, certificate, log-in, what it may read, version, and the first rows."""
        reach = Reach(around.reachable)
        with Wire(reach, IN_A_HURRY) as wire:
            return tested(lambda checks: self._test(checks, values, reach, wire))

    def _test(self, checks: Checks, values: Values, reach: Reach, wire: Wire) -> None:
        settings = checks.tried(lambda: self.read(values, reach))
        checks.good(About.SETTINGS, "The settings can be used.")
        check_way(checks, settings.url("orgs", {"limit": "1"}), reach, wire)
        client = Client(settings, wire, ONCE, checks.tried(lambda: access_of(settings, wire, ONCE)))
        checks.tried(lambda: client.access.signed(settings.url("orgs", {})))
        _look_at_version(checks, client)
        checks.good(About.LOG_IN, "The log-in is accepted.")
        pages = {name: page for name in LISTS if (page := _look_at_list(checks, client, name)) is not None}
        left = [name for name in LISTS if name not in pages]
        checks.good(About.SCOPE, f"It may read {', '.join(pages)}{f', but not {left[0]}' if left else ''}.")
        checks.good(About.VERSION, f"It speaks OneRoster {settings.version}.")
        for name, page in pages.items():
            cells = [made for row in page.rows for made in rows_of(name, row, version=settings.version, now="")[name]]
            columns = tuple(column.name for column in TABLES[name].columns if not column.secret)
            checks.show(name, cells, columns)
        for name in _MUST_HAVE:
            if not pages[name].rows:
                remedy = "Ask whoever runs that system which schools and people it shares with this key."
                checks.bad(About.CONTENT, f"Its list of {name} is empty.", remedy)
        checks.good(About.CONTENT, "It has schools, people, classes and enrollments.")

    def fetch(
        self, values: Values, into: Path, around: Surroundings, *, memory: str, whole: bool, told: Told
    ) -> Fetched:
        """Leave a OneRoster package in ``into``: whole, or what has changed since what ``memory`` remembers."""
        reach = Reach(around.reachable)
        settings = self.read(values, reach)
        with Wire(reach) as wire:
            patience = self.patience(settings.at_once)
            client = Client(settings, wire, patience, access_of(settings, wire, patience))
            seen = seen_in(memory, client) if settings.changes and not whole else {}
            pull = Pull(client, into, around, told, self.now(), seen)
            try:
                return pull.run()
            except FilterRefused:
                note = "The server does not tell what has changed, so all of it was fetched."
                return Pull(client, into, around, told, self.now(), notes=[note]).run()


def _look_at_version(checks: Checks, client: Client) -> None:
    """The first list. Where it is not there, perhaps it is by the other version. Raises Stopped."""
    try:
        client.first("orgs", 1)
    except ForGood as trouble:
        if trouble.about is About.VERSION and (other := _other_version(client)):
            checks.bad(About.VERSION, f"This server speaks OneRoster {other}.", f"Choose OneRoster {other} as version.")
        checks.bad(trouble.about, str(trouble), trouble.remedy)
    except Trouble as trouble:
        checks.bad(trouble.about, str(trouble), trouble.remedy)


def _other_version(client: Client) -> str:
    ours = client.settings.version
    for version, root in ROOTS.items():
        before, found, _ = client.settings.root.rpartition(ROOTS[ours])
        if version == ours or not found:
            continue
        settings = replace(client.settings, version=version, root=f"{before}{root}")
        try:
            Client(settings, client.wire, client.patience, client.access).first("orgs", 1)
        except Trouble:
            continue
        return version
    return ""


def _look_at_list(checks: Checks, client: Client, name: str) -> Page | None:
    """The first rows of a list; None where it is optional and not granted. Raises Stopped."""
    try:
        return client.first(name, ROWS_SHOWN)
    except Trouble as trouble:
        if name in OPTIONAL and trouble.about in {About.SCOPE, About.VERSION}:
            return None
        checks.bad(trouble.about, str(trouble), trouble.remedy)
    raise AssertionError("a bad step stops")
