"""Columns of a list: which are shown, by which it is sorted, and both as they stand in the list's address."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from firstbell.web.listing import address


@dataclass(frozen=True, slots=True)
class Columns:
    """What a list can show beside the name of each row, which always stands first."""

    first: str
    """The head of the column of names."""
    default: str
    """The order by that column, where nothing else is asked."""
    labels: Mapping[str, str]
    usual: tuple[str, ...]
    sorts: Mapping[str, str]
    """By column the order that it sorts by; the others sort by nothing."""
    by_first: str = ""
    """The order by the column of names, where that is not the default."""
    descending: frozenset[str] = frozenset()
    """The orders that begin with what is most or newest."""

    def shown(self, request: HttpRequest) -> tuple[str, ...]:
        """The columns to show: those in the address, or the usual ones."""
        asked = [name for part in request.GET.getlist("cols") for name in part.split(",")]
        return tuple(name for name in self.labels if name in asked) or self.usual

    def as_asked(self, sort: str, shown: tuple[str, ...]) -> dict[str, str | int]:
        """Order and columns as they stand in an address; blank where they are the usual ones."""
        return {"sort": "" if sort == self.default else sort, "cols": "" if shown == self.usual else ",".join(shown)}

    def choices(self, shown: tuple[str, ...]) -> list[tuple[str, str, bool]]:
        """All columns to choose from: name, label, and whether it is shown."""
        return [(name, label, name in shown) for name, label in self.labels.items()]

    def heads(
        self, path: str, parameters: Mapping[str, str | int], sort: str, shown: tuple[str, ...]
    ) -> list[tuple[str, str, str]]:
        """The heads: label, the address that sorts by it (blank: none does), and which way the list is sorted by it."""
        orders = [(self.first, self.by_first or self.default)]
        orders += [(self.labels[name], self.sorts.get(name, "")) for name in shown]
        return [
            (label, self._sorted_by(path, parameters, order), self._way(order) if order and order == sort else "")
            for label, order in orders
        ]

    def _sorted_by(self, path: str, parameters: Mapping[str, str | int], order: str) -> str:
        return address(path, {**parameters, "sort": "" if order == self.default else order}) if order else ""

    def _way(self, order: str) -> str:
        return "descending" if order in self.descending else "ascending"
