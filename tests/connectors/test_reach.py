"""What a source may reach: check 32, server-side request forgery. A sentinel listens where nobody may come."""

import pytest
from tests.connectors.servers import Asked, Reply, serving

from firstbell.connectors.contract import About, ForGood, Trouble
from firstbell.connectors.reach import Reach, read_address
from firstbell.connectors.transport import Wire

WITHIN = [
    "127.0.0.1",
    "127.0.0.2",
    "127.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:53aa:64c:0:0:80ff:fffe]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fec0::1]",
    "[ff02::1]",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
]
NO_ADDRESSES = [
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "https:127.0.0.1:{port}/",
    "https:///127.0.0.1:{port}/",
    "https://sis.example.org@127.0.0.1:{port}/",
    "https://sis.example.org:pass@127.0.0.1:{port}/",
    "https://sis.example.org\\@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\@sis.example.org/",
    "https://sis.example.org /",
    "https://sis.example.org/\r\nHost: 127.0.0.1",
    "https://127.0.0.1:0/",
    "https://127.0.0.1:99999/",
    "https://[::1/",
    "https://" + "a" * 3000,
    "",
]


def _never(asked: Asked) -> Reply:
    return Reply(200, b"secret")


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("host", WITHIN)
def test_no_source_reaches_this_machine_or_its_network(host: str, scheme: str) -> None:
    with serving(_never) as sentinel, Wire(Reach()) as wire:
        with pytest.raises(ForGood):
            wire.get(f"{scheme}://{host}:{sentinel.port}/")
        assert sentinel.connections == 0


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_of_https_is_refused_before_anything_is_looked_up(address: str) -> None:
    looked_up: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    with serving(_never) as sentinel, Wire(Reach(look_up=look_up)) as wire:
        with pytest.raises(ForGood):
            wire.get(address.replace("{port}", str(sentinel.port)))
        assert sentinel.connections == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"])
def test_a_name_that_leads_inside_is_not_followed(address: str) -> None:
    with serving(_never) as sentinel, Wire(Reach(look_up=lambda host, port: [address])) as wire:
        with pytest.raises(ForGood, match="private network") as told:
            wire.get(f"https://sis.example.org:{sentinel.port}/")
        assert told.value.about is About.NAME
        assert sentinel.connections == 0


def test_of_a_name_with_several_addresses_only_the_public_ones_are_tried() -> None:
    reach = Reach(look_up=lambda host, port: ["10.0.0.1", "93.184.216.34", "127.0.0.1", "2606:2800:220:1::1"])
    assert reach.addresses("sis.example.org", 443) == ["93.184.216.34", "2606:2800:220:1::1"]


def test_the_connection_goes_where_the_judged_address_leads_and_the_name_is_looked_up_once() -> None:
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    looked_up: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return answers[len(looked_up) - 1]

    reach = Reach(frozenset({"sis.example.org"}), look_up)
    with serving(lambda asked: Reply(200, b"[]", {"Connection": "close"})) as server, Wire(reach) as wire:
        assert wire.get(f"http://sis.example.org:{server.port}/").content == b"[]"
        assert looked_up == ["sis.example.org"]
        with pytest.raises(ForGood, match="private network"):  # the name leads elsewhere the second time
            wire.get(f"http://sis.example.org:{server.port}/")
        assert server.connections == 1
        assert server.asked[0].headers["host"] == f"sis.example.org:{server.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_inside_is_not_followed(status: int) -> None:
    with serving(_never) as sentinel:
        places = [
            sentinel.url,
            f"http://localhost:{sentinel.port}/",
            f"//127.0.0.1:{sentinel.port}/",
            f"https://[::1]:{sentinel.port}/",
            "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd",
        ]
        for place in places:
            moved = Reply(status, b"", {"Location": place})
            with serving(lambda asked, moved=moved: moved) as server:  # type: ignore[misc]
                reach = Reach(frozenset({"sis.example.org"}), lambda host, port: ["127.0.0.1"])
                with Wire(reach) as wire, pytest.raises(ForGood, match="another address"):
                    wire.get(f"http://sis.example.org:{server.port}/")
        assert sentinel.connections == 0


def test_a_redirect_within_the_same_host_is_followed_but_not_in_circles() -> None:
    def respond(asked: Asked) -> Reply:
        if asked.path == "/once":
            return Reply(302, b"", {"Location": "/there"})
        return Reply(200, b"here") if asked.path == "/there" else Reply(302, b"", {"Location": asked.path})

    with serving(respond) as server, Wire(Reach(frozenset({"127.0.0.1"}))) as wire:
        assert wire.get(f"{server.url}/once").content == b"here"
        with pytest.raises(ForGood, match="circles"):
            wire.get(f"{server.url}/circle")


def test_a_secret_is_never_sent_on_to_where_a_redirect_leads() -> None:
    def respond(asked: Asked) -> Reply:
        return Reply(307, b"", {"Location": "/elsewhere"})

    with serving(respond) as server, Wire(Reach(frozenset({"127.0.0.1"}))) as wire:
        with pytest.raises(ForGood, match="log-ins elsewhere"):
            wire.post(f"{server.url}/token", {"client_secret": "s3cret"})
        assert [asked.path for asked in server.asked] == ["/token"]


def test_the_operator_allows_a_host_by_its_name() -> None:
    with serving(lambda asked: Reply(200, b"[]")) as server, Wire(Reach(frozenset({"LocalHost."}))) as wire:
        assert wire.get(f"http://localhost:{server.port}/").content == b"[]"
        with pytest.raises(ForGood):
            wire.get(f"http://127.0.0.1:{server.port}/")
        assert server.connections == 1


def test_a_named_host_still_cannot_lead_to_the_secrets_of_a_cloud() -> None:
    for address in ("169.254.169.254", "fe80::1", "168.63.129.16", "fd00:ec2::254"):
        reach = Reach(frozenset({"sis.internal"}), lambda host, port, address=address: [address])  # type: ignore[misc]
        with pytest.raises(ForGood):
            reach.addresses("sis.internal", 443)
    named = Reach(frozenset({"169.254.10.10"}), lambda host, port: [host])
    assert named.addresses("169.254.10.10", 443) == ["169.254.10.10"]


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(_never) as proxy, serving(lambda asked: Reply(200, b"straight")) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        with Wire(Reach(frozenset({"127.0.0.1"}))) as wire:
            assert wire.get(server.url).content == b"straight"
        assert proxy.connections == 0


def test_without_tls_nothing_is_asked_of_a_host_that_nobody_named() -> None:
    with pytest.raises(ForGood, match="encrypted") as told:
        read_address("http://sis.example.org/ims/oneroster/v1p1", Reach())
    assert told.value.about is About.TLS


def test_a_name_that_does_not_exist_is_told_as_that() -> None:
    with Wire(Reach()) as wire, pytest.raises(Trouble) as told:
        wire.get("https://no-such-host.invalid/")
    assert told.value.about is About.NAME
