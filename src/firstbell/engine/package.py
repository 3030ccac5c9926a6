"""Opens a zip, a folder or a single file safely: limits before inflating, no name that leaves the package.

Nothing is ever written to disk, so nothing can land outside. What is wrong with the package itself is a finding.
"""

import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import polars as pl

from firstbell.engine import findings
from firstbell.engine.corrections.kinds import NONE, Corrections, Done

JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Names that operating systems leave in zips; they are skipped without a word."""

_MEGABYTE = 1024 * 1024
# What zipfile raises for damaged entries, and for compression that it does not know.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may cost, in bytes and entries. Checked on what the package declares and again while inflating."""

    unpacked: int = 4096 * _MEGABYTE
    entries: int = 1000
    ratio: int = 200
    ratio_from: int = 10 * _MEGABYTE


@dataclass(slots=True)
class Package:
    """The files of a package by name (without folders), each opened on demand, and what is wrong with it.

    ``corrections`` are those of its source (see ``corrected``); ``own_columns`` notes, while files are read, what the
    district calls a column that came under another name: (file, column) -> its own.
    """

    name: str
    findings: list[pl.DataFrame] = field(default_factory=list)
    corrections: Corrections = NONE
    own_columns: dict[tuple[str, str], str] = field(default_factory=dict)
    own_names: dict[str, str] = field(default_factory=dict)
    """Files that go by another name than the district's: ours -> theirs."""
    done: list[Done] = field(default_factory=list)
    """What the corrections did so far."""
    _paths: dict[str, Path] = field(default_factory=dict)
    _entries: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    _archive: zipfile.ZipFile | None = None
    _limits: Limits = field(default_factory=Limits)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._paths, *self._entries}))

    def __contains__(self, name: object) -> bool:
        return name in self._paths or name in self._entries

    @property
    def usable(self) -> bool:
        """False where the package as a whole was refused."""
        return not any(
            findings.CATALOGUE[code].severity is findings.Severity.FATAL
            for part in self.findings
            for code in part["code"].to_list()
        )

    def renamed(self, names: Mapping[str, str], corrections: Corrections) -> "Package":
        """The same files, some under other names (old -> new), for a source with these corrections."""
        return replace(
            self,
            findings=list(self.findings),
            corrections=corrections,
            own_columns={},
            done=[],
            own_names={new: old for old, new in names.items()},
            _paths={names.get(name, name): path for name, path in self._paths.items()},
            _entries={names.get(name, name): entry for name, entry in self._entries.items()},
        )

    def size(self, name: str) -> int:
        """Declared bytes of one file after inflating."""
        return self._paths[name].stat().st_size if name in self._paths else self._entries[name].file_size

    def head(self, name: str, length: int = 65536) -> bytes:
        """The first bytes of a file: enough for its header. Nothing where its content is broken; ``read`` says so."""
        try:
            with self._open(name) as stream:
                return stream.read(length)
        except _BROKEN:
            return b""

    def read(self, name: str) -> bytes | None:
        """The whole file, or None (and a finding) where its content is broken or larger than it claims."""
        try:
            declared = self.size(name)
            with self._open(name) as stream:
                content = stream.read(declared + 1)
        except _BROKEN as problem:
            self.findings.append(
                findings.one("file-unreadable", file=name, detail=f"its content is damaged ({type(problem).__name__})")
            )
            return None
        if len(content) > declared:
            self.findings.append(
                findings.one("package-unsafe", file=name, value=name, detail="it is larger than the package says")
            )
            return None
        return content

    def _open(self, name: str) -> BinaryIO:
        if name in self._paths:
            return self._paths[name].open("rb")
        if self._archive is None:
            raise KeyError(name)
        return self._archive.open(self._entries[name])  # type: ignore[return-value]

    def _refuse(self, code: str, *, value: str | None = None, detail: str | None = None) -> None:
        self.findings.append(findings.one(code, file=value, value=value, detail=detail))


def open_package(source: Path, *, name: str | None = None, limits: Limits | None = None) -> Package:
    """Open a zip, a folder of files, or one file. Never raises for what a district sent: see ``Package.findings``."""
    package = Package(name or source.name, _limits=limits or Limits())
    if source.is_dir():
        _take_folder(package, source)
    elif source.is_file() and zipfile.is_zipfile(source):
        _take_zip(package, source)
    elif source.is_file() and source.suffix.lower() in {".csv", ".txt"}:
        package._paths[Path(package.name).name] = source
    else:
        package._refuse("package-unreadable", detail="it is neither a zip file, a folder nor a CSV file")
        return package
    if not package.findings and not list(package):
        package._refuse("package-empty")
        package.findings.append(findings.one("manifest-missing", file="manifest.csv"))
    return package


def _take_folder(package: Package, folder: Path) -> None:
    total = 0
    for found, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not _is_junk(name))
        for name in sorted(files):
            path = Path(found) / name
            if _is_junk(name):
                continue
            if path.is_symlink() or not path.is_file():
                package._refuse("package-unsafe", value=_in_utf8(name), detail="it is a link, not a file")
                continue
            total += path.stat().st_size
            _keep(package, _in_utf8(path.relative_to(folder).as_posix()), path=path)
            if len(package._paths) > package._limits.entries:
                package._refuse("package-too-large", detail=f"over {package._limits.entries:,} files")
                return
    if total > package._limits.unpacked:
        package._refuse("package-too-large", detail=_sizes(total, package._limits.unpacked))


def _take_zip(package: Package, path: Path) -> None:
    limits = package._limits
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as problem:
        package._refuse("package-unreadable", detail=f"the zip file is damaged ({problem})")
        return
    entries = archive.infolist()
    if len(entries) > limits.entries:
        package._refuse("package-too-large", detail=f"{len(entries):,} entries, {limits.entries:,} allowed")
        return
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked:
        package._refuse("package-too-large", detail=_sizes(total, limits.unpacked))
        return
    package._archive = archive
    for entry in entries:
        _take_entry(package, entry)


def _take_entry(package: Package, entry: zipfile.ZipInfo) -> None:
    if entry.is_dir() or any(_is_junk(part) for part in PurePosixPath(entry.filename).parts):
        return
    fault = _fault_of(entry, package._limits)
    if fault:
        package._refuse("package-unsafe", value=entry.filename, detail=fault)
    elif entry.flag_bits & 0x1:
        package._refuse("package-encrypted", value=entry.filename)
    else:
        _keep(package, entry.filename, entry=entry)


def _fault_of(entry: zipfile.ZipInfo, limits: Limits) -> str | None:
    name = entry.filename
    pure = PurePosixPath(name)
    if "\\" in name or "\\" in entry.orig_filename or "\x00" in entry.orig_filename:
        return "its name holds a backslash or a NUL character"
    if pure.is_absolute() or ":" in name or ".." in pure.parts:
        return "its name points outside the package"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link, not a file"
    if pure.suffix.lower() in {".zip", ".gz", ".7z", ".rar"}:
        return "it is an archive within the archive"
    if entry.file_size > limits.ratio_from and entry.file_size > limits.ratio * max(entry.compress_size, 1):
        return "it inflates to far more than a roster would"
    return None


def _keep(package: Package, name: str, *, path: Path | None = None, entry: zipfile.ZipInfo | None = None) -> None:
    short = PurePosixPath(name).name
    if short in package or short.casefold() in {known.casefold() for known in package}:
        package._refuse("package-unsafe", value=name, detail="the package holds two files of this name")
        return
    if short != name:
        package.findings.append(findings.one("file-in-folder", file=name))
    if path is not None:
        package._paths[short] = path
    if entry is not None:
        package._entries[short] = entry


def _in_utf8(name: str) -> str:
    """A name of the file system, whose bytes may be no text, as text."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_junk(name: str) -> bool:
    return name in JUNK or name.startswith("._")


def _sizes(found: int, allowed: int) -> str:
    return f"{found / _MEGABYTE:,.0f} MB unpacked, {allowed / _MEGABYTE:,.0f} MB allowed"
