"""Taking away files that lie outside of the database and the storage: of districts that have left."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from firstbell.connectors.drop import Drop
from firstbell.domain.audit.models import Event

DESTROYED = "district.destroyed"
"""The event that stays of a district that left, with its code."""
type Place = tuple[str, str]
"""A folder, and a pattern of names in it."""


def places_of(drop: Drop) -> list[Place]:
    """Where the files of a drop lie: as they came, and while they are taken."""
    return [(str(drop.folder.parent), drop.folder.name), (str(drop.aside), f"{drop.name}.*")]


def clear(places: Sequence[Place]) -> int:
    """Take away what lies there; tells how many files it was. What is gone already is no fault. Raises OSError."""
    return sum(_remove(path) for folder, pattern in places for path in sorted(Path(folder).glob(pattern)))


def has_left(name: str) -> bool:
    """Whether the district of a log-in (``maple-valley-12``) was destroyed: what lies in its name is nobody's."""
    code = name.rpartition("-")[0]
    return Event.objects.filter(district_id=None, verb=DESTROYED, detail__code=code).exists()


def _remove(path: Path) -> int:
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return 1
    files = sum(one.is_file() for one in path.rglob("*"))
    shutil.rmtree(path)
    return files
