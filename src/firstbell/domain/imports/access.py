"""Runs for someone who must be allowed to see them."""

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import Hidden, find_run, list_runs
from firstbell.domain.roster.access import OF_A_SCHOOL

DEMOGRAPHICS = "demographics.csv"


class NoSuchRun(Exception):
    """Not there, or not yours: the same answer for both."""


def access_run(viewer: Viewer, district: District, run_id: int) -> Run:
    """The run of this number. Raises NotAllowed for who may see no runs, NoSuchRun for what is not there."""
    _ensure_here(viewer, district)
    ensure_may(viewer, Permission.VIEW_RUNS)
    run = find_run(district, run_id)
    if run is None:
        raise NoSuchRun(run_id)
    return run


def access_runs(viewer: Viewer, district: District, *, limit: int = 20, before: int | None = None) -> list[Run]:
    """A page of runs, the newest first. Raises NotAllowed."""
    _ensure_here(viewer, district)
    ensure_may(viewer, Permission.VIEW_RUNS)
    return list_runs(district, limit=limit, before=before)


def hidden_from(viewer: Viewer) -> Hidden:
    """What findings must not tell the viewer: values of other schools' people, and of demographics."""
    files = frozenset() if viewer.may(Permission.VIEW_DEMOGRAPHICS) else frozenset({DEMOGRAPHICS})
    return Hidden(files, everywhere=viewer.role in OF_A_SCHOOL)


def rows_withheld_from(viewer: Viewer, run: Run) -> Hidden:
    """Of which files the viewer may not have the rows: all of whose values are hidden, and what families reported.

    Only OneRoster keeps demographics in a file of their own; elsewhere they stand beside the names.
    """
    hidden = hidden_from(viewer)
    apart = not run.format or run.format.startswith("OneRoster")
    return hidden if apart or viewer.may(Permission.VIEW_DEMOGRAPHICS) else Hidden(everywhere=True)


def may_have_input(viewer: Viewer, run: Run) -> bool:
    """Whether the viewer may have the files as they came: they hold everyone, and what families reported."""
    reports = not run.files or DEMOGRAPHICS in run.files
    return viewer.may(Permission.START_RUNS) and (viewer.may(Permission.VIEW_DEMOGRAPHICS) or not reports)


def _ensure_here(viewer: Viewer, district: District) -> None:
    if viewer.district_id != district.pk:
        raise NoSuchRun(district.pk)
