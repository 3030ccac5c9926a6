"""A run is a folder in Django's file storage, sealed with the district's key: input, findings, changes, report."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl
from django.core.files import File
from django.core.files.storage import default_storage

from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import seal_stream, unseal_stream
from firstbell.engine import findings

RECEIVED = "received"
"""The input as it came, with its passwords: only while the run waits."""
INPUT = "input.zip"
"""The input as it is kept: password columns are blank."""
PASSWORDS = "passwords.parquet"
SECRETS = "secrets.json"
"""The corrections that read a column as a password when the run was planned: only while the run waits."""
FINDINGS = "findings.parquet"
FOUND_AT = "found-at.parquet"
"""At which schools the records with findings are (``engine.at_schools.SCHEMA``)."""
MENDED = "mended.parquet"
"""Cells that a person changed in the page before this run: from what to what (``mending.KEPT``)."""
ACCOUNTS = "accounts.parquet"
"""Of a One-Time Assisted case: the accounts that its files asked for, and what became of each."""
LOGINS = "log-ins.parquet"
"""Of a One-Time Assisted case: the log-ins that were opened, until the contact person takes them."""
ROWS_IN_A_GROUP = 16_384
"""New rows come with rising ids, so whoever looks for one row opens the few groups that may have it."""


def files_of(district: District) -> Iterator[str]:
    """The names in the storage of all files of a district's runs."""
    yield from _files_below(f"runs/{district.pk}")


def files_of_all() -> Iterator[str]:
    """The names in the storage of all files of all runs."""
    yield from _files_below("runs")


def _files_below(path: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(path)
    except FileNotFoundError:
        return
    yield from (f"{path}/{name}" for name in files)
    for folder in folders:
        yield from _files_below(f"{path}/{folder}")


class RunFolder:
    """The files of one run. Every name is sealed on its own; a file put where another belongs does not open."""

    def __init__(self, district: District, run_id: int) -> None:
        self._district = district
        self._path = f"runs/{district.pk}/{run_id}"

    def write(self, name: str, source: BinaryIO) -> None:
        """Seal a stream under a name, in place of what was there."""
        with tempfile.TemporaryFile() as sealed:
            seal_stream(self._district, source, sealed, name=self._name(name))
            sealed.seek(0)
            self.delete(name)
            default_storage.save(self._name(name), File(sealed))

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The content of a file. Raises FileNotFoundError, or ``Unsealable`` for one that was changed."""
        with tempfile.TemporaryFile() as plain:
            with default_storage.open(self._name(name)) as sealed:
                unseal_stream(self._district, cast("BinaryIO", sealed), cast("BinaryIO", plain), name=self._name(name))
            plain.seek(0)
            yield plain

    @contextmanager
    def unpacked(self, name: str, suffix: str) -> Iterator[Path]:
        """The content of a file as a file of the machine, gone afterwards."""
        with tempfile.NamedTemporaryFile(suffix=suffix) as plain:
            with default_storage.open(self._name(name)) as sealed:
                unseal_stream(self._district, cast("BinaryIO", sealed), cast("BinaryIO", plain), name=self._name(name))
            plain.flush()
            yield Path(plain.name)

    def has(self, name: str) -> bool:
        """Whether the folder holds this file."""
        return bool(default_storage.exists(self._name(name)))

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""
        if self.has(name):
            default_storage.delete(self._name(name))

    def keep_frame(self, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame that has rows; one without takes an earlier one away."""
        if frame.height:
            self.write_frame(name, frame)
        else:
            self.delete(name)

    def write_frame(self, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame as Parquet."""
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd", compression_level=1, row_group_size=ROWS_IN_A_GROUP)
        buffer.seek(0)
        self.write(name, buffer)

    def read_frame(self, name: str) -> pl.DataFrame | None:
        """A frame that was kept, or None where there is none of this name."""
        if not self.has(name):
            return None
        with self.open(name) as plain:
            return pl.read_parquet(plain)

    def read_findings(self) -> pl.DataFrame | None:
        """What the run found (``engine.findings.SCHEMA``), also where it was kept before some of the columns were."""
        found = self.read_frame(FINDINGS)
        return None if found is None else findings.whole(found)

    def read_rows(self, name: str, row_ids: Sequence[int]) -> pl.DataFrame | None:
        """Of a frame that was kept, the rows with one of these ``row_id``: a few of many are found quickly."""
        if not self.has(name):
            return None
        with self.open(name) as plain:
            return pl.scan_parquet(plain).filter(pl.col("row_id").is_in(row_ids)).collect()

    def _name(self, name: str) -> str:
        return f"{self._path}/{name}"


def changes_of(table: str) -> str:
    """The file of a table's changes."""
    return f"changes/{table}.parquet"


def safe_part_of(table: str) -> str:
    """The file of a table's changes that a held run applied as its safe part."""
    return f"safe/{table}.parquet"


def records_of(table: str) -> str:
    """The file of a table's ids that were renumbered, and of rows that another source inherited."""
    return f"records/{table}.parquet"


def safe_records_of(table: str) -> str:
    """The file of the ids that were renumbered with the safe part."""
    return f"safe/records/{table}.parquet"
