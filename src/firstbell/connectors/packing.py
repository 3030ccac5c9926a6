"""A fetched roster as OneRoster CSV files, as if the district had exported them. Beside them, while a fetch goes on,
stands what it has so far, so that one which was interrupted goes on where it was.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock

from firstbell.connectors.contract import About, ForGood
from firstbell.engine.formats.oneroster.layouts import EXTENSION_PREFIX, LAYOUTS
from firstbell.engine.formats.oneroster.manifest import RESTATES

type Cells = Mapping[str, str]
"""One row of a file: column -> text. Columns of the layout, ``metadata.<key>``, ``status`` and ``dateLastModified``."""

_FOLDER = "unfinished"
_PROGRESS = "progress.json"


@dataclass(slots=True)
class Place:
    """How far one list was read. ``sure``: all rows that the other system has were surely seen."""

    offset: int = 0
    limit: int = 0
    total: int | None = None
    first_total: int | None = None
    link: str = ""
    overlaps: bool = True
    """Each page begins with the last row of the one before, so that rows that move are noticed."""
    last: str = ""
    """With which row the next page must begin then."""
    shifted: bool = False
    received: int = 0
    """Rows that are kept so far."""
    left_out: int = 0
    """Rows that were no objects, or said to be deleted in a whole fetch."""
    sorts: bool = True
    sure: bool = True
    granted: bool = True
    done: bool = False
    rounds: int = 1
    newest: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes of each file of rows that belong to this place."""


class Unfinished:
    """What a fetch has so far, in a folder within ``into``. Rows are kept page by page; a page that was not noted down
    is taken off again when the fetch goes on."""

    def __init__(self, into: Path, fingerprint: str, began: str, *, oldest: str, most_bytes: int) -> None:
        """``began``: now, in UTC; what an earlier try left is gone on with if it began after ``oldest``."""
        self._into = into
        self._folder = into / _FOLDER
        self._most_bytes = most_bytes
        self.began = began
        self.places: dict[str, Place] = {}
        self._fingerprint = fingerprint
        self._oldest = oldest
        self._lock = Lock()
        if not self._goes_on():
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(mode=0o700, parents=True)

    def _goes_on(self) -> bool:
        try:
            kept = json.loads((self._folder / _PROGRESS).read_text(encoding="utf-8"))
            if kept["fingerprint"] != self._fingerprint or kept["began"] < self._oldest:
                return False
            self.places = {name: Place(**place) for name, place in kept["places"].items()}
            self.began = kept["began"]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        for place in self.places.values():
            for file, size in place.sizes.items():
                with self._path(file).open("r+b") as rows:
                    rows.truncate(size)
        return True

    def _path(self, file: str) -> Path:
        return self._folder / f"{file}.rows"

    def place(self, name: str, fresh: Place) -> Place:
        """The place of a list, or ``fresh`` where it was not begun."""
        return self.places.setdefault(name, fresh)

    def add(self, place: Place, rows: Mapping[str, Iterable[Cells]]) -> None:
        """Keep rows (file -> rows); they count once ``note`` was called."""
        for file, cells in rows.items():
            with self._lock, self._path(file).open("a", encoding="utf-8") as out:
                out.writelines(f"{json.dumps(dict(row))}\n" for row in cells)
                out.flush()
                place.sizes[file] = out.tell()
        if sum(size for one in self.places.values() for size in one.sizes.values()) > self._most_bytes:
            raise ForGood(
                f"The roster is larger than {self._most_bytes // 2**20:,} MB, which is more than may be fetched.",
                about=About.CONTENT,
                remedy="Whoever runs Firstbell can raise the limit.",
            )

    def note(self) -> None:
        """Write down how far the lists are: whole or not at all."""
        kept = {
            "fingerprint": self._fingerprint,
            "began": self.began,
            "places": {name: asdict(place) for name, place in list(self.places.items())},
        }
        with self._lock:
            beside = self._folder / f"{_PROGRESS}.new"
            beside.write_text(json.dumps(kept), encoding="utf-8")
            beside.replace(self._folder / _PROGRESS)

    def rows(self, file: str) -> Iterator[dict[str, str]]:
        """The rows of a file so far."""
        if self._path(file).exists():
            with self._path(file).open(encoding="utf-8") as lines:
                for line in lines:
                    yield json.loads(line)

    def ids(self, file: str) -> set[str]:
        """The ids of a file's rows so far."""
        return {row["sourcedId"] for row in self.rows(file) if row.get("sourcedId")}

    def finish(self, version: str, modes: Mapping[str, str], blanks: Mapping[str, Cells], system: str) -> int:
        """Write the files of a package (file -> bulk or delta), fill blanks (file -> column -> text), and leave nothing
        else. Returns the number of rows."""
        written = 0
        for file, mode in modes.items():
            written += self._write(file, version, blanks.get(file, {}), stated=mode == "delta")
        _write_manifest(self._into / "manifest.csv", version, modes, system)
        shutil.rmtree(self._folder)
        return written

    def discard(self) -> None:
        """Leave nothing: there is nothing new."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, file: str, version: str, blanks: Cells, *, stated: bool) -> int:
        columns = LAYOUTS[version][file].columns
        extensions = sorted(
            {
                name
                for row in self.rows(file)
                for name, text in row.items()
                if text and name.startswith(EXTENSION_PREFIX)
            }
        )
        count = 0
        with (self._into / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([*columns, *extensions])
            for row in self.rows(file):
                said = {**row, **{name: text for name, text in blanks.items() if not row.get(name)}}
                if not stated:
                    said |= {"status": "", "dateLastModified": ""}
                writer.writerow([said.get(name, "") for name in (*columns, *extensions)])
                count += 1
        return count


def _write_manifest(path: Path, version: str, modes: Mapping[str, str], system: str) -> None:
    properties = {
        "manifest.version": "1.0",
        "oneroster.version": version,
        **{f"file.{file}": modes.get(file, "absent") for file in sorted(LAYOUTS[version], key=str.casefold)},
        "source.systemName": system,
        "source.systemCode": RESTATES,
    }
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("propertyName", "value"), *properties.items()])


def fingerprint_of(*said: str) -> str:
    """A short mark of settings: another one begins anew."""
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]
