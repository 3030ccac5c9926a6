"""A dropped roster is taken when it is whole, all at once, and by whoever was stopped in the middle not at all."""

import os
import time
from pathlib import Path

import pytest

from firstbell.connectors.drop import TAKING, Drop, package_of

LATER = 3600.0


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    made = Drop(tmp_path / "in", tmp_path / "aside", "maple-1", quiet=60)
    made.folder.mkdir()
    return made


def _lay(drop: Drop, name: str, *, text: str = "sourcedId\n") -> Path:
    path = drop.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_drop_is_ready_when_its_newest_file_has_been_quiet(drop: Drop) -> None:
    newest = _lay(drop, "users.csv").stat().st_mtime
    assert not drop.is_ready(newest + 59)
    assert drop.is_ready(newest + 61)


def test_a_copied_time_does_not_make_a_new_file_an_old_one(drop: Drop) -> None:
    os.utime(_lay(drop, "users.csv"), (1e9, 1e9))
    assert not drop.is_ready(time.time())


@pytest.mark.parametrize("marker", ["done", "DONE.txt", "complete", "ready.flag"])
def test_a_marker_says_that_it_is_whole(drop: Drop, marker: str) -> None:
    _lay(drop, "users.csv")
    assert not drop.is_ready(time.time())
    _lay(drop, marker)
    assert drop.is_ready(time.time())
    assert [path.name for path in drop.take().iterdir()] == ["users.csv"]


def test_a_marker_without_a_roster_is_no_drop(drop: Drop) -> None:
    _lay(drop, "done")
    assert not drop.is_ready(time.time() + LATER)


@pytest.mark.parametrize("name", ["users.csv.part", "users.csv.filepart", "upload.tmp"])
def test_a_file_that_is_still_being_written_keeps_the_others_waiting(drop: Drop, name: str) -> None:
    _lay(drop, "orgs.csv")
    _lay(drop, name)
    _lay(drop, "done")
    assert not drop.is_ready(time.time() + LATER)


def test_hidden_files_and_links_are_never_taken(drop: Drop, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("canary", encoding="utf-8")
    (drop.folder / "users.csv").symlink_to(secret)
    _lay(drop, ".hidden.csv")
    (drop.folder / "elsewhere").symlink_to(tmp_path)
    assert drop.files() == []
    assert not drop.is_ready(time.time() + LATER)


def test_a_root_that_is_a_link_is_empty(drop: Drop, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(drop.folder)
    _lay(drop, "users.csv")
    assert Drop(tmp_path / "link", drop.aside, "maple-1").files() == []


def test_files_in_folders_are_part_of_it(drop: Drop) -> None:
    _lay(drop, "daily/users.csv")
    _lay(drop, "daily/orgs.csv")
    taken = drop.take()
    assert sorted(path.name for path in (taken / "daily").iterdir()) == ["orgs.csv", "users.csv"]
    assert drop.files() == []
    assert package_of(taken) == taken


def test_one_file_is_the_package(drop: Drop) -> None:
    _lay(drop, "roster.zip")
    assert package_of(drop.take()).name == "roster.zip"


def test_what_was_taken_and_not_removed_is_found_again(drop: Drop) -> None:
    _lay(drop, "roster.zip")
    taken = drop.take()
    assert drop.left() == [taken]


def test_half_a_take_is_given_back(drop: Drop) -> None:
    _lay(drop, "users.csv")
    half = drop.aside / f"{drop.name}.abc{TAKING}"
    half.mkdir(parents=True)
    (half / "orgs.csv").write_text("sourcedId\n", encoding="utf-8")
    taken = drop.take()
    assert sorted(path.name for path in taken.iterdir()) == ["orgs.csv", "users.csv"]
    assert drop.left() == [taken]


def test_what_is_given_back_never_replaces_a_newer_file(drop: Drop) -> None:
    half = drop.aside / f"{drop.name}.abc{TAKING}"
    half.mkdir(parents=True)
    (half / "users.csv").write_text("old", encoding="utf-8")
    _lay(drop, "users.csv", text="new")
    assert (drop.take() / "users.csv").read_text(encoding="utf-8") == "new"
    assert not half.exists()


def test_a_drop_that_never_was_is_not_ready(tmp_path: Path) -> None:
    assert not Drop(tmp_path / "nowhere", tmp_path / "aside", "x").is_ready(LATER)
