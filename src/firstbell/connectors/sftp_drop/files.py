"""One user's files over SFTP: their folder and nothing else, no links, and no more than may come."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

import asyncssh
from asyncssh.misc import MaybeAwait
from asyncssh.sftp import SFTPAttrs, SFTPFailure, SFTPPermissionDenied, SFTPQuotaExceeded

MOST_FILES = 1000
LOOKS = 64
"""So often the folder is counted again while as much comes as may."""
WRITING = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT
NO_LINKS = "There are no links here."


class DropFiles(asyncssh.SFTPServer):
    """SFTP (version 3) on one folder. ``open_files`` counts what is being written, so that nothing is taken half."""

    def __init__(self, chan: "asyncssh.SSHServerChannel[bytes]", root: Path, most_bytes: int) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(chan, chroot=os.fsencode(root))
        self._root = root
        self._most = most_bytes
        self._total = 0
        """Bytes of the folder when they were counted last, and what has come by this session since."""
        self._counted = 0
        self._ends: dict[int, int] = {}
        self.open_files = 0

    def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> MaybeAwait[object]:
        """A file of theirs; never through a link, and private to us on the disk."""
        if Path(os.fsdecode(self.map_path(path))).is_symlink():
            raise SFTPPermissionDenied(NO_LINKS)
        if pflags & WRITING:
            self._ensure_room()
        attrs.permissions = 0o600
        opened = super().open(path, pflags, attrs)
        self.open_files += 1
        return opened

    def close(self, file_obj: object) -> MaybeAwait[None]:
        """One less."""
        self.open_files -= 1
        self._ends.pop(id(file_obj), None)
        return super().close(file_obj)

    def write(self, file_obj: object, offset: int, data: bytes) -> MaybeAwait[int]:
        """Neither a file nor all together grow over what a package may have."""
        if offset + len(data) > self._most:
            raise SFTPQuotaExceeded(f"A file may have at most {self._most:,} bytes here.")
        self._ensure_room_for(file_obj, offset + len(data))
        try:
            return super().write(file_obj, offset, data)
        except OSError as fault:
            if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise SFTPQuotaExceeded("There is no room on the server just now. Try again later.") from fault
            raise

    def setstat(self, path: bytes, attrs: SFTPAttrs) -> MaybeAwait[None]:
        """Times and permissions are ours: a copied time would make a file look as if it had been lying here."""

    def fsetstat(self, file_obj: object, attrs: SFTPAttrs) -> MaybeAwait[None]:
        """The same for an open file."""

    def symlink(self, oldpath: bytes, newpath: bytes) -> MaybeAwait[None]:
        """Refused."""
        raise SFTPPermissionDenied(NO_LINKS)

    def link(self, oldpath: bytes, newpath: bytes) -> MaybeAwait[None]:
        """Refused."""
        raise SFTPPermissionDenied(NO_LINKS)

    def readlink(self, path: bytes) -> MaybeAwait[bytes]:
        """Refused."""
        raise SFTPPermissionDenied(NO_LINKS)

    def _ensure_room(self) -> None:
        if self._count() >= MOST_FILES:
            raise SFTPFailure(f"At most {MOST_FILES} files at a time.")
        if self._total >= self._most:
            raise SFTPQuotaExceeded(self._full)

    def _ensure_room_for(self, file_obj: object, end: int) -> None:
        """Before a file grows to ``end``. The folder is counted again now and then: other sessions fill it too."""
        known = self._ends.get(id(file_obj))
        if known is None:
            known = os.fstat(cast("BinaryIO", file_obj).fileno()).st_size
        growth = max(0, end - known)
        if self._total + growth > self._most or self._total - self._counted > self._most // LOOKS:
            self._count()
        if self._total + growth > self._most:
            raise SFTPQuotaExceeded(self._full)
        self._total += growth
        self._ends[id(file_obj)] = known + growth

    def _count(self) -> int:
        """How many files there are; their bytes are noted."""
        sizes = []
        for path in self._root.rglob("*"):
            with suppress(FileNotFoundError):  # taken, just now
                sizes += [path.stat().st_size] if path.is_file() else []
        self._total = self._counted = sum(sizes)
        return len(sizes)

    @property
    def _full(self) -> str:
        return f"The files here may have {self._most:,} bytes together."
