"""Which addresses a source may make us talk to.

Whoever sets a source up types a host, and whoever runs that host's name decides where it leads: without a check, either
could have this machine read from its own network. So a name is looked up once for each connection, what it stands for
is judged, and the connection goes to the very address that was judged (``transport``), whatever the name says later.
"""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from firstbell.connectors.contract import About, ForGood, ForNow

type Address = IPv4Address | IPv6Address
type LookUp = Callable[[str, int], Iterable[str]]

_NAT64 = IPv6Network("64:ff9b::/96")
_TEREDO = IPv6Network("2001::/32")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_COMPATIBLE = IPv6Network("::/96")
_OF_CLOUDS = frozenset({"168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"})
"""Where clouds tell their machines secrets, beside 169.254.169.254, which is link-local. The first looks public."""
_LONGEST = 2000
_EXAMPLE = "Write it as https://sis.example.org/..."


def look_up(host: str, port: int) -> list[str]:
    """What a name stands for, by this machine's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Reach:
    """``named``: hosts that the operator named. They may stand in a private network or on this machine, and be spoken
    to without TLS; link-local addresses and those of a cloud only where the address itself is named."""

    named: frozenset[str] = frozenset()
    look_up: LookUp = field(default=look_up)

    def names(self, host: str) -> bool:
        """True for a host that the operator named."""
        return _plain(host) in {_plain(name) for name in self.named}

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to. Raises ForGood where there is none, ForNow without a name
        service."""
        try:
            found = list(self.look_up(host, port))
        except UnicodeError:
            raise ForGood(
                f"{host[:80]} is no name of a host.", about=About.NAME, remedy="Look at the address for a typing error."
            ) from None
        except socket.gaierror as fault:
            if fault.errno == socket.EAI_AGAIN:
                raise ForNow(f"The name {host} could not be looked up just now.", about=About.NAME) from None
            raise ForGood(
                f"There is no host called {host}.",
                about=About.NAME,
                remedy="Look at the address for a typing error.",
            ) from None
        allowed = [address for address in found if self.allows(host, address)]
        if not allowed:
            raise ForGood(
                f"{host} stands in a private network or on this machine, where sources may not reach.",
                about=About.NAME,
                remedy="If it belongs to the district, whoever runs Firstbell can allow it by its name.",
            )
        return allowed

    def allows(self, host: str, address: str) -> bool:
        """Whether a connection to ``host`` may go to this address."""
        try:
            judged = ip_address(address)
        except ValueError:  # with a zone (fe80::1%eth0): the same link, so never a way out
            return False
        if self.names(address) and _plain(host) == _plain(address):
            return True
        real = _within(judged)
        if str(real) in _OF_CLOUDS or real.is_link_local or real.is_multicast or real.is_unspecified:
            return False
        return self.names(host) or _is_public(real)


def read_address(text: str, reach: Reach) -> SplitResult:
    """An address that somebody typed, taken apart. Raises ForGood with what is wrong about it."""
    typed = text.strip()
    if len(typed) > _LONGEST or any(letter.isspace() or not letter.isprintable() for letter in typed):
        raise _unfit("The address has blanks or other characters that no address has.", "Copy it again.")
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _unfit("This is not an address.", _EXAMPLE) from None
    if parts.scheme not in {"https", "http"} or not host:
        raise _unfit("The address must begin with https:// and a host.", _EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise _unfit("There is a user or password in the address.", "Leave them out; there are fields for them.")
    if port == 0:
        raise _unfit("There is no port 0.", "Leave the port out, or copy the address again.")
    if parts.scheme == "http" and not reach.names(host):
        raise ForGood(
            "Rosters only travel encrypted.",
            about=About.TLS,
            remedy="Begin the address with https:// instead of http://.",
        )
    return parts


def _unfit(says: str, remedy: str) -> ForGood:
    return ForGood(says, about=About.SETTINGS, remedy=remedy)


def _plain(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").casefold()


def _within(address: Address) -> Address:
    """The IPv4 address that an IPv6 address only wraps; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _SIX_TO_FOUR:
        return IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address.is_site_local or address in _TEREDO):
        return False
    return address.is_global and not address.is_reserved
