"""Pulls all lists of a server into the files of a package: whole, or what has changed since the last time."""

import json
from collections.abc import Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

from firstbell.connectors.contract import About, Completeness, Fetched, ForGood, ForNow, Surroundings, Told
from firstbell.connectors.oneroster_rest.cells import rows_of
from firstbell.connectors.oneroster_rest.client import Client
from firstbell.connectors.oneroster_rest.lists import LISTS, OPTIONAL, Page
from firstbell.connectors.oneroster_rest.paging import Reader, read_list
from firstbell.connectors.packing import Place, Unfinished, fingerprint_of
from firstbell.connectors.values import Row, is_deleted, moment_of
from firstbell.engine.formats.oneroster.layouts import LAYOUTS

_OVERLAP = timedelta(minutes=10)
"""So far before the newest moment that we saw do we ask for changes: clocks differ, and transactions end late."""
_GOES_ON_FOR = timedelta(hours=6)
_NEEDED = ("orgs", "users")
"""A server whose list of these is empty is a server that is broken."""
_LOOK_AROUND = 0.5


class _Stopped(ForNow):
    """Another list could not go on."""


@dataclass(slots=True)
class Pull:
    """One pull. ``seen``: list -> the newest moment of the last pull; empty for a whole one."""

    client: Client
    into: Path
    around: Surroundings
    told: Told
    now: datetime
    seen: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _stopped: Event = field(default_factory=Event)

    @property
    def since(self) -> dict[str, str]:
        """List -> the moment from which changes are asked for."""
        return {name: _iso(datetime.fromisoformat(moment) - _OVERLAP) for name, moment in self.seen.items()}

    def run(self) -> Fetched:
        """Pull. Raises Trouble; what was pulled till then stays for the next try. Raises FilterRefused."""
        settings = self.client.settings
        began = _iso(self.now)
        work = Unfinished(
            self.into,
            fingerprint_of(settings.version, settings.root, settings.key, json.dumps(dict(self.since), sort_keys=True)),
            began,
            oldest=_iso(self.now - _GOES_ON_FOR),
            most_bytes=self.around.most_bytes,
        )
        for name in LISTS:
            work.place(name, Place(limit=settings.page_size))
        with ThreadPoolExecutor(settings.at_once) as pool:
            pulls = [pool.submit(self._list, work, name) for name in LISTS]
            self._watch(work, pulls)
        faults = [fault for pull in pulls if (fault := pull.exception()) is not None]
        for fault in sorted(faults, key=lambda fault: isinstance(fault, _Stopped)):
            raise fault
        return self._finished(work)

    def _watch(self, work: Unfinished, pulls: list[Future[None]]) -> None:
        """Tell how far we are, and stop all lists when one cannot go on."""
        before: dict[str, int] = {}
        waiting = set(pulls)
        while waiting:
            done, waiting = wait(waiting, timeout=_LOOK_AROUND, return_when=FIRST_EXCEPTION)
            for name, place in list(work.places.items()):
                if place.received != before.get(name, 0):
                    before[name] = place.received
                    self.told(name, place.received)
            if any(pull.exception() is not None for pull in done):
                self._stopped.set()

    def _list(self, work: Unfinished, name: str) -> None:
        place = work.places[name]
        if place.done:
            return
        reader = Reader(
            ask=partial(self._ask, name),
            keep=partial(self._keep, work, name),
            note=work.note,
            seen=work.ids(name),
            counted=name not in self.since,
        )
        try:
            read_list(reader, place)
        except ForGood as trouble:
            if name not in OPTIONAL or trouble.about not in {About.SCOPE, About.VERSION} or place.received:
                raise
            place.granted, place.done = False, True
            work.note()

    def _ask(self, name: str, place: Place) -> Page:
        if self._stopped.is_set():
            raise _Stopped("The fetch was stopped.", about=About.CONTENT)
        return self.client.page(name, place, self.since.get(name, ""))

    def _keep(self, work: Unfinished, name: str, place: Place, rows: list[Row]) -> None:
        version, whole = self.client.settings.version, name not in self.since
        kept: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            place.newest = max(place.newest, self._moment(row))
            if whole and is_deleted(row):
                place.left_out += 1
                continue
            for file, cells in rows_of(name, row, version=version, now=work.began).items():
                kept.setdefault(file, []).extend(cells)
        place.received += len(rows)
        work.add(place, kept)

    def _moment(self, row: Row) -> str:
        """When the row was changed, in UTC; never later than now, or nothing new would be seen till then."""
        said = moment_of(row.get("dateLastModified"))
        try:
            return _iso(min(datetime.fromisoformat(said), self.now)) if said else ""
        except (ValueError, OverflowError):
            return ""

    def _finished(self, work: Unfinished) -> Fetched:
        places = work.places
        for name in _NEEDED:
            if name not in self.since and places[name].received == places[name].left_out:
                raise ForGood(
                    f"Its list of {name} is empty.",
                    about=About.CONTENT,
                    remedy="Ask whoever runs that system which schools and people it shares with this key.",
                )
        modes = {
            file: "delta" if name in self.since or not place.sure else "bulk"
            for name, place in places.items()
            for file in LISTS[name]
            if place.granted and file in LAYOUTS[self.client.settings.version]
        }
        modes = {
            file: mode
            for file, mode in modes.items()
            if _place_of(places, file).sizes.get(file) or _matters(file, mode)
        }
        memory = self._memory(places)
        self.notes += [
            note for name, place in places.items() if (note := _note_of(name, place, changed=name in self.since))
        ]
        if not modes:
            work.discard()
            return Fetched(Completeness.NOTHING_NEW, memory, notes=tuple(self.notes))
        work.finish(
            self.client.settings.version, modes, {"courses": {"orgSourcedId": _root_org(work)}}, "OneRoster API"
        )
        whole = all(mode == "bulk" for mode in modes.values())
        completeness = Completeness.WHOLE if whole else Completeness.DELTA
        return Fetched(completeness, memory, f"OneRoster {self.client.settings.version} API", tuple(self.notes))

    def _memory(self, places: Mapping[str, Place]) -> str:
        """From where changes are asked for next time; nothing where a list is not sure to be whole: then all of it."""
        newest = {name: max(place.newest, self.seen.get(name, "")) for name, place in places.items() if place.granted}
        sure = all(place.sure for place in places.values())
        kept = {"since": newest} if sure and (self.seen or all(newest[name] for name in _NEEDED)) else {}
        return json.dumps({"from": fingerprint_of(self.client.settings.root, self.client.settings.version)} | kept)


def seen_in(memory: str, client: Client) -> dict[str, str]:
    """List -> the newest moment that was seen; empty where memory has none, or is of another server."""
    try:
        said = json.loads(memory)
        if said["from"] != fingerprint_of(client.settings.root, client.settings.version):
            return {}
        moments = {name: datetime.fromisoformat(text) for name, text in said["since"].items() if text}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: _iso(moment) for name, moment in moments.items() if name in LISTS}


def _place_of(places: Mapping[str, Place], file: str) -> Place:
    """The place of the list that a file comes from."""
    return next(places[name] for name, files in LISTS.items() if file in files)


def _note_of(name: str, place: Place, *, changed: bool) -> str:
    """What a person should know of one list."""
    kept = place.received - place.left_out
    if not place.granted:
        return f"The log-in may not read {name}; they stay as they are."
    if changed:
        return f"{name}: {kept:,} changed." if kept else ""
    if not place.sure:
        counted = f"counted {place.total:,} and " if place.total is not None else ""
        return (
            f"{name}: the server {counted}sent {place.received:,}, and it is not sure that these are all."
            " Nothing is removed for being missing from this list."
        )
    said = f" The server counted {place.total:,}." if place.total is not None else ""
    gone = f" {place.left_out:,} are marked as deleted." if place.left_out else ""
    return f"{name}: {kept:,}.{said}{gone}"


def _matters(file: str, mode: str) -> bool:
    """Whether a file without rows says something: that all of its rows are gone. Never of what is optional."""
    return mode == "bulk" and file not in {*OPTIONAL, "userProfiles"}


def _root_org(work: Unfinished) -> str:
    """The organization that owns a course of which REST does not say whose it is."""
    orgs = list(work.rows("orgs"))
    for fits in (_is_district, _is_at_the_top):
        found = [org["sourcedId"] for org in orgs if fits(org)]
        if len(found) == 1:
            return found[0]
    return ""


def _is_district(org: Mapping[str, str]) -> bool:
    return org.get("type", "").casefold() == "district"


def _is_at_the_top(org: Mapping[str, str]) -> bool:
    return not org.get("parentSourcedId")


def _iso(moment: datetime) -> str:
    at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
