"""Files are fetched from OpenSSH's own server, and from nobody who only says to be it."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import asyncssh
import pytest
from tests.connectors.sshd import Sshd, needs_sshd, running
from tests.engine.district import lakeside

from firstbell.connectors.contract import About, Completeness, Fetched, ForGood, ForNow, Surroundings
from firstbell.connectors.sftp_pull.connector import SftpPull
from firstbell.connectors.sftp_pull.settings import read_settings

HERE = Surroundings(frozenset({"127.0.0.1"}))
OLD = 1_700_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with running(tmp_path_factory.mktemp("sshd")) as made:
        yield made


@pytest.fixture
def sshd(server: Sshd) -> Sshd:
    for path in server.folder.iterdir():
        path.unlink() if path.is_symlink() or path.is_file() else path.rmdir()
    return server


def lay(sshd: Sshd, **files: str) -> None:
    for name, text in files.items():
        path = sshd.folder / name.replace("_", ".")
        path.write_text(text, encoding="utf-8")
        os.utime(path, (OLD, OLD))


def fetch(
    values: dict[str, str],
    into: Path,
    *,
    connector: SftpPull | None = None,
    memory: str = "",
    whole: bool = False,
    around: Surroundings = HERE,
    told: object = None,
) -> Fetched:
    into.mkdir(exist_ok=True)
    say = told if callable(told) else lambda what, count: None
    return (connector or SftpPull()).fetch(values, into, around, memory=memory, whole=whole, told=say)


@needs_sshd
def test_files_come_as_they_lie_there_and_again_only_when_they_changed(sshd: Sshd, tmp_path: Path) -> None:
    roster = lakeside().write(tmp_path / "roster")
    for path in roster.iterdir():
        lay(sshd, **{path.name: path.read_text(encoding="utf-8")})
    (sshd.folder / "secret.csv").symlink_to("/etc/passwd")
    (sshd.folder / "old").mkdir()
    lay(sshd, notes_txt="not of the roster", done="")
    first = fetch(sshd.values(), tmp_path / "first")
    assert first.completeness is Completeness.WHOLE
    came = {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()}
    assert came == {path.name: path.read_bytes() for path in roster.iterdir()}
    again = fetch(sshd.values(), tmp_path / "again", memory=first.memory)
    assert again.completeness is Completeness.NOTHING_NEW
    assert list((tmp_path / "again").iterdir()) == []
    assert fetch(sshd.values(), tmp_path / "all", memory=first.memory, whole=True).completeness is Completeness.WHOLE
    lay(sshd, users_csv="sourcedId\nx\n")
    assert fetch(sshd.values(), tmp_path / "new", memory=first.memory).completeness is Completeness.WHOLE


@needs_sshd
def test_the_newest_alone_is_taken_where_each_is_a_roster(sshd: Sshd, tmp_path: Path) -> None:
    lay(sshd, **{"roster-1_zip": "old", "roster-2_zip": "new", "other_zip": "newer"})
    os.utime(sshd.folder / "roster-2.zip", (OLD + 60, OLD + 60))
    os.utime(sshd.folder / "other.zip", (OLD + 90, OLD + 90))
    fetch(sshd.values(take="newest", files="ROSTER*.zip"), tmp_path / "into")
    assert [path.name for path in (tmp_path / "into").iterdir()] == ["roster-2.zip"]


@needs_sshd
def test_a_server_with_another_key_gets_nothing(sshd: Sshd, tmp_path: Path) -> None:
    lay(sshd, users_csv="sourcedId\n")
    another = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
    before = sshd.log.read_text().count("Accepted")
    with pytest.raises(ForGood, match="does not show the key") as met:
        fetch(sshd.values(host_key=another), tmp_path / "into")
    assert met.value.about is About.TLS
    assert sshd.log.read_text().count("Accepted") == before


@needs_sshd
def test_without_a_pinned_key_the_test_tells_the_one_that_is_shown(sshd: Sshd, tmp_path: Path) -> None:
    lay(sshd, users_csv="sourcedId,givenName,password\nada,Ada,Canary-pass\n")
    tested = SftpPull().test_connection(sshd.values(host_key=""), HERE)
    assert not tested.good
    assert [probe.about for probe in tested.probes][-1] is About.TLS
    shown = sshd.host_key.get_fingerprint()
    assert shown in tested.probes[-1].says
    with pytest.raises(ForGood, match="No key is pinned"):
        fetch(sshd.values(host_key=""), tmp_path / "into")
    tested = SftpPull().test_connection(sshd.values(host_key=f"256 {shown} sftp.example.org (ED25519)"), HERE)
    assert tested.good
    assert "Ada" in str(tested.samples)
    assert "Canary-pass" not in str(tested.samples)


@needs_sshd
def test_a_public_key_can_be_pinned_as_openssh_writes_it(sshd: Sshd, tmp_path: Path) -> None:
    lay(sshd, users_csv="sourcedId\n")
    line = f"[127.0.0.1]:{sshd.port} {sshd.host_key.export_public_key().decode()}"
    assert fetch(sshd.values(host_key=line), tmp_path / "into").completeness is Completeness.WHOLE


@needs_sshd
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1"])
def test_a_private_address_is_not_reached_unless_the_operator_named_it(sshd: Sshd, tmp_path: Path, host: str) -> None:
    before = sshd.log.read_text().count("Connection from")
    with pytest.raises(ForGood) as met:
        fetch(sshd.values(host=host), tmp_path / "into", around=Surroundings())
    assert met.value.about is About.NAME
    assert not SftpPull().test_connection(sshd.values(host=host), Surroundings()).good
    assert sshd.log.read_text().count("Connection from") == before


@needs_sshd
def test_who_is_not_let_in_is_told_so(sshd: Sshd, tmp_path: Path) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    with pytest.raises(ForGood) as met:
        fetch(sshd.values(private_key=stranger), tmp_path / "into")
    assert met.value.about is About.LOG_IN
    with pytest.raises(ForGood):
        fetch(sshd.values(username="no-such-user-here"), tmp_path / "into")


@needs_sshd
def test_a_folder_that_is_not_there_or_empty_is_tried_again(sshd: Sshd, tmp_path: Path) -> None:
    with pytest.raises(ForNow, match="no folder"):
        fetch(sshd.values(folder="/no/such/folder"), tmp_path / "into")
    with pytest.raises(ForNow, match="fits"):
        fetch(sshd.values(), tmp_path / "into")


@needs_sshd
def test_what_is_being_written_waits(sshd: Sshd, tmp_path: Path) -> None:
    lay(sshd, users_csv="sourcedId\n", orgs_csv="sourcedId\n")

    def write_on(what: str, count: int) -> None:
        (sshd.folder / "orgs.csv").write_text("sourcedId\nelm\n", encoding="utf-8")

    with pytest.raises(ForNow, match="changed while"):
        fetch(sshd.values(), tmp_path / "into", told=write_on)

    async def grow(seconds: float) -> None:
        (sshd.folder / "users.csv").write_text("sourcedId\nada\nben\n", encoding="utf-8")

    with pytest.raises(ForNow, match="still being written"):  # orgs.csv was changed just now
        fetch(sshd.values(), tmp_path / "into", connector=SftpPull(sleep=grow))
    lay(sshd, users_csv_part="sourcedId\n")
    (sshd.folder / "users.csv.part").touch()
    with pytest.raises(ForNow, match="still being written"):
        fetch(sshd.values(), tmp_path / "into")


@needs_sshd
def test_no_more_comes_than_may(sshd: Sshd, tmp_path: Path) -> None:
    lay(sshd, users_csv="x" * 600, orgs_csv="y" * 600)
    with pytest.raises(ForGood, match="larger"):
        fetch(sshd.values(), tmp_path / "into", around=Surroundings(HERE.reachable, 1000))


class Greedy(asyncssh.SSHServer):
    """Takes note of every password, and lets in whom it should not."""

    def __init__(self, heard: list[str], *, lets_in: bool) -> None:
        self.heard = heard
        self.lets_in = lets_in

    def begin_auth(self, username: str) -> bool:
        return not self.lets_in

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self.heard.append(password)
        return True


@contextmanager
def greedy(folder: Path, *, lets_in: bool = False) -> Iterator[tuple[int, str, list[str]]]:
    """A server in a thread: its port, its fingerprint, and the passwords that it heard."""
    key, heard, bound = asyncssh.generate_private_key("ssh-ed25519"), list[str](), Queue[int]()
    loop, ended = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        acceptor = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: Greedy(heard, lets_in=lets_in),
            server_host_keys=[key],
            sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=os.fsencode(folder)),
        )
        bound.put(acceptor.get_port())
        await ended.wait()
        acceptor.close()
        await acceptor.wait_closed()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        yield bound.get(timeout=20), key.get_fingerprint(), heard
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(20)
        loop.close()


def by_password(port: int, fingerprint: str) -> dict[str, str]:
    said = {"host": "127.0.0.1", "port": str(port), "username": "sis", "password": "Canary-pass-9"}
    return said | {"private_key": "", "host_key": fingerprint, "folder": "", "files": "", "take": "all"}


def test_a_password_is_sent_to_the_pinned_server_and_to_no_other(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "users.csv").write_text("sourcedId\n", encoding="utf-8")
    os.utime(tmp_path / "there" / "users.csv", (OLD, OLD))
    another = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
    with greedy(tmp_path / "there") as (port, fingerprint, heard):
        for pinned in (another, ""):
            with pytest.raises(ForGood):
                fetch(by_password(port, pinned), tmp_path / "into")
        assert heard == []
        assert fetch(by_password(port, fingerprint), tmp_path / "into").completeness is Completeness.WHOLE
        assert heard == ["Canary-pass-9"]


def test_a_server_that_lets_everybody_in_is_not_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "users.csv").write_text("sourcedId\n", encoding="utf-8")
    os.utime(tmp_path / "there" / "users.csv", (OLD, OLD))
    with greedy(tmp_path / "there", lets_in=True) as (port, fingerprint, _), pytest.raises(ForGood) as met:
        fetch(by_password(port, fingerprint), tmp_path / "into")
    assert met.value.about is About.LOG_IN


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"host": "sftp://files.example.org"}, "name of a host"),
        ({"host": "me@files.example.org"}, "name of a host"),
        ({"password": ""}, "neither a password nor a private key"),
        ({"private_key": "-----BEGIN OPENSSH PRIVATE KEY-----\nCanary\n"}, "cannot be read"),
        ({"host_key": "MD5:12:34"}, "neither a public key nor a fingerprint"),
    ],
)
def test_a_value_that_cannot_be_is_told_without_quoting_a_secret(said: dict[str, str], says: str) -> None:
    with pytest.raises(ForGood, match=says) as met:
        read_settings(by_password(22, "SHA256:abc") | said)
    assert met.value.about is About.SETTINGS
    assert "Canary" not in str(met.value) + met.value.remedy
