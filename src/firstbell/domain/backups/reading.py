"""Reads a backup: whether it is whole and unchanged, before anything is done with it. No Django."""

import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from firstbell.domain.backups.manifest import DATABASE, FILES, BadBackup, Manifest
from firstbell.domain.districts.sealed_streams import Unsealable, unseal_with

CHUNK_BYTES = 1024 * 1024
GZIP = 31
"""zlib's number for a gzip stream."""


class Target(Protocol):
    """What something can be written to."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""
        ...


def check_contents(folder: Path, manifest: Manifest, *, master: bytes) -> None:
    """Read every byte of a backup once. Raises BadBackup, OSError."""
    for name in manifest.files:
        copy_file(folder, manifest, name, Path(os.devnull))
    write_database(folder, manifest, Nowhere(), master=master)


def copy_file(folder: Path, manifest: Manifest, name: str, target: Path) -> None:
    """Copy one file out of a backup, and see that it is the one that went in. Raises BadBackup, OSError."""
    expected, digest = manifest.files[name], hashlib.sha256()
    try:
        with (folder / FILES / name).open("rb") as source, target.open("wb") as file:
            for chunk in _chunks(source):
                digest.update(chunk)
                file.write(chunk)
    except FileNotFoundError:
        raise BadBackup(f"The backup is not whole: {FILES}/{name} is missing.") from None
    if digest.hexdigest() != expected.sha256:
        raise BadBackup(f"The backup is damaged: {FILES}/{name} is not what was backed up.")


def write_database(folder: Path, manifest: Manifest, target: Target, *, master: bytes) -> None:
    """Write the SQL that makes the database anew. Raises BadBackup: then what was written must not be used."""
    inflating = _Inflating(target)
    key = manifest.database_key(master)
    try:
        with (folder / DATABASE).open("rb") as sealed:
            unseal_with(key, sealed, cast("BinaryIO", inflating), bound=manifest.bound)
    except FileNotFoundError:
        raise BadBackup(f"The backup is not whole: {DATABASE} is missing.") from None
    except (Unsealable, zlib.error):
        raise BadBackup(f"The backup is damaged: {DATABASE} is not what was backed up.") from None
    if not inflating.is_whole:
        raise BadBackup(f"The backup is not whole: {DATABASE} ends too early.")


class _Inflating:
    """Passes on what a gzip stream holds, in pieces that fit into memory."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._inflate = zlib.decompressobj(GZIP)

    @property
    def is_whole(self) -> bool:
        return self._inflate.eof

    def write(self, data: bytes) -> int:
        size = len(data)
        while data:
            self._target.write(self._inflate.decompress(data, CHUNK_BYTES))
            data = self._inflate.unconsumed_tail
        return size


class Nowhere:
    """Takes what it is given and keeps nothing of it: for who only sees whether something can be read."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""
        return len(data)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(CHUNK_BYTES):
        yield chunk
