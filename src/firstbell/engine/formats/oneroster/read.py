"""Reads a OneRoster package (CSV 1.1 or 1.2) to canonical tables."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.corrections.reading import header_of, read_file
from firstbell.engine.formats.metadata import as_objects
from firstbell.engine.formats.oneroster.header import Header, read_columns
from firstbell.engine.formats.oneroster.layouts import LAYOUTS, Layout
from firstbell.engine.formats.oneroster.manifest import Manifest, find_manifest, read_manifest
from firstbell.engine.formats.oneroster.status import take_status
from firstbell.engine.formats.oneroster.users_1p1 import split_roles
from firstbell.engine.package import Package
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.tables import TABLES, Column, Kind
from firstbell.engine.values import canonical_column

_FINGERPRINTS_1P0 = {
    "userSourcedId": "demographics",
    "birthdate": "demographics",
    "userId": "users",
    "agents": "users",
    "schoolYearId": "courses",
    "academicSessionSourcedId": "classes",
}
"""Columns that only OneRoster 1.0 has in these files."""
_RECOGNISED_FROM = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the package and the layout that it follows."""

    name: str
    layout: Layout
    by_header: bool


def detect(package: Package) -> bool:
    """True where the package looks like OneRoster: a manifest, or a file with the header of a known one."""
    return find_manifest(package) is not None or any(
        _recognise(package, name, LAYOUTS["1.2"]) or _recognise(package, name, LAYOUTS["1.1"]) for name in package
    )


def read(package: Package) -> Reading:
    """Every file of the package. What is wrong is in ``findings``; nothing is raised for what a district sent."""
    manifest = read_manifest(package)
    version = (manifest and manifest.version) or _version_by_headers(package)
    reading = Reading("OneRoster", version)
    if manifest is not None:
        reading.findings += manifest.findings
        reading.tables_of[manifest.file] = ()
        if not reading.usable:
            return reading
    elif sign := _sign_of_1p0(package):
        reading.findings.append(findings.one("version-1.0", detail=sign))
        return reading
    found = _files(package, reading, apart=manifest.file if manifest else None)
    _compare_with_manifest(reading, manifest, found)
    for file in found:
        _read_file(package, reading, file, _declared(manifest, file.layout.file))
    if version == "1.1":
        split_roles(reading)
    elif manifest is not None and manifest.restates:
        _restate(reading)
    if manifest is None and not any(file.layout.roster for file in found):
        reading.findings.append(findings.one("no-roster-file"))
    return reading


def _restate(reading: Reading) -> None:
    """Roles have no ids in the API: one that a changed person no longer has is only missing beside the others."""
    for name in ("roles", "userProfiles"):
        if reading.mode("users") is Mode.DELTA and reading.mode(name) is Mode.DELTA:
            reading.restates[name] = "userSourcedId"


def _declared(manifest: Manifest | None, file: str) -> Mode:
    """The mode that the manifest gives, or partial where it says that the file is not there."""
    mode = manifest.modes.get(file, Mode.ABSENT) if manifest else Mode.ABSENT
    return Mode.PARTIAL if mode is Mode.ABSENT else mode


def _version_by_headers(package: Package) -> str:
    if "roles.csv" in package:
        return "1.2"
    return "1.1" if any("orgSourcedIds" in header_of(package, name) for name in package) else "1.2"


def _sign_of_1p0(package: Package) -> str | None:
    for column, file in _FINGERPRINTS_1P0.items():
        name = f"{file}.csv"
        if name in package and column in header_of(package, name):
            return f"{name} has the column {column}"
    return None


def _files(package: Package, reading: Reading, *, apart: str | None) -> list[Found]:
    layouts = LAYOUTS[reading.version]
    found = []
    for name in package:
        if name == apart:
            continue
        file = _recognise(package, name, layouts)
        if file is None:
            reading.findings.append(findings.one("file-unknown", file=name))
            continue
        if file.by_header:
            reading.findings.append(findings.one("file-found-by-header", file=name, detail=f"{file.layout.file}.csv"))
        found.append(file)
    order = list(layouts)
    return sorted(found, key=lambda file: (order.index(file.layout.file), file.by_header, file.name))


def _recognise(package: Package, name: str, layouts: dict[str, Layout]) -> Found | None:
    stem, _, ending = name.rpartition(".")
    if ending.casefold() not in {"csv", "txt"}:
        return None
    if stem in layouts and ending == "csv":
        return Found(name, layouts[stem], by_header=False)
    header = set(header_of(package, name))
    if "sourcedId" not in header:
        return None

    def likeness(layout: Layout) -> float:
        return len(header & set(layout.columns)) / len(layout.columns) if layout.columns else 0.0

    best = max(layouts.values(), key=likeness)
    return Found(name, best, by_header=True) if likeness(best) >= _RECOGNISED_FROM else None


def _compare_with_manifest(reading: Reading, manifest: Manifest | None, found: list[Found]) -> None:
    if manifest is None:
        return
    supplied = {file.layout.file: file.name for file in found}
    for file, mode in manifest.modes.items():
        if mode is not Mode.ABSENT and file not in supplied:
            missing = findings.one("file-missing", file=manifest.file, column=f"{file}.csv", value=mode.value)
            reading.findings.append(missing)
    for file, name in supplied.items():
        if manifest.modes.get(file) is Mode.ABSENT:
            reading.findings.append(findings.one("file-unexpected", file=name))


def _read_file(package: Package, reading: Reading, found: Found, declared: Mode) -> None:
    file = read_file(package, found.name, known_as=f"{found.layout.file}.csv")
    if file is None:
        reading.findings += package.findings[-1:]
        return
    reading.findings += file.findings
    reading.files[found.name] = file.total
    if not file.header or not any(file.header):
        return
    header = read_columns(found.name, file.header, found.layout, made=file.made)
    reading.findings += header.findings
    if not file.total:
        reading.findings.append(findings.one("file-empty", file=found.name))
    made = ("users", "roles") if "orgSourcedIds" in found.layout.columns else (found.layout.file,)
    reading.tables_of[found.name] = made
    records = header.named(file.records, found.name)
    if not found.layout.roster:
        reading.side[found.layout.file] = records.with_columns(pl.col(pl.String).str.strip_chars().replace("", None))
    elif header.usable:
        mode, records = take_status(reading, records, declared)
        _keep(reading, found.layout.file, _canonical(reading, records, found.layout, header), mode)


def _keep(reading: Reading, table: str, rows: pl.DataFrame, mode: Mode) -> None:
    """Two files of one kind are one list, and then nobody is removed for being missing from one of them."""
    if table in reading.tables:
        earlier = reading.tables[table]
        reading.tables[table] = pl.concat([earlier, rows], how="diagonal")
        reading.modes[table] = mode if mode is reading.modes[table] else Mode.PARTIAL
        return
    reading.tables[table] = rows
    reading.modes[table] = mode


def _canonical(reading: Reading, records: pl.DataFrame, layout: Layout, header: Header) -> pl.DataFrame:
    table = TABLES[layout.file]
    extra = (
        (Column("orgSourcedIds", Kind.REFS, "", required=True), TABLES["roles"]["role"])
        if "orgSourcedIds" in layout.columns
        else ()
    )
    gone = records.filter(pl.col("_status") != "active")["_record"]
    with ThreadPoolExecutor() as pool:  # Polars lets go of the interpreter, so columns are read side by side
        done = list(pool.map(lambda column: _read_column(reading, records, header, column), (*table.columns, *extra)))
    for column, (_, found) in zip((*table.columns, *extra), done, strict=True):
        of_id = column.kind is Kind.ID or not gone.len()  # of a record that goes, only its id is needed
        reading.findings += [part if of_id else part.filter(~pl.col("record").is_in(gone.implode())) for part in found]
    return pl.DataFrame([*(text for text, _ in done), records["_status"], records["_file"], records["_record"]])


def _read_column(
    reading: Reading, records: pl.DataFrame, header: Header, column: Column
) -> tuple[pl.Series, list[pl.DataFrame]]:
    if column.kind is Kind.METADATA:
        return as_objects({key: records[place] for key, place in header.extensions.items()}, records.height), []
    if column.name in records.columns:
        text, found = canonical_column(records, column, version=reading.version)
        return text.alias(column.name), found
    return pl.repeat(column.default, records.height, dtype=pl.String, eager=True).alias(column.name), []
