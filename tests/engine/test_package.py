"""Packages that mean harm, or met it on the way: refused or read, and never a traceback."""

import io
import os
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.engine.district import lakeside

from firstbell.engine.findings import explain
from firstbell.engine.package import Limits, open_package
from firstbell.engine.pipeline import inspect


def _zip(path: Path, entries: Mapping[str, str | bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, text in (entries or lakeside().contents()).items():
            archive.writestr(name, text)
    return path


def _codes(path: Path, limits: Limits | None = None) -> list[str]:
    _, checked = inspect(open_package(path, limits=limits), strict=True)
    assert explain(checked.findings)["message"].null_count() == 0
    return checked.findings["code"].to_list()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=str)
def test_a_zip_and_a_folder_read_alike(tmp_path: Path, method: int) -> None:
    assert _codes(_zip(tmp_path / "good.zip", method=method)) == []
    assert _codes(lakeside().write(tmp_path / "good")) == []


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "C:users.csv", "a\\..\\users.csv", "..\\users.csv"]
)
def test_a_name_that_leaves_the_package_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("x")
        entry.filename = name
        archive.writestr(entry, "sourcedId\n")
    assert _codes(path) == ["package-unsafe"]
    assert [found.name for found in tmp_path.iterdir()] == ["bad.zip"]


def test_a_link_within_a_zip_is_refused(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("users.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert _codes(tmp_path / "bad.zip") == ["package-unsafe"]


def test_a_link_or_a_pipe_within_a_folder_is_refused(tmp_path: Path) -> None:
    folder = lakeside().write(tmp_path / "bad")
    (folder / "secret.csv").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.csv")
    assert _codes(folder) == ["package-unsafe", "package-unsafe"]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    contents = lakeside().contents()
    assert _codes(_zip(tmp_path / "bad.zip", {**contents, "USERS.csv": contents["users.csv"]})) == ["package-unsafe"]
    assert "package-unsafe" in _codes(_zip(tmp_path / "bad.zip", {**contents, "old/users.csv": contents["users.csv"]}))


@pytest.mark.parametrize("name", ["roster.zip", "roster.ZIP", "users.csv.gz", "more/all.7z"])
def test_an_archive_within_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    assert _codes(_zip(tmp_path / "bad.zip", {**lakeside().contents(), name: b"PK"})) == ["package-unsafe"]


def test_an_encrypted_package_is_refused_with_its_cause(tmp_path: Path) -> None:
    path = _zip(tmp_path / "bad.zip", {"users.csv": "sourcedId\n"})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    assert _codes(path) == ["package-encrypted"]


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path: Path) -> None:
    path = _zip(tmp_path / "bomb.zip", {**lakeside().contents(), "orgs.csv": b"0" * 20_000_000})
    assert _codes(path) == ["package-unsafe"]


def test_limits_are_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    path = _zip(tmp_path / "large.zip", {"users.csv": "0" * 2_000})
    assert _codes(path, Limits(unpacked=1_000)) == ["package-too-large"]
    assert _codes(_zip(tmp_path / "many.zip"), Limits(entries=5)) == ["package-too-large"]
    assert _codes(lakeside().write(tmp_path / "folder"), Limits(unpacked=1_000)) == ["package-too-large"]
    assert _codes(lakeside().write(tmp_path / "folder"), Limits(entries=5)) == ["package-too-large"]


@pytest.mark.parametrize("claims", [10, 2**31])
def test_a_size_that_is_a_lie_gives_no_more_than_it_says(tmp_path: Path, claims: int) -> None:
    path = _zip(tmp_path / "lie.zip", {"users.csv": "x" * 5_000})
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, claims)
    path.write_bytes(content)
    assert set(_codes(path)) & {"file-unreadable", "package-unsafe", "no-roster-file"}


def test_a_broken_entry_of_a_zip_is_named(tmp_path: Path) -> None:
    path = _zip(tmp_path / "broken.zip", method=zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    content[content.index(b"Family0")] ^= 0xFF
    path.write_bytes(content)
    _, checked = inspect(open_package(path))
    assert checked.findings.filter(code="file-unreadable")["file"].to_list() == ["users.csv"]


def test_any_byte_of_a_zip_may_be_broken(tmp_path: Path) -> None:
    good = _zip(tmp_path / "good.zip", lakeside().only("orgs").contents()).read_bytes()
    for place in range(0, len(good), 3):
        broken = bytearray(good)
        broken[place] ^= 0xFF
        (tmp_path / "broken.zip").write_bytes(broken)
        _codes(tmp_path / "broken.zip")
    for length in range(0, len(good), 50):
        (tmp_path / "short.zip").write_bytes(good[:length])
        assert _codes(tmp_path / "short.zip") != []


def test_names_that_are_no_text_are_shown_as_text(tmp_path: Path) -> None:
    folder = lakeside().write(tmp_path / "odd")
    Path(os.fsdecode(os.fsencode(folder) + b"/us\xffers.csv")).write_bytes(b"a,b\n")
    assert _codes(folder) == ["file-unknown"]


def test_what_operating_systems_leave_behind_is_skipped(tmp_path: Path) -> None:
    junk: dict[str, str | bytes] = {"__MACOSX/._users.csv": b"\x00", ".DS_Store": b"\x00", "._orgs.csv": b"\x00"}
    assert _codes(_zip(tmp_path / "mac.zip", {**lakeside().contents(), **junk})) == []


def test_an_enclosing_folder_is_tolerated_and_told(tmp_path: Path) -> None:
    contents = {f"export/{name}": text for name, text in lakeside().contents().items()}
    assert set(_codes(_zip(tmp_path / "folder.zip", contents))) == {"file-in-folder"}


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "empty").mkdir()
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    (tmp_path / "empty.zip").write_bytes(empty.getvalue())
    assert _codes(tmp_path / "letter.pdf") == ["package-unreadable"]
    assert _codes(tmp_path / "empty") == ["package-empty", "manifest-missing"]
    assert _codes(tmp_path / "empty.zip") == ["package-empty", "manifest-missing"]
