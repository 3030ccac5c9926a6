"""One answer of another system: its certificate, its packing, its size and its time."""

import datetime as dt
import gzip
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.connectors.servers import Asked, Reply, Respond, Server, in_json, serving

from firstbell.connectors.contract import About, ForGood, ForNow
from firstbell.connectors.reach import Reach
from firstbell.connectors.transport import Bounds, Wire

HERE = Reach(frozenset({"127.0.0.1"}))


@contextmanager
def asking(respond: Respond, bounds: Bounds | None = None) -> Iterator[tuple[Wire, Server]]:
    with serving(respond) as server, Wire(HERE, bounds) as wire:
        yield wire, server


def test_a_packed_answer_is_unfolded() -> None:
    with asking(lambda asked: in_json({"orgs": []}, packed=True)) as (wire, server):
        answer = wire.get(f"{server.url}/orgs")
    assert answer.content == b'{"orgs": []}'
    assert server.asked[0].headers["accept-encoding"] == "gzip"


def test_an_answer_that_unfolds_without_end_is_stopped_early() -> None:
    bomb = gzip.compress(bytes(300 * 1024 * 1024))
    assert len(bomb) < 400_000
    with (
        asking(lambda asked: Reply(200, bomb, {"Content-Encoding": "gzip"})) as (wire, server),
        pytest.raises(ForGood, match="times its size"),
    ):
        wire.get(server.url)


def test_an_answer_over_the_bound_is_refused_unpacked_too() -> None:
    with (
        asking(lambda asked: Reply(200, b"x" * 5000), Bounds(size=4000)) as (wire, server),
        pytest.raises(ForGood) as told,
    ):
        wire.get(server.url)
    assert told.value.about is About.CONTENT


@pytest.mark.parametrize("packed", [b"no gzip at all", gzip.compress(b"[1, 2, 3]" * 1000)[:-20]], ids=["none", "cut"])
def test_a_damaged_packing_passes_for_a_moment_only(packed: bytes) -> None:
    reply = Reply(200, packed, {"Content-Encoding": "gzip"})
    with asking(lambda asked: reply) as (wire, server), pytest.raises(ForNow, match="damaged"):
        wire.get(server.url)


def test_a_packing_that_we_did_not_ask_for_is_told() -> None:
    reply = Reply(200, b"...", {"Content-Encoding": "br"})
    with asking(lambda asked: reply) as (wire, server), pytest.raises(ForGood, match="br"):
        wire.get(server.url)


def test_a_connection_that_is_cut_passes() -> None:
    with asking(lambda asked: Reply(200, b"x" * 1000, cut=10)) as (wire, server), pytest.raises(ForNow, match="cut"):
        wire.get(server.url)


def test_an_answer_that_drips_is_ended_when_its_time_is_over() -> None:
    ticks = iter(range(0, 100_000, 400))
    with (
        serving(lambda asked: Reply(200, b"x" * 5_000_000)) as server,
        Wire(HERE, Bounds(whole=600), clock=lambda: float(next(ticks))) as wire,
        pytest.raises(ForNow, match="600 seconds"),
    ):
        wire.get(server.url)


def test_silence_passes() -> None:
    waiting = threading.Event()

    def respond(asked: Asked) -> Reply:
        waiting.wait(5)
        return Reply()

    with asking(respond, Bounds(read=0.2)) as (wire, server):
        with pytest.raises(ForNow, match="silent"):
            wire.get(server.url)
        waiting.set()


def test_a_port_where_nobody_listens_is_told_as_that() -> None:
    with serving(lambda asked: Reply()) as gone:
        pass
    with Wire(HERE) as wire, pytest.raises(ForNow, match="takes no connection") as told:
        wire.get(gone.url)
    assert told.value.about is About.REACHED


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with speaking_tls(tmp_path) as port, Wire(HERE) as wire, pytest.raises(ForGood, match="certificate") as told:
        wire.get(f"https://127.0.0.1:{port}/")
    assert told.value.about is About.TLS


def test_a_server_without_tls_behind_https_is_told_as_that() -> None:
    with serving(lambda asked: Reply()) as server, Wire(HERE) as wire, pytest.raises(ForGood) as told:
        wire.get(f"https://127.0.0.1:{server.port}/")
    assert told.value.about is About.TLS


@contextmanager
def speaking_tls(folder: Path) -> Iterator[int]:
    """A server with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sis.example.org")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    class Quiet(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that turned away is what the test wants."""

    server = Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
