"""Reading connections and syncs."""

from datetime import time
from zoneinfo import ZoneInfo

from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.contract import Kind
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Source
from firstbell.domain.sources.models import Connection, Sync
from firstbell.domain.sources.slots import Timetable, pauses_of

UNKNOWN = KINDS["upload"]
"""What a source counts as whose kind this version no longer knows: it takes uploads."""


def kind_of(source: Source) -> Kind:
    """The kind of a source."""
    return KINDS.get(source.kind, UNKNOWN)


def find_connection(district: District, source_id: int) -> Connection | None:
    """The connection of a source, with its source; None for one that takes uploads only."""
    with within(district):
        connections = Connection.objects.select_related("source").filter(district_id=district.pk)
        return connections.filter(source_id=source_id).first()


def list_connections(district: District) -> list[Connection]:
    """All connections, with their sources, by rank."""
    with within(district):
        connections = Connection.objects.select_related("source").filter(district_id=district.pk)
        return list(connections.order_by("source__rank"))


def timetable_of(district: District, connection: Connection) -> Timetable:
    """When the source is fetched from."""
    times = tuple(time.fromisoformat(text) for text in connection.times)
    weekdays = frozenset(connection.weekdays)
    return Timetable(ZoneInfo(district.time_zone), times, weekdays, pauses_of(connection.pauses))


def list_syncs(district: District, source_id: int, *, limit: int = 10) -> list[Sync]:
    """The newest syncs of a source."""
    with within(district):
        syncs = Sync.objects.filter(district_id=district.pk, source_id=source_id)
        return list(syncs.order_by("-slot", "-id")[:limit])


def find_open_sync(district: District, source_id: int) -> Sync | None:
    """The sync that waits or is at work."""
    with within(district):
        waiting = Sync.objects.filter(district_id=district.pk, source_id=source_id, state=Sync.State.WAITING)
        return waiting.order_by("slot").first()
