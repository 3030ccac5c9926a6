"""Which cells of the files of a run were changed in the page, by whom: through all versions of these files."""

from dataclasses import dataclass

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import MENDED, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries.found import NOTHING_HIDDEN, Hidden

MOST_VERSIONS = 20
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class MendedCell:
    """One cell: where, what it said, and what it says."""

    file: str
    record: int
    column: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class MendedVersion:
    """What was changed before a run (``run.started_by``, ``run.created_at``): how many cells, and the first of them."""

    run: Run
    count: int
    cells: list[MendedCell]


def list_mended(district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN) -> list[MendedVersion]:
    """The newest first. Of files whose rows are hidden nothing is told but how many cells there were."""
    versions = []
    for version in _versions(district, run):
        cells = RunFolder(district, version.pk).read_frame(MENDED)
        if cells is None:
            continue
        closed = [file for file in cells["file"].unique().to_list() if hidden.has_rows_of(file)]
        shown = cells.filter(~pl.col("file").is_in(closed)).head(MOST_SHOWN)
        columns = [shown[name].to_list() for name in ("file", "record", "column", "was", "now")]
        told = [MendedCell(*cell) for cell in zip(*columns, strict=True)]
        versions.append(MendedVersion(version, cells.height, told))
    return versions


def _versions(district: District, run: Run) -> list[Run]:
    """The run and those of which it is another version; none where it is the first."""
    versions: list[Run] = []
    with within(district):
        at: Run | None = run
        while at is not None and at.version_of is not None and len(versions) < MOST_VERSIONS:
            versions.append(at)
            at = Run.objects.filter(district_id=district.pk, pk=at.version_of).first()
    return versions
