"""One user's files over SFTP: their folder and nothing else, no links, and no more than may come."""

import errno
import os
from pathlib import Path

import asyncssh
from asyncssh.misc import MaybeAwait
from asyncssh.sftp import SFTPAttrs, SFTPFailure, SFTPPermissionDenied, SFTPQuotaExceeded

MOST_FILES = 1000
WRITING = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT
NO_LINKS = "There are no links here."


class DropFiles(asyncssh.SFTPServer):
    """SFTP (version 3) on one folder. ``open_files`` counts what is being written, so that nothing is taken half."""

    def __init__(self, chan: "asyncssh.SSHServerChannel[bytes]", root: Path, most_bytes: int) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(chan, chroot=os.fsencode(root))
        self._root = root
        self._most = most_bytes
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
        return super().close(file_obj)

    def write(self, file_obj: object, offset: int, data: bytes) -> MaybeAwait[int]:
        """No file grows over what a package may have."""
        if offset + len(data) > self._most:
            raise SFTPQuotaExceeded(f"A file may have at most {self._most:,} bytes here.")
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
        sizes = [path.stat().st_size for path in self._root.rglob("*") if path.is_file()]
        if len(sizes) >= MOST_FILES:
            raise SFTPFailure(f"At most {MOST_FILES} files at a time.")
        if sum(sizes) >= self._most:
            raise SFTPQuotaExceeded(f"The files here have {self._most:,} bytes together, which is the most.")
