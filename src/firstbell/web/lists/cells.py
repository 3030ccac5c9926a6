"""Faulty cells as inputs: what a list or a case has of them, and what somebody wrote there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.imports.access import hidden_from
from firstbell.domain.imports.lists import access_list, change_cells
from firstbell.domain.imports.mending import BadCells, Cell
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries.faulty import FaultyRecord, count_faulty, page_faulty
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.states import NotNow
from firstbell.web.components.shapes import Crumb, PageLinks
from firstbell.web.frame import show
from firstbell.web.listing import address, id_in
from firstbell.web.visit import Visit, inside

PAGE = 25
MOST_CELLS = 150
"""Of one record; more would be more fields than a form may send."""
FEW = 5
"""So many records are shown with all their cells; of more, those that are wrong come first."""
_CELL = "cell"
_BEYOND = 2**31
"""No file has so many records or columns."""


@dataclass(frozen=True, slots=True)
class CellInput:
    """One cell as an input. ``notes``: what is wrong with it; blank where it is fine."""

    name: str
    label: str
    value: str
    notes: str
    is_secret: bool


@dataclass(frozen=True, slots=True)
class RecordInputs:
    """One record: its cells that are wrong, and its others."""

    record: FaultyRecord
    wrong: list[CellInput]
    others: list[CellInput]


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def mend_list(visit: Visit, run_id: int) -> HttpResponseBase:
    """Put cells of a list right, and look at it again."""
    run = access_list(visit.viewer, visit.district, run_id, visit.scope)
    if run.state != RunState.HELD:
        return redirect(visit.url("list", run.pk))
    crumbs = [Crumb("Lists", visit.url("lists")), Crumb("Verify", visit.url("list", run.pk)), Crumb("Put cells right")]
    if visit.request.method != "POST":
        return cells_page(visit, run, crumbs, room="lists")
    cells = cells_in(visit.request.POST)
    try:
        hidden = hidden_from(visit.viewer, run, visit.scope)
        again = change_cells(visit.district, run, cells, hidden=hidden, by=visit.viewer.actor)
    except BadCells as problem:
        return cells_page(visit, run, crumbs, room="lists", written=cells, problem=str(problem))
    except NotNow as late:
        messages.warning(visit.request, str(late))
        return redirect(visit.url("lists"))
    later(CARRY_OUT, visit.district, again)
    messages.success(visit.request, "The cells are changed, and the list is looked at again.")
    return redirect(visit.url("list", again.pk))


def cells_page(
    visit: Visit, run: Run, crumbs: Sequence[Crumb], *, room: str, written: Sequence[Cell] = (), problem: str = ""
) -> HttpResponse:
    """The records with something wrong, a page of them. ``written``: what somebody wrote that would not do."""
    offset = id_in(visit.request.GET.get("from", "")) or 0
    page = page_faulty(
        visit.district, run, hidden=hidden_from(visit.viewer, run, visit.scope), offset=offset, limit=PAGE
    )
    said = {(cell.file, cell.record, cell.place): cell.value for cell in written}
    path = visit.request.path
    before = address(path, {"from": max(0, offset - PAGE)}) if offset else ""
    after = address(path, {"from": offset + PAGE}) if offset + PAGE < page.total else ""
    shown = f"{offset + 1:,} to {offset + len(page.records):,} of {page.total:,}" if page.records else ""
    context = {
        "run": run,
        "crumbs": crumbs,
        "records": [_inputs(record, said) for record in page.records],
        "total": page.total,
        "are_few": len(page.records) <= FEW,
        "problem": problem,
        "links": PageLinks(before, after, shown, newer_label="Previous", older_label="Next"),
        "more": bool(before or after),
    }
    return show(visit, "lists/cells.html", context, room=room, status=422 if problem else 200)


def cells_in(posted: QueryDict) -> list[Cell]:
    """The cells of a form that was sent. What is none of ours is left out."""
    cells = []
    for name, value in posted.items():
        kind, *place = name.split(":", 3)
        if kind != _CELL or len(place) != 3:
            continue
        record, column = (id_in(number) for number in place[:2])
        if record is not None and column is not None:
            cells.append(Cell(place[2], min(record, _BEYOND), min(column, _BEYOND), str(value)))
    return cells


def can_mend(visit: Visit, run: Run) -> int:
    """How many records of a waiting run's files the viewer could put right; none where they only look."""
    if run.state != RunState.HELD or visit.viewer.is_read_only:
        return 0
    return count_faulty(visit.district, run, hidden=hidden_from(visit.viewer, run, visit.scope))


def _inputs(record: FaultyRecord, said: dict[tuple[str, int, int], str]) -> RecordInputs:
    cells = [
        CellInput(
            f"{_CELL}:{record.record}:{cell.place}:{record.file}",
            cell.column or f"Cell {cell.place + 1}, beyond the header",
            said.get((record.file, record.record, cell.place), cell.value),
            cell.notes,
            cell.is_secret,
        )
        for cell in record.cells[:MOST_CELLS]
    ]
    wrong = [cell for cell in cells if cell.notes]
    return RecordInputs(record, wrong, [cell for cell in cells if not cell.notes])
