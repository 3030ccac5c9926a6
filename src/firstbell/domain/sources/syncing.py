"""One sync, from the fetch to the end of its run. Each step can be repeated: a worker may die anywhere."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.utils import timezone

from firstbell.connectors.contract import Completeness, Connector, Fetched, ForNow, Paused, Surroundings, Trouble
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.ending import tell_ended
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.passwords import use_passwords
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.imports.recovering import recover_runs
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.seasons import seasons_of
from firstbell.domain.sources.fetching import fetched_into
from firstbell.domain.sources.models import Connection, Sync
from firstbell.domain.sources.noticing import note_end_of_trouble, note_failed
from firstbell.domain.sources.queries import kind_of, timetable_of
from firstbell.domain.sources.queueing import sync_later
from firstbell.domain.sources.sealed import values_of

log = structlog.get_logger(__name__)

WAITS = (60, 300, 900, 3600)
"""Seconds until a transient trouble is tried again; after the last one it waits for the next time of the schedule."""
BUSY_SECONDS = 10
LONGEST_WAIT = 6 * 3600
WHOLE_EVERY_DAYS = 7
"""A delta misses what was removed where the other side does not tell: so often everything is fetched."""
TO_DO = frozenset({RunState.RECEIVED, RunState.FAILED, RunState.APPROVED})


def surroundings() -> Surroundings:
    """What this installation allows a connector."""
    return Surroundings(settings.FIRSTBELL_REACHABLE_HOSTS, settings.FIRSTBELL_MAX_UNPACKED_BYTES)


def carry_on(district: District, sync_id: int) -> Sync:
    """Take a sync to its end, or as far as it goes now. Whoever was stopped in the middle is carried on from there."""
    with within(district):
        sync = Sync.objects.select_related("source").get(pk=sync_id, district_id=district.pk)
        connection = Connection.objects.select_related("source").get(source_id=sync.source_id, district_id=district.pk)
    if sync.is_open:
        try:
            _begin(district, connection, sync)
        except Exception:
            _close(
                district, sync, Sync.State.TROUBLE, "A fault of Firstbell stopped the fetch. The roster is as it was."
            )
            raise
    if sync.run_id is not None and not _finish_run(district, sync.run_id):
        with within(district):
            sync_later(district, sync, seconds=BUSY_SECONDS)
    return sync


def _begin(district: District, connection: Connection, sync: Sync) -> None:
    """Fetch, and begin the run that comes of it in the transaction that closes the sync."""
    if connection.paused:
        _close(district, sync, Sync.State.DROPPED, f"Paused: {connection.paused}")
        return
    connector = kind_of(connection.source).connector
    if connector is None:
        _close(district, sync, Sync.State.DROPPED, "Files of this source are brought.")
        return
    with fetched_into(district, sync) as folder:
        try:
            fetched = _fetch(district, connection, connector, sync, folder)
        except Paused as pause:
            _close(district, sync, Sync.State.PAUSED, str(pause))
        except Trouble as trouble:
            _in_trouble(district, connection, sync, trouble)
        else:
            _receive(district, connection, sync, fetched, folder)


def _fetch(district: District, connection: Connection, connector: Connector, sync: Sync, into: Path) -> Fetched:
    whole = sync.whole or _wants_whole(district, connection, sync)
    values = values_of(district, connection, kind_of(connection.source))
    memory = "" if whole else connection.memory
    return connector.fetch(values, into, surroundings(), memory=memory, whole=whole, told=lambda what, count: None)


def _wants_whole(district: District, connection: Connection, sync: Sync) -> bool:
    if connection.whole_at is None:
        return True
    if (sync.slot - connection.whole_at).days >= WHOLE_EVERY_DAYS:
        return True
    if timetable_of(district, connection).returns_from_pause(connection.last_good_at, sync.slot):
        return True
    return _season_ended(district, connection, sync.slot)


def _season_ended(district: District, connection: Connection, moment: datetime) -> bool:
    """Whether days without removals ended since the last time: a delta does not tell again who left meanwhile."""
    if connection.last_good_at is None:
        return False
    zone = ZoneInfo(district.time_zone)
    then, now = connection.last_good_at.astimezone(zone).date(), moment.astimezone(zone).date()
    return any(one.additions_only and then <= one.last < now for one in seasons_of(connection.source))


def _receive(district: District, connection: Connection, sync: Sync, fetched: Fetched, folder: Path) -> None:
    says = " ".join(fetched.notes)
    if fetched.completeness is Completeness.NOTHING_NEW:
        with within(district):
            _good(district, connection)
            _close(district, sync, Sync.State.NOTHING_NEW, says)
        return
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    whole_package = files[0] if len(files) == 1 else folder
    who = Actor(SYSTEM.kind, SYSTEM.id, sync.asked_by) if sync.asked_by else SYSTEM
    with within(district):
        run = receive_path(district, connection.source, whole_package, by=who, dry_run=sync.staged)
        run.package_name, run.staged = _name(run, fetched), sync.staged
        run.save(update_fields=["package_name", "staged"])
        sync.run_id, sync.memory, sync.completeness = run.pk, fetched.memory, fetched.completeness.value
        _close(district, sync, Sync.State.RUN, says)


def _name(run: Run, fetched: Fetched) -> str:
    """What people see as the package; the ending tells how it is opened."""
    return f"{fetched.name}{Path(run.package_name).suffix or '.zip'}"[:255] if fetched.name else run.package_name


def _in_trouble(district: District, connection: Connection, sync: Sync, trouble: Trouble) -> None:
    """Try again by itself what may pass; leave to a person what will not."""
    sync.tries += 1
    log.warning("sync.trouble", district_id=district.pk, source_id=sync.source_id, step=trouble.about.value)
    with within(district):
        connection.last_tried_at = timezone.now()
        connection.trouble, connection.remedy = str(trouble), trouble.remedy
        connection.trouble_since = connection.trouble_since or timezone.now()
        connection.save(
            update_fields=["last_tried_at", "trouble", "remedy", "trouble_since"],
        )
        if isinstance(trouble, ForNow) and sync.tries <= len(WAITS):
            sync.says = str(trouble)
            sync.save(update_fields=["tries", "says"])
            wait = min(max(int(trouble.wait), WAITS[sync.tries - 1]), LONGEST_WAIT)
            sync_later(district, sync, seconds=wait)
        else:
            _close(district, sync, Sync.State.TROUBLE, str(trouble))
            key = f"{sync.source_id}/{connection.trouble_since.isoformat()}"
            note_failed(district, connection.source, key, f"{trouble} {trouble.remedy}".strip())


def _good(district: District, connection: Connection) -> None:
    connection.last_tried_at = connection.last_good_at = timezone.now()
    note_end_of_trouble(district, connection)
    connection.save(update_fields=["last_tried_at", "last_good_at", "trouble", "remedy", "trouble_since"])


def _close(district: District, sync: Sync, state: Sync.State, says: str) -> None:
    with within(district):
        sync.state, sync.says, sync.finished_at = state, says, timezone.now()
        sync.save()


def _finish_run(district: District, run_id: int) -> bool:
    """Carry the run out; False where somebody has it (or PostgreSQL has not noticed yet that they are gone)."""
    recover_runs(district)
    with within(district):
        run = Run.objects.select_related("source").get(pk=run_id, district_id=district.pk)
    if run.state == RunState.WORKING:
        return False
    if run.state in TO_DO:
        try:
            carry_out(district, run)
        except NotNow:
            return False
    else:
        tell_ended(district, run)
    if run.state == RunState.APPLIED:
        use_passwords(district, run)
    return True
