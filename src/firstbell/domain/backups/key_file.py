"""The file that holds an installation's keys: never in the folder of the backup that they open. No Django."""

import base64
import binascii
import json
import os
import re
from pathlib import Path

from firstbell.domain.backups.manifest import KEY_BYTES, BadBackup

KIND = "firstbell keys"
NAME = re.compile(r"[A-Za-z0-9-]+")
"""Of a key: what has a dot is being made just now."""
OF_THE_CLUSTER = "database-"
"""Passwords of the database in its place: another place makes its own."""
MASTER = "master"


def keys_in(home: Path) -> dict[str, str]:
    """The keys that a home keeps, by name, but for those of its database."""
    folder = home / "keys"
    if not folder.is_dir():
        return {}
    found = {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}
    return {name: path.read_text("ascii") for name, path in found.items() if _belongs(name)}


def write_key_file(path: Path, keys: dict[str, str], *, backup: str) -> None:
    """A new file that only its owner reads. Raises FileExistsError."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="ascii") as file:
        json.dump({"kind": KIND, "backup": backup, "keys": keys}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> dict[str, str]:
    """The keys by name. Raises BadBackup, OSError."""
    try:
        said = json.loads(path.read_text("ascii"))
        if said["kind"] != KIND:
            raise KeyError(KIND)
        keys = {str(name): str(text) for name, text in said["keys"].items() if _belongs(str(name))}
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BadBackup(f"{path}: this is no key file of a backup.") from problem
    return keys


def put_keys(home: Path, keys: dict[str, str]) -> None:
    """Write keys into a home that has none yet."""
    folder = home / "keys"
    folder.mkdir(mode=0o700, parents=True)
    for name, text in keys.items():
        opened = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(text)


def masters_of(text: str) -> list[bytes]:
    """The master keys that a text holds, the newest first; none where it holds something else."""
    try:
        keys = [base64.b64decode(word, validate=True) for word in text.replace(",", " ").split()]
    except (binascii.Error, ValueError):
        return []
    return [key for key in keys if len(key) == KEY_BYTES]


def _belongs(name: str) -> bool:
    return NAME.fullmatch(name) is not None and not name.startswith(OF_THE_CLUSTER)
