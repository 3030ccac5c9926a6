"""What a run found as the district's own workbook: its faulty records as they came, and what to do about each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

import polars as pl
from django.conf import settings

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import INPUT, RECEIVED, RunFolder
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.imports.queries.acknowledged import KNOWN, in_words, mark_known
from firstbell.domain.imports.queries.found import NOTHING_HIDDEN, Hidden, find_findings, known_causes
from firstbell.domain.imports.queries.spelled import corrections_of
from firstbell.engine import findings, formats
from firstbell.engine.corrections.reading import corrected
from firstbell.engine.package import Package, open_package
from firstbell.engine.report import About, called_in, write_workbook

MOST_ROWS = 100_000
"""Faulty records on a sheet: about twenty seconds of work. ``firstbell check --report`` writes a million."""


@contextmanager
def open_workbook(
    district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN, known: Sequence[Acknowledgement] = ()
) -> Iterator[BinaryIO]:
    """The workbook, as long as it is open. Of what is hidden or acknowledged there are no rows.

    The rows come from the input as it is kept, or, while the run waits, as it came; password columns are blank in both.
    """
    folder = RunFolder(district, run.pk)
    everything = find_findings(district, run, hidden=hidden, known=known)
    everything = mark_known(findings.none(), ()) if everything is None else everything
    found = everything.filter(pl.col(KNOWN).is_null())
    acknowledged = known_causes(everything.filter(pl.col(KNOWN).is_not_null()), known)
    files = frozenset(found["file"].drop_nulls().to_list())
    kept = frozenset(file for file in files if hidden.has_rows_of(file))
    spelled = corrections_of(district, run)
    told = tuple((each.cause, in_words(each.acknowledgement)) for each in acknowledged)
    about = About(run.package_name, run.format, run.files, corrections=spelled, withheld=kept, known=told)
    with TemporaryDirectory(prefix="firstbell-") as place:
        out = Path(place) / "findings.xlsx"
        name = next((name for name in (INPUT, RECEIVED) if folder.has(name)), None)
        if name is None or files <= kept:
            write_workbook(out, about, found, lambda file: None)
        else:
            with folder.unpacked(name, Path(run.package_name).suffix or ".zip") as path:
                limits = limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES)
                package = corrected(open_package(path, name=run.package_name, limits=limits), spelled)
                named = replace(about, called=called_in(formats.read(package), withheld=kept))
                write_workbook(out, named, found, lambda file: _content(package, file), most_rows=MOST_ROWS)
        with out.open("rb") as written:
            yield cast("BinaryIO", written)


def _content(package: Package, file: str) -> bytes | None:
    return package.read(file) if file in package else None
