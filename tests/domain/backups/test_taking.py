"""A backup is of one moment, whatever runs do meanwhile; and where it cannot be whole, nothing of it stays."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.backups import taking
from firstbell.domain.backups.copying import Copies
from firstbell.domain.backups.taking import NotTaken, take_backup
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import FINDINGS, RECEIVED, RunFolder, files_of
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.receiving import receive
from firstbell.domain.imports.states import move
from firstbell.domain.roster.sources import add_source


@pytest.fixture
def waiting(district: District, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run of this test's district, whose files are all that is copied."""
    monkeypatch.setattr(taking, "files_of_all", lambda: list(files_of(district)))
    monkeypatch.setattr(taking, "WAIT_SECONDS", 0)
    return receive(district, add_source(district, "sis", by=OPERATOR), io.BytesIO(b"x"), name="x.zip", by=OPERATOR)


@pytest.fixture
def moment(waiting: Run) -> Iterator[taking._Moment]:
    """The database held still while the run waits, and as if it were the only one that does."""
    with taking._held_still() as found:
        yield replace(found, waiting={waiting.pk: found.waiting[waiting.pk]})


def input_of(run: Run) -> str:
    return f"runs/{run.district_id}/{run.pk}/{RECEIVED}"


def goes_on(district: District, run: Run) -> None:
    """The run comes to its end, and its input is put away."""
    with within(district):
        move(run, RunState.DISCARDED, by=OPERATOR)
    RunFolder(district, run.pk).delete(RECEIVED)


def test_an_input_that_was_put_away_before_it_was_copied_asks_for_another_moment(
    district: District, waiting: Run, moment: taking._Moment, tmp_path: Path
) -> None:
    goes_on(district, waiting)
    assert not taking._copy_as_of(moment, Copies(tmp_path))


def test_an_input_that_was_copied_before_it_was_put_away_stays_in_the_backup(
    district: District, waiting: Run, moment: taking._Moment, tmp_path: Path
) -> None:
    copies = Copies(tmp_path)
    copies.copy(files_of(district))
    goes_on(district, waiting)
    assert taking._copy_as_of(moment, copies)
    assert input_of(waiting) in copies.files
    assert (tmp_path / input_of(waiting)).exists()


def test_of_a_settled_run_what_was_taken_away_is_not_kept_and_what_changed_is_copied_again(
    district: District, waiting: Run, tmp_path: Path
) -> None:
    folder, copies = RunFolder(district, waiting.pk), Copies(tmp_path)
    folder.write(FINDINGS, io.BytesIO(b"before"))
    copies.copy(files_of(district))
    before = copies.files
    goes_on(district, waiting)
    folder.write(FINDINGS, io.BytesIO(b"after it"))
    with taking._held_still() as now:
        assert taking._copy_as_of(replace(now, waiting={}), copies)
    (name,) = copies.files
    assert name.endswith(FINDINGS)
    assert copies.files[name] != before[name]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / name]


def test_the_keys_are_never_put_beside_the_data(waiting: Run, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    with pytest.raises(NotTaken, match="must not lie in the folder"):
        take_backup(folder, folder / "keys", by=OPERATOR)
    assert not folder.exists()


def test_what_is_there_is_never_written_over(waiting: Run, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("older keys")
    with pytest.raises(NotTaken, match="new file"):
        take_backup(tmp_path / "new", tmp_path / "keys", by=OPERATOR)
    with pytest.raises(NotTaken, match="new folder"):
        take_backup(tmp_path, tmp_path.parent / "other keys", by=OPERATOR)
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_backup_that_fails_on_the_way_leaves_nothing_that_looks_like_one(
    waiting: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "DUMP", ("--no-such-option",))
    with pytest.raises(NotTaken, match="could not be written"):
        take_backup(tmp_path / "backup", tmp_path / "keys", by=OPERATOR)
    assert list(tmp_path.iterdir()) == []


def test_keys_that_the_environment_gives_are_not_written_and_named(
    waiting: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    master = (home / "keys" / "master").read_text().strip()
    monkeypatch.setattr(settings, "FIRSTBELL_MASTER_KEY", master)
    assert taking._elsewhere() == ("FIRSTBELL_MASTER_KEY",)
    monkeypatch.setattr(settings, "SECRET_KEY", "another")
    assert taking._elsewhere() == ("FIRSTBELL_MASTER_KEY", "FIRSTBELL_SECRET_KEY")


def test_a_key_file_that_is_none_says_so(tmp_path: Path) -> None:
    from firstbell.domain.backups.key_file import read_key_file
    from firstbell.domain.backups.manifest import BadBackup

    path = tmp_path / "keys"
    for text in ("", "[]", "{}", json.dumps({"kind": "firstbell keys"}), json.dumps({"kind": "x", "keys": {}})):
        path.write_text(text)
        with pytest.raises(BadBackup, match="no key file"):
            read_key_file(path)
    path.write_text(
        json.dumps({"kind": "firstbell keys", "keys": {"../escape": "x", "master": "y", "database-app": ""}})
    )
    assert read_key_file(path) == {"master": "y"}
