"""The files of runs, copied out of the storage while the product goes on working."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage

from firstbell.domain.backups.manifest import File

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Copy:
    size: int
    changed_at: datetime
    file: File


class Copies:
    """What was copied into a folder so far. A file that changed since is copied again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copies: dict[str, _Copy] = {}

    def copy(self, names: Iterable[str]) -> set[str]:
        """Copy those that are new or changed, and tell which. What is gone by now is left out."""
        return {name for name in names if self._copy(name)}

    def keep_only(self, names: set[str]) -> set[str]:
        """Take away what is not among these, and tell what that was."""
        gone = set(self._copies) - names
        for name in gone:
            (self._folder / name).unlink()
            del self._copies[name]
        return gone

    def __contains__(self, name: str) -> bool:
        return name in self._copies

    def __iter__(self) -> Iterator[str]:
        return iter(self._copies)

    @property
    def files(self) -> dict[str, File]:
        """Size and digest of each."""
        return {name: copy.file for name, copy in sorted(self._copies.items())}

    def _copy(self, name: str) -> bool:
        try:
            size, changed_at = default_storage.size(name), default_storage.get_modified_time(name)
            known = self._copies.get(name)
            if known is not None and (known.size, known.changed_at) == (size, changed_at):
                return False
            self._copies[name] = _Copy(size, changed_at, self._written(name))
        except FileNotFoundError:
            return False
        return True

    def _written(self, name: str) -> File:
        target, digest, size = self._folder / name, hashlib.sha256(), 0
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with default_storage.open(name) as source, target.open("wb") as file:
            target.chmod(0o600)
            while chunk := source.read(CHUNK_BYTES):
                size += len(chunk)
                digest.update(chunk)
                file.write(chunk)
        return File(size, digest.hexdigest())
