"""Zip files as no honest program writes them, byte by byte, and reading one in a process of its own."""

import io
import json
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

MEGABYTE = 1024 * 1024
DEFLATED = 8
LINK = (stat.S_IFLNK | 0o777) << 16
_END_OF_DEFLATE = b"\x03\x00"

_READER = """
import json, resource, sys
from pathlib import Path
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

inspect(open_package(Path(sys.argv[1])))
before = peak()
found = inspect(open_package(Path(sys.argv[2])))[1].findings
print(json.dumps({"rise": peak() - before, "codes": found["code"].to_list(), "details": found["detail"].to_list()}))
"""


@dataclass(frozen=True)
class Entry:
    """One entry; ``claims`` is the size it declares where that is not the real one."""

    name: str
    content: bytes = b"sourcedId\n"
    claims: int | None = None
    method: int = 0
    flags: int = 0
    attributes: int = 0
    packed: bytes | None = None
    central_name: str | None = None

    def header(self, *, central: bool) -> bytes:
        packed = self.content if self.packed is None else self.packed
        size = len(self.content) if self.claims is None else self.claims
        crc = zlib.crc32(self.content)
        name = (self.central_name if central and self.central_name else self.name).encode()
        flags = self.flags | (0 if name.isascii() else 0x800)
        return struct.pack("<HHHHHIIIH", 20, flags, self.method, 0, 33, crc, len(packed), size, len(name))


def deflated(entry: Entry) -> Entry:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeeze.compress(entry.content) + squeeze.flush()
    return replace(entry, method=DEFLATED, packed=packed)


def bomb(name: str, megabytes: int, *, claims: int | None = None) -> Entry:
    """An entry of so many megabytes of zeros that takes a thousandth of that, made without ever holding them."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeeze.compress(b"0" * MEGABYTE) + squeeze.flush(zlib.Z_FULL_FLUSH)
    size = megabytes * MEGABYTE if claims is None else claims
    return Entry(name, b"", method=DEFLATED, packed=block * megabytes + _END_OF_DEFLATE, claims=size)


def crafted(path: Path, *entries: Entry, tail: bytes = b"") -> Path:
    """Write the entries as a zip, whatever they say of themselves."""
    out = io.BytesIO()
    listed = io.BytesIO()
    for entry in entries:
        offset = out.tell()
        packed = entry.content if entry.packed is None else entry.packed
        out.write(b"PK\x03\x04" + entry.header(central=False) + struct.pack("<H", 0) + entry.name.encode() + packed)
        name = (entry.central_name or entry.name).encode()
        listed.write(b"PK\x01\x02" + struct.pack("<H", 20 | 3 << 8) + entry.header(central=True))
        listed.write(struct.pack("<HHHHII", 0, 0, 0, 0, entry.attributes, offset) + name)
    start = out.tell()
    directory = listed.getvalue()
    out.write(directory)
    count = min(len(entries), 0xFFFF)
    out.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start, 0) + tail)
    path.write_bytes(out.getvalue())
    return path


def zipped(path: Path, contents: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


@dataclass(frozen=True)
class Read:
    """How a package was read: codes and details of its findings, and the megabytes that the process grew by."""

    rise: float
    codes: list[str]
    details: list[str | None]


def read_apart(good: Path, package: Path) -> Read:
    """Read a package in a process of its own, after a good one has warmed it up."""
    done = subprocess.run(
        [sys.executable, "-c", _READER, str(good), str(package)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return Read(**json.loads(done.stdout))
