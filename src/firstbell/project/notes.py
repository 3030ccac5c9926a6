"""The note in a home that is being restored: nothing starts there until it is gone."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "restore.json"


@dataclass(frozen=True, slots=True)
class Note:
    """Which backup is being restored, and how far it is."""

    backup: str
    moving: bool
    """Whether all is made and proved, and being put in its place; else the database of a server is being filled."""
    aside: str
    """The folder of the home for what was there before."""


def read_note(home: Path) -> Note | None:
    """The note of a home, if somebody has left one."""
    try:
        return Note(**json.loads((home / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def write_note(home: Path, note: Note) -> None:
    """In place at once, and on the disk before anything else is done."""
    beside = home / f"{NAME}.new"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(asdict(note), file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(home / NAME)
    _sync(home)


def remove_note(home: Path) -> None:
    """All is in its place; what was moved is on the disk first."""
    _sync(home)
    (home / NAME).unlink(missing_ok=True)
    _sync(home)


def _sync(home: Path) -> None:
    folder = os.open(home, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
