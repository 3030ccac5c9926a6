"""OpenSSH's own server on this machine, as a district runs one: log-in by key, files in a folder."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

SSHD = "/usr/sbin/sshd"
needs_sshd = pytest.mark.skipif(
    not shutil.which(SSHD) and os.environ.get("CI") != "true", reason=f"no {SSHD}: sudo apt-get install openssh-server"
)
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {keys}/host
PidFile none
AuthorizedKeysFile {keys}/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
LogLevel VERBOSE
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class Sshd:
    """Where it is, what it shows, and the folder that the files lie in."""

    port: int
    folder: Path
    private_key: str
    host_key: asyncssh.SSHKey
    log: Path

    def values(self, **more: str) -> dict[str, str]:
        """What a person would enter."""
        said = {
            "host": "127.0.0.1",
            "port": str(self.port),
            "username": getpass.getuser(),
            "password": "",
            "private_key": self.private_key,
            "host_key": self.host_key.get_fingerprint(),
            "folder": str(self.folder),
            "files": "",
            "take": "all",
        }
        return said | more


@contextmanager
def running(place: Path) -> Iterator[Sshd]:
    """Run it until the block ends."""
    folder, keys = place / "files", place / "keys"
    for made in (folder, keys):
        made.mkdir(mode=0o700)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # without systemd nobody makes it
    host, user = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    host.write_private_key(keys / "host")
    (keys / "host").chmod(0o600)
    user.write_public_key(keys / "user.pub")
    port = _free_port()
    (keys / "config").write_text(CONFIG.format(port=port, keys=keys), encoding="utf-8")
    with (place / "log").open("wb") as log:
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(keys / "config")], stderr=log)
        try:
            _until_it_answers(port)
            yield Sshd(port, folder, user.export_private_key().decode(), host, place / "log")
        finally:
            server.terminate()
            server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until_it_answers(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as probe:
                assert probe.recv(4) == b"SSH-"
                return
        except OSError:
            assert time.monotonic() < end, "sshd does not answer"
            time.sleep(0.05)
