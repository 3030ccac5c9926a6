"""Whatever encoding and line ends a file has, its names come out right, and a finding says what was done."""

import polars as pl
import pytest

from firstbell.engine.csvfile import CsvFile, is_header, read_csv, read_header

HEADER = "sourcedId,givenName,familyName\n"
LATIN = HEADER + "1,Zoé,Müller\n2,José,Nuñez\n3,RENÉE,MUÑOZ\n4,Éric,Ångström\n5,O’Brien,Straße\n"
JAPANESE = HEADER + "1,太郎,山田\n2,ﾊﾅｺ,ｽｽﾞｷ\n3,一年A組,佐藤\n"


def _read(content: bytes) -> tuple[list[tuple[str, ...]], list[tuple[str, str | None]]]:
    file = read_csv("users.csv", content)
    return file.records.drop("_record", strict=False).rows(), _told(file)


def _told(file: CsvFile) -> list[tuple[str, str | None]]:
    return [pair for part in file.findings for pair in zip(part["code"], part["detail"], strict=True)]


def _cells(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(",")) for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        (LATIN, "utf-8", []),
        (JAPANESE, "utf-8", []),
        (LATIN, "utf-8-sig", [("byte-order-mark", None)]),
        (LATIN, "cp1252", [("encoding", "Windows-1252")]),
        (JAPANESE, "cp932", [("encoding", "Shift-JIS (CP932)")]),
        (JAPANESE, "utf-16", [("encoding", "UTF-16")]),
        (LATIN, "utf-16-le", [("encoding", "UTF-16")]),
        (JAPANESE, "utf-16-be", [("encoding", "UTF-16")]),
        (LATIN, "utf-32", [("encoding", "UTF-32")]),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else None,
)
def test_names_are_the_same_in_every_encoding(text: str, encoding: str, told: list[tuple[str, str | None]]) -> None:
    assert _read(text.encode(encoding)) == (_cells(text), told)
    assert read_header(text.encode(encoding)) == HEADER.strip().split(",")
    long = (text + "9,Ann,Long\n" * 9000).encode(encoding)[:65536]
    assert read_header(long) == HEADER.strip().split(",")


@pytest.mark.parametrize("name", ["José", "Renée", "Zoé", "Noël", "BJÖRK", "Ã", "Müller-Lüdenscheidt", "D’Angelo"])
def test_one_accent_alone_is_never_taken_for_japanese(name: str) -> None:
    rows, told = _read(f"{HEADER}1,{name},Smith\n".encode("cp1252"))
    assert rows == [("1", name, "Smith")]
    assert told == [("encoding", "Windows-1252")]


def test_a_few_lines_of_another_encoding_do_not_spoil_the_others() -> None:
    lines = [f"{number},Zoé,Nuñez\n".encode() for number in range(20)]
    rows, told = _read(HEADER.encode() + b"".join(lines) + "20,José,Müller\n".encode("cp1252"))
    assert rows[0] == ("0", "Zoé", "Nuñez")
    assert rows[20] == ("20", "José", "Müller")
    assert told == [("encoding", "UTF-8, and lines of it (1) as Windows-1252")]


def test_an_emoji_in_two_halves_is_put_together_and_half_a_one_costs_its_own_cell() -> None:
    whole = "😀".encode("utf-16-be")
    halves = "".join(chr(int.from_bytes(whole[place : place + 2])) for place in (0, 2)).encode("utf-8", "surrogatepass")
    rows, _ = _read(HEADER.encode() + b"1," + halves + b",Smith\n")
    assert rows == [("1", "😀", "Smith")]
    rows, told = _read(HEADER.encode() + b"1,\xed\xa0\xbd,Smith\n2,Ann,Lee\n")
    assert rows == [("1", "\ufffd", "Smith"), ("2", "Ann", "Lee")]
    assert told == [("encoding", "UTF-8 with surrogates (CESU-8), and 1 of its characters could not be read")]
    rows, told = _read(b"\xff\xfe" + f"{HEADER}1,Ann,".encode("utf-16-le") + b"\x3d\xd8\n\x00")
    assert rows == [("1", "Ann", "\ufffd")]


def test_bytes_that_only_claim_to_be_utf_16_are_not_read() -> None:
    _, told = _read(b"\xff\xfe" + b"\x00\xd8" * 50)
    assert told == [("file-unreadable", "it claims to be UTF-16 and is not")]


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (("\n", "\n"), []),
        (("\r\n", "\r\n"), []),
        (("\r\n", "\n"), []),
        (("\r", "\r"), ["line-ends"]),
        (("\r", "\n"), ["line-ends"]),
        (("\r\n", "\r"), ["line-ends"]),
    ],
    ids=repr,
)
def test_every_kind_of_line_end_ends_a_line(ends: tuple[str, str], told: list[str]) -> None:
    first, then = ends
    content = f'sourcedId,givenName,familyName{first}1,Ann,Lee{then}2,"Bo, jr",Ray{first}3,Cy,Day{then}'.encode()
    rows, found = _read(content)
    assert rows == [("1", "Ann", "Lee"), ("2", "Bo, jr", "Ray"), ("3", "Cy", "Day")]
    assert [code for code, _ in found] == told


def test_a_carriage_return_within_a_cell_ends_no_line() -> None:
    rows, told = _read(HEADER.encode() + b'1,"An\rn",Lee\n2,B\ro,Ray\n3,Cy,Day\n')
    assert rows == [("1", "An n", "Lee"), ("2", "B o", "Ray"), ("3", "Cy", "Day")]
    assert told == [("row-line-break", None), ("row-line-break", None)]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("line", ["", "sep={}\n"])
def test_the_header_shows_what_separates_the_cells(separator: str, line: str) -> None:
    text = line.format(separator) + HEADER.replace(",", separator)
    text += f'1{separator}"Lee{separator} jr"{separator}Smith, III\n2{separator}Bo{separator}"a "" b"\n'
    rows, told = _read(text.encode())
    assert rows == [("1", f"Lee{separator} jr", "Smith, III"), ("2", "Bo", 'a " b')]
    assert ("separator", {";": "a semicolon", "\t": "a tab", "|": "a bar"}[separator]) in told
    assert read_header(text.encode()) == HEADER.strip().split(",")


def test_a_faulty_record_is_shown_as_it_stands_in_the_file() -> None:
    file = read_csv("users.csv", b'sourcedId;name\n1;"Lee"x, jr\n2;Ray\n')
    shown = pl.concat(file.findings).filter(code="row-quote").select("record", "value").rows()
    assert shown == [(1, '1;"Lee"x, jr')]
    assert file.records.rows() == [("2", "Ray", 2)]


def test_a_semicolon_among_commas_separates_nothing() -> None:
    assert _read(b"a,b;c\n1,2;3\n") == ([("1", "2;3")], [])


def test_blank_cells_at_the_end_of_lines_are_skipped() -> None:
    assert _read(b"a,b\n1,x,,\n3,4,,\n,,,\n\n") == (
        [("1", "x"), ("3", "4")],
        [("row-blank", "2"), ("cells-blank", "lines: 2")],
    )
    assert _read(b"a,b,,\n1,2,,\n3,4,,\n") == (
        [("1", "2"), ("3", "4")],
        [("cells-blank", "columns without a name: 2")],
    )
    assert _read(b"a,b,,\n1,2\n3,4,,\n")[0] == [("1", "2"), ("3", "4")]
    assert _read(b"a,b\n1,2\n,\n3,4\n,\n") == ([("1", "2"), ("3", "4")], [("row-blank", "2")])


def test_one_line_with_a_cell_too_many_is_an_error_although_its_last_cell_is_blank() -> None:
    """The comma may be in a name, and then a password stands where an identifier is read."""
    rows, found = _read(b"name,password,note\nDoe, Ann,s3cret,\nRay,t0psecret,\n")
    assert (len(rows), found) == (1, [("row-ragged", "3")])
    rows, found = _read(b"name,password,note,,\nDoe, Ann,s3cret,\nRay,t0psecret,,,\n")
    assert (len(rows), found[0]) == (1, ("row-ragged", "5"))


def test_a_cell_too_few_or_too_many_is_still_an_error() -> None:
    assert _read(b"a,b,c\n1,2\n3,4,5\n1,2,3,4\n") == ([("3", "4", "5")], [("row-ragged", "3"), ("row-ragged", "3")])
    assert _read(b"a,b,,\n1\n3,4,,\n")[1][0] == ("row-ragged", "4")


@pytest.mark.parametrize(
    ("names", "recognised"),
    [
        (["sourcedId", "status"], True),
        (["SIS ID", "Username"], True),
        (["School_id", "Student_id"], True),
        (["propertyName", "value"], True),
        (["David", "Ingrid", "s3cret"], False),
        (["1", "active", "", "Canary"], False),
    ],
)
def test_cells_of_a_record_are_no_header(names: list[str], *, recognised: bool) -> None:
    assert is_header(names) is recognised
