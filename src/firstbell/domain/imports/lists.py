"""Lists that people fill in and upload: taken in, looked at, and started by a person who saw what they would do.

They come from a source of the district's own that owns nothing and always waits. Starting one is approving its run.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import polars as pl
from django.conf import settings

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.access import KIND, NoSuchRun, access_run, is_within
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.folder import RECEIVED, RunFolder
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.mending import Cell, mend_files, note_mended
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries.found import NOTHING_HIDDEN, Hidden
from firstbell.domain.imports.receiving import receive_again, receive_files
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT, Scope
from firstbell.domain.roster.sources import add_source, change_settings, hold_source, policy_of, with_corrections
from firstbell.engine.corrections.kinds import RenameColumn
from firstbell.engine.corrections.reading import corrected
from firstbell.engine.formats import FORMATS
from firstbell.engine.formats.templates.layouts import SEPARATOR, STUDENTS
from firstbell.engine.formats.templates.mapping import Unmapped, unmapped
from firstbell.engine.package import Package, open_package

NAME = "Lists from people here"
WAITS = "A list waits until a person has seen what it would do."
FASTER = "Somebody was faster: this version of the list does not wait any more."


def ensure_may_bring_lists(viewer: Viewer) -> None:
    """Raise NotAllowed for who may bring none, for whichever schools."""
    ensure_may(viewer, Permission.BRING_LISTS)


def source_of_lists(district: District, *, by: Actor) -> Source:
    """The source that lists come from; it is made at the first one, and it always waits."""
    with within(district):
        source = Source.objects.filter(district_id=district.pk, kind=KIND).order_by("id").first()
        if source is None:
            name = NAME
            while Source.objects.filter(district_id=district.pk, name=name).exists():
                name = f"{name} (2)"
            source = add_source(district, name, kind=KIND, settings={"owns": False}, by=by)
        if not source.held:
            hold_source(district, source, WAITS, by=by)
    return source


def receive_lists(
    district: District,
    files: Sequence[tuple[str, BinaryIO]],
    *,
    replaces: bool = False,
    scope: Scope = WHOLE_DISTRICT,
    by: Actor,
) -> Run:
    """Begin a run of lists that changes nothing beyond the scope. It waits before it changes anything."""
    source = source_of_lists(district, by=by)
    return receive_files(district, source, files, replaces=replaces, schools=scope.schools, by=by)


def receive_names(
    district: District, text: str, *, school: str, group: str, scope: Scope = WHOLE_DISTRICT, by: Actor
) -> Run:
    """Begin a run of the students of a class: a name a line, or ``name;username;password``."""
    content = io.BytesIO(names_as_list(text, school=school, group=group))
    return receive_lists(district, [(f"{STUDENTS.file}.csv", content)], scope=scope, by=by)


def names_as_list(text: str, *, school: str, group: str) -> bytes:
    """Pasted lines as a list of students. The last word of a name is the last name, unless a comma tells it."""
    rows = [_person(line) for line in text.splitlines() if line.strip()]
    columns = ("First name", "Last name", "Username", "Password")
    people = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return people.with_columns(Schools=pl.lit(school), Classes=pl.lit(group)).write_csv().encode()


def _person(line: str) -> tuple[str, str, str, str]:
    cells = [cell.strip() for cell in line.replace("\t", SEPARATOR).split(SEPARATOR)]
    name, username, password = [*cells, "", ""][:3]
    family, comma, given = name.partition(",")
    if not comma:
        given, _, family = name.rpartition(" ")
    return given.strip(), family.strip(), username, password


def access_list(viewer: Viewer, district: District, run_id: int, scope: Scope) -> Run:
    """The run of a list. Raises NotAllowed, and NoSuchRun for what is not there, is no list, or is of other schools."""
    ensure_may_bring_lists(viewer)
    run = access_run(viewer, district, run_id)
    if run.source.kind != KIND or not is_within(run, scope):
        raise NoSuchRun(run_id)
    return run


def last_lists(viewer: Viewer, district: District, scope: Scope, *, limit: int = 5) -> list[Run]:
    """The last lists that came for these schools, the newest first."""
    ensure_may_bring_lists(viewer)
    runs = Run.objects.filter(district_id=district.pk, source__kind=KIND, kind="import")
    if scope.schools is not None:
        runs = runs.filter(schools__contained_by=sorted(scope.schools))
    return list(runs.select_related("source").order_by("-id")[:limit])


def look_again(district: District, run: Run, *, by: Actor) -> Run:
    """Begin with the same files anew, as the corrections of their source read them now, and discard the waiting run.

    Raises NotNow where somebody was faster.
    """
    try:
        with RunFolder(district, run.pk).open(RECEIVED) as content:
            body = io.BytesIO(content.read())
    except FileNotFoundError:
        raise NotNow(FASTER) from None
    return _instead_of(district, run, body, run.package_name, by=by)


def change_cells(
    district: District, run: Run, cells: Sequence[Cell], *, hidden: Hidden = NOTHING_HIDDEN, by: Actor
) -> Run:
    """Begin with the files as they are with these cells, and discard the waiting run. Raises BadCells and NotNow."""
    try:
        mended = mend_files(district, run, cells, hidden=hidden)
    except FileNotFoundError:
        raise NotNow(FASTER) from None
    with within(district):
        again = _instead_of(district, run, mended.body, mended.name, by=by)
        note_mended(district, again, mended, by=by)
    return again


def _instead_of(district: District, run: Run, body: BinaryIO, name: str, *, by: Actor) -> Run:
    """Another version of the files of a waiting run. Of two who bring one at once, the second hears so."""
    with within(district):
        now = Run.objects.select_for_update().get(district_id=district.pk, pk=run.pk)
        if now.state not in {RunState.HELD, RunState.RECEIVED}:
            raise NotNow(FASTER)
        again = receive_again(district, run, body, name=name, by=by)
        discard_run(district, run, by=by)
    return again


def own_reasons(run: Run) -> Iterable[dict[str, object]]:
    """Why a list would wait even if lists did not: what the guard saw."""
    return [reason for reason in run.reasons if reason["code"] != "source-held"]


def knows_columns(district: District, run: Run) -> bool:
    """Whether any file of a list has columns that some format knows; if none has, somebody has to say what they are."""
    with _opened(district, run) as package:
        return package is None or not package.usable or any(one.detect(package) for one in FORMATS)


def unmapped_columns(district: District, run: Run) -> list[Unmapped]:
    """The columns of a waiting list that nobody reads, and what each could be."""
    with _opened(district, run) as package:
        return unmapped(package) if package is not None and package.usable else []


@contextmanager
def _opened(district: District, run: Run) -> Iterator[Package | None]:
    """The files of a waiting list, as the corrections of its source read them."""
    folder = RunFolder(district, run.pk)
    if not folder.has(RECEIVED):
        yield None
        return
    with folder.unpacked(RECEIVED, Path(run.package_name).suffix or ".csv") as path:
        package = open_package(path, name=run.package_name, limits=limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES))
        yield corrected(package, policy_of(run.source).corrections)


def map_columns(district: District, run: Run, renamed: Sequence[tuple[str, str, str]], *, by: Actor) -> Run:
    """Remember what columns (file, the district's name, ours) are, and look at the same files anew."""
    with within(district):
        fresh = [RenameColumn(*one) for one in renamed]
        change_settings(district, run.source, with_corrections(fresh), by=by)
    return look_again(district, run, by=by)
