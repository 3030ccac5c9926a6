"""Runs: list, one, start, approve (all or a part), discard, undo.

A worker does what takes long; ask for the run again to see.
"""

from typing import Annotated, BinaryIO, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from firstbell.api.manage_v1.etags import ensure_as_seen
from firstbell.api.manage_v1.once import once
from firstbell.api.manage_v1.problems import ANSWERS, NoSourceName, Problem
from firstbell.api.manage_v1.shapes import Approval, RunPage, RunShape, shape_of
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.access import access_run, access_runs, hidden_from
from firstbell.domain.imports.actions import apply_others, apply_safe_part, approve_run, discard_run
from firstbell.domain.imports.queries import findings_as_text, list_known
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.receiving import receive
from firstbell.domain.imports.undoing import undo_run
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import add_source, find_source

router = Router(tags=["runs"])

RUNS = "/districts/{slug:code}/runs"
RUN = f"{RUNS}/{{int:run_id}}"
LONGEST_NAME = 100
REPORTS = {".json": "application/json", ".csv": "text/csv"}
DECIDED = {**ANSWERS, 412: Problem}
"""Of what is decided about a run: 412 where it is not as `If-Match` says any more."""


@router.get(RUNS, response={200: RunPage, **ANSWERS}, operation_id="list_runs", url_name="runs")
def list_runs(
    request: HttpRequest,
    code: str,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> RunPage:
    """List runs, the newest first. `before` is the id of the last run of the page before."""
    viewer, district = visit(request, code)
    runs = access_runs(viewer, district, limit=limit + 1, before=before)
    address = reverse("manage-v1:runs", args=[code])
    more = f"{address}?limit={limit}&before={runs[limit - 1].pk}" if len(runs) > limit else None
    return RunPage(runs=[shape_of(run) for run in runs[:limit]], next=more)


@router.post(RUNS, response={202: RunShape, 413: Problem, **ANSWERS}, operation_id="start_run")
@once
def start_run(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    package: Annotated[UploadedFile, File(description="A zip, or one CSV file.")],
    source: Annotated[str, Form(description="The source's name; a new name makes a new source.")],
    dry_run: Annotated[bool, Form(description="Only tell what would happen.")] = False,  # noqa: FBT002
) -> Status[RunShape]:
    """Start a run with a package. It is received, and a worker carries it out."""
    viewer, district = visit(request, code)
    ensure_may(viewer, Permission.START_RUNS)
    stream = cast("BinaryIO", package.file)
    with within(district):
        run = receive(
            district,
            _source(viewer, district, source.strip()),
            stream,
            name=package.name or "package.zip",
            by=viewer.actor,
            dry_run=dry_run,
        )
        later(CARRY_OUT, district, run)
    response["Location"] = reverse("manage-v1:run", args=[code, run.pk])
    return Status(202, shape_of(run))


@router.get(RUN, response={200: RunShape, **ANSWERS}, operation_id="get_run", url_name="run")
def get_run(request: HttpRequest, code: str, run_id: int) -> RunShape:
    """Get one run: its state, findings and changes by number, and why it is held."""
    viewer, district = visit(request, code)
    return shape_of(access_run(viewer, district, run_id))


@router.get(f"{RUN}/findings{{str:ending}}", response={200: None, **ANSWERS}, operation_id="get_findings")
def get_findings(request: HttpRequest, code: str, run_id: int, ending: Literal[".json", ".csv"]) -> HttpResponse:
    """Get all findings of a run as a report: `.json`, or `.csv` with one line a finding.

    What somebody acknowledged stands in it too, and says by whom, until when and why.
    """
    viewer, district = visit(request, code)
    run = access_run(viewer, district, run_id)
    known = list_known(district, run, today=today_of(district))
    text = findings_as_text(district, run, ending=ending, hidden=hidden_from(viewer, run), known=known)
    return HttpResponse(text, content_type=f"{REPORTS[ending]}; charset=utf-8")


@router.post(f"{RUN}/approve", response={202: RunShape, **DECIDED}, operation_id="approve_run")
@once
def approve(request: HttpRequest, code: str, run_id: int, approval: Approval) -> Status[RunShape]:
    """Approve a held run in your name. A worker applies it, unless more has come to be decided since."""
    viewer, district = visit(request, code)
    run = access_run(viewer, district, run_id)
    ensure_may(viewer, Permission.DECIDE_RUNS)
    ensure_as_seen(request, shape_of(run))
    with within(district):
        approve_run(district, run, by=viewer.actor, rekey=approval.rekey)
        later(CARRY_OUT, district, run)
    return Status(202, shape_of(run))


@router.post(f"{RUN}/safe-part", response={202: RunShape, **DECIDED}, operation_id="apply_safe_part")
@once
def let_safe_part_go(request: HttpRequest, code: str, run_id: int) -> Status[RunShape]:
    """Let go what no reason to wait is about (`safe_part`). A worker applies it; the run is held again for the rest."""
    viewer, district = visit(request, code)
    run = access_run(viewer, district, run_id)
    ensure_may(viewer, Permission.DECIDE_RUNS)
    ensure_as_seen(request, shape_of(run))
    with within(district):
        apply_safe_part(district, run, by=viewer.actor)
        later(CARRY_OUT, district, run)
    return Status(202, shape_of(run))


@router.post(f"{RUN}/other-schools", response={202: RunShape, **DECIDED}, operation_id="apply_other_schools")
@once
def let_other_schools_go(request: HttpRequest, code: str, run_id: int) -> Status[RunShape]:
    """Let all schools go but those that look wrong (`other_schools`). A worker applies it; these wait on."""
    viewer, district = visit(request, code)
    run = access_run(viewer, district, run_id)
    ensure_may(viewer, Permission.DECIDE_RUNS)
    ensure_as_seen(request, shape_of(run))
    with within(district):
        apply_others(district, run, by=viewer.actor)
        later(CARRY_OUT, district, run)
    return Status(202, shape_of(run))


@router.post(f"{RUN}/discard", response={200: RunShape, **DECIDED}, operation_id="discard_run")
@once
def discard(request: HttpRequest, code: str, run_id: int) -> RunShape:
    """Discard a run that is held, waits or failed. What its safe part applied stays."""
    viewer, district = visit(request, code)
    run = access_run(viewer, district, run_id)
    ensure_may(viewer, Permission.DECIDE_RUNS)
    ensure_as_seen(request, shape_of(run))
    discard_run(district, run, by=viewer.actor)
    return shape_of(run)


@router.post(f"{RUN}/undo", response={201: RunShape, **DECIDED}, operation_id="undo_run")
@once
def undo(request: HttpRequest, response: HttpResponse, code: str, run_id: int) -> Status[RunShape]:
    """Undo an applied run, by a run of its own which is the answer. Its source is held from then on."""
    viewer, district = visit(request, code)
    run = access_run(viewer, district, run_id)
    ensure_may(viewer, Permission.DECIDE_RUNS)
    ensure_as_seen(request, shape_of(run))
    undoing = undo_run(district, run, by=viewer.actor)
    response["Location"] = reverse("manage-v1:run", args=[code, undoing.pk])
    return Status(201, shape_of(undoing))


def _source(viewer: Viewer, district: District, name: str) -> Source:
    """The source of this name, made where it is new and the viewer may. Raises NoSourceName and NotAllowed."""
    if not name or len(name) > LONGEST_NAME:
        raise NoSourceName(f"A source's name has 1 to {LONGEST_NAME} characters.")
    found = find_source(district, name)
    if found is not None:
        return found
    ensure_may(viewer, Permission.MANAGE_SOURCES)
    return add_source(district, name, by=viewer.actor)
