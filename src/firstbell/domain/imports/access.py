"""Runs for someone who must be allowed to see them."""

from firstbell.domain.accounts.access import NotAllowed, ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.imports.queries import Hidden, find_run, list_acknowledgements, list_runs
from firstbell.domain.roster.access import OF_A_SCHOOL
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.queries.scope import Scope

KIND = "lists"
"""The kind of source from which lists come that people fill in."""


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


def is_within(run: Run, scope: Scope) -> bool:
    """Whether a run changes nothing beyond the scope, whatever its files say."""
    return scope.schools is None or (run.schools is not None and scope.schools.issuperset(run.schools))


def may_undo(viewer: Viewer, run: Run, scope: Scope) -> bool:
    """Whether the viewer may undo a run: who decides about all, and of lists who could have brought them."""
    own = run.source.kind == KIND and viewer.may(Permission.BRING_LISTS) and is_within(run, scope)
    return viewer.may(Permission.DECIDE_RUNS) or own


def ensure_may_undo(viewer: Viewer, run: Run, scope: Scope) -> None:
    """Raise NotAllowed unless the viewer may."""
    if not may_undo(viewer, run, scope):
        raise NotAllowed(Permission.DECIDE_RUNS)


def hidden_from(viewer: Viewer, run: Run, scope: Scope | None = None) -> Hidden:
    """What a run must not tell the viewer of its files: other schools' people, and what families reported.

    A list that somebody of the viewer's schools brought hides nothing of them: ``scope`` tells which these are.

    Where nobody noted what a file holds, it may hold that. A run that read no file has nothing to tell.
    """
    sees_all = viewer.may(Permission.VIEW_DEMOGRAPHICS) or not run.files
    others = viewer.role in OF_A_SCHOOL and (scope is None or not is_within(run, scope))
    return Hidden(everywhere=others, open=None if sees_all else run.open_columns)


def may_have_input(viewer: Viewer, run: Run) -> bool:
    """Whether the viewer may have the files as they came: they hold everyone, and may hold what families reported."""
    reports_nothing = bool(run.open_columns) and all(columns is None for columns in run.open_columns.values())
    return viewer.may(Permission.START_RUNS) and (viewer.may(Permission.VIEW_DEMOGRAPHICS) or reports_nothing)


def access_acknowledgement(viewer: Viewer, district: District, source: Source, given_id: int) -> Acknowledgement:
    """One of a source that the viewer may set. Raises NotAllowed and, where there is none (any more), NoSuchRun."""
    _ensure_here(viewer, district)
    ensure_may(viewer, Permission.MANAGE_SOURCES)
    given = next((each for each in list_acknowledgements(district, source) if each.pk == given_id), None)
    if given is None:
        raise NoSuchRun(given_id)
    return given


def _ensure_here(viewer: Viewer, district: District) -> None:
    if viewer.district_id != district.pk:
        raise NoSuchRun(district.pk)
