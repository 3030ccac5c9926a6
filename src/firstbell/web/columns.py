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
    ) -> list[tuple[str, str, bool]]:
        """The heads: label, the address that sorts by it (blank: none does), and whether the list is sorted so."""
        heads = [(self.first, address(path, {**parameters, "sort": ""}), sort == self.default)]
        for name in shown:
            order = self.sorts.get(name, "")
            url = address(path, {**parameters, "sort": order}) if order else ""
            heads.append((self.labels[name], url, bool(order) and sort == order))
        return heads
