"""Packages that would take all memory, or write elsewhere, are refused unread and by name (checks 17, 18, 19, 23)."""

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.crafted import LINK, MEGABYTE, Entry, bomb, crafted, deflated, read_apart, zipped
from tests.engine.district import lakeside
from tests.engine.workbooks import MAIN, raw_workbook

from firstbell.engine.package import Limits, Package, open_package
from firstbell.engine.pipeline import inspect

RISE = 50
"""Megabytes that refusing a bomb may take."""

_LONG = "x" * 100_000
_DEVICE = (stat.S_IFCHR | 0o666) << 16
_PIPE = (stat.S_IFIFO | 0o666) << 16
_USERS = Entry("users.csv")
_EMPTY_ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def _found(path: Path, limits: Limits | None = None) -> list[tuple[str, str | None]]:
    found = inspect(open_package(path, limits=limits))[1].findings
    return list(zip(found["code"].to_list(), found["detail"].to_list(), strict=True))


REFUSED: dict[str, tuple[tuple[Entry, ...], str, str]] = {
    "up": ((Entry("../users.csv"),), "package-unsafe", "outside"),
    "up and down": ((Entry("a/../../users.csv"),), "package-unsafe", "outside"),
    "up at the end": ((Entry("a/.."),), "package-unsafe", "outside"),
    "absolute": ((Entry("/etc/cron.d/users.csv"),), "package-unsafe", "outside"),
    "two slashes": ((Entry("//host/share/users.csv"),), "package-unsafe", "outside"),
    "a drive": ((Entry("C:/users.csv"),), "package-unsafe", "outside"),
    "a drive without a slash": ((Entry("C:users.csv"),), "package-unsafe", "outside"),
    "a stream": ((Entry("users.csv:hidden"),), "package-unsafe", "outside"),
    "backslashes": ((Entry("..\\..\\users.csv"),), "package-unsafe", "backslash"),
    "a share": ((Entry("\\\\host\\share\\users.csv"),), "package-unsafe", "backslash"),
    "a backslash within": ((Entry("a\\users.csv"),), "package-unsafe", "backslash"),
    "a NUL": ((Entry("users.csv\x00.txt"),), "package-unsafe", "control"),
    "a line break": ((Entry("users\n.csv"),), "package-unsafe", "control"),
    "an escape": ((Entry("\x1b[2Jusers.csv"),), "package-unsafe", "control"),
    "a folder outside": ((Entry("../evil/"),), "package-unsafe", "outside"),
    "a link": ((Entry("users.csv", b"/etc/passwd", attributes=LINK),), "package-unsafe", "link"),
    "a link to a folder": ((Entry("more", b"/etc", attributes=LINK), Entry("more/x.csv")), "package-unsafe", "link"),
    "a device": ((Entry("users.csv", attributes=_DEVICE),), "package-unsafe", "device"),
    "a pipe": ((Entry("users.csv", attributes=_PIPE),), "package-unsafe", "device"),
    "twice": ((_USERS, _USERS), "package-unsafe", "two files"),
    "twice in another case": ((_USERS, Entry("Users.CSV")), "package-unsafe", "two files"),
    "twice in a folder": ((_USERS, Entry("old/users.csv")), "package-unsafe", "two files"),
    "twice in another accent": ((Entry("\u00e9.csv"), Entry("e\u0301.csv")), "package-unsafe", "two files"),
    "a zip": ((Entry("more.zip"),), "package-unsafe", "archive within"),
    "a tar": ((Entry("more.tar.gz"),), "package-unsafe", "archive within"),
    "encrypted": ((Entry("users.csv", flags=0x1),), "package-encrypted", ""),
    "encrypted strongly": ((Entry("users.csv", flags=0x41),), "package-encrypted", ""),
    "a list encrypted": ((Entry("users.csv", flags=0x2000),), "package-encrypted", ""),
    "bzip2": ((Entry("users.csv", method=12),), "package-unsafe", "compressed in a way"),
    "lzma": ((Entry("users.csv", method=14),), "package-unsafe", "compressed in a way"),
    "deflate64": ((Entry("users.csv", method=9),), "package-unsafe", "compressed in a way"),
    "larger than said": ((deflated(Entry("users.csv", b"sourcedId\n" * 9, claims=12)),), "file-unreadable", "damaged"),
    "smaller than said": ((Entry("users.csv", claims=5000),), "package-unsafe", "smaller"),
    "another name within": ((Entry("other.csv", central_name="users.csv"),), "file-unreadable", "damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_18_a_crafted_zip_is_refused_with_its_reason_and_writes_nothing(tmp_path: Path, kind: str) -> None:
    entries, code, reason = REFUSED[kind]
    folder = tmp_path / "in" / "ner"
    folder.mkdir(parents=True)
    path = crafted(folder / "bad.zip", *entries)
    told = _found(path)
    assert (code, True) in [(found, reason in (detail or "")) for found, detail in told], told
    assert [place.name for place in tmp_path.rglob("*")] == ["in", "ner", "bad.zip"]


def test_18_a_link_to_a_folder_within_a_folder_is_refused(tmp_path: Path) -> None:
    folder = lakeside().write(tmp_path / "bad")
    (folder / "more").symlink_to("/etc")
    assert _found(folder) == [("package-unsafe", "it is a link, not a file")]


def test_18_a_crafted_zip_of_good_entries_is_read(tmp_path: Path) -> None:
    entries = [deflated(Entry(name, text.encode())) for name, text in lakeside().contents().items()]
    assert _found(crafted(tmp_path / "good.zip", *entries)) == []


def _mixed(*entries: Entry) -> Callable[[Path], Path]:
    roster = [Entry(name, text.encode()) for name, text in lakeside().only("orgs").contents().items()]
    return lambda path: crafted(path, *roster, *entries)


def _nested(path: Path, ending: str = ".zip") -> Path:
    crafted(path, bomb("0.csv", 200))
    for depth in range(5):
        content = path.read_bytes()
        crafted(path, *(Entry(f"{depth}{place}{ending}", content) for place in range(2)))
    return path


def _workbook_bomb(path: Path) -> Path:
    workbook = crafted(path.with_suffix(".xlsx"), Entry("xl/workbook.xml"), bomb("xl/worksheets/sheet1.xml", 2048))
    return _mixed(Entry("users.xlsx", workbook.read_bytes()))(path)


BOMBS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "2 GB in 2 MB": (_mixed(bomb("users.csv", 2048)), "package-unsafe"),
    "2 GB said to be small": (_mixed(bomb("users.csv", 2048, claims=1000)), "file-unreadable"),
    "2 GB said to be nothing": (_mixed(bomb("users.csv", 2048, claims=0)), "file-unreadable"),
    "many of them": (_mixed(*(bomb(f"users{place}.csv", 9) for place in range(600))), "package-too-large"),
    "100,000 entries": (lambda path: crafted(path, *(Entry(f"{place}.csv", b"") for place in range(100_000))), ""),
    "zips in zips": (_nested, "package-unsafe"),
    "zips that say they are no zips": (lambda path: _nested(path, ending=".csv"), "no-roster-file"),
    "a workbook of 2 GB": (_workbook_bomb, "file-unreadable"),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_17_a_bomb_is_refused_and_takes_no_memory(tmp_path: Path, kind: str) -> None:
    make, code = BOMBS[kind]
    path = make(tmp_path / "bomb.zip")
    assert path.stat().st_size < 16 * MEGABYTE
    read = read_apart(lakeside().write(tmp_path / "good"), path)
    assert (code or "package-too-large") in read.codes
    assert read.rise < RISE, kind


def test_17_of_a_hundred_thousand_entries_not_even_the_list_is_read(tmp_path: Path) -> None:
    path = crafted(tmp_path / "many.zip", *(Entry(f"{place}.csv", b"") for place in range(100_000)))
    assert _found(path)[0] == ("package-too-large", "far over 1,000 entries")


def test_17_of_a_bomb_not_one_byte_is_inflated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _mixed(bomb("users.csv", 64))(tmp_path / "bomb.zip")

    def read(*_: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr(zipfile.ZipFile, "open", read)
    monkeypatch.setattr(Package, "read", read)
    assert [code for code, _ in _found(path)] == ["package-unsafe"]


def test_19_ten_gigabytes_are_refused_at_once(tmp_path: Path) -> None:
    good = lakeside().write(tmp_path / "good")
    folder = lakeside().only("orgs").write(tmp_path / "huge")
    with (folder / "users.csv").open("wb") as file:
        file.truncate(10 * 1024 * MEGABYTE)
    claims = 0xFFFFFFFE
    lying = crafted(tmp_path / "lie.zip", Entry("users.csv", claims=claims), Entry("orgs.csv", claims=claims))
    for package in (folder, folder / "users.csv", lying):
        read = read_apart(good, package)
        assert read.rise < RISE, package
        assert set(read.codes) & {"package-too-large"}, package


def test_19_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lakeside().only("orgs").write(tmp_path / "growing")
    package = open_package(folder)
    size = package.size("orgs.csv")
    os.truncate(folder / "orgs.csv", size * 1000)
    monkeypatch.setattr(Package, "size", lambda *_: size)
    assert package.read("orgs.csv") is None
    assert package.findings[-1]["code"].to_list() == ["package-unsafe"]


WORKBOOKS: dict[str, tuple[bytes, str]] = {
    "two cells far apart": (
        raw_workbook(f'{_EMPTY_ROW}<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'),
        "span 17,179,869,184 cells",
    ),
    "a cell outside every sheet": (raw_workbook('<row r="1"><c r="XFE1"><v>2</v></c></row>'), "outside"),
    "a row outside every sheet": (raw_workbook('<row r="99999999"><c><v>2</v></c></row>'), "more than it can hold"),
    "a long text named often": (
        raw_workbook(
            "".join(f'<row r="{row}"><c t="s"><v>0</v></c></row>' for row in range(1, 100_000)),
            shared=f"<sst {MAIN}><si><t>{_LONG}</t></si></sst>",
        ),
        "a long text stands in many of its cells",
    ),
    "a long text in many pieces": (
        raw_workbook(
            "".join(f'<row r="{row}"><c t="s"><v>0</v></c></row>' for row in range(1, 100_000)),
            shared=f"<x:sst xmlns:x={MAIN[6:]}><x:si>" + "<x:r><x:t>x&#x79;z</x:t></x:r>" * 50_000 + "</x:si></x:sst>",
        ),
        "a long text stands in many of its cells",
    ),
    "room for four thousand million texts": (
        raw_workbook(_EMPTY_ROW, shared=f'<sst {MAIN} count="4000000000" uniqueCount="4000000000"><si/></sst>'),
        "more than it can hold",
    ),
    "an outer entity": (
        raw_workbook('<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'),
        "document type",
    ),
    "a billion laughs": (
        raw_workbook(
            '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">'
            + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
            + "]><w>&j;</w>"
        ),
        "document type",
    ),
    "a document type from elsewhere": (
        raw_workbook('<?xml version="1.0"?><!DOCTYPE w SYSTEM "http://127.0.0.1:9/x.dtd"><w/>'),
        "document type",
    ),
    "no XML": (raw_workbook("<row><c></row>"), "damaged"),
    "another encoding": (raw_workbook('<?xml version="1.0" encoding="utf-16"?><w>\u00e9</w>'), "damaged"),
    "no workbook": (b"PK\x03\x04 nothing", "damaged"),
}


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_17_and_23_a_hostile_workbook_is_refused_with_its_reason(tmp_path: Path, kind: str) -> None:
    content, reason = WORKBOOKS[kind]
    told = _found(zipped(tmp_path / "bad.zip", {"users.xlsx": content}))
    faults = [detail or "" for code, detail in told if code == "file-unreadable"]
    assert len(faults) == 1, told
    assert reason in faults[0] or (reason == "damaged" and "damaged" in faults[0]), faults


def test_17_hostile_workbooks_take_no_memory(tmp_path: Path) -> None:
    names = ("two cells far apart", "a long text named often", "room for four thousand million texts")
    contents = {f"{place}.xlsx": WORKBOOKS[kind][0] for place, kind in enumerate((*names, "a billion laughs"))}
    read = read_apart(lakeside().write(tmp_path / "good"), zipped(tmp_path / "bad.zip", contents))
    assert read.codes.count("file-unreadable") == len(contents)
    assert read.rise < RISE


def test_23_nothing_outside_is_asked_for_by_a_workbook(tmp_path: Path) -> None:
    """The listener is the test itself: pytest-socket fails whatever opens a socket to anywhere else."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        host = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        for text in (
            f'<?xml version="1.0"?><!DOCTYPE w SYSTEM "{host}"><w/>',
            f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "{host}">]><w>&x;</w>',
            f'<?xml version="1.0"?><worksheet {MAIN} xmlns:r="{host}"><sheetData>{_EMPTY_ROW}</sheetData></worksheet>',
        ):
            _found(zipped(tmp_path / "bad.zip", {"users.xlsx": raw_workbook(text)}))
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_zip_whose_list_of_entries_lies_about_itself_is_refused(tmp_path: Path) -> None:
    path = crafted(tmp_path / "bad.zip", Entry("users.csv"))
    content = bytearray(path.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<I", content, end + 12, 0x7FFFFFFF)
    path.write_bytes(content)
    assert [code for code, _ in _found(path)] == ["package-unreadable"]
