"""Who upgrades keeps everything: backups that earlier versions of Firstbell left come back in this one, unchanged.

Each folder of tests/project/upgrade has the day of its version for a name and holds a backup (`firstbell backup`), its
key file, and what the tables had in the columns of their time. A release adds a folder; none is ever changed.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader
from tests.project.test_restoring import PASSWORD, Made, drill, restore

from firstbell.domain.backups.filling import ensure_not_newer
from firstbell.domain.backups.manifest import MANIFEST, Manifest
from firstbell.domain.backups.refusals import NotRestored

FOLDERS = sorted(path for path in Path(__file__).with_name("upgrade").iterdir() if path.is_dir())
USERNAME = "user.s0"


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short path, since a socket's path has a limit."""
    folder = Path(tempfile.mkdtemp(prefix="fb-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def applied_in(folder: Path) -> list[str]:
    """The steps of the database that its version had."""
    found: list[str] = json.loads((folder / "backup" / MANIFEST).read_text())["migrations"]
    return found


def test_there_is_one_with_fewer_steps_than_this_version_and_none_with_more() -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    had = [set(applied_in(folder)) for folder in FOLDERS]
    assert any(steps < known for steps in had)
    assert all(steps <= known for steps in had)


def test_what_a_newer_version_left_is_refused_before_anything_is_filled() -> None:
    manifest = Manifest("x", "2030-01-01T00:00:00+00:00", "9.0", 180000, ["roster.9999_later"], {}, {}, "00")
    with pytest.raises(NotRestored, match=r"Firstbell 9\.0, which is newer .*roster\.9999_later"):
        ensure_not_newer(manifest)


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_an_earlier_version_left_is_the_same_in_this_one(folder: Path, home: Path) -> None:
    made = Made(folder / "backup", folder / "keys.json", {}, "", USERNAME)
    done = restore(home, made)
    assert done.returncode == 0, done.stderr
    expected = json.loads((folder / "expected.json").read_text())
    told = drill(home, "upgraded", folder / "expected.json", USERNAME, PASSWORD)
    assert told["found"] == {table: [one["rows"], one["digest"]] for table, one in expected.items()}
    assert told["waits"] == 0
    assert told["applied"] >= len(applied_in(folder))
    assert told["signs_in"]
    assert "undone" in told["undone"].lower()
