"""Makes CSV files of the sheets of an Excel workbook (XLSX, or the old XLS), all cells as text.

The workbook is looked through and packed anew before it is read, so what is read is what was looked at. Numbers and
formulas come as their values, days as ``YYYY-MM-DD``; a sheet becomes the file ``<sheet>.csv``.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field

import fastexcel
import polars as pl

from firstbell.engine import findings
from firstbell.engine.archive import BROKEN, Limits, excess_of, fault_of, is_encrypted, open_archive
from firstbell.engine.csvfile import names_an_id
from firstbell.engine.oldbook import is_old, open_old
from firstbell.engine.workbook import PartSeen, Unfit, look_through

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls"})
_WORKBOOK = "xl/workbook.xml"
_PARTS = (".xml", ".rels")
_GENERIC = re.compile(r"(sheet|tabelle|feuil\w*|hoja|foglio|blad|シート)\s*\d*", re.IGNORECASE)
_MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"
_ALIKE = 0.8
"""Share of the ids of a column that have one length, before shorter ones are said to have lost zeros."""


@dataclass(slots=True)
class Workbook:
    """The sheets as CSV files (name to content), what was found in them, and why it was refused, if it was."""

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[pl.DataFrame] = field(default_factory=list)
    fault: str | None = None


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """True for an archive that is an XLSX file, whatever its name."""
    return _WORKBOOK in archive.NameToInfo


def read_workbook(name: str, source: zipfile.ZipFile | bytes, limits: Limits, *, alone: bool) -> Workbook:
    """Read a workbook. ``alone``: it is the whole package, so the sheets have the names of the files."""
    workbook = Workbook(name)
    try:
        if isinstance(source, bytes) and is_old(source):
            content, seen = open_old(source)
            _check_amount(seen, limits)
        else:
            archive = open_archive(source) if isinstance(source, bytes) else source
            content, seen = _packed_anew(archive, limits)
        _read_sheets(workbook, content, alone=alone)
    except Unfit as problem:
        workbook.fault = str(problem)
    except (*BROKEN, fastexcel.FastExcelError) as problem:
        workbook.fault = f"the workbook is damaged ({type(problem).__name__})"
    else:
        _note_lost(workbook, seen)
    return workbook


def _packed_anew(archive: zipfile.ZipFile, limits: Limits) -> tuple[bytes, list[PartSeen]]:
    entries = [entry for entry in archive.infolist() if entry.filename.endswith(_PARTS)]
    excess = excess_of(entries, limits)
    if excess:
        raise Unfit(excess)
    if _WORKBOOK not in {entry.filename for entry in entries}:
        raise Unfit("it is no Excel workbook")
    out = io.BytesIO()
    seen = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for entry in entries:
            fault = "it is encrypted" if is_encrypted(entry) else fault_of(entry, limits)
            if fault:
                raise Unfit(fault)
            with archive.open(entry) as stream:
                part = stream.read(entry.file_size + 1)
            seen.append(look_through(part))
            packed.writestr(entry.filename, part)
    _check_amount(seen, limits)
    return out.getvalue(), seen


def _check_amount(seen: list[PartSeen], limits: Limits) -> None:
    cells = sum(part.rows * part.columns for part in seen)
    if cells > limits.cells:
        raise Unfit(f"its sheets span {cells:,} cells, {limits.cells:,} allowed")
    longest = max((part.longest for part in seen), default=0)
    excess = limits.exceeded_by(sum(part.shared for part in seen) * longest)
    if excess:
        raise Unfit(f"a long text stands in many of its cells: up to {excess}")


def _read_sheets(workbook: Workbook, content: bytes, *, alone: bool) -> None:
    sheets = _frames(content)
    for name, rows in sheets.items():
        plain = re.sub(r"[\x00-\x1f\\/:]", "_", name)
        if len(sheets) == 1 and (not alone or _GENERIC.fullmatch(name)):
            plain = workbook.name.rpartition(".")[0] or workbook.name
        file = plain if plain.casefold().endswith(".csv") else f"{plain}.csv"
        workbook.findings.append(findings.one("sheet-read", file=file, value=name, detail=workbook.name))
        workbook.files[file] = _as_csv(workbook, file, rows)


def _frames(content: bytes) -> dict[str, pl.DataFrame]:
    """The sheets that hold anything, cells as text. A panic of the reader is its way to say that a file is damaged."""
    try:
        reader = fastexcel.read_excel(content)
        sheets = {
            name: reader.load_sheet(place, header_row=None, dtypes="string").to_polars()
            for place, name in enumerate(reader.sheet_names)
        }
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
        raise Unfit("the workbook is damaged") from problem
    return {name: rows for name, rows in sheets.items() if rows.height}


def _as_csv(workbook: Workbook, file: str, rows: pl.DataFrame) -> bytes:
    rows = rows.select(pl.all().cast(pl.String).str.replace(_MIDNIGHT, "$1"))
    broken = pl.any_horizontal(pl.all().str.contains(r"[\r\n]")).fill_null(value=False)
    filled = pl.any_horizontal(pl.all().is_not_null())
    told = rows.select(broken=broken, filled=filled, _file=pl.lit(file), sourcedId=pl.lit(None, pl.String)).filter(
        "filled"
    )
    told = told.with_columns(_record=pl.int_range(pl.len())).filter(pl.col("broken") & (pl.col("_record") > 0))
    if told.height:
        workbook.findings.append(findings.of(told, "row-line-break"))
    _note_lost_zeros(workbook, file, rows)
    return rows.with_columns(pl.all().str.replace_all(r"[\r\n]+", " ")).write_csv(include_header=False).encode()


def _note_lost_zeros(workbook: Workbook, file: str, rows: pl.DataFrame) -> None:
    names = ["" if name is None else str(name).strip() for name in rows.row(0)]
    for place, name in zip(rows.columns, names, strict=True):
        if not names_an_id(name):
            continue
        ids = rows[place].slice(1).drop_nulls()
        if not ids.len() or not ids.str.contains(r"^\d+$").all():
            continue
        lengths = ids.str.len_chars()
        usual = int(str(lengths.mode().max()))
        shorter = (lengths < usual).sum()
        if shorter and (lengths == usual).sum() >= _ALIKE * ids.len():
            detail = f"{shorter:,} have fewer than {usual} digits"
            workbook.findings.append(findings.one("zeros-lost", file=file, column=name, detail=detail))


def _note_lost(workbook: Workbook, seen: list[PartSeen]) -> None:
    lost = sum(part.lost for part in seen)
    if lost:
        workbook.findings.append(findings.one("sheet-cells-lost", file=workbook.name, detail=f"{lost:,}"))
