"""A list as a CSV file: what was asked for, in the columns that are shown, with no live formula. It is written down."""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

from django.http import FileResponse

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.audit.actions import record
from firstbell.domain.roster.queries.keyset import Piece, Place
from firstbell.engine.report.text import FORMULA
from firstbell.web.listing import HasId
from firstbell.web.visit import Visit

AT_ONCE = 2_000
IN_MEMORY = 4_000_000


def export(
    visit: Visit, name: str, heads: Sequence[str], rows: Iterable[Iterable[str]], columns: Sequence[str]
) -> FileResponse:
    """``name``.csv with all these rows, however many. ``columns``: what the audit says of it."""
    if visit.viewer.is_read_only:
        raise NotAllowed("an export is written down, and who only looks writes nothing")
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, mode="w+b")  # noqa: SIM115 (the response closes it)
    text = io.TextIOWrapper(cast("io.BytesIO", file), encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(heads)
    written = 0
    for written, row in enumerate(rows, start=1):  # noqa: B007 (the last number is how many there were)
        writer.writerow([inert(cell) for cell in row])
    text.detach()
    file.seek(0)
    record(
        visit.district.pk,
        f"{name}.exported",
        by=visit.viewer.actor,
        subject_kind=name,
        subject_id=written,
        detail={name: written, "columns": list(columns)},
    )
    return FileResponse(file, as_attachment=True, filename=f"{name}.csv", content_type="text/csv; charset=utf-8")


def inert(cell: str) -> str:
    """The cell as text and nothing else, for whatever program opens it."""
    return f"'{cell}" if re.match(FORMULA, cell) else cell


def all_rows[T: HasId](piece_at: Callable[[Place], Piece[T]]) -> Iterator[T]:
    """Every row of a list, piece by piece."""
    place = Place()
    while True:
        piece = piece_at(place)
        yield from piece.rows
        if not piece.has_after:
            return
        place = Place(after=piece.rows[-1].id)
