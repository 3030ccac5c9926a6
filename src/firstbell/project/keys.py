"""Secrets that Firstbell makes for itself, one file each under FIRSTBELL_HOME/keys, readable by their owner only."""

import base64
import os
import secrets
from pathlib import Path
from typing import Literal

type KeyName = Literal["secret", "master", "database-superuser", "database-owner", "database-app"]
KEY_BYTES = 32
SIGNING_BYTES = 48  # 64 characters: Django asks for more than 50
NAMES: tuple[KeyName, ...] = ("secret", "master", "database-superuser", "database-owner", "database-app")


def read_key(home: Path, name: KeyName) -> str:
    """The key's text, or an empty one where it has not been made yet."""
    try:
        return _path(home, name).read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def make_keys(home: Path) -> None:
    """Make each key that is not there yet (random bytes in base64). Safe when two processes start at once."""
    folder = home / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in NAMES:
        if not _path(home, name).exists():
            _make(_path(home, name), SIGNING_BYTES if name == "secret" else KEY_BYTES)


def _path(home: Path, name: KeyName) -> Path:
    return home / "keys" / name


def _make(path: Path, size: int) -> None:
    """Write beside and link into place: a key is there whole or not at all, and the first one made stays."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(size)).decode("ascii") + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
