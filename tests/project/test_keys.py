"""Keys are made once, whole, and for their owner's eyes."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from firstbell.project.keys import NAMES, make_keys, read_key


def test_keys_are_made_once(tmp_path: Path) -> None:
    make_keys(tmp_path)
    first = [read_key(tmp_path, name) for name in NAMES]
    make_keys(tmp_path)
    assert [read_key(tmp_path, name) for name in NAMES] == first
    assert len(set(first)) == len(NAMES)
    assert len(base64.b64decode(read_key(tmp_path, "master"))) == 32


def test_only_their_owner_may_read_them(tmp_path: Path) -> None:
    make_keys(tmp_path)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    for name in NAMES:
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600


def test_a_key_that_is_not_made_is_empty(tmp_path: Path) -> None:
    assert read_key(tmp_path, "master") == ""


def test_many_who_start_at_once_agree(tmp_path: Path) -> None:
    def make_and_read(_: int) -> list[str]:
        make_keys(tmp_path)
        return [read_key(tmp_path, name) for name in NAMES]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(make_and_read, range(32)))
    assert all(answer == answers[0] for answer in answers)
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == sorted(NAMES)
