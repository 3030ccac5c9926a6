"""PostgreSQL refuses to run as root, so for root it runs as a system user of its own."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

NAME = "firstbell-db"
FALLBACK = "nobody"
OTHERS_MAY_PASS = stat.S_IXOTH


class Switch(TypedDict, total=False):
    """Arguments of subprocess.run that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServerUser:
    """The operating system's user that the server runs as; ourselves, unless we are root."""

    uid: int
    gid: int
    ourselves: bool

    def switch(self) -> Switch:
        """How to run a program as this user."""
        return {} if self.ourselves else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give one file or folder to this user."""
        if not self.ourselves:
            os.chown(path, self.uid, self.gid)

    def let_through(self, folder: Path) -> None:
        """Let this user pass through a folder and those above it: pass, not list nor read (root's home is 0700)."""
        if self.ourselves:
            return
        for passed in (folder, *folder.parents):
            mode = passed.stat().st_mode
            if passed.stat().st_uid == self.uid or mode & OTHERS_MAY_PASS:
                continue
            passed.chmod(stat.S_IMODE(mode) | OTHERS_MAY_PASS)


def server_user() -> ServerUser:
    """Ourselves, or for root the system user `firstbell-db`, made when missing (`nobody` where that cannot be)."""
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid(), ourselves=True)
    entry = _find(NAME) or _make() or _find(FALLBACK)
    if entry is None:
        raise RuntimeError(f"PostgreSQL does not run as root: make a system user {NAME}, or set DATABASE_URL")
    return ServerUser(entry.pw_uid, entry.pw_gid, ourselves=False)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make() -> pwd.struct_passwd | None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return None
    arguments = [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    subprocess.run([program, *arguments, NAME], capture_output=True, check=False)
    return _find(NAME)
