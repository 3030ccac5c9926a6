"""Which file of a package is which of a dialect's: by its name, or by a header that fits."""

from collections.abc import Iterable
from dataclasses import dataclass

from firstbell.engine.corrections.reading import header_of
from firstbell.engine.formats.layout import FileLayout
from firstbell.engine.package import Package
from firstbell.engine.vocabulary import fold

MANIFEST = ["propertyName", "value"]
"""The header of a manifest, whatever the file is called."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the package and the layout that it follows."""

    name: str
    layout: FileLayout
    by_header: bool


def find_files(package: Package, layouts: Iterable[FileLayout], left_alone: Iterable[str] = ()) -> list[Found]:
    """The files of a package that a dialect knows: by name, or by a header that fits one of its layouts."""
    layouts = tuple(layouts)
    alone = set(left_alone)
    by_name = {name.casefold(): layout for layout in layouts for name in (layout.file, *layout.other_names)}
    found = []
    for name in package:
        stem, _, ending = name.rpartition(".")
        if ending.casefold() not in {"csv", "txt"} or stem.casefold() in alone:
            continue
        layout = by_name.get(stem.casefold())
        by_header = layout is None
        if layout is None:
            layout = _by_header(header_of(package, name), layouts)
        if layout is not None:
            found.append(Found(name, layout, by_header))
    return found


def headers_of(package: Package) -> list[list[str]]:
    """The headers of all files; none where a manifest says that the package is OneRoster."""
    headers = [header_of(package, name) for name in package]
    return [] if MANIFEST in headers else headers


def fits(header: Iterable[str], layout: FileLayout) -> bool:
    """Whether a header has the columns by which a file is known."""
    folded = {fold(name) for name in header}
    return all(folded.intersection(layout[name].names) for name in layout.known_by)


def _by_header(header: list[str], layouts: tuple[FileLayout, ...]) -> FileLayout | None:
    folded = {fold(name) for name in header}
    fitting = [layout for layout in layouts if not layout.named and fits(header, layout)]

    def known(layout: FileLayout) -> int:
        return sum(bool(folded.intersection(field.names)) for field in layout.fields)

    return max(fitting, key=known, default=None)
