"""Packages that are edited and brought in through the doors, and the roster as products see it."""

import zipfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import polars as pl
from django.db import connection
from tests.engine.district import District as Roster

from firstbell.domain.audit.actor import OPERATOR, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.imports.undoing import undo_run
from firstbell.domain.roster.columns import KINDS, MODELS, sql_name
from firstbell.domain.roster.models import PublishedRow, Record, Row, Source
from firstbell.domain.roster.sources import add_source
from firstbell.engine.formats.oneroster.write import Version, write
from firstbell.engine.tables import TABLES, Kind, Table

type Tables = dict[str, pl.DataFrame]
type Content = dict[str, object]
type Published = dict[str, dict[str, Content]]

PRINCIPAL = Actor("account", "7", "Paula Principal")
_STATE = ["roster_source", "roster_record", "imports_touch", *(model._meta.db_table for model in MODELS.values())]


@dataclass
class Door:
    """One source of a district, and the ways in which its packages come in."""

    district: District
    source: Source
    folder: Path
    _numbers: "count[int]" = field(default_factory=count)

    def receive(self, package: Roster | Tables | Path, *, dry_run: bool = False) -> Run:
        source = Source.objects.none().model
        with within(self.district):
            fresh = source.objects.get(pk=self.source.pk)
        return receive_path(self.district, fresh, self.pack(package), by=OPERATOR, dry_run=dry_run)

    def bring(self, package: Roster | Tables | Path, *, dry_run: bool = False) -> Run:
        return carry_out(self.district, self.receive(package, dry_run=dry_run), by=OPERATOR)

    def approve(self, run: Run, *, rekey: bool = True) -> Run:
        approve_run(self.district, run, by=PRINCIPAL, rekey=rekey)
        return carry_out(self.district, run)

    def undo(self, run: Run) -> Run:
        return undo_run(self.district, run, by=PRINCIPAL)

    def pack(self, package: Roster | Tables | Path, *, version: Version = "1.2") -> Path:
        """The package as a file or a folder of its own."""
        if isinstance(package, Path):
            return package
        out = self.folder / f"export-{next(self._numbers)}"
        if isinstance(package, Roster):
            return package.write(out)
        write(package, out, version=version)
        return out


def open_door(district: District, folder: Path, name: str = "sis", **settings: object) -> Door:
    folder.mkdir(parents=True, exist_ok=True)
    return Door(district, add_source(district, name, by=OPERATOR, settings=settings), folder)


def zipped(folder: Path, out: Path, *, level: int) -> Path:
    """The files of a folder as a zip of other bytes than the last one."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for path in sorted(folder.iterdir(), reverse=bool(level % 2)):
            archive.write(path, path.name)
    return out


def published(district: District) -> Published:
    """All live rows by table and published id, references as published ids too."""
    with within(district):
        rows = {name: list(_rows(district, name).filter(removed_at=None)) for name in TABLES}
        names = {name: _names(district, name) for name in TABLES}
    names["demographics"] = names["users"]
    return {
        name: {names[name][row.id]: _content(TABLES[name], row, names) for row in of_table}
        for name, of_table in rows.items()
    }


def _rows(district: District, table: str):  # type: ignore[no-untyped-def]  # a manager of one of nine models
    return MODELS[table].objects.filter(district_id=district.pk)  # type: ignore[attr-defined]


def _names(district: District, table: str) -> dict[int, str]:
    if not issubclass(MODELS[table], PublishedRow):
        return {}
    return dict(_rows(district, table).values_list("id", "sourced_id"))


def _content(table: Table, row: Row, names: dict[str, dict[int, str]]) -> Content:
    content: Content = {}
    for column in table.content:
        value = getattr(row, sql_name(column))
        if column.kind is Kind.REF and value is not None:
            value = names[column.target or ""][value]
        if column.kind is Kind.REFS and value is not None:
            value = sorted(names[column.target or ""][one] for one in value)
        content[column.name] = value
    return content


def state(district: District) -> dict[str, str]:
    """A digest of everything that a run can change of the roster: rows, records, owners, stamps."""
    digests: dict[str, str] = {}
    with within(district), connection.cursor() as cursor:
        for table in _STATE:
            cursor.execute(
                f"select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from {table} t"
                " where district_id = %s",
                [district.pk],
            )
            digests[table] = cursor.fetchone()[0]
        cursor.execute("select last_stamp from districts_district where id = %s", [district.pk])
        digests["stamp"] = str(cursor.fetchone()[0])
    return digests


def row_id(door: Door, table: str, key: str) -> int:
    """The row that a source calls by this id."""
    with within(door.district):
        record = Record.objects.get(
            district_id=door.district.pk, source_id=door.source.pk, kind=KINDS[table], source_key=key
        )
    return record.row_id


def row(door: Door, table: str, row_id: int) -> Row:
    with within(door.district):
        found: Row = _rows(door.district, table).get(id=row_id)
    return found


def changes(run: Run) -> dict[str, dict[str, int]]:
    """What the run changed, without zeros."""
    told = {
        table: {action: n for action, n in counts.items() if n and action != "unchanged"}
        for table, counts in run.counts.items()
    }
    return {table: counts for table, counts in told.items() if counts}


def reasons(run: Run) -> set[str]:
    return {reason["code"] for reason in run.reasons}


def found(district: District, run: Run) -> set[str]:
    """Codes of the findings that the run's folder keeps."""
    from firstbell.domain.imports.folder import FINDINGS, RunFolder

    frame = RunFolder(district, run.pk).read_frame(FINDINGS)
    return set() if frame is None else set(frame["code"].to_list())
