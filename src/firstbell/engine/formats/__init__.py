"""The dialects that rosters come in. Each has ``read.detect`` and ``read.read``; the first that fits reads."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.clever import read as clever
from firstbell.engine.formats.oneroster import read as oneroster
from firstbell.engine.formats.sds_v1 import read as sds_v1
from firstbell.engine.formats.sds_v2 import read as sds_v2
from firstbell.engine.formats.templates import read as templates
from firstbell.engine.package import Package
from firstbell.engine.reading import Reading


@dataclass(frozen=True, slots=True)
class Format:
    """One dialect: whether a package looks like it, and how it is read. ``in_sheets``: workbooks are its usual form."""

    name: str
    detect: Callable[[Package], bool]
    read: Callable[[Package], Reading]
    in_sheets: bool = False


FORMATS: tuple[Format, ...] = (
    Format("Clever", clever.detect, clever.read),
    Format("School Data Sync 1", sds_v1.detect, sds_v1.read),
    Format("School Data Sync 2", sds_v2.detect, sds_v2.read),
    Format("Firstbell template", templates.detect, templates.read, in_sheets=True),
    Format("OneRoster", oneroster.detect, oneroster.read),
)
"""OneRoster knows its files by their names alone, so those that have files of the same names come before it."""


def read(package: Package) -> Reading:
    """Read a package by the format that recognises it. Findings of the package come first."""
    if not package.usable:
        return Reading("", "", findings=list(package.findings))
    chosen = next((candidate for candidate in FORMATS if candidate.detect(package)), None)
    if chosen is None:
        return Reading("", "", findings=[*package.findings, findings.one("no-roster-file")])
    reading = chosen.read(package)
    reading.own_columns = package.own_columns
    reading.others = tuple(name for name in package if name not in reading.tables_of)
    told = [part for part in package.findings if not _among(part, reading.findings)]
    reading.findings[:0] = [part.filter(pl.col("code") != "sheet-read") for part in told] if chosen.in_sheets else told
    return reading


def _among(part: object, parts: list) -> bool:  # type: ignore[type-arg]
    return any(part is other for other in parts)
