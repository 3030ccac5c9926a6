"""The door through which formats read the files of a package: as the corrections of its source say they are.

A format asks ``header_of`` for the columns of a file and ``read_file`` for its records; without corrections both are
plainly what stands in the file.
"""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.corrections.applying import apply
from firstbell.engine.corrections.kinds import (
    Correction,
    Corrections,
    DateForm,
    Done,
    FillBlanks,
    JoinText,
    PadColumn,
    PadIds,
    RenameColumn,
    RenameFile,
    ReplaceValues,
    SplitName,
)
from firstbell.engine.corrections.places import fits
from firstbell.engine.corrections.secrets import has_secret
from firstbell.engine.csvfile import CsvFile, read_csv, read_header
from firstbell.engine.package import Package

_NOUNS: dict[type[Correction], tuple[str, str, str]] = {
    RenameFile: ("corrected-file", "file", "files"),
    RenameColumn: ("corrected-column", "record", "records"),
    SplitName: ("corrected-names", "name", "names"),
    ReplaceValues: ("corrected-values", "cell", "cells"),
    DateForm: ("corrected-dates", "date", "dates"),
    PadIds: ("corrected-zeros", "number", "numbers"),
    PadColumn: ("corrected-zeros", "number", "numbers"),
    FillBlanks: ("corrected-blanks", "cell", "cells"),
    JoinText: ("corrected-text", "cell", "cells"),
}
"""The finding that tells of each kind, and what it counts."""
_NOT_SHOWN = "(not shown, the file holds passwords)"


def corrected(package: Package, corrections: Corrections) -> Package:
    """The package as its source's corrections say it is: files under the format's names, cells when they are read."""
    if not corrections:
        return package
    names: dict[str, str] = {}
    idle: list[pl.DataFrame] = []
    done: list[Done] = []
    for correction in corrections.in_order:
        if not isinstance(correction, RenameFile):
            continue
        found = [name for name in package if fits(correction.file, [name]) and name not in names]
        taken = correction.to in names.values() or (correction.to in package and correction.to not in found)
        if taken or len(found) != 1:
            why = f"the package has {len(found)} files named {correction.file}"
            why = f"the package has a file {correction.to} already" if found and taken else why
            idle.append(findings.one("correction-idle", file=correction.to, detail=why))
        elif found[0] != correction.to:
            names[found[0]] = correction.to
            done.append(Done(correction, correction.to, "", 1))
    view = package.renamed(names, corrections)
    view.done += done
    view.findings += idle
    for old, new in names.items():
        view.findings.append(findings.one("corrected-file", file=new, value=old, detail=new))
    return view


def header_of(package: Package, name: str) -> list[str]:
    """The columns of a file by the names that the corrections give them."""
    header = read_header(package.head(name))
    if not package.corrections or not any(header):
        return header
    schema = {**{str(place): pl.String for place in range(len(header))}, "_record": pl.UInt32}
    file = CsvFile(name, header, pl.DataFrame(schema=schema))
    apply(package.corrections, file, names=_names(package, name))
    return file.header


def read_file(package: Package, name: str, *, known_as: str = "") -> CsvFile | None:
    """A file with its corrections applied and told of, or None (and a finding) where its content is broken.

    ``known_as``: the format's name for the file, where it was recognised by its header.
    """
    content = package.read(name)
    return None if content is None else read_text(package, name, content, known_as=known_as)


def read_text(package: Package, name: str, content: bytes, *, known_as: str = "") -> CsvFile:
    """The content of a file with the corrections of its package applied; the package notes what they did."""
    file = read_csv(name, content)
    if not package.corrections or not any(file.header):
        return file
    if has_secret(package.corrections, file.header):
        file.findings = [_without_lines(part) for part in file.findings]
    names = tuple(dict.fromkeys((*_names(package, name), known_as or name)))
    done, own = apply(package.corrections, file, names=names)
    package.own_columns.update({(name, column): spelled for column, spelled in own.items()})
    file.findings += [_tell(each) for each in done if each.cells or isinstance(each.correction, RenameColumn)]
    package.done += done
    return file


def _names(package: Package, name: str) -> tuple[str, ...]:
    return (name, package.own_names.get(name, name))


def _without_lines(found: pl.DataFrame) -> pl.DataFrame:
    """Raw lines of a file that holds passwords are not shown, though its header did not say so."""
    is_line = (pl.col("code") == "row-quote") & pl.col("value").is_not_null()
    return found.with_columns(value=pl.when(is_line).then(pl.lit(_NOT_SHOWN)).otherwise("value"))


def _tell(done: Done) -> pl.DataFrame:
    code, _, _ = _NOUNS[type(done.correction)]
    value = count_cells(done.correction, done.cells)
    return findings.one(code, file=done.file, column=done.column, value=value, detail=done.detail)


def count_cells(correction: Correction, cells: int) -> str:
    """How much a correction touched, in words: ``1,203 numbers``."""
    _, one, several = _NOUNS[type(correction)]
    return f"{cells:,} {one if cells == 1 else several}"
