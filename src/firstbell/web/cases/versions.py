"""Two versions of a case's files side by side, for both sides: what changed, by sheet, row and cell."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.assisted.access import access_case
from firstbell.domain.assisted.comparing import Compared, RowDiffers, compare_versions, list_rows
from firstbell.domain.assisted.models import Case
from firstbell.domain.assisted.queries import list_uploads
from firstbell.domain.districts.models import District
from firstbell.domain.imports.access import hidden_from
from firstbell.domain.imports.queries import Hidden, find_run
from firstbell.engine.uploads import FileChanged
from firstbell.web.components.shapes import Crumb, FieldChange, RowChange
from firstbell.web.frame import show
from firstbell.web.listing import id_in
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

MOST_ROWS = 200
"""So many rows of a file are shown."""
KINDS: dict[str, Literal["updated", "added", "removed"]] = {"changed": "updated", "added": "added", "gone": "removed"}


@dataclass(frozen=True, slots=True)
class SheetShown:
    """One file: its name, what became of it in a sentence, and its rows."""

    title: str
    says: str
    rows: list[RowChange]
    left: int


@require_safe
@inside
def show_versions(visit: Visit, case_id: int) -> HttpResponse:
    """What changed, for the district."""
    case = access_case(visit.viewer, visit.district, case_id)
    context = {
        **versions_of(visit.request, visit.viewer, visit.district, case),
        "crumbs": [
            Crumb("Cases", visit.url("cases")),
            Crumb(f"Case {case.pk}", visit.url("case", case.pk)),
            Crumb("Versions"),
        ],
    }
    return show(visit, "cases/versions.html", context, room="cases")


def versions_of(request: HttpRequest, viewer: Viewer, district: District, case: Case) -> dict[str, object]:
    """What the page shows of the two versions that the address names, or of the last two."""
    before, after = (id_in(request.GET.get(name, "")) for name in ("before", "after"))
    uploads = list_uploads(district, case)
    compared = compare_versions(district, case, before, after, hidden=_hidden(viewer, district, case))
    return {
        "case": case,
        "numbers": [upload.version for upload in uploads],
        "compared": compared,
        "sheets": _shown(compared),
        "nothing": compared is not None and compared.files is not None and not _shown(compared),
    }


def _hidden(viewer: Viewer, district: District, case: Case) -> Hidden:
    run = find_run(district, case.run_id or 0)
    return hidden_from(viewer, run) if run is not None else Hidden()


def _shown(compared: Compared | None) -> list[SheetShown]:
    if compared is None or compared.files is None:
        return []
    return [_sheet(file) for file in compared.files if not file.is_same]


def _sheet(file: FileChanged) -> SheetShown:
    title = (file.name or file.was_name).removesuffix(".csv")
    rows = [_row(row) for row in list_rows(file, limit=MOST_ROWS)]
    return SheetShown(title, _says(file), rows, max(0, file.rows.height - MOST_ROWS))


def _row(row: RowDiffers) -> RowChange:
    fields = [FieldChange(*cell) for cell in row.cells]
    return RowChange(KINDS[row.change], row.title or "–", _where(row), fields=fields)


def _where(row: RowDiffers) -> str:
    if row.record is None:
        return f"Record {row.was_record or 0:,}"
    moved = f", was {row.was_record:,}" if row.was_record not in {None, row.record} else ""
    return f"Record {row.record:,}{moved}"


def _says(file: FileChanged) -> str:
    if not file.readable:
        return "It could not be compared: its cells were not kept, or it is no table."
    parts = []
    if not file.was_name:
        parts.append("It is new.")
    elif not file.name:
        parts.append("It is gone.")
    elif file.name != file.was_name:
        parts.append(f"It was called {file.was_name.removesuffix('.csv')}.")
    counted = [
        count_in_words(file.count(change), f"row {words}", f"rows {words}")
        for change, words in (("changed", "changed"), ("added", "added"), ("gone", "gone"))
        if file.count(change)
    ]
    parts += [f"{', '.join(counted)}."] if counted else []
    parts += [f"Columns added: {', '.join(file.columns_added)}."] if file.columns_added else []
    parts += [f"Columns gone: {', '.join(file.columns_gone)}."] if file.columns_gone else []
    return " ".join(parts)
