"""Lists of what a district has few of (schools, terms): read whole, sorted here, shown a page at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import FileResponse
from django.utils.formats import date_format

from firstbell.domain.accounts.permissions import Permission
from firstbell.web.columns import Columns
from firstbell.web.components.shapes import PageLinks
from firstbell.web.exporting import export
from firstbell.web.listing import address, id_in
from firstbell.web.visit import Visit

PAGE = 200
REMOVED = "removed"


type SortsBy[T] = Callable[[T], str] | Callable[[T], int]
"""What an order sorts lines by: the same kind for all of them."""


@dataclass(frozen=True)
class ShortList[T]:
    """A list of its kind: its room, its columns, what each order sorts by, and the cells of a line by column."""

    room: str
    columns: Columns
    orders: Mapping[str, SortsBy[T]]
    """An order that is not here leaves the lines as they came."""
    cells: Callable[[T], Mapping[str, str | date | None]]
    title: Callable[[T], str]

    def context(self, visit: Visit, lines: Sequence[T]) -> dict[str, object]:
        """What ``parts/list_heads.html`` and ``parts/list_columns.html`` show, and ``rows``: line and cells."""
        shown, sort, removed = self.columns.shown(visit.request), self._sort(visit), is_removed(visit)
        path = visit.url(self.room)
        chosen = {"state": REMOVED if removed else ""}
        how = self.columns.as_asked(sort, shown)
        asked = {**chosen, **how}
        page = max(1, id_in(visit.request.GET.get("page", "")) or 1)
        found = self._sorted(visit, lines)
        begins = (page - 1) * PAGE
        here = found[begins : begins + PAGE]
        may_export = visit.may_change(Permission.VIEW_ROSTER)
        return {
            "rows": [(line, self._cells(line, shown)) for line in here],
            "removed": removed,
            "path": path,
            "heads": self.columns.heads(path, asked, sort, shown),
            "columns": self.columns.choices(shown),
            "chosen_by": [(name, value) for name, value in {**chosen, "sort": how["sort"]}.items() if value],
            "export_url": address(visit.url(f"{self.room}_export"), asked) if may_export and found else "",
            "links": _links(path, asked, page, len(found)),
        }

    def export(self, visit: Visit, lines: Sequence[T]) -> FileResponse:
        """All lines as a CSV file; days as OneRoster writes them."""
        shown = self.columns.shown(visit.request)
        heads = [self.columns.first, *(self.columns.labels[name] for name in shown)]
        rows = ([self.title(line), *self._plain(line, shown)] for line in self._sorted(visit, lines))
        return export(visit, self.room, heads, rows, shown)

    def _sort(self, visit: Visit) -> str:
        sort = visit.request.GET.get("sort", "")
        return sort if sort in self.orders else self.columns.default

    def _sorted(self, visit: Visit, lines: Sequence[T]) -> list[T]:
        order = self.orders.get(self._sort(visit))
        return sorted(lines, key=order) if order else list(lines)

    def _cells(self, line: T, shown: Iterable[str]) -> list[tuple[str, str, str]]:
        said = self.cells(line)
        return [(name, self.columns.labels[name], _in_full(said[name])) for name in shown]

    def _plain(self, line: T, shown: Iterable[str]) -> list[str]:
        said = self.cells(line)
        return [value.isoformat() if isinstance(value, date) else value or "" for value in map(said.get, shown)]


def is_removed(visit: Visit) -> bool:
    """Whether the address asks for what was removed."""
    return visit.request.GET.get("state") == REMOVED


def _in_full(value: str | date | None) -> str:
    return date_format(value, "M j, Y") if isinstance(value, date) else value or ""


def _links(path: str, asked: Mapping[str, str | int], page: int, total: int) -> PageLinks | None:
    if total <= PAGE and page == 1:
        return None
    before = address(path, {**asked, "page": page - 1 if page > 2 else ""}) if page > 1 else ""
    after = address(path, {**asked, "page": page + 1}) if page * PAGE < total else ""
    first, last = (page - 1) * PAGE + 1, min(page * PAGE, total)
    shown = f"{first:,} to {last:,} of {total:,}" if first <= last else ""
    return PageLinks(before, after, shown, newer_label="Previous", older_label="Next")
