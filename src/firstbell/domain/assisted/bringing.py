"""The district's files come in: into the source of its cases, through the same path as any run, and wait there."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.assisted.models import Case, CaseState, Upload
from firstbell.domain.assisted.states import NotNow, ensure_at, locked, move
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.folder import RECEIVED, RunFolder
from firstbell.domain.imports.lists import knows_columns
from firstbell.domain.imports.mending import Cell, mend_files, note_mended
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run
from firstbell.domain.imports.queries.found import NOTHING_HIDDEN, Hidden
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.receiving import receive_again, receive_files
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import OF_CASES, add_source, change_settings, hold_source, with_corrections
from firstbell.engine.corrections.kinds import RenameColumn, ReplaceValues

NAME = "One-Time Assisted"
WAITS = "Technical Services looks at the files of a case before anything changes."
TAKES_FILES = frozenset(
    {
        CaseState.TEMPLATES,
        CaseState.RECEIVED,
        CaseState.CHECKED,
        CaseState.PLANNED,
        CaseState.RETURNED,
        CaseState.IMPORTED,
    }
)
"""Where the district may bring files, also better ones."""


def source_of_cases(district: District, *, by: Actor) -> Source:
    """The source that the files of all cases come from: mappings and corrections are kept there for the next one.

    It owns nothing, so what it brings is edited in the product afterwards, and it always waits.
    """
    with within(district):
        source = Source.objects.filter(district_id=district.pk, kind=OF_CASES).order_by("id").first()
        if source is None:
            name = NAME
            while Source.objects.filter(district_id=district.pk, name=name).exists():
                name = f"{name} (2)"
            source = add_source(district, name, kind=OF_CASES, settings={"owns": False}, by=by)
        if not source.held:
            hold_source(district, source, WAITS, by=by)
    return source


def bring_files(
    district: District, case: Case, files: Sequence[tuple[str, BinaryIO]], *, now: datetime, by: Viewer
) -> Run:
    """Take the district's files, in the place of those before. Raises NotNow."""
    with locked(district, case) as current:
        ensure_at(current, *TAKES_FILES)
        run = receive_files(district, source_of_cases(district, by=by.actor), files, by=by.actor)
        _take(district, current, run, now=now, by=by.actor)
    return run


def look_again(district: District, case: Case, *, now: datetime, by: Actor, why: str = "") -> Run:
    """Read the same files anew, as what was put right for the district reads them now. Raises NotNow."""
    with locked(district, case) as current:
        ensure_at(current, *(TAKES_FILES - {CaseState.TEMPLATES, CaseState.IMPORTED}))
        before = find_run(district, current.run_id or 0)
        if before is None or not RunFolder(district, before.pk).has(RECEIVED):
            raise NotNow("The files are not there any more. Bring them again.")
        with RunFolder(district, before.pk).open(RECEIVED) as content:
            body = io.BytesIO(content.read())
        source_of_cases(district, by=by)  # holds it again where somebody let it go
        again = receive_again(district, before, body, name=before.package_name, by=by)
        _take(district, current, again, now=now, by=by, why=why)
    return again


def change_cells(
    district: District,
    case: Case,
    run: Run,
    cells: Sequence[Cell],
    *,
    now: datetime,
    hidden: Hidden = NOTHING_HIDDEN,
    by: Actor,
) -> Run:
    """Take the files of this run with some cells put right, in their place. Raises BadCells and NotNow."""
    with locked(district, case) as current:
        ensure_at(current, *(TAKES_FILES - {CaseState.TEMPLATES, CaseState.IMPORTED}))
        before = find_run(district, current.run_id or 0)
        if before is None or before.pk != run.pk or before.state != RunState.HELD:
            raise NotNow("These files are not the ones that count any more. Look at the case again.")
        mended = mend_files(district, before, cells, hidden=hidden)
        source_of_cases(district, by=by)
        again = receive_again(district, before, mended.body, name=mended.name, by=by)
        note_mended(district, again, mended, by=by)
        changed = mended.cells.height
        _take(district, current, again, now=now, by=by, why=f"{changed:,} cell{'s' * (changed > 1)} put right here")
    return again


def put_right(
    district: District, case: Case, corrections: Sequence[RenameColumn | ReplaceValues], *, by: Actor
) -> None:
    """Remember how the district means a column or a value, for these files and all that come later."""
    with within(district):
        change_settings(district, source_of_cases(district, by=by), with_corrections(corrections), by=by)


def _take(district: District, case: Case, run: Run, *, now: datetime, by: Actor, why: str = "") -> None:
    """Make a run the one that counts; one before it that waits comes to nothing."""
    before = find_run(district, case.run_id) if case.run_id else None
    if before is not None and before.state in {RunState.HELD, RunState.RECEIVED, RunState.FAILED}:
        discard_run(district, before, by=by, on_case=True)
    version = Upload.objects.filter(district_id=district.pk, case_id=case.pk).count() + 1
    Upload.objects.create(
        district_id=district.pk, case_id=case.pk, run_id=run.pk, version=version, by=by.name, note=why[:500]
    )
    case.run_id = run.pk
    move(district, case, CaseState.RECEIVED, now=now, by=by, run=run.pk, version=version)
    if knows_columns(district, run):
        later(CARRY_OUT, district, run)
    else:  # somebody has to say first what the columns are
        move(district, case, CaseState.CHECKED, now=now, by=by, run=run.pk, strange=True)
