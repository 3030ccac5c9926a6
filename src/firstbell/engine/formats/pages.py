"""The tables of columns in docs/formats, from the layouts that read and write.

`python -m firstbell.engine.formats.pages clever` prints those of one page; a test holds the pages to them.
"""

import sys
from collections.abc import Iterable, Iterator

from firstbell.engine.formats.clever.layouts import LAYOUTS as CLEVER
from firstbell.engine.formats.layout import Field, FileLayout
from firstbell.engine.formats.oneroster.layouts import LAYOUTS as ONEROSTER
from firstbell.engine.formats.sds_v1.layouts import LAYOUTS as SDS_V1
from firstbell.engine.formats.sds_v2.layouts import LAYOUTS as SDS_V2
from firstbell.engine.formats.templates.layouts import LAYOUTS as TEMPLATES
from firstbell.engine.tables import TABLES, Kind

_KEPT = "kept as it came (metadata)"


def columns_of(page: str) -> str:
    """The tables of a page: ``clever``, ``sds``, ``oneroster`` or ``templates``. Raises KeyError for another."""
    return "\n".join(_PAGES[page]()) + "\n"


def _clever() -> Iterator[str]:
    yield from _files(CLEVER.values())


def _sds() -> Iterator[str]:
    yield "## Columns of format 1"
    yield ""
    yield from _files(SDS_V1.values())
    yield "## Columns of formats 2 and 2.1"
    yield ""
    yield from _files(SDS_V2.values())


def _templates() -> Iterator[str]:
    for layout in TEMPLATES.values():
        yield f"### {layout.file}"
        yield ""
        yield "| column | becomes | | also read as |"
        yield "|---|---|---|---|"
        yield from (f"{_line(one)} {', '.join(one.also)} |" for one in layout.fields)
        yield ""


def _files(layouts: Iterable[FileLayout]) -> Iterator[str]:
    for layout in layouts:
        yield f"### {layout.file}.csv"
        yield ""
        yield "| column | becomes | |"
        yield "|---|---|---|"
        yield from (_line(one) for one in layout.fields)
        yield ""


def _line(one: Field) -> str:
    becomes = f"{one.table}: {_KEPT}" if one.is_metadata else ", ".join(f"`{target}`" for target in one.to.split())
    needed = "required" if one.required else "has to be there, may be blank" if one.expected else ""
    used = "used once to open a log-in, never kept" if one.secret else needed
    return f"| {one.name} | {becomes} | {used} |"


def _oneroster() -> Iterator[str]:
    for file, layout in ONEROSTER["1.2"].items():
        if file not in TABLES:
            continue
        yield f"### {file}.csv"
        yield ""
        yield "| column | what it holds | required | in 1.1 |"
        yield "|---|---|---|---|"
        older = ONEROSTER["1.1"].get(file)
        for name in layout.columns:
            yield _roster_line(file, name, in_1p1=older is not None and name in older.columns)
        yield ""


def _roster_line(file: str, name: str, *, in_1p1: bool) -> str:
    if name in {"status", "dateLastModified"}:
        return f"| {name} | of a delta: what became of the record, and when | of deltas | {'yes' if in_1p1 else ''} |"
    column = TABLES[file][name]
    needed = "yes" if column.required else ""
    kind = "" if column.kind is Kind.STRING else f" ({column.kind.value})"
    return f"| {name} | {column.meaning}{kind} | {needed} | {'yes' if in_1p1 else ''} |"


_PAGES = {"clever": _clever, "sds": _sds, "oneroster": _oneroster, "templates": _templates}


if __name__ == "__main__":
    sys.stdout.write(columns_of(sys.argv[1]))
