"""What a backup says of itself: ``manifest.json``, under a mark that only the keys of its time can make. No Django."""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database.sql.gz.sealed", "files"
SALT_BYTES = 32
KEY_BYTES = 32


class BadBackup(Exception):
    """What should be a backup is not one, or not a whole one; the text says what is wrong, for the operator."""


class WrongKeys(Exception):
    """None of the keys at hand is of the backup's time; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a run as it was copied."""

    size: int
    """Bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup's contents. Names nobody: tables, counts and names of files."""

    id: str
    taken_at: str
    """ISO 8601, UTC: the database is as it was then."""
    version: str
    """Firstbell's."""
    server: int
    """PostgreSQL's server_version_num."""
    migrations: list[str]
    """Those that had been applied, as app.name."""
    rows: dict[str, int]
    """By table."""
    files: dict[str, File]
    salt: str
    """Hexadecimal: makes the backup's own keys out of the master key."""

    @property
    def bound(self) -> bytes:
        """What the sealed database is bound to: it opens with no other manifest."""
        return f"backup {self.id}".encode()

    def database_key(self, master: bytes) -> bytes:
        """The key (32 bytes) that the database's dump is sealed with."""
        return self._derived(master, b"firstbell backup database")

    def mark(self, master: bytes) -> str:
        """What stands under the manifest (hexadecimal)."""
        key = self._derived(master, b"firstbell backup manifest")
        return hmac.new(key, _text(self).encode(), hashlib.sha256).hexdigest()

    def _derived(self, master: bytes, purpose: bytes) -> bytes:
        salt = bytes.fromhex(self.salt)
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(master)


def new_salt() -> str:
    """For a new manifest."""
    return secrets.token_hex(SALT_BYTES)


def write_manifest(folder: Path, manifest: Manifest, *, master: bytes) -> None:
    """The last thing that a backup gets: without it, it is none. In place at once, and on the disk."""
    told = {"format": FORMAT, **asdict(manifest), "mark": manifest.mark(master)}
    beside = folder / f"{MANIFEST}.new"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / MANIFEST)


def read_manifest(folder: Path, *, masters: Iterable[bytes]) -> tuple[Manifest, bytes]:
    """What a backup holds, and the master key that made it. Raises BadBackup and WrongKeys."""
    manifest, mark = _read(folder)
    for master in masters:
        if hmac.compare_digest(manifest.mark(master), mark):
            _ensure_names_inside(manifest)
            return manifest, master
    raise WrongKeys(
        f"The keys at hand did not make the backup of {manifest.taken_at[:16]}, or its manifest was changed."
        " Name the key file that was written with it: --keys FILE"
    )


def _read(folder: Path) -> tuple[Manifest, str]:
    path = folder / MANIFEST
    if not folder.is_dir():
        raise BadBackup(f"{folder}: there is no such folder.")
    if not path.exists():
        raise BadBackup(f"{folder}: this backup was never finished, or is none: it has no {MANIFEST}.")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        version, mark = said.pop("format"), said.pop("mark")
        if version != FORMAT:
            raise BadBackup(f"{path}: made by another version of Firstbell (format {version}); restore it with that.")
        said["files"] = {name: File(**one) for name, one in said["files"].items()}
        return Manifest(**said), str(mark)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BadBackup(f"{path}: this is no manifest of a backup.") from problem


def _ensure_names_inside(manifest: Manifest) -> None:
    for name in manifest.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise BadBackup(f"The manifest names a file outside its folder: {name}")


def _text(manifest: Manifest) -> str:
    return json.dumps(asdict(manifest), sort_keys=True, separators=(",", ":"))
