"""Sources: list, one, and having one fetched from."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from firstbell.api.manage_v1.once import once
from firstbell.api.manage_v1.problems import ANSWERS
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.models import Source
from firstbell.domain.sources.actions import ask_for_sync
from firstbell.domain.sources.models import Connection, Sync
from firstbell.domain.sources.queries import find_connection, list_connections

router = Router(tags=["sources"])
SOURCES = "/districts/{slug:code}/sources"
SOURCE = f"{SOURCES}/{{int:source_id}}"


class ConnectionShape(Schema):
    """How the roster of a source comes; never with a secret."""

    times: list[str] = Field(description="When it is fetched, in the district's time zone.")
    weekdays: list[int] = Field(description="Monday is 0.")
    paused: str = Field(description="Why nothing is fetched; blank where it goes on.")
    trouble: str = Field(description="What is in the way; blank where nothing is.")
    remedy: str
    last_tried_at: datetime | None
    last_good_at: datetime | None = Field(description="When the roster was last known to be in step.")


class SourceShape(Schema):
    """Where a roster comes from."""

    id: int
    name: str
    kind: str
    rank: int = Field(description="Who inherits a row that another source lets go: 1 is first.")
    held: str = Field(description="Why each of its runs waits for a person; blank where it does not.")
    connection: ConnectionShape | None = Field(description="Null where it takes uploads only.")


class SourceList(Schema):
    """All sources, by rank."""

    sources: list[SourceShape]


class SyncShape(Schema):
    """One time that a source is fetched from."""

    id: int
    state: str = Field(description=f"One of: {', '.join(Sync.State.values)}.")
    run_id: int | None = Field(description="The run that came of it.")
    says: str


@router.get(SOURCES, response={200: SourceList, **ANSWERS}, operation_id="list_sources")
def get_sources(request: HttpRequest, code: str) -> SourceList:
    """List the sources, the first in rank first."""
    viewer, district = visit(request, code)
    ensure_may(viewer, Permission.MANAGE_SOURCES)
    with within(district):
        connected = {one.source_id: one for one in list_connections(district)}
        sources = Source.objects.filter(district_id=district.pk).order_by("rank")
        return SourceList(sources=[_shape(source, connected.get(source.pk)) for source in sources])


@router.get(SOURCE, response={200: SourceShape, **ANSWERS}, operation_id="get_source")
def get_source(request: HttpRequest, code: str, source_id: int) -> SourceShape:
    """Get a source: when it is fetched, what is in the way, and why its runs wait."""
    viewer, district = visit(request, code)
    with within(district):
        return _shape_of(district, access_source(viewer, district, source_id))


@router.post(f"{SOURCE}/sync", response={202: SyncShape, **ANSWERS}, operation_id="sync_source")
@once
def sync_source(request: HttpRequest, code: str, source_id: int) -> Status[SyncShape]:
    """Have a source fetched from as soon as a worker is free. Asking twice is asking once."""
    viewer, district = visit(request, code)
    with within(district):
        source = access_source(viewer, district, source_id)
        ensure_may(viewer, Permission.START_RUNS)
        sync = ask_for_sync(district, source, by=viewer.actor)
    return Status(202, SyncShape(id=sync.pk, state=sync.state, run_id=sync.run_id, says=sync.says))


def _shape_of(district: District, source: Source) -> SourceShape:
    return _shape(source, find_connection(district, source.pk))


def _shape(source: Source, connection: Connection | None) -> SourceShape:
    told = ConnectionShape.model_validate(connection, from_attributes=True) if connection else None
    return SourceShape(
        id=source.pk, name=source.name, kind=source.kind, rank=source.rank, held=source.held, connection=told
    )
