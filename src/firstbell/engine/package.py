"""Opens a zip, a folder or a single file safely: limits before inflating, no name that leaves the package.

Nothing is ever written to disk, so nothing can land outside. What is wrong with the package itself is a finding.
"""

import os
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import polars as pl

from firstbell.engine import findings
from firstbell.engine.archive import (
    BROKEN,
    Limits,
    TooManyEntries,
    excess_of,
    fault_of,
    is_encrypted,
    is_junk,
    open_archive,
)
from firstbell.engine.corrections.kinds import NONE, Corrections, Done
from firstbell.engine.oldbook import is_old
from firstbell.engine.sheets import WORKBOOKS, is_workbook, read_workbook

__all__ = ["Limits", "Package", "open_package"]

_KNOWN_OTHERS = (
    (b"\x1f\x8b", "it is a gzip file; unpack it and send the file that is in it"),
    (b"BZh", "it is a bzip2 file; unpack it and send the file that is in it"),
    (b"\xfd7zXZ\x00", "it is an xz file; unpack it and send the file that is in it"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive; make it a zip file"),
    (b"Rar!", "it is a rar archive; make it a zip file"),
)
_NOTHING = "it is neither a zip file, a folder, a workbook nor a CSV file"
"""How files begin that people send instead of a zip, and what to do about it."""


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
    _sheets: dict[str, bytes] = field(default_factory=dict)
    _alike: set[str] = field(default_factory=set)
    _archive: zipfile.ZipFile | None = None
    _limits: Limits = field(default_factory=Limits)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._paths, *self._entries, *self._sheets}))

    def __contains__(self, name: object) -> bool:
        return name in self._paths or name in self._entries or name in self._sheets

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
            _sheets={names.get(name, name): content for name, content in self._sheets.items()},
        )

    def size(self, name: str) -> int:
        """Declared bytes of one file after inflating."""
        if name in self._sheets:
            return len(self._sheets[name])
        return self._paths[name].stat().st_size if name in self._paths else self._entries[name].file_size

    def head(self, name: str, length: int = 65536) -> bytes:
        """The first bytes of a file: enough for its header. Nothing where its content is broken; ``read`` says so."""
        try:
            with self._open(name) as stream:
                return stream.read(length)
        except BROKEN:
            return b""

    def read(self, name: str) -> bytes | None:
        """The whole file, or None (and a finding) where its content is broken or of another size than it claims."""
        try:
            declared = self.size(name)
            with self._open(name) as stream:
                content = stream.read(declared + 1)
        except BROKEN as problem:
            self.findings.append(
                findings.one("file-unreadable", file=name, detail=f"its content is damaged ({type(problem).__name__})")
            )
            return None
        if len(content) != declared:
            told = "larger" if len(content) > declared else "smaller"
            self.findings.append(
                findings.one("package-unsafe", file=name, value=name, detail=f"it is {told} than the package says")
            )
            return None
        return content

    def _open(self, name: str) -> BinaryIO:
        if name in self._sheets:
            return BytesIO(self._sheets[name])
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
    elif source.is_file():
        _take_file(package, source)
    else:
        package._refuse("package-unreadable", detail=_NOTHING)
    if package.usable:
        _take_workbooks(package)
    if not package.findings and not list(package):
        package._refuse("package-empty")
        package.findings.append(findings.one("manifest-missing", file="manifest.csv"))
    return package


def _take_file(package: Package, path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(8)
    other = next((told for signature, told in _KNOWN_OTHERS if start.startswith(signature)), None)
    excess = package._limits.exceeded_by(path.stat().st_size)
    if is_old(start):
        if excess:
            package._refuse("package-too-large", detail=excess)
        else:
            _take_old_workbook(package, path)
    elif other or path.suffix.lower() not in {".csv", ".txt"}:
        package._refuse("package-unreadable", detail=other or _NOTHING)
    elif excess:
        package._refuse("package-too-large", detail=excess)
    else:
        package._paths[Path(package.name).name] = path


def _take_old_workbook(package: Package, path: Path) -> None:
    """A workbook of the old kind that is the whole package, whatever it is called."""
    workbook = read_workbook(package.name, path.read_bytes(), package._limits, alone=True)
    if workbook.fault:
        package._refuse("package-unreadable", detail=workbook.fault)
        return
    package.findings += workbook.findings
    for file, content in workbook.files.items():
        _keep(package, file, sheet=content)


def _take_folder(package: Package, folder: Path) -> None:
    total = 0
    for found, folders, files in os.walk(folder, followlinks=False):
        links = [name for name in folders if (Path(found) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not is_junk(name) and name not in links)
        for name in sorted([*files, *links]):
            path = Path(found) / name
            if is_junk(name):
                continue
            if path.is_symlink() or not path.is_file():
                package._refuse("package-unsafe", value=_in_utf8(name), detail="it is a link, not a file")
                continue
            total += path.stat().st_size
            _keep(package, _in_utf8(path.relative_to(folder).as_posix()), path=path)
            if len(package._paths) > package._limits.entries:
                package._refuse("package-too-large", detail=f"over {package._limits.entries:,} files")
                return
    excess = package._limits.exceeded_by(total)
    if excess:
        package._refuse("package-too-large", detail=excess)


def _take_zip(package: Package, path: Path) -> None:
    try:
        archive = open_archive(path)
    except TooManyEntries:
        package._refuse("package-too-large", detail=f"far over {package._limits.entries:,} entries")
        return
    except BROKEN as problem:
        package._refuse("package-unreadable", detail=f"the zip file is damaged ({problem})")
        return
    package._archive = archive
    if is_workbook(archive):
        _take_workbook(package, package.name, archive)
        return
    excess = excess_of(archive.infolist(), package._limits)
    if excess:
        package._refuse("package-too-large", detail=excess)
        return
    for entry in archive.infolist():
        _take_entry(package, entry)


def _take_entry(package: Package, entry: zipfile.ZipInfo) -> None:
    if any(is_junk(part) for part in PurePosixPath(entry.filename).parts):
        return
    fault = fault_of(entry, package._limits)
    if fault:
        package._refuse("package-unsafe", value=entry.filename, detail=fault)
    elif entry.is_dir():
        return
    elif is_encrypted(entry):
        package._refuse("package-encrypted", value=entry.filename)
    else:
        _keep(package, entry.filename, entry=entry)


def _take_workbooks(package: Package) -> None:
    """Workbooks among the files give way to the CSV files of their sheets."""
    for name in [name for name in package if PurePosixPath(name).suffix.lower() in WORKBOOKS]:
        content = package.read(name)
        package._paths.pop(name, None)
        package._entries.pop(name, None)
        package._alike.discard(_alike(name))
        if content is not None:
            _take_workbook(package, name, content)


def _take_workbook(package: Package, name: str, source: zipfile.ZipFile | bytes) -> None:
    workbook = read_workbook(name, source, package._limits, alone=not isinstance(source, bytes))
    package.findings += workbook.findings
    if workbook.fault:
        package.findings.append(findings.one("file-unreadable", file=name, detail=workbook.fault))
    for file, content in workbook.files.items():
        _keep(package, file, sheet=content)


def _keep(
    package: Package,
    name: str,
    *,
    path: Path | None = None,
    entry: zipfile.ZipInfo | None = None,
    sheet: bytes | None = None,
) -> None:
    short = PurePosixPath(name).name
    alike = _alike(short)
    if alike in package._alike:
        package._refuse("package-unsafe", value=name, detail="the package holds two files of this name")
        return
    package._alike.add(alike)
    if short != name:
        package.findings.append(findings.one("file-in-folder", file=name))
    if path is not None:
        package._paths[short] = path
    if entry is not None:
        package._entries[short] = entry
    if sheet is not None:
        package._sheets[short] = sheet


def _alike(name: str) -> str:
    """A name as file systems compare it that know neither case nor how an accent is written."""
    return unicodedata.normalize("NFKC", name).casefold()


def _in_utf8(name: str) -> str:
    """A name of the file system, whose bytes may be no text, as text."""
    return os.fsencode(name).decode("utf-8", "replace")
