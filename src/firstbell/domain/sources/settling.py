"""What the end of a run means for its source: in step, rehearsed, or something is in the way."""

from django.utils import timezone

from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import hold_source
from firstbell.domain.sources.actions import REHEARSAL
from firstbell.domain.sources.models import Connection, Sync
from firstbell.domain.sources.noticing import note_end_of_trouble, note_failed, note_first_done, note_held
from firstbell.domain.sources.queries import find_connection
from firstbell.domain.sources.school_letters import note_findings


def settle(district: District, run: Run) -> None:
    """Called when a run ends or waits; twice for the same end changes nothing more."""
    if run.dry_run or run.kind != "import":
        return
    connection = find_connection(district, run.source_id)
    if connection is None:
        return
    with within(district):
        # The source before its connection, as whoever sets its scope: two who wait for each other would end in a fault.
        Source.objects.select_for_update().get(district_id=district.pk, pk=run.source_id)
        connection = Connection.objects.select_for_update(of=("self",)).select_related("source").get(pk=connection.pk)
        connection.last_tried_at = timezone.now()
        if run.state == RunState.APPLIED:
            _applied(district, connection, run)
        elif run.state == RunState.HELD:
            note_held(district, connection.source, run)
        elif run.state in {RunState.REFUSED, RunState.FAILED}:
            connection.trouble = f"Run {run.pk} was {run.state}: {run.message}"
            connection.remedy = "Open the run to see what to do."
            connection.trouble_since = connection.trouble_since or timezone.now()
            note_failed(district, connection.source, f"run-{run.pk}", connection.trouble, run=run)
        connection.save()


def _applied(district: District, connection: Connection, run: Run) -> None:
    at = run.finished_at or timezone.now()
    newest = connection.last_good_at is None or at >= connection.last_good_at
    if newest:
        connection.last_good_at = at
    note_end_of_trouble(district, connection)
    note_findings(district, connection.source, run)
    sync = Sync.objects.filter(district_id=district.pk, run_id=run.pk).first()
    if sync is not None and newest:
        connection.memory = sync.memory
        if sync.completeness == "whole":
            connection.whole_at = at
    if connection.rehearsed_at is None:
        connection.rehearsed_at = at
        note_first_done(district, connection.source, run)
        if connection.source.held == REHEARSAL:
            hold_source(district, connection.source, "", by=SYSTEM)
