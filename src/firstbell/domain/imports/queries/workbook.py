"""What a run found as the district's own workbook: its faulty records as they came, and what to do about each."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

from django.conf import settings

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import INPUT, RECEIVED, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries.found import NOTHING_HIDDEN, Hidden, find_findings
from firstbell.domain.imports.queries.spelled import corrections_of
from firstbell.engine import findings
from firstbell.engine.package import Limits, Package, open_package
from firstbell.engine.report import About, write_workbook

MOST_ROWS = 100_000
"""Faulty records on a sheet: about twenty seconds of work. ``firstbell check --report`` writes a million."""


@contextmanager
def open_workbook(district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN) -> Iterator[BinaryIO]:
    """The workbook, as long as it is open. Of what is hidden there are no rows.

    The rows come from the input as it is kept, or, while the run waits, as it came; password columns are blank in both.
    """
    folder = RunFolder(district, run.pk)
    found = find_findings(district, run, hidden=hidden)
    found = findings.none() if found is None else found
    files = frozenset(found["file"].drop_nulls().to_list())
    kept = frozenset(file for file in files if hidden.has_rows_of(file))
    spelled = corrections_of(district, run)
    about = About(run.package_name, run.format, run.files, corrections=spelled, withheld=kept)
    with TemporaryDirectory(prefix="firstbell-") as place:
        out = Path(place) / "findings.xlsx"
        name = next((name for name in (INPUT, RECEIVED) if folder.has(name)), None)
        if name is None or files <= kept:
            write_workbook(out, about, found, lambda file: None)
        else:
            with folder.unpacked(name, Path(run.package_name).suffix or ".zip") as path:
                limits = Limits(unpacked=settings.FIRSTBELL_MAX_UNPACKED_BYTES)
                package = open_package(path, name=run.package_name, limits=limits)
                write_workbook(out, about, found, lambda file: _content(package, file), most_rows=MOST_ROWS)
        with out.open("rb") as written:
            yield cast("BinaryIO", written)


def _content(package: Package, file: str) -> bytes | None:
    return package.read(file) if file in package else None
