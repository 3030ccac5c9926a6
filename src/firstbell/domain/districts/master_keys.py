"""The master keys of an installation: the newest seals, each of them opens.

They stand in the environment (FIRSTBELL_MASTER_KEY, the newest first) or else in a file under FIRSTBELL_HOME/keys, one
a line, the newest first. The file is looked at each time, so a new key holds at once in every process of the machine.
"""

import base64
import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32


class NotHere(Exception):
    """The keys stand in the environment, where only the operator can change them; the text says how."""


def master_keys() -> list[bytes]:
    """All of them, the newest first."""
    said = settings.FIRSTBELL_MASTER_KEY or _in_file()
    return [base64.b64decode(word) for word in said.replace(",", " ").split()]


def add_master_key() -> int:
    """Put a new key before those that are there, whole or not at all; tells how many there are then. Raises NotHere."""
    _ensure_in_file()
    words = [base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii"), *_in_file().split()]
    _write(words)
    return len(words)


def forget_older_master_keys() -> int:
    """Keep the newest alone; tells how many are gone. What they sealed can never be opened again. Raises NotHere."""
    _ensure_in_file()
    words = _in_file().split()
    _write(words[:1])
    return len(words) - 1


def _ensure_in_file() -> None:
    if settings.FIRSTBELL_MASTER_KEY:
        raise NotHere(
            "The master key stands in the environment. Put a new one before it on every machine"
            " (FIRSTBELL_MASTER_KEY='NEW OLD', make it with: openssl rand -base64 32), start everything again, and seal"
            " anew: firstbell rotate-key --reseal. Then leave the old one out, and start everything again."
        )


def _in_file() -> str:
    path = Path(settings.FIRSTBELL_MASTER_KEY_FILE)
    try:
        found = path.stat()
    except FileNotFoundError:
        return ""
    return _read(path, found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, inode: int) -> str:
    del changed, inode  # only to read it again when it is another one
    return path.read_text("ascii").strip()


def _write(words: list[str]) -> None:
    """Beside, and put in place at once: whoever is stopped in the middle leaves the file as it was."""
    path = Path(settings.FIRSTBELL_MASTER_KEY_FILE)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="ascii") as file:
        file.write("\n".join(words) + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
