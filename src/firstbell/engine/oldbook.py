"""Looks through a workbook of the old kind (XLS) before a reader gets it, and packs what was looked at anew.

Such a file is a small file system ([MS-CFB]) with a stream of records ([MS-XLS]). A chain of sectors may run in a
circle, a record may claim room for a thousand million texts, and two cells far apart make a rectangle of all between
them: a reader that believes any of it takes all memory of a machine.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from firstbell.engine.workbook import PartSeen, Unfit

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAMAGED: Final = "the workbook is damaged; open it and save it as .xlsx, or as CSV"
LOCKED: Final = "it has a password; save it without one"
TOO_OLD: Final = "it is a workbook of a kind older than Excel 5; save it as .xlsx, or as CSV"
ROWS, COLUMNS, LONGEST_TEXT = 65_536, 256, 32_767
_END, _FREE, _FAT, _ENTRY, _HEADED = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 128, 109
_STREAM, _ROOT = 2, 5
_BOF, _EOF, _PASSWORD, _TEXTS, _MORE, _SPAN = 0x0809, 0x000A, 0x002F, 0x00FC, 0x003C, 0x0200
_SHARED = 0x00FD
_CELLS: Final = frozenset({0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, _SHARED})
_SEVERAL: Final = frozenset({0x00BD, 0x00BE})
"""Records of several cells of a row, with the last column at their end."""
_OLDER: Final = frozenset({0x0009, 0x0209, 0x0409})


@dataclass(frozen=True, slots=True)
class _File:
    """The sectors of a file, and which follows which."""

    content: bytes
    size: int
    after: Sequence[int]

    def chain(self, first: int) -> bytes:
        """The bytes of the sectors from this one on. Raises Unfit for one that does not end."""
        parts: list[bytes] = []
        place = first
        while place != _END:
            if place >= len(self.after) or len(parts) > len(self.after):
                raise Unfit(DAMAGED)
            parts.append(self.content[place * self.size : (place + 1) * self.size])
            place = self.after[place]
        return b"".join(parts)


def is_old(start: bytes) -> bool:
    """Whether a file begins as such a workbook does, or as one with a password."""
    return start.startswith(SIGNATURE)


def open_old(content: bytes) -> tuple[bytes, list[PartSeen]]:
    """The workbook packed anew, and what its sheets span. Raises Unfit."""
    try:
        stream = _stream_of(content)
        return pack(stream), list(_looked_through(stream))
    except (struct.error, IndexError) as problem:
        raise Unfit(DAMAGED) from problem


def _stream_of(content: bytes) -> bytes:
    """The stream of records."""
    (shift,) = struct.unpack_from("<H", content, 30)
    if not is_old(content) or shift not in {9, 12}:
        raise Unfit(DAMAGED)
    first_entry, cutoff, first_small = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
    size = 1 << shift
    body = content[size:]
    file = _File(body, size, _table(content, body, size))
    entries = list(_entries(file.chain(first_entry)))
    names = {name for name, *_ in entries}
    if "EncryptedPackage" in names:
        raise Unfit(LOCKED)
    found = next((entry for wanted in ("Workbook", "Book") for entry in entries if entry[0] == wanted), None)
    if found is None or found[1] != _STREAM:
        raise Unfit("it is no Excel workbook")
    _, _, first, length = found
    if length >= cutoff:
        return file.chain(first)[:length]
    root = next((entry for entry in entries if entry[1] == _ROOT), None)
    if root is None:
        raise Unfit(DAMAGED)
    small = _File(file.chain(root[2]), 64, _numbers(file.chain(first_small)))
    return small.chain(first)[:length]


def _table(content: bytes, body: bytes, size: int) -> list[int]:
    """Which sector follows which, from the sectors that the header names, and those that these name in turn."""
    named = list(struct.unpack_from(f"<{_HEADED}I", content, 76))
    (place,) = struct.unpack_from("<I", content, 68)
    seen = 0
    while place not in {_END, _FREE}:
        more = _numbers(body[place * size : (place + 1) * size])
        seen += 1
        if not more or seen > len(body) // size:
            raise Unfit(DAMAGED)
        named += more[:-1]
        place = more[-1]
    table: list[int] = []
    for one in named:
        if one != _FREE:
            table += _numbers(body[one * size : (one + 1) * size])
        if len(table) > len(body) // size + size:
            break
    return table


def _numbers(content: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """The name, kind, first sector and length of each entry."""
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        first, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
        yield name, kind, first, size


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _looked_through(stream: bytes) -> Iterator[PartSeen]:
    """A part for each sheet, and one for the shared texts. Raises Unfit for what no workbook has."""
    part, texts, claimed, before = PartSeen(), 0, 0, 0
    if not stream:
        raise Unfit(DAMAGED)
    for place, (kind, data) in enumerate(_records(stream)):
        if place == 0 and kind != _BOF:
            raise Unfit(TOO_OLD if kind in _OLDER else DAMAGED)
        if kind == _PASSWORD:
            raise Unfit(LOCKED)
        if kind == _TEXTS:
            texts += len(data)
            claimed = struct.unpack_from("<I", data, 4)[0]
        elif kind == _MORE and before in {_TEXTS, _MORE} and texts:
            texts += len(data)
        elif kind == _EOF:
            yield part
            part = PartSeen()
        else:
            _note_cell(part, kind, data)
        before = kind
    if texts and claimed > texts:
        raise Unfit(DAMAGED)
    yield part
    yield PartSeen(longest=min(texts, LONGEST_TEXT))


def _note_cell(part: PartSeen, kind: int, data: bytes) -> None:
    """Widen the rectangle of a sheet by a cell, or by what it says of itself."""
    if kind == _SPAN:
        rows, columns = (
            (struct.unpack_from("<I", data, 4)[0], struct.unpack_from("<H", data, 10)[0])
            if len(data) >= 14
            else (struct.unpack_from("<H", data, 2)[0], struct.unpack_from("<H", data, 6)[0])
        )
    elif kind in _CELLS or kind in _SEVERAL:
        rows, columns = (one + 1 for one in struct.unpack_from("<HH", data, 0))
        if kind in _SEVERAL:
            columns = struct.unpack_from("<H", data, len(data) - 2)[0] + 1
    else:
        return
    if rows > ROWS or columns > COLUMNS:
        raise Unfit(DAMAGED)
    part.rows, part.columns = max(part.rows, rows), max(part.columns, columns)
    part.shared += kind == _SHARED


def pack(stream: bytes) -> bytes:
    """A file with this stream of records and nothing else."""
    size = 4096
    stream = stream.ljust(size, b"\0")
    sectors = -(-len(stream) // size)
    tables = -(-(sectors + 3) // (size // 4 - 1))
    if tables > _HEADED:
        raise Unfit("the workbook is too large; save it as .xlsx, or as CSV")
    after = [*range(1, sectors), _END, _END, _END, *[_FAT] * tables]
    table = struct.pack(f"<{len(after)}I", *after).ljust(tables * size, b"\xff")
    named = [*range(sectors + 2, sectors + 2 + tables)]
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 4, 0xFFFE, 12, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 1, tables, sectors, 0, size, _END, 0, _END, 0)
    head += struct.pack(f"<{_HEADED}I", *named, *[_FREE] * (_HEADED - tables))
    # The reader wants a root that begins somewhere, though nothing small is in it: a sector of zeros.
    directory = _entry("Root Entry", _ROOT, sectors + 1, size, child=1) + _entry("Workbook", _STREAM, 0, len(stream))
    directory += _entry("", 0, 0, 0) * (size // _ENTRY - 2)
    return head.ljust(size, b"\0") + stream.ljust(sectors * size, b"\0") + directory + bytes(size) + table


def _entry(name: str, kind: int, first: int, length: int, *, child: int = _FREE) -> bytes:
    written = name.encode("utf-16-le")
    told = (len(written) + 2) if name else 0
    head = written.ljust(64, b"\0") + struct.pack("<HBBIII", told, kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", first, length)
