"""Leaving files of what a program sees on an SFTP server: where and when, and doing it when it is due."""

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from firstbell.connectors.contract import ForGood, Trouble
from firstbell.connectors.reach import Reach
from firstbell.connectors.sftp_pull.leaving import SETTINGS, leave_file
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_words import open_words, put_words
from firstbell.domain.districts.wall import within
from firstbell.domain.sharing.access import NotGranted
from firstbell.domain.sharing.exporting import DELTAS, Exported, export_roster
from firstbell.domain.sharing.models import ApiClient, Outlet, OutletDue
from firstbell.domain.sources.models import NoticeKind
from firstbell.domain.sources.noticing import note
from firstbell.domain.sources.slots import Timetable, pauses_of

LEAVE = "sharing.leave"
QUEUE = "exports"
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 60))
"""Where it may work later by itself; after the last of them people are told."""
LEASE = dt.timedelta(hours=6)
NAME = "roster"


class NoDelta(Exception):
    """The format has no way of saying what has changed."""


@dataclass(frozen=True, slots=True)
class When:
    """A timetable as it is entered."""

    times: list[str]
    weekdays: list[int]
    pauses: list[dict[str, str]]


def find_outlet(client: ApiClient) -> Outlet | None:
    """Where files for the program are left."""
    with within(client.district):
        return Outlet.objects.filter(district_id=client.district_id, client=client).first()


def set_outlet(
    client: ApiClient, target: str, values: Mapping[str, str], when: When, *, delta: bool, by: Actor
) -> Outlet:
    """Leave files there and then; a blank secret stays as it is. The next time all of the roster is left.

    Raises NoDelta, and KeyError for a format that there is not.
    """
    if delta and target not in DELTAS:
        raise NoDelta(target)
    district = client.district
    with within(district):
        outlet = Outlet.objects.filter(district_id=district.pk, client=client).first()
        outlet = outlet or Outlet(district_id=district.pk, client=client)
        outlet.target, outlet.delta, outlet.stamp = target, delta, -1
        outlet.times, outlet.weekdays = sorted(set(when.times)), sorted(set(when.weekdays))
        outlet.pauses = when.pauses
        outlet.settings = {one.name: values.get(one.name, one.default) for one in SETTINGS if not one.is_secret}
        secret = {one.name: values.get(one.name, "") for one in SETTINGS if one.is_secret}
        outlet.secrets = put_words(district, bytes(outlet.secrets), secret, name=_name(client))
        outlet.trouble, outlet.remedy, outlet.trouble_since, outlet.tries = "", "", None, 0
        outlet.save()
        _note_due(district, outlet, timezone.now())
        detail = {"format": target, "delta": delta, "times": outlet.times, "host": outlet.settings.get("host", "")}
        record(district.pk, "client.outlet", by=by, subject_kind="client", subject_id=client.pk, detail=detail)
    return outlet


def end_outlet(client: ApiClient, *, by: Actor) -> None:
    """Leave nothing any more, and forget the log-in. Twice is once."""
    district = client.district
    with within(district):
        outlet = Outlet.objects.filter(district_id=district.pk, client=client).first()
        if outlet is None:
            return
        OutletDue.objects.filter(outlet_id=outlet.pk).delete()
        outlet.delete()
        record(district.pk, "client.outlet_ended", by=by, subject_kind="client", subject_id=client.pk)


def leave_soon(client: ApiClient, *, by: Actor) -> bool:
    """Have a worker leave the files now. False where there is nowhere to leave them."""
    district = client.district
    with within(district):
        outlet = Outlet.objects.filter(district_id=district.pk, client=client).first()
        if outlet is None:
            return False
        _defer(district, outlet.pk)
        record(district.pk, "client.outlet_asked", by=by, subject_kind="client", subject_id=client.pk)
    return True


def begin_due_outlets(moment: dt.datetime) -> int:
    """Have a worker leave the files of every outlet that is due, and tell how many. Two who look see each one once."""
    begun = 0
    while True:
        with transaction.atomic():
            due = OutletDue.objects.select_for_update(skip_locked=True).filter(at__lte=moment).order_by("at").first()
            if due is None:
                return begun
            district = District.objects.filter(pk=due.district_id).first()
            if district is None:
                due.delete()
                continue
            OutletDue.objects.filter(pk=due.pk).update(at=moment + LEASE)
            _defer(district, due.outlet_id)
        begun += 1


def leave(district: District, outlet_id: int, *, clock: Callable[[], dt.datetime] = timezone.now) -> None:
    """Leave the files of an outlet, and write down how it went and when it is due next."""
    with within(district):
        found = Outlet.objects.select_related("client__district").filter(district_id=district.pk, pk=outlet_id).first()
    if found is None or found.client.revoked_at is not None:
        OutletDue.objects.filter(outlet_id=outlet_id).delete()
        return
    try:
        exported = _leave(district, found)
    except (Trouble, NotGranted) as trouble:
        _failed(district, found, trouble, clock())
    else:
        _done(district, found, exported, clock())


def _leave(district: District, outlet: Outlet) -> Exported | None:
    """None where nothing has changed since the last time."""
    district.refresh_from_db(fields=["last_stamp"])
    since = outlet.stamp if outlet.delta and outlet.stamp >= 0 else None
    if since is not None and since == district.last_stamp:
        return None
    values = outlet.settings | open_words(district, bytes(outlet.secrets), name=_name(outlet.client))
    with tempfile.TemporaryDirectory(prefix="firstbell-") as folder:
        package = Path(folder, "roster.zip")
        exported = export_roster(outlet.client, outlet.target, package, by=SYSTEM, since=since)
        name = f"{NAME}-delta-{exported.stamp:012}.zip" if exported.is_delta else f"{NAME}.zip"
        leave_file(values, package, name, Reach(settings.FIRSTBELL_REACHABLE_HOSTS))
    return exported


def _done(district: District, outlet: Outlet, exported: Exported | None, now: dt.datetime) -> None:
    with within(district):
        if outlet.trouble_since is not None:
            body = f"Files for {outlet.client.name} are left again."
            key = f"outlet-{outlet.pk}/{outlet.trouble_since.isoformat()}"
            subject = f"Files for {outlet.client.name} are left again"
            note(district, NoticeKind.RECOVERED, key, subject, body, path=_path(outlet))
        changed: dict[str, object] = {"tried_at": now, "good_at": now, "tries": 0}
        changed |= {"trouble": "", "remedy": "", "trouble_since": None}
        if exported is None:
            changed["says"] = "Nothing had changed, so nothing was left."
        else:
            what = "What had changed" if exported.is_delta else "All of it"
            changed |= {"says": f"{what}: {exported.people:,} people.", "stamp": exported.stamp}
        Outlet.objects.filter(district_id=district.pk, pk=outlet.pk).update(**changed)
        _note_due(district, outlet, now)


def _failed(district: District, outlet: Outlet, fault: Trouble | NotGranted, now: dt.datetime) -> None:
    remedy = fault.remedy if isinstance(fault, Trouble) else "Look at the days of its grant."
    is_final = isinstance(fault, (ForGood, NotGranted)) or outlet.tries >= len(WAITS)
    since = outlet.trouble_since or now
    with within(district):
        Outlet.objects.filter(district_id=district.pk, pk=outlet.pk).update(
            tried_at=now,
            tries=0 if is_final else outlet.tries + 1,
            trouble=str(fault),
            remedy=remedy,
            trouble_since=since if is_final else outlet.trouble_since,
        )
        if not is_final:
            said = {"district_id": district.pk, "at": now + WAITS[outlet.tries]}
            OutletDue.objects.update_or_create(outlet_id=outlet.pk, defaults=said)
            return
        body = f"{fault} {remedy}\n\nWhat was left before lies there still. It is tried again by the timetable."
        key = f"outlet-{outlet.pk}/{since.isoformat()}"
        subject = f"Files for {outlet.client.name} could not be left"
        note(district, NoticeKind.OUTLET, key, subject, body, path=_path(outlet))
        _note_due(district, outlet, now)


def _note_due(district: District, outlet: Outlet, moment: dt.datetime) -> None:
    """Write down when it is due next; nothing where it never is, as in a practice space."""
    times = tuple(time.fromisoformat(text) for text in outlet.times)
    zone = ZoneInfo(district.time_zone)
    timetable = Timetable(zone, times, frozenset(outlet.weekdays), pauses_of(outlet.pauses))
    at = None if district.is_practice else timetable.next_after(moment)
    if at is None:
        OutletDue.objects.filter(outlet_id=outlet.pk).delete()
    else:
        OutletDue.objects.update_or_create(outlet_id=outlet.pk, defaults={"district_id": district.pk, "at": at})


def _defer(district: District, outlet_id: int) -> None:
    task = app.configure_task(LEAVE, queue=QUEUE, lock=f"outlet-{outlet_id}")
    task.defer(district_id=district.pk, outlet_id=outlet_id)


def _name(client: ApiClient) -> str:
    return f"sharing/{client.pk}/outlet"


def _path(outlet: Outlet) -> str:
    return f"programs/{outlet.client_id}/files/by-timetable/"
