"""What people do with connections: make, set, pause, give a password, ask for a sync."""

from datetime import datetime

from django.utils import timezone

from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.contract import Kind, Way
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.queries import last_applied_by_source
from firstbell.domain.roster.models import Record, Source
from firstbell.domain.roster.sources import SCOPE, add_source, change_settings, find_source, hold_source
from firstbell.domain.sources.models import Connection, Due, Sync
from firstbell.domain.sources.queries import find_connection, find_open_sync, kind_of, timetable_of
from firstbell.domain.sources.queueing import sync_later
from firstbell.domain.sources.sealed import digest_of, new_password, put_secrets
from firstbell.domain.sources.slots import Timetable

REHEARSAL = (
    "The first sync is a rehearsal: look at which schools were matched, who is new, who is here already and who is only"
    " here. Once it is approved and applied, the next ones go by themselves."
)
"""Why the runs of a source wait that has never been synced."""
PLAIN_TIMES, PLAIN_WEEKDAYS = ["02:05"], [0, 1, 2, 3, 4, 5, 6]


class NotSo(ValueError):
    """A connection cannot be as it is asked for; the text says why."""


def add_connection(district: District, name: str, kind: Kind, values: dict[str, str], *, by: Actor) -> Connection:
    """Make a source of this kind with its connection. Raises NotSo for a name that another source has."""
    with within(district):
        if find_source(district, name) is not None:
            raise NotSo(
                f"There is a source of the name {name} already. Open it, and let its roster come by itself there."
            )
        return connect(district, add_source(district, name, kind=kind.code, by=by), kind, values, by=by)


def connect(district: District, source: Source, kind: Kind, values: dict[str, str], *, by: Actor) -> Connection:
    """Let the roster of a source come by itself. The first sync of one that never brought anything is a rehearsal."""
    with within(district):
        if find_connection(district, source.pk) is not None:
            raise NotSo(f"{source.name} has a connection already. Change that one.")
        fetched = kind.way is Way.FETCHED
        connection = Connection(
            district_id=district.pk,
            source=source,
            times=PLAIN_TIMES if fetched else [],
            weekdays=PLAIN_WEEKDAYS if fetched else [],
        )
        _put(district, connection, kind, values)
        if Record.objects.filter(district_id=district.pk, source_id=source.pk).exists():
            connection.rehearsed_at = timezone.now()
            connection.last_good_at = last_applied_by_source(district).get(source.pk)
        connection.save()
        source.kind = kind.code
        source.save(update_fields=["kind"])
        _note(district, connection, "source.connected", by=by, kind=kind.code)
        if connection.rehearsed_at is None:
            hold_source(district, source, REHEARSAL, by=by)
        note_due(district, connection, timezone.now())
    return connection


def change_connection(district: District, connection: Connection, values: dict[str, str], *, by: Actor) -> None:
    """Set what is entered; a blank secret stays as it is. Where the address is another, its memory is void."""
    with within(district):
        # A sync may be writing down right now what it knows: the whole row is saved, so as it is and not as it was.
        connection.refresh_from_db(from_queryset=Connection.objects.select_for_update())
        before = dict(connection.settings)
        _put(district, connection, kind_of(connection.source), values)
        if connection.settings != before:
            connection.memory = ""
        connection.trouble, connection.remedy, connection.trouble_since = "", "", None
        connection.save()
        changed = sorted(name for name, value in connection.settings.items() if before.get(name) != value)
        secret = sorted(name for name in kind_of(connection.source).secrets if values.get(name))
        _note(district, connection, "source.connection_changed", by=by, changed=changed, secrets_changed=secret)


def set_timetable(
    district: District,
    connection: Connection,
    *,
    times: list[str],
    weekdays: list[int],
    pauses: list[dict[str, str]],
    by: Actor,
) -> None:
    """When it is fetched from. What was missed under the old one is not caught up."""
    with within(district):
        connection.times, connection.weekdays, connection.pauses = sorted(set(times)), sorted(set(weekdays)), pauses
        connection.save(update_fields=["times", "weekdays", "pauses"])
        note_due(district, connection, timezone.now())
        said = {"times": connection.times, "weekdays": connection.weekdays, "pauses": pauses}
        _note(district, connection, "source.timetable", by=by, **said)


def set_scope(
    district: District, source: Source, scope: dict[str, list[str]], *, by: Actor, shown: str | None = None
) -> None:
    """Which part of what it sends is taken, from its next files on. What it sends in changes only is asked for as a
    whole: a change says nothing of those who are outside now. Raises BadSettings, and ChangedSince (``shown``)."""
    with within(district):
        change_settings(district, source, {SCOPE: scope}, by=by, shown=shown)
        Connection.objects.filter(district_id=district.pk, source_id=source.pk).update(memory="", whole_at=None)


def pause_connection(district: District, connection: Connection, why: str, *, by: Actor) -> None:
    """Fetch and take nothing until somebody lets it go on (a blank ``why``)."""
    with within(district):
        connection.paused = why
        connection.save(update_fields=["paused"])
        note_due(district, connection, timezone.now())
        _note(district, connection, "source.paused" if why else "source.unpaused", by=by, why=why)


def renew_password(district: District, connection: Connection, *, by: Actor) -> str:
    """A new password or token for who brings files, told this once. The old one ends at once, open sessions with it."""
    password = new_password()
    with within(district):
        connection.password_digest, connection.password_at = digest_of(password), timezone.now()
        connection.save(update_fields=["password_digest", "password_at"])
        _note(district, connection, "source.password_renewed", by=by)
    return password


def revoke_password(district: District, connection: Connection, *, by: Actor) -> None:
    """Let nobody in by a password any more; sessions that it opened end."""
    with within(district):
        connection.password_digest, connection.password_at = "", timezone.now()
        connection.save(update_fields=["password_digest", "password_at"])
        _note(district, connection, "source.password_revoked", by=by)


def set_public_keys(district: District, connection: Connection, keys: str, *, by: Actor) -> None:
    """The keys that may sign in, one a line. Sessions of those that are gone end."""
    with within(district):
        connection.public_keys, connection.password_at = keys, timezone.now()
        connection.save(update_fields=["public_keys", "password_at"])
        _note(district, connection, "source.keys", by=by, count=len(keys.splitlines()))


def ask_for_sync(district: District, source: Source, *, by: Actor, whole: bool = False) -> Sync:
    """Have it fetched from as soon as a worker is free. Asking twice is asking once."""
    with within(district):
        if KINDS.get(source.kind) is None or kind_of(source).way is not Way.FETCHED:
            raise NotSo(f"{source.name} is not fetched from: its files are brought.")
        Source.objects.select_for_update().get(district_id=district.pk, pk=source.pk)
        open_one = find_open_sync(district, source.pk)
        if open_one is not None:
            return open_one
        sync = Sync.objects.create(
            district_id=district.pk, source=source, slot=timezone.now(), asked_by=by.name, whole=whole
        )
        record(district.pk, "source.sync_asked", by=by, subject_kind="source", subject_id=source.pk)
        sync_later(district, sync)
    return sync


def note_due(district: District, connection: Connection, moment: datetime) -> None:
    """Write down when the source is due next, after this moment; nothing where it never is, as in a practice space."""
    timetable: Timetable = timetable_of(district, connection)
    at = None if connection.paused or district.is_practice else timetable.next_after(moment)
    if at is None:
        Due.objects.filter(source_id=connection.source_id).delete()
        return
    said = {"district_id": district.pk, "at": at}
    Due.objects.update_or_create(source_id=connection.source_id, defaults=said)


def _put(district: District, connection: Connection, kind: Kind, values: dict[str, str]) -> None:
    connection.settings = {
        setting.name: values.get(setting.name, setting.default) for setting in kind.settings if not setting.is_secret
    }
    put_secrets(district, connection, {name: values.get(name, "") for name in kind.secrets})


def _note(district: District, connection: Connection, verb: str, *, by: Actor, **detail: object) -> None:
    record(district.pk, verb, by=by, subject_kind="source", subject_id=connection.source_id, detail=detail)
