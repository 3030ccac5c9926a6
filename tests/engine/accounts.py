"""What must hold whatever was sent: nothing is raised, and each record is either read or told of. And what to send."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from hypothesis import strategies as st
from tests.engine.district import as_1p1, lakeside, write_files
from tests.engine.workbooks import workbook

from firstbell.engine.csvfile import CsvFile, read_csv, read_header
from firstbell.engine.findings import explain
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.reading import Reading

UNREADABLE = ("row-quote", "row-ragged")

_PIECES = (
    *(
        '"',
        ",",
        ";",
        "\t",
        "|",
        "\n",
        "\r",
        "\r\n",
        '""',
        "\x00",
        " ",
        "\ufeff",
        "\u2028",
        "\x0b",
        "\x1a",
        "a",
        "sep=;\n",
    ),
    *("é", "😀", "山田", "ﾃ", "b,c", '"x,y"', '"x\ny"', ",,,", "{a:b}", "-0", "=1+1", "x" * 300),
    *("1", "true", "TRUE", "s0", "s1,s2", "elm", "fall", "teacher", "ext:own", "active", "tobedeleted"),
    *("2026-13-01", "03/04/2026", "31.12.26", "0001-01-01", "12/31/9999", "20260815", "Aug 5, 2026"),
)
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp932")

messy_text = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=3)), max_size=30).map("".join)
header = st.sampled_from(
    ["sourcedId,name,type\n", "a;b\n", "a\tb\r\n", "a,b,,\n", "a\n", '"a","b"\r', "sep=,\na,b\n", ""]
)
any_bytes = st.one_of(
    st.binary(max_size=300),
    st.tuples(header, messy_text, st.sampled_from(_ENCODINGS)).map(
        lambda parts: (parts[0] + parts[1]).encode(parts[2], "replace")
    ),
    st.tuples(header, messy_text, st.binary(max_size=20)).map(
        lambda parts: (parts[0] + parts[1]).encode("utf-8", "replace") + parts[2]
    ),
)
"""Bytes that a file could be: noise, text in any encoding, text with noise in it."""


@st.composite
def any_package(draw: st.DrawFn) -> dict[str, str | bytes]:
    """A small district with some of its files damaged, replaced by anything, encoded anew or made workbooks."""
    district = lakeside() if draw(st.booleans()) else as_1p1(lakeside())
    if draw(st.booleans()):
        district.modes = dict.fromkeys(district.files, draw(st.sampled_from(["delta", "bulk", "absent"])))
    contents: dict[str, str | bytes] = {**district.contents()}
    for name in draw(st.lists(st.sampled_from([*contents]), max_size=4, unique=True)):
        contents |= _changed(draw, name, str(contents.pop(name)))
    return contents


def _changed(draw: st.DrawFn, name: str, text: str) -> dict[str, str | bytes]:
    kind = draw(
        st.sampled_from(["damaged", "damaged", "damaged", "replaced", "encoded", "separated", "workbook", "renamed"])
    )
    if kind == "replaced":
        return {name: draw(any_bytes)}
    text = _damaged(draw, text)
    if kind == "encoded":
        return {name: text.encode(draw(st.sampled_from(_ENCODINGS)), "replace")}
    if kind == "separated":
        return {name: text.replace(",", draw(st.sampled_from([";", "\t", "|"])))}
    if kind == "workbook":
        content = workbook({"Sheet1": [line.split(",") for line in text.splitlines()[:20]]})
        place = draw(st.integers(0, len(content) - 1))
        broken = draw(st.binary(max_size=2))
        return {name.replace(".csv", ".xlsx"): content[:place] + broken + content[place + len(broken) :]}
    return {draw(st.sampled_from(["x.csv", "x.txt", "x", ".csv"])) if kind == "renamed" else name: text}


def _damaged(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.sampled_from(_PIECES)) + text[start + draw(st.integers(0, 12)) :]
    return text


def account_for_file(content: bytes) -> CsvFile:
    """Read bytes as a CSV file; every record of it has a number, and is among the good ones or the unreadable ones."""
    file = read_csv("users.csv", content)
    read_header(content[:50])
    found = pl.concat(file.findings) if file.findings else pl.DataFrame(schema={"code": pl.String, "record": pl.UInt32})
    unreadable = found.filter(pl.col("code").is_in(UNREADABLE))["record"].to_list()
    read = file.records["_record"].to_list() if file.records.width else []
    assert sorted([*read, *unreadable]) == list(range(1, file.total + 1)), content
    assert file.records.width in {0, len(file.header) + 1}
    assert any(file.header) or "file-unreadable" in found["code"].to_list()
    _count_lines(content, file)
    return file


def _count_lines(content: bytes, file: CsvFile) -> None:
    """Without quotes it is plain how many records there are: one a line that says something."""
    text = content.decode("utf-8", "replace")
    if (
        set('"\x00\r') & set(text)
        or not content
        or content[:1] in b"\n"
        or text[:4].lower() == "sep="
        or not any(file.header)
    ):
        return
    if set("\x1c\x1d\x1e\x1f") & set(text):  # Python alone takes these for blanks
        return
    if "\ufffd" in text or b"\x00" in content or content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return
    head, *lines = text.split("\n")
    lines[:1] = [line.removeprefix("\ufeff") for line in lines[:1]]  # a mark below the header says nothing
    separator = next((sign for sign in ",;\t|" if sign in head and ("," not in head or sign == ",")), ",")
    if sum(sign in head for sign in ";\t|") > 1 and separator != ",":
        return
    assert file.total == sum(1 for line in lines if line.strip() and line.strip(separator)), content


def account_for_package(contents: Mapping[str, str | bytes]) -> None:
    """Read a package; every record of its files is in a table, left out, or told of."""
    with tempfile.TemporaryDirectory(prefix="firstbell-test-") as folder:
        reading, checked = inspect(open_package(write_files(Path(folder), contents)))
    assert explain(checked.findings)["message"].null_count() == 0
    if not reading.usable:
        return
    found = checked.findings
    for file, total in reading.files.items():
        table = reading.tables_of.get(file, ("",))[0]
        if table in reading.tables:
            told = found.filter(
                (pl.col("file") == file) & pl.col("code").is_in([*UNREADABLE, "deleted-in-bulk"])
            ).height
            assert reading.tables[table].filter(pl.col("_file") == file).height + told == total, file
    for table, kept in checked.tables.items():
        _account_for_table(reading, table, kept, checked.left_out.get(table), found)


def _account_for_table(
    reading: Reading, table: str, kept: pl.DataFrame, left_out: pl.Series | None, found: pl.DataFrame
) -> None:
    rows = reading.tables[table]
    same = found.filter(
        (pl.col("code") == "id-twice-same")
        & pl.col("file").is_in(rows["_file"].unique().implode())
        & pl.col("sourcedId").is_in(rows["sourcedId"].implode())
    )
    again = sum(int(times) - 1 for times in same["detail"].to_list())
    nameless = rows["sourcedId"].null_count()
    assert rows.height == kept.height + (0 if left_out is None else left_out.len()) + again + nameless, table


__all__ = ["account_for_file", "account_for_package", "any_bytes", "any_package"]
