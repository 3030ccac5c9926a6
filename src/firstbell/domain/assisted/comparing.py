"""What changed between two versions of a case's files. Read from the files as they are kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from firstbell.domain.assisted.models import Case, Upload
from firstbell.domain.assisted.queries import list_uploads
from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import INPUT, RECEIVED, RunFolder
from firstbell.domain.imports.keeping import NOT_KEPT
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.queries import Hidden, find_run
from firstbell.domain.imports.queries.spelled import corrections_of
from firstbell.engine.package import open_package
from firstbell.engine.uploads import ROWS, FileChanged, Version, compare_uploads


@dataclass(frozen=True, slots=True)
class RowDiffers:
    """One row that is not as it was: its number in either version, what names it, and (column, before, after)."""

    change: str
    """changed, added or gone."""
    record: int | None
    was_record: int | None
    title: str
    cells: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions, and what changed; ``files`` is None where one of them is not kept any more."""

    before: Upload
    after: Upload
    files: list[FileChanged] | None


def find_two(uploads: Sequence[Upload], before: int | None, after: int | None) -> tuple[Upload, Upload] | None:
    """The versions of these numbers, the earlier one first; without numbers the last two. None without two."""
    by_number = {upload.version: upload for upload in uploads}
    numbers = sorted(by_number)
    if len(numbers) < 2:
        return None
    last = by_number.get(after or 0, by_number[numbers[-1]])
    earlier = [number for number in numbers if number != last.version]
    first = by_number.get(before or 0)
    if first is None or first is last:
        nearest = [number for number in earlier if number < last.version]
        first = by_number[nearest[-1] if nearest else earlier[0]]
    return (first, last) if first.version < last.version else (last, first)


def compare_versions(
    district: District, case: Case, before: int | None, after: int | None, *, hidden: Hidden
) -> Compared | None:
    """What changed between two versions, as far as the reader may see it; None where the case has not two."""
    two = find_two(list_uploads(district, case), before, after)
    if two is None:
        return None
    with _opened(district, two[0], hidden) as was, _opened(district, two[1], hidden) as now:
        files = None if was is None or now is None else compare_uploads(was, now)
    return Compared(*two, files)


def list_rows(file: FileChanged, *, limit: int) -> list[RowDiffers]:
    """The first rows of a file that are not as they were."""
    columns = (file.rows.head(limit)[name].to_list() for name in ROWS)
    return [_row(*cells) for cells in zip(*columns, strict=True)]


def _row(
    change: str,
    record: int | None,
    was_record: int | None,
    title: str,
    columns: list[str] | None,
    before: list[str] | None,
    after: list[str] | None,
) -> RowDiffers:
    names = columns or []
    none: list[str | None] = [None] * len(names)
    cells = zip(names, before or none, after or none, strict=True)
    told = tuple((name, was or None, now or None) for name, was, now in cells)
    return RowDiffers(change, record, was_record, title, told)


@contextmanager
def _opened(district: District, upload: Upload, hidden: Hidden) -> Iterator[Version | None]:
    """The files of a version, as long as they are open; None where they are not kept."""
    run, folder = find_run(district, upload.run_id), RunFolder(district, upload.run_id)
    name = next((name for name in (INPUT, RECEIVED) if folder.has(name)), None)
    if run is None or name is None or hidden.everywhere:
        yield None
        return
    with folder.unpacked(name, Path(run.package_name).suffix or ".zip") as path:
        package = open_package(path, name=run.package_name, limits=limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES))
        lost = frozenset(name for name in package if package.head(name).startswith(NOT_KEPT.encode().rstrip()))
        open_columns = None if hidden.open is None else run.open_columns
        yield Version(package, corrections_of(district, run), open_columns, lost)
