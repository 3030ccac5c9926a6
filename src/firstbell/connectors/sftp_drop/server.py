"""The SFTP server: who is let in and out, and the look every few seconds for drops that are whole."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import asyncssh
from asyncssh.connection import SSHConnection

from firstbell.connectors.sftp_drop.files import DropFiles

LOGIN_SECONDS = 30
MOST_SESSIONS = 8
"""Of one user at a time."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may sign in. ``stamp`` changes with the password and the keys: then open sessions end."""

    name: str
    root: Path
    keys: str
    stamp: str


class Doorkeeper(Protocol):
    """Tells the server who may come in, and takes what they brought. It may block: it is asked in threads."""

    def find(self, name: str) -> Guest | None:
        """Who has this name."""
        ...

    def is_password(self, name: str, said: str) -> bool:
        """Whether it is theirs."""
        ...

    def take_ready(self, busy: frozenset[str]) -> int:
        """Take each drop that is whole, but of those who are writing; tell how many."""
        ...

    def failed(self, fault: Exception) -> None:
        """Something went wrong that was not the guest's doing."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how the server listens."""

    host: str
    port: int
    host_keys: tuple[Path, ...]
    most_bytes: int
    look_seconds: float = 2.0


@dataclass
class Sessions:
    """Everybody who is connected, and what they have open."""

    guests: dict[SSHConnection, Guest] = field(default_factory=dict)
    files: list[tuple[SSHConnection, DropFiles]] = field(default_factory=list)

    def busy(self) -> frozenset[str]:
        """Who has a file open."""
        self.files = [(connection, files) for connection, files in self.files if connection in self.guests]
        return frozenset(self.guests[connection].name for connection, files in self.files if files.open_files > 0)

    def count(self, name: str) -> int:
        """How many sessions somebody has."""
        return sum(guest.name == name for guest in self.guests.values())


class Door(asyncssh.SSHServer):
    """One connection: lets in by password or key, and knows when it ends."""

    def __init__(self, keeper: Doorkeeper, sessions: Sessions) -> None:
        self._keeper = keeper
        self._sessions = sessions
        self._connection: asyncssh.SSHServerConnection | None = None
        self._guest: Guest | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Somebody is there, nobody knows who."""
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone, and what they had open with them."""
        if self._connection:
            self._sessions.guests.pop(self._connection, None)

    async def begin_auth(self, username: str) -> bool:
        """Nobody is let in without a password or key."""
        found = await asyncio.to_thread(self._keeper.find, username)
        self._guest = found if found and self._sessions.count(found.name) < MOST_SESSIONS else None
        return True

    def password_auth_supported(self) -> bool:
        """Yes."""
        return True

    def public_key_auth_supported(self) -> bool:
        """Yes."""
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """Whether it is theirs."""
        return self._guest is not None and await asyncio.to_thread(self._keeper.is_password, username, password)

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether it is one of theirs."""
        return self._guest is not None and key.public_data in _read_keys(self._guest.keys)

    def auth_completed(self) -> None:
        """From now on they are somebody."""
        if self._connection and self._guest:
            self._sessions.guests[self._connection] = self._guest


async def serve(place: Place, keeper: Doorkeeper, *, told: Callable[[int], None], ended: asyncio.Event) -> None:
    """Serve until ``ended``; ``told`` is called with the port once it answers."""
    sessions = Sessions()

    def open_files(chan: "asyncssh.SSHServerChannel[bytes]") -> DropFiles:
        connection = chan.get_connection()
        files = DropFiles(chan, sessions.guests[connection].root, place.most_bytes)
        sessions.files.append((connection, files))
        return files

    acceptor = await asyncssh.listen(
        place.host,
        place.port,
        server_factory=lambda: Door(keeper, sessions),
        server_host_keys=[str(path) for path in place.host_keys],
        sftp_factory=open_files,
        allow_scp=False,
        agent_forwarding=False,
        encoding=None,
        login_timeout=LOGIN_SECONDS,
        keepalive_interval=30,
        server_version="Firstbell",
    )
    told(acceptor.get_port())
    try:
        while not ended.is_set():
            await _look(sessions, keeper)
            await _wait(ended, place.look_seconds)
    finally:
        acceptor.close()
        for connection in list(sessions.guests):
            connection.abort()


async def _look(sessions: Sessions, keeper: Doorkeeper) -> None:
    """Let out who is not welcome any more, and take what is whole. A database that is away is no end of the server."""
    try:
        for connection, guest in list(sessions.guests.items()):
            known = await asyncio.to_thread(keeper.find, guest.name)
            if known is None or known.stamp != guest.stamp:
                connection.abort()
                sessions.guests.pop(connection, None)
        await asyncio.to_thread(keeper.take_ready, sessions.busy())
    except Exception as fault:
        keeper.failed(fault)


async def _wait(ended: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(ended.wait(), seconds)
    except TimeoutError:
        return


def _read_keys(text: str) -> set[bytes]:
    keys = set()
    for line in text.splitlines():
        try:
            keys.add(asyncssh.import_public_key(line).public_data)
        except asyncssh.KeyImportError:
            continue  # a line that cannot be read lets nobody in
    return keys


def make_host_keys(folder: Path) -> tuple[Path, ...]:
    """The server's own keys, made once: clients remember them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = []
    for kind in ("ssh-ed25519", "ecdsa-sha2-nistp256"):
        path = folder / f"sftp-host-{kind}"
        if not path.exists():
            beside = path.with_suffix(f".{os.getpid()}")
            beside.touch(mode=0o600)
            asyncssh.generate_private_key(kind).write_private_key(beside)
            with suppress(FileExistsError):  # another server made one just now: the first one stays
                os.link(beside, path)
            beside.unlink()
        paths.append(path)
    return tuple(paths)


def fingerprint_of(path: Path) -> str:
    """How a client shows the key: ``SHA256:...``."""
    return asyncssh.read_private_key(path).get_fingerprint()
