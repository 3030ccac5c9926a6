"""The source of most tests: a district's student information system."""

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.domain.imports.rosters import Door, open_door

from firstbell.domain.districts.models import District
from firstbell.domain.roster import record_copies


@pytest.fixture
def sis(district: District, tmp_path: Path) -> Door:
    return open_door(district, tmp_path / "sis")


@pytest.fixture(autouse=True)
def copies_of_records(monkeypatch: pytest.MonkeyPatch, owner: BaseDatabaseWrapper) -> Iterator[None]:
    """Every test also shows that the copies of records say what the records say, however few there are."""
    monkeypatch.setattr(record_copies, "COPIED_FROM", 1)
    yield
    with owner.cursor() as cursor:
        cursor.execute("select district_id, source_id, kind, body from roster_recordcopy")
        copies = cursor.fetchall()
    for district_id, source_id, kind, body in copies:
        with owner.cursor() as cursor:
            cursor.execute(record_copies.RECORDS, [district_id, source_id, kind])
            records = cursor.fetchall()
        assert sorted(pl.read_parquet(io.BytesIO(bytes(body))).rows()) == sorted(records)
