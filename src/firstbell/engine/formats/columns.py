"""The files of a dialect read column by column: each cell as canonical text.

Findings speak of the file's own columns and records.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings
from firstbell.engine.corrections.reading import read_file
from firstbell.engine.csvfile import names_a_secret
from firstbell.engine.formats.finding import Found, find_files
from firstbell.engine.formats.layout import METADATA, FileLayout
from firstbell.engine.formats.metadata import as_objects
from firstbell.engine.package import Package
from firstbell.engine.reading import Reading
from firstbell.engine.tables import DEMOGRAPHICS
from firstbell.engine.values import canonical_column
from firstbell.engine.vocabulary import fold


@dataclass(slots=True)
class Places:
    """Where the columns of a layout stand in a file: field -> position; extension key -> position."""

    fields: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    usable: bool = True


def read_files(
    package: Package, reading: Reading, layouts: Iterable[FileLayout], *, prefix: str, left_alone: Iterable[str] = ()
) -> dict[str, pl.DataFrame]:
    """The records of each file that is there, by the layout's name; see ``_read_file``. Findings go to the reading."""
    found = find_files(package, layouts, left_alone)
    known = {one.name for one in found}
    for name in package:
        if name not in known and name.rpartition(".")[0].casefold() not in set(left_alone):
            reading.findings.append(findings.one("file-unknown", file=name))
    files: dict[str, pl.DataFrame] = {}
    for one in found:
        if one.by_header and not one.layout.hand_made:
            reading.findings.append(
                findings.one("file-found-by-header", file=one.name, detail=f"{one.layout.file}.csv")
            )
        records = _read_file(package, reading, one, prefix)
        if records is not None:
            earlier = files.get(one.layout.file)
            files[one.layout.file] = records if earlier is None else pl.concat([earlier, records], how="vertical")
    return files


def _read_file(package: Package, reading: Reading, found: Found, prefix: str) -> pl.DataFrame | None:
    """Canonical text under the names of the layout, ``metadata.<table>``, ``sourcedId`` (the file's key), ``_file``,
    ``_record`` and ``_faulty`` (true where a record has an error and will be left out)."""
    file = read_file(package, found.name, known_as=f"{found.layout.file}.csv")
    if file is None:
        reading.findings += package.findings[-1:]
        return None
    reading.findings += file.findings
    reading.files[found.name] = file.total
    reading.tables_of[found.name] = found.layout.tables
    reading.beside[found.name] = tuple(one.name for one in found.layout.fields if DEMOGRAPHICS.name not in one.tables)
    if not any(file.header):
        return None
    places = _places(reading, found, file.header, prefix)
    if not places.usable:
        return None
    if not file.total:
        reading.findings.append(findings.one("file-empty", file=found.name))
    reading.columns_of[found.name] = _columns_of(found.layout, places)
    return _canonical(reading, found, places, file.records)


def _places(reading: Reading, found: Found, header: list[str], prefix: str) -> Places:
    places = Places()
    by_fold = {name: one for one in reversed(found.layout.fields) for name in one.names}
    by_fold |= {fold(one.name): one for one in found.layout.fields}
    for place, name in enumerate(header):
        known = by_fold.get(fold(name))
        if not name:
            reading.findings.append(findings.one("column-blank", file=found.name))
        elif known is None:
            _take_extension(reading, found, places, name, place, prefix)
        elif known.name in places.fields:
            reading.findings.append(findings.one("column-twice", file=found.name, column=known.name))
            places.usable = False
        else:
            if not found.layout.hand_made and _unlike(name, known.name):
                reading.findings.append(
                    findings.one("column-case", file=found.name, column=known.name, value=name),
                )
            places.fields[known.name] = place
    for one in found.layout.fields:
        if (one.required or one.expected) and one.name not in places.fields:
            reading.findings.append(findings.one("column-missing-required", file=found.name, column=one.name))
            places.usable = False
    return places


def _unlike(name: str, published: str) -> bool:
    """Blanks and underscores stand for each other in the wild; that is no fault."""
    return name.replace(" ", "_") != published.replace(" ", "_")


def _take_extension(reading: Reading, found: Found, places: Places, name: str, place: int, prefix: str) -> None:
    key = name.removeprefix(prefix) if prefix else name
    if names_a_secret(key):
        reading.findings.append(findings.one("column-password", file=found.name, column=name))
        return
    if found.layout.hand_made:
        reading.findings.append(findings.one("column-unused", file=found.name, column=name))
        return
    if key == name:
        reading.findings.append(findings.one("column-unknown", file=found.name, column=name))
    if key in places.extensions:
        reading.findings.append(findings.one("column-twice", file=found.name, column=name))
        places.usable = False
    places.extensions[key] = place


def _columns_of(layout: FileLayout, places: Places) -> dict[str, str]:
    """Canonical column -> the file's column, for findings of the rules; the file's own words win."""
    told: dict[str, str] = {}
    for one in layout.fields:
        if one.name in places.fields and not one.is_metadata:
            for target in one.to.split():
                told.setdefault(target.partition(".")[2], one.name)
    return told


def _canonical(reading: Reading, found: Found, places: Places, records: pl.DataFrame) -> pl.DataFrame:
    layout = found.layout
    named = records.select(
        *(
            pl.col(str(places.fields[one.name])).alias(one.name)
            if one.name in places.fields
            else pl.lit(None, pl.String).alias(one.name)
            for one in layout.fields
        ),
        "_record",
    ).with_columns(_file=pl.lit(found.name))
    if "sourcedId" not in named.columns:
        named = named.with_columns(sourcedId=pl.col(layout.key).str.strip_chars().replace("", None))
    columns: list[pl.Series] = []
    errors: list[pl.DataFrame] = []
    for one in layout.fields:
        if one.spelled:
            columns.append(named[one.name].str.strip_chars().replace("", None).alias(f"spelled.{one.name}"))
        text, told = canonical_column(named, one.column, version="1.2", reader=one.reader)
        columns.append(text.alias(one.name))
        reading.findings += told
        errors += told
    if layout.key != "sourcedId":
        columns.append(named["sourcedId"])
    metadata = _metadata_by_table(layout, places, pl.DataFrame(columns), records)
    return pl.DataFrame([*columns, *metadata, named["_file"], named["_record"]]).with_columns(
        _faulty=pl.col("_record").is_in(_records_with_errors(errors).implode())
    )


def _records_with_errors(parts: list[pl.DataFrame]) -> pl.Series:
    codes = [code for code, entry in findings.CATALOGUE.items() if entry.severity is findings.Severity.ERROR]
    told = pl.concat([findings.none(), *parts])
    return told.filter(pl.col("code").is_in(codes))["record"].drop_nulls().unique()


def _metadata_by_table(
    layout: FileLayout, places: Places, cells: pl.DataFrame, records: pl.DataFrame
) -> list[pl.Series]:
    """One Series of JSON objects for each table that metadata of this file may belong to."""
    tables = dict.fromkeys([layout.extends, *(one.table for one in layout.fields if one.is_metadata)])
    made = []
    for table in tables:
        members = {
            one.name: cells[one.name]
            for one in layout.fields
            if one.is_metadata and one.table == table and one.name in places.fields
        }
        if table == layout.extends:
            members |= {key: records[str(place)] for key, place in places.extensions.items()}
        made.append(as_objects(members, records.height).alias(f"{METADATA}.{table}"))
    return made
