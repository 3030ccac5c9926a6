"""The demo's three processes, which end together: a web server, an SFTP server and a worker."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

import click

from firstbell.cli.packages import Unusable

COMMAND = (sys.executable, "-m", "firstbell.project.command")
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 (only compared with)
ANSWER_SECONDS = 300.0
"""So long may the web server take until it answers: a small machine that does other things too needs minutes."""
TELL_SECONDS = 15.0
"""So often it is told what is waited for."""
LEAVE_SECONDS = 3.0
"""Ctrl+C reaches all processes of the terminal: so long they may take to end of themselves."""
END_SECONDS = 10.0
"""So long a process may take to end when it is told to; then it is killed."""
LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def reachable(self) -> str:
        """The host's name for a client on this machine."""
        return "127.0.0.1" if self.host in EVERYWHERE else self.host

    @property
    def url(self) -> str:
        host = f"[{self.reachable}]" if ":" in self.reachable else self.reachable
        return f"http://{host}:{self.port}/"


def ensure_free(address: Address) -> None:
    """Raise Unusable where nobody can listen, before anything is made."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
    except OSError as problem:
        line = (
            f"{address.host}:{address.port}: {(problem.strerror or str(problem)).lower()}. Choose another with --port."
        )
        raise Unusable(line) from problem


def find_free(address: Address, tries: int = 50) -> Address:
    """This address or the same host with one of the next ports, whichever is free first. Raises Unusable."""
    for number in range(address.port, min(address.port + tries, 65535)):
        with suppress(Unusable):
            ensure_free(Address(address.host, number))
            return Address(address.host, number)
    ensure_free(address)
    return address


@dataclass(frozen=True, slots=True)
class Processes:
    """What runs, by its name."""

    address: Address
    by_name: dict[str, subprocess.Popen[bytes]]

    def wait_until_it_answers(self) -> None:
        """Raises Unusable where the web server does not come up."""
        begin = time.monotonic()
        tell = begin + TELL_SECONDS
        while (now := time.monotonic()) < begin + ANSWER_SECONDS and self._ended() is None:
            if _answers(self.address):
                return
            if now >= tell:
                click.echo(
                    f"Waiting for the web server to answer: {now - begin:.0f} of {ANSWER_SECONDS:.0f} s.", err=True
                )
                tell += TELL_SECONDS
            time.sleep(LOOK_SECONDS)
        ended = self._ended()
        if ended is None:
            raise Unusable(
                f"The web server did not answer at {self.address.url} within {ANSWER_SECONDS:.0f} seconds. "
                "The machine may be busy: what was made is kept, so start the demo again."
            )
        raise Unusable(f"The {ended} did not start; what it said is above.")

    def wait_until_one_ends(self) -> int:
        """The exit code of the demo: 0 where it was told to end, 1 where a process ended of itself."""
        try:
            while (ended := self._ended()) is None:
                time.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:
            self._wait(LEAVE_SECONDS)
            return 0
        click.echo(f"The {ended} has ended, so the demo ends.", err=True)
        return 1

    def end(self) -> None:
        """All of them, gently where they let us."""
        for process in self.by_name.values():
            process.terminate()
        try:
            self._wait(END_SECONDS)
        finally:
            for process in self.by_name.values():
                process.kill()  # does nothing to one that has ended
                process.wait()

    def _ended(self) -> str | None:
        return next((name for name, process in self.by_name.items() if process.poll() is not None), None)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        with suppress(subprocess.TimeoutExpired):
            for process in self.by_name.values():
                process.wait(max(0.0, end - time.monotonic()))


@contextmanager
def running(address: Address, sftp: Address, *, hosts: Sequence[str]) -> Iterator[Processes]:
    """The web server, the SFTP server and a worker, all gone at the end.

    ``hosts``: the names by which it may be reached as it is.
    """
    for told_to_end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told_to_end, _end)
    environment = {"FIRSTBELL_STAFF_SECOND_STEP": "false", **os.environ}  # its people are made up, and have no phones
    environment["FIRSTBELL_SFTP_ADDRESS"] = f"{sftp.reachable}:{sftp.port}"
    if address.reachable not in hosts:
        environment["FIRSTBELL_HOSTS"] = ",".join([*hosts, address.reachable])
    processes = Processes(address, {})
    try:
        serve = [*COMMAND, "serve", "--quiet", "--host", address.host, "--port", str(address.port)]
        processes.by_name["web server"] = subprocess.Popen(serve, env=environment)
        drop = [*COMMAND, "sftp", "--quiet", "--host", sftp.host, "--port", str(sftp.port)]
        processes.by_name["SFTP server"] = subprocess.Popen(drop, env=environment)
        processes.by_name["worker"] = subprocess.Popen([*COMMAND, "worker"], env=environment)
        yield processes
    finally:
        processes.end()


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _answers(address: Address) -> bool:
    connection = http.client.HTTPConnection(address.reachable, address.port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
