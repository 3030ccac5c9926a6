"""Workbooks of the old kind (XLS) as Excel 97 wrote them, made record by record."""

import struct
from collections.abc import Mapping, Sequence

from firstbell.engine.oldbook import SIGNATURE

type Rows = Sequence[Sequence[str | float | None]]
BOF, EOF, SST, SPAN, SHEET, SHARED, NUMBER = 0x0809, 0x000A, 0x00FC, 0x0200, 0x0085, 0x00FD, 0x0203
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def begins(kind: int) -> bytes:
    return record(BOF, struct.pack("<HHHHII", 0x0600, kind, 0x1111, 0x07CC, 0, 6))


def stream_of(sheets: Mapping[str, Rows], *, more: bytes = b"", texts_claimed: int | None = None) -> bytes:
    """The records of a workbook; ``more`` stands in each of its sheets."""
    texts: list[str] = []
    bodies = [_sheet(rows, texts, more) for rows in sheets.values()]
    claimed = len(texts) if texts_claimed is None else texts_claimed
    shared = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts)
    table = record(SST, struct.pack("<II", claimed, claimed) + shared)

    def head(places: Sequence[int]) -> bytes:
        named = b"".join(
            record(SHEET, struct.pack("<IBBBB", place, 0, 0, len(name), 1) + name.encode("utf-16-le"))
            for name, place in zip(sheets, places, strict=True)
        )
        return begins(5) + named + table + record(EOF)

    place = len(head([0] * len(sheets)))
    places = []
    for body in bodies:
        places.append(place)
        place += len(body)
    return head(places) + b"".join(bodies)


def _sheet(rows: Rows, texts: list[str], more: bytes) -> bytes:
    body = begins(0x10) + record(SPAN, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                if cell not in texts:
                    texts.append(cell)
                body += record(SHARED, struct.pack("<HHHI", row, column, 0, texts.index(cell)))
            elif cell is not None:
                body += record(NUMBER, struct.pack("<HHHd", row, column, 0, cell))
    return body + more + record(EOF)


def as_file(stream: bytes, *, name: str = "Workbook", circle: bool = False) -> bytes:
    """A file of small sectors, as Excel wrote it; a short stream stands in the small ones inside another."""
    is_small = len(stream) < 4096
    unit = 64 if is_small else 512
    parts = -(-len(stream) // unit)
    chain = [*range(1, parts), END]
    if circle:
        chain[-1] = 0
    if not is_small:
        sectors = parts + 2
        after = [*chain, END, FAT]
        directory = _entry("Root Entry", 5, END, 0) + _entry(name, 2, 0, len(stream))
        body = stream.ljust(parts * 512, b"\0") + directory.ljust(512, b"\0")
        return _head(sectors - 2, sectors - 1, END) + body + _packed(after)
    holders = -(-parts * 64 // 512)
    after = [*range(1, holders), END, END, END, FAT]  # the small sectors, their table, the directory, the table
    directory = _entry("Root Entry", 5, 0, holders * 512) + _entry(name, 2, 0, len(stream))
    body = stream.ljust(holders * 512, b"\0") + _packed(chain) + directory.ljust(512, b"\0")
    return _head(holders + 1, holders + 2, holders) + body + _packed(after)


def _packed(numbers: Sequence[int]) -> bytes:
    assert len(numbers) <= 128, "one table is enough for tests"
    return struct.pack("<128I", *numbers, *[FREE] * (128 - len(numbers)))


def _head(directory: int, table: int, small: int) -> bytes:
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, small, int(small != END), END, 0)
    return head + struct.pack("<109I", table, *[FREE] * 108)


def _entry(name: str, kind: int, first: int, length: int) -> bytes:
    written = name.encode("utf-16-le")
    child = 1 if kind == 5 else FREE
    head = written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written) + 2, kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", first, length)
