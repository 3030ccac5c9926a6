"""Opens a zip file with its eyes open: how much it may unfold to is known before anything of it is unfolded."""

import io
import lzma
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

MEGABYTE = 1024 * 1024
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
"""What zipfile raises for damaged entries, and for compression that it does not know."""

ARCHIVES = frozenset({".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".tar", ".7z", ".rar"})
JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Names that operating systems leave in zips; they are skipped without a word."""

_DIRECTORY_LIMIT = MEGABYTE
"""Bytes of a zip's list of entries: a thousand of them take a tenth of it, and a hundred thousand are never read."""
_ENCRYPTED = 0x1 | 0x40 | 0x2000
# Python inflates these two in steps of which nobody knows beforehand how much they give: no limit would hold.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may cost, in bytes, entries and cells of sheets: checked as declared, and while inflating."""

    unpacked: int = 4096 * MEGABYTE
    entries: int = 1000
    ratio: int = 200
    ratio_from: int = 10 * MEGABYTE
    cells: int = 10_000_000
    because: str = ""
    """What sets the limit of bytes, where that is not a setting: goes on after ``allowed``."""

    def exceeded_by(self, size: int) -> str | None:
        """Why so many unpacked bytes are too many, in words; None where they are not."""
        if size <= self.unpacked:
            return None
        told = f"{size / MEGABYTE:,.0f} MB unpacked, {self.unpacked / MEGABYTE:,.0f} MB allowed"
        return f"{told} {self.because}".rstrip()


class TooManyEntries(Exception):
    """The list of entries alone is larger than any roster needs."""


class _Short(io.FileIO):
    """A file that does not hand out more at once than a list of entries may have."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _DIRECTORY_LIMIT:
            raise TooManyEntries
        return super().read(-1 if size is None else size) or b""


def open_archive(source: Path | bytes) -> zipfile.ZipFile:
    """The archive. Raises TooManyEntries, or one of BROKEN where it is damaged."""
    if isinstance(source, bytes):
        return zipfile.ZipFile(io.BytesIO(source))
    with _Short(source, "rb") as file:
        zipfile.ZipFile(cast("BinaryIO", file)).close()  # reads the list of entries, and nothing else
    return zipfile.ZipFile(source)


def excess_of(entries: list[zipfile.ZipInfo], limits: Limits) -> str | None:
    """Why the entries together are too much, or None."""
    if len(entries) > limits.entries:
        return f"{len(entries):,} entries, {limits.entries:,} allowed"
    return limits.exceeded_by(sum(entry.file_size for entry in entries))


def fault_of(entry: zipfile.ZipInfo, limits: Limits) -> str | None:
    """Why an entry is refused whatever it holds, or None. Encryption is told apart: see ``is_encrypted``."""
    name = entry.filename
    pure = PurePosixPath(name)
    if any(ord(letter) < 32 or letter in "\\\x7f" for letter in name + entry.orig_filename):
        return "its name holds a backslash or a control character"
    if pure.is_absolute() or ":" in name or ".." in pure.parts:
        return "its name points outside the package"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "it is a link, not a file" if kind == stat.S_IFLNK else "it is a device, not a file"
    if pure.suffix.lower() in ARCHIVES:
        return "it is an archive within the archive"
    if entry.compress_type not in _METHODS and not entry.is_dir():
        return "it is compressed in a way that cannot be unpacked within limits; use deflate"
    if entry.file_size > limits.ratio_from and entry.file_size > limits.ratio * max(entry.compress_size, 1):
        return "it inflates to far more than a roster would"
    return None


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    """True where the entry, or the list of entries, is encrypted in any way."""
    return bool(entry.flag_bits & _ENCRYPTED)


def is_junk(name: str) -> bool:
    """True for a name that an operating system left behind."""
    return name in JUNK or name.startswith("._")
