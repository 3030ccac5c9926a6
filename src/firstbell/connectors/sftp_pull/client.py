"""One session with an SFTP server of others: to a judged address, and only where it shows the pinned key."""

import asyncio
import fnmatch
import stat
from collections.abc import AsyncIterator, Awaitable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

import asyncssh

from firstbell.connectors.contract import About, ForGood, ForNow, Trouble
from firstbell.connectors.drop import is_marker, is_unfinished
from firstbell.connectors.reach import Reach
from firstbell.connectors.sftp_pull.settings import Settings

MOST_FILES = 1000
UNFINISHED = ".part"
_CHUNK = 1024 * 1024
_STEP_SECONDS = 60
"""No single answer takes longer."""


@dataclass(frozen=True, slots=True, order=True)
class Lying:
    """A file as it lies there: name, bytes, and when it was changed (seconds since 1970, by that server's clock)."""

    name: str
    size: int
    changed: int


class _Client(asyncssh.SSHClient):
    """Remembers the key that a server shows, and trusts it only if it is pinned."""

    def __init__(self, settings: Settings, shown: list[str]) -> None:
        self._settings = settings
        self._shown = shown

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Whether this is the server that a person meant."""
        self._shown.append(key.get_fingerprint())
        return self._settings.trusts(key)


class Session:
    """A folder on the server."""

    def __init__(self, sftp: asyncssh.SFTPClient, settings: Settings) -> None:
        self._sftp = sftp
        self._settings = settings

    async def look(self) -> list[Lying]:
        """The files that fit, by name. Raises ForNow while somebody writes there, or where nothing lies."""
        found = await _answered(self._sftp.readdir(self._settings.folder))
        names = {_text(entry.filename): entry.attrs for entry in found}
        files = {name: attrs for name, attrs in names.items() if _is_file(attrs) and not is_marker(PurePosixPath(name))}
        if unfinished := [name for name in files if is_unfinished(name)]:
            raise ForNow(
                f"{len(unfinished)} files in the folder are still being written.", about=About.CONTENT, wait=300
            )
        fitting = sorted(
            Lying(name, attrs.size or 0, int(attrs.mtime or 0))
            for name, attrs in files.items()
            if _is_safe(name) and any(fnmatch.fnmatchcase(name.casefold(), one) for one in self._settings.patterns)
        )
        if not fitting:
            raise ForNow(
                f"None of the {len(files)} files in the folder fits {', '.join(self._settings.patterns)}.",
                about=About.CONTENT,
                remedy="Look at the folder and the names of files in the settings of this source.",
            )
        if len(fitting) > MOST_FILES and not self._settings.newest:
            raise ForGood(
                f"There are {len(fitting):,} files in the folder; at most {MOST_FILES:,} are one roster.",
                about=About.CONTENT,
                remedy="Say by their names which are meant, or take the newest alone.",
            )
        return [max(fitting, key=lambda one: (one.changed, one.name))] if self._settings.newest else fitting

    async def fetch(self, file: Lying, into: Path, most_bytes: int) -> int:
        """Leave a file in a folder; returns its bytes. Raises ForGood where it has more than ``most_bytes``."""
        size = 0
        remote = await self._open(file)
        async with remote:
            with (into / file.name).open("wb") as local:
                while chunk := await _read(remote, _CHUNK):
                    size += len(chunk)
                    if size > most_bytes:
                        raise ForGood(
                            "The files are larger than may be fetched.",
                            about=About.CONTENT,
                            remedy="Whoever runs Firstbell can raise the limit.",
                        )
                    local.write(chunk)
        return size

    async def head(self, file: Lying, size: int) -> bytes:
        """The first bytes of a file."""
        remote = await self._open(file)
        async with remote:
            return await _read(remote, size)
        raise AssertionError("a file does not swallow what went wrong")

    async def leave(self, file: Path, name: str) -> None:
        """Put a file into the folder under a name: whoever looks there sees the old one or the whole new one.

        Raises ForGood where the log-in may not write.
        """
        path = PurePosixPath(self._settings.folder) / name
        unfinished = f"{path}{UNFINISHED}"
        try:
            await self._sftp.put(str(file), unfinished)
            await self._put_in_place(unfinished, str(path))
        except asyncssh.SFTPPermissionDenied:
            says = f"The log-in may not write into the folder {self._settings.folder}."
            raise ForGood(says, about=About.SCOPE, remedy="Ask whoever runs that server to allow it.") from None

    async def _put_in_place(self, unfinished: str, path: str) -> None:
        try:
            await _answered(self._sftp.posix_rename(unfinished, path))
        except asyncssh.SFTPOpUnsupported:  # a server that is not OpenSSH's: the old one goes first
            with suppress(asyncssh.SFTPNoSuchFile):
                await _answered(self._sftp.remove(path))
            await _answered(self._sftp.rename(unfinished, path))

    async def _open(self, file: Lying) -> asyncssh.SFTPClientFile:
        path = PurePosixPath(self._settings.folder) / file.name
        return await _answered(self._sftp.open(str(path), "rb", encoding=None))


def alone[T](work: Coroutine[None, None, T]) -> T:
    """What a session gives, in a thread of its own: in the caller's a loop of somebody else may run."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@asynccontextmanager
async def opened(settings: Settings, reach: Reach, *, connect_seconds: float = 20) -> AsyncIterator[Session]:
    """A session. Raises Trouble for whatever is in the way, then and while it is used."""
    shown: list[str] = []
    try:
        async with (
            await _connected(settings, reach, shown, connect_seconds) as connection,
            await _answered(connection.start_sftp_client()) as sftp,
        ):
            yield Session(sftp, settings)
    except Trouble:
        raise
    except (asyncssh.Error, OSError, TimeoutError) as fault:
        raise _trouble(fault, settings, shown) from None


async def _connected(
    settings: Settings, reach: Reach, shown: list[str], seconds: float
) -> asyncssh.SSHClientConnection:
    """To the first of the judged addresses that answers."""
    addresses = await asyncio.to_thread(reach.addresses, settings.host, settings.port)
    for place, address in enumerate(addresses):
        try:
            return await asyncssh.connect(
                address,
                settings.port,
                client_factory=lambda: _Client(settings, shown),
                known_hosts=([], [], []),
                server_host_key_algs=_kinds_of(settings),
                x509_trusted_certs=None,
                username=settings.user,
                password=settings.password or None,
                client_keys=list(settings.private_keys) or None,
                agent_path=None,
                config=None,
                preferred_auth=("publickey", "password", "keyboard-interactive"),
                disable_trivial_auth=True,
                connect_timeout=seconds,
                login_timeout=seconds,
                keepalive_interval=15,
                client_version="Firstbell",
            )
        except (OSError, TimeoutError):
            if place == len(addresses) - 1:
                raise
    raise AssertionError("a host that may be reached has an address")


def _kinds_of(settings: Settings) -> str | list[str]:
    """Kinds of keys to ask the server for: those that are pinned, where all are known."""
    known = {key.get_fingerprint() for key in settings.host_keys}
    if not known or settings.fingerprints - known:
        return "default"
    kinds = [kind.decode() for key in settings.host_keys for kind in key.sig_algorithms]
    return list(dict.fromkeys(kinds))


async def _read(remote: asyncssh.SFTPClientFile, size: int) -> bytes:
    return await _answered(cast("Awaitable[bytes]", remote.read(size)))  # opened as bytes


async def _answered[T](asked: Awaitable[T]) -> T:
    return await asyncio.wait_for(asked, _STEP_SECONDS)


def _trouble(fault: Exception, settings: Settings, shown: list[str]) -> Trouble:
    """What a fault means for people."""
    host, folder = settings.host, settings.folder
    match fault:
        case asyncssh.HostKeyNotVerifiable() if shown and not settings.fingerprints:
            says = f"No key is pinned yet for {host}. It shows {shown[-1]}."
            remedy = (
                "Ask whoever runs that server whether this is its fingerprint, and enter it under Key of the server."
            )
            return ForGood(says, about=About.TLS, remedy=remedy)
        case asyncssh.HostKeyNotVerifiable() | asyncssh.KeyExchangeFailed():
            says = f"{host} does not show the key that is pinned" + (f", but {shown[-1]}." if shown else ".")
            remedy = "Nothing was sent. Ask whoever runs that server whether its key was changed, and pin the new one."
            return ForGood(says, about=About.TLS, remedy=remedy)
        case asyncssh.PermissionDenied() | asyncssh.IllegalUserName():
            says = f"{host} does not accept the username with this password or key."
            return ForGood(says, about=About.LOG_IN, remedy="Ask whoever runs that server for a log-in.")
        case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath() | asyncssh.SFTPNotADirectory():
            says = f"{host} has no folder {folder}, or a file went while it was fetched."
            return ForNow(says, about=About.SCOPE, remedy="Look at the folder in the settings of this source.")
        case asyncssh.SFTPPermissionDenied():
            says = f"The log-in may not read the folder {folder}."
            return ForGood(says, about=About.SCOPE, remedy="Ask whoever runs that server to allow it.")
        case asyncssh.SFTPError():
            return ForNow(f"{host} gave an error about its files.", about=About.CONTENT)
        case asyncssh.ChannelOpenError():
            says = f"{host} lets the log-in in, but has no SFTP for it."
            return ForGood(says, about=About.SCOPE, remedy="Ask whoever runs that server to allow SFTP.")
        case _:
            return ForNow(
                f"{host} does not answer at port {settings.port}, or ended the connection.", about=About.REACHED
            )


def _is_file(attrs: asyncssh.SFTPAttrs) -> bool:
    """A plain file; links are left alone, wherever they lead."""
    kind = stat.S_IFMT(attrs.permissions or 0)
    return kind in {0, stat.S_IFREG} and attrs.type in {asyncssh.FILEXFER_TYPE_REGULAR, asyncssh.FILEXFER_TYPE_UNKNOWN}


def _is_safe(name: str) -> bool:
    """A name that can be a file's in a folder of ours."""
    return name.isprintable() and "/" not in name and "\\" not in name and not name.startswith(".") and len(name) < 200


def _text(name: bytes | str) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name
