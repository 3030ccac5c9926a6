"""One way out: HTTPS to addresses that ``reach`` allows, with limits on time and size. Never logs what passes."""

import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin, urlsplit

import certifi
import httpcore
import httpx

from firstbell.connectors.contract import About, ForGood, ForNow, Trouble
from firstbell.connectors.reach import Reach, read_address

MEGABYTE = 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3

type Signed = Callable[[str], Mapping[str, str]]
"""The headers that sign a request to an address: made anew for each, since some ways to sign cover the address."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one answer may take: seconds to connect, between two pieces and in all; bytes after inflating."""

    connect: float = 10
    read: float = 90
    whole: float = 600
    size: int = 256 * MEGABYTE
    ratio: int = 200
    ratio_from: int = 10 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other system said. ``headers`` by their names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str


def _unsigned(url: str) -> Mapping[str, str]:
    return {}


class Wire:
    """Talks to other systems. Use as a context manager; safe to use from several threads at once."""

    def __init__(
        self, reach: Reach, bounds: Bounds | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.reach = reach
        self._bounds = bounds or Bounds()
        self._clock = clock
        timeout = httpx.Timeout(self._bounds.read, connect=self._bounds.connect)
        self._client = httpx.Client(
            transport=_CheckedTransport(reach), timeout=timeout, trust_env=False, follow_redirects=False
        )

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, url: str, signed: Signed = _unsigned) -> Answer:
        """Read an address. A redirect within the same host is followed, another is refused. Raises Trouble."""
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._ask("GET", url, signed)
            if answer.status not in _REDIRECTS:
                return answer
            url = _followed(answer)
        raise ForGood(f"{_host(url)} sends us in circles.", about=About.REACHED, remedy="Look at the address.")

    def post(self, url: str, form: Mapping[str, str], signed: Signed = _unsigned) -> Answer:
        """Send a form. Redirects are not followed: it may hold a secret. Raises Trouble."""
        answer = self._ask("POST", url, signed, form)
        if answer.status in _REDIRECTS:
            raise ForGood(
                f"{_host(url)} sends log-ins elsewhere.",
                about=About.LOG_IN,
                remedy="Enter the very address that the system gives for tokens.",
            )
        return answer

    def send(self, url: str, content: bytes, signed: Signed) -> Answer:
        """Tell something (POST). A redirect is the answer, and not followed. Raises Trouble."""
        return self._ask("POST", url, signed, content=content)

    def _ask(
        self,
        method: str,
        url: str,
        signed: Signed,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        read_address(url, self.reach)
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Firstbell", **signed(url)}
        try:
            data = dict(form) if form else None
            with self._client.stream(method, url, headers=headers, data=data, content=content) as response:
                answer = b"".join(self._inflated(response))
                told = {name.casefold(): value for name, value in response.headers.items()}
                return Answer(response.status_code, told, answer, url)
        except httpx.HTTPError as fault:
            raise _in_words(fault, _host(url)) from None
        except httpx.InvalidURL:
            raise ForGood(
                "This is not an address.", about=About.SETTINGS, remedy="Write it as https://sis.example.org/..."
            ) from None

    def _inflated(self, response: httpx.Response) -> Iterator[bytes]:
        """The pieces of an answer, inflated; no more of them than the bounds allow."""
        end = self._clock() + self._bounds.whole
        host, received, given = response.url.host, 0, 0
        unfolding = _Unfolding(response.headers.get("content-encoding", ""), host)
        for piece in response.iter_raw():
            received += len(piece)
            for part in unfolding.feed(piece):
                given += len(part)
                self._ensure_bounded(host, received, given)
                yield part
            if self._clock() > end:
                raise ForNow(
                    f"{host} took longer than {self._bounds.whole:.0f} seconds over one answer.", about=About.CONTENT
                )
        yield unfolding.end()

    def _ensure_bounded(self, host: str, received: int, given: int) -> None:
        bounds = self._bounds
        if given > bounds.size or (given > bounds.ratio_from and given > received * bounds.ratio):
            raise ForGood(
                f"{host} sent an answer that unfolds to more than {bounds.size // MEGABYTE} MB or over {bounds.ratio}"
                " times its size.",
                about=About.CONTENT,
                remedy="Set a smaller page size.",
            )


class _Unfolding:
    """Inflates an answer a megabyte at a time, so that a small one which unfolds without end is stopped in time."""

    def __init__(self, encoding: str, host: str) -> None:
        words = [word for word in encoding.replace(" ", "").casefold().split(",") if word not in {"", "identity"}]
        if words not in ([], ["gzip"], ["x-gzip"], ["deflate"]):
            raise ForGood(
                f"{host} packs its answers as {encoding[:40]}, though we asked for gzip.",
                about=About.CONTENT,
                remedy="Tell whoever runs that system.",
            )
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 32) if words else None
        self._host = host
        self._fed = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            yield piece
            return
        self._fed = self._fed or bool(piece)
        try:
            while piece:
                yield self._inflater.decompress(piece, MEGABYTE)
                piece = self._inflater.unconsumed_tail
        except zlib.error:
            raise self._damaged() from None

    def end(self) -> bytes:
        if self._inflater is None or not self._fed:
            return b""
        rest = self._inflater.flush()
        if not self._inflater.eof:
            raise self._damaged()
        return rest

    def _damaged(self) -> ForNow:
        return ForNow(f"{self._host} sent a packed answer that is damaged.", about=About.CONTENT)


def _followed(answer: Answer) -> str:
    """Where a redirect leads, if that is the same host by the same protocol."""
    target = urljoin(answer.url, answer.headers.get("location", ""))
    try:
        here, there = urlsplit(answer.url), urlsplit(target)
        same = (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port)
    except ValueError:
        same = False
    if not same:
        raise ForGood(
            f"{_host(answer.url)} sends us to another address, which is not followed.",
            about=About.REACHED,
            remedy="If that is where the roster is now, enter that address instead.",
        )
    return target


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "The address"
    except ValueError:
        return "The address"


def _in_words(fault: httpx.HTTPError, host: str) -> Trouble:
    """What httpx raises, as trouble of a family."""
    causes = list(_causes(fault))
    if certificate := next((one for one in causes if isinstance(one, ssl.SSLCertVerificationError)), None):
        return ForGood(
            f"The certificate of {host} is not valid ({certificate.verify_message}).",
            about=About.TLS,
            remedy="Ask whoever runs that system to put it right.",
        )
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return ForGood(
            f"{host} does not speak HTTPS as it should.", about=About.TLS, remedy="Look at the address and its port."
        )
    if isinstance(fault, httpx.ConnectTimeout):
        return ForNow(
            f"{host} did not answer.", about=About.REACHED, remedy="Its firewall may need to let this machine in."
        )
    if isinstance(fault, httpx.ConnectError):
        return ForNow(
            f"{host} takes no connection.",
            about=About.REACHED,
            remedy="Look at the port, or ask whether that system is up.",
        )
    if isinstance(fault, httpx.TimeoutException):
        return ForNow(f"{host} went silent in the middle of an answer.", about=About.CONTENT)
    return ForNow(f"{host} cut the connection in the middle of an answer.", about=About.CONTENT)


def _causes(fault: BaseException) -> Iterator[BaseException]:
    at: BaseException | None = fault
    while at is not None:
        yield at
        at = at.__cause__ or at.__context__


@cache
def _trusted() -> ssl.SSLContext:
    """Authorities that browsers trust, and those that this machine does: a district may have one of its own."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _CheckedTransport(httpx.HTTPTransport):
    """httpx's own transport, of which every connection, also that of a redirect, goes where ``reach`` allows."""

    def __init__(self, reach: Reach) -> None:
        context = _trusted()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=20, keepalive_expiry=30, network_backend=_CheckedBackend(reach)
        )


class _CheckedBackend(httpcore.SyncBackend):
    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Look the name up, judge, and connect to what was judged: the name is not looked up again."""
        last: Exception | None = None
        for address in self._reach.addresses(host, port):
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
                last = fault
        raise last or httpcore.ConnectError("no address")
