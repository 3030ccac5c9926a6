"""The list of people as a CSV file: what was asked for, in the columns that are shown."""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable
from typing import cast

from django.http import FileResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.audit.actions import record
from firstbell.domain.roster.queries import people
from firstbell.domain.roster.queries.keyset import Place
from firstbell.engine.report.text import FORMULA
from firstbell.web.people.listing import COLUMNS, columns_in, row_of, wanted_in
from firstbell.web.visit import Visit, inside

AT_ONCE = 2_000
IN_MEMORY = 4_000_000


@require_safe
@inside
def export_people(visit: Visit) -> FileResponse:
    """Everyone who is wanted, however many; that it left Firstbell is written down."""
    if visit.viewer.is_read_only:
        raise NotAllowed("an export is written down, and who only looks writes nothing")
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, mode="w+b")  # noqa: SIM115 (the response closes it)
    columns = columns_in(visit)
    text = io.TextIOWrapper(cast("io.BytesIO", file), encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(["Family name", "Given name", *(COLUMNS[name] for name in columns)])
    written = _write_people(visit, writer.writerow, columns)
    text.detach()
    file.seek(0)
    actor = visit.viewer.actor
    detail = {"people": written, "columns": list(columns)}
    record(visit.district.pk, "people.exported", by=actor, subject_kind="people", subject_id=written, detail=detail)
    return FileResponse(file, as_attachment=True, filename="people.csv", content_type="text/csv; charset=utf-8")


def inert(cell: str) -> str:
    """The cell as text and nothing else, for whatever program opens it."""
    return f"'{cell}" if re.match(FORMULA, cell) else cell


def _write_people(visit: Visit, write: Callable[[Iterable[str]], object], columns: tuple[str, ...]) -> int:
    wanted, place, written = wanted_in(visit), Place(), 0
    while True:
        piece = people.list_people(visit.district, visit.scope, wanted, place, limit=AT_ONCE)
        for line in piece.rows:
            cells = [text for _, _, text in row_of(visit, line, columns).cells]
            write([inert(cell) for cell in (line.family_name, line.given_name, *cells)])
        written += len(piece.rows)
        if not piece.has_after:
            return written
        place = Place(after=piece.rows[-1].id)
