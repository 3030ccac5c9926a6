"""A district with a shelf that its roster is fetched from."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.domain.imports.rosters import PRINCIPAL
from tests.domain.sources.shelf import CODE, Shelf, kind_of
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.connectors.catalogue import KINDS
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import list_runs
from firstbell.domain.sources.actions import add_connection, ask_for_sync
from firstbell.domain.sources.models import Connection, Sync
from firstbell.domain.sources.queries import find_connection
from firstbell.domain.sources.syncing import carry_on

SECRET = "Canary-sis-pass-5be1"


@dataclass
class Fetching:
    """One source that is fetched from, and what lies on its shelf."""

    district: District
    source_id: int
    shelf: Shelf
    folder: Path

    def lay(self, roster: Roster) -> None:
        for path in self.folder.iterdir():
            path.unlink()
        roster.write(self.folder)

    @property
    def connection(self) -> Connection:
        found = find_connection(self.district, self.source_id)
        assert found is not None
        return found

    @property
    def runs(self) -> list[Run]:
        return list_runs(self.district, source_id=self.source_id)

    def ask(self, *, whole: bool = False) -> Sync:
        return ask_for_sync(self.district, self.connection.source, by=PRINCIPAL, whole=whole)

    def sync(self, *, whole: bool = False) -> Sync:
        """Ask, and do what a worker would."""
        return carry_on(self.district, self.ask(whole=whole).pk)

    def approve(self) -> Run:
        with within(self.district):
            run = Run.objects.select_related("source").get(pk=self.runs[0].pk)
        approve_run(self.district, run, by=PRINCIPAL)
        return carry_out(self.district, run)

    def rehearse(self) -> None:
        """The first sync, which a person approves."""
        self.sync()
        assert self.approve().state == "applied"


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf()
    monkeypatch.setitem(KINDS, CODE, kind_of(made))
    return made


@pytest.fixture
def fetching(district: District, shelf: Shelf, tmp_path: Path) -> Fetching:
    folder = tmp_path / "shelf"
    folder.mkdir()
    values = {"folder": str(folder), "password": SECRET}
    made = add_connection(district, "Shelf nightly", KINDS[CODE], values, by=OPERATOR)
    fetched = Fetching(district, made.source_id, shelf, folder)
    fetched.lay(lakeside())
    return fetched
