"""A folder that files are dropped into: when a drop is whole, and taking it at once.

A drop is ready when a marker file is there (``done``, ``complete`` or ``ready``, in any case and with any
ending), or when its newest file has not changed for a while. Files that are still being written
have other names in many programs (``.part``, ``.filepart``, ``.tmp``): a drop with one of them waits.

Taking moves the files beside, each at once, and closes them with one rename: whoever is stopped in the middle has taken
nothing, and ``give_back`` puts the files where they were.
"""

import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

MARKERS: Final = frozenset({"done", "complete", "ready"})
UNFINISHED: Final = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".upload", ".swp")
QUIET_SECONDS: Final = 120
TAKING: Final = ".taking"
TAKEN: Final = ".taken"


@dataclass(frozen=True, slots=True)
class Drop:
    """One source's folder. ``aside``: a folder of the same file system, where what is taken is kept till it is safe."""

    folder: Path
    aside: Path
    name: str
    """Of the drop among those that share ``aside``: letters, digits and dashes, without a dot."""
    quiet: float = QUIET_SECONDS

    def is_ready(self, now: float) -> bool:
        """Whether a whole drop lies there. ``now``: seconds since 1970, by the clock of the file system."""
        files = self.files()
        roster = [path for path in files if not is_marker(path)]
        if not roster or any(is_unfinished(path.name) for path in roster):
            return False
        return len(roster) < len(files) or now - max(_changed(path) for path in roster) >= self.quiet

    def files(self) -> list[Path]:
        """All files of the folder and its folders, without links and hidden ones."""
        if not self.folder.is_dir() or self.folder.is_symlink():
            return []
        found = []
        for where, folders, names in os.walk(self.folder, followlinks=False):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found += [Path(where, name) for name in names if not name.startswith(".")]
        return sorted(path for path in found if path.is_file() and not path.is_symlink())

    def take(self) -> Path:
        """Move the files beside, and return the folder that has them now: it is the caller's to remove."""
        self.aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.give_back()
        number = uuid.uuid4().hex
        taking = self.aside / f"{self.name}.{number}{TAKING}"
        for path in self.files():
            target = taking / path.relative_to(self.folder)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.rename(target)
            if is_marker(path):
                target.unlink()
        taken = taking.with_suffix(TAKEN)
        taking.rename(taken)
        return taken

    def left(self) -> list[Path]:
        """What was taken whole and is still here: whoever took it was stopped before it was safe."""
        return sorted(self.aside.glob(f"{self.name}.*{TAKEN}")) if self.aside.is_dir() else []

    def give_back(self) -> None:
        """Put back what was half taken, unless a newer file has its name by now."""
        for taking in self.aside.glob(f"{self.name}.*{TAKING}"):
            for path in [path for path in taking.rglob("*") if path.is_file()]:
                target = self.folder / path.relative_to(taking)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                if not target.exists():
                    path.rename(target)
            shutil.rmtree(taking)


def package_of(taken: Path) -> Path:
    """What of a taken drop is the package: its one file, or the folder."""
    files = [path for path in taken.rglob("*") if path.is_file()]
    return files[0] if len(files) == 1 else taken


def _changed(path: Path) -> float:
    try:
        found = path.stat()
        return max(found.st_mtime, found.st_ctime)  # a copied file may bring its old time along
    except FileNotFoundError:  # renamed by who writes it, just now
        return float("inf")


def is_unfinished(name: str) -> bool:
    """Whether a file's name says that it is still being written."""
    return name.lower().endswith(UNFINISHED)


def is_marker(path: PurePath) -> bool:
    """Whether a file only says that all others are there."""
    return path.name.lower().split(".")[0] in MARKERS and path.suffix.lower() not in {".zip", ".csv", ".xlsx"}
