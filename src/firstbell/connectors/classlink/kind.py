"""The kind: ClassLink, straight from the district's Roster Server, or by the proxy that ClassLink gives vendors."""

from dataclasses import replace

from firstbell.connectors.contract import Entry, Kind, Setting, Values, Way
from firstbell.connectors.oneroster_rest.connector import OneRosterRest
from firstbell.connectors.oneroster_rest.settings import (
    AT_ONCE,
    CHANGES,
    SHA1,
    SHA256,
    TOKEN,
    Settings,
    number_of,
    root_of,
)
from firstbell.connectors.reach import Reach

_LARGEST_PAGE = 10_000
"""What ClassLink advises, and takes as the most."""
_PAGE_SIZE = 5000

SETTINGS = (
    Setting(
        "address",
        "Endpoint URL",
        "In the ClassLink Partner Portal or Roster Server, at the application's details. It ends in"
        " /ims/oneroster/v1p1; where it does not, that is added. With a proxy token: the address that came with it.",
        Entry.ADDRESS,
    ),
    Setting(
        "sign_in",
        "Way to sign in",
        "Roster Server shows a client ID and secret: take HMAC-SHA256, or HMAC-SHA1 if that is refused. By the proxy it"
        " is a token.",
        Entry.CHOICE,
        default=SHA256,
        choices=(
            (SHA256, "Client ID and secret, HMAC-SHA256"),
            (SHA1, "Client ID and secret, HMAC-SHA1"),
            (TOKEN, "Token of the proxy"),
        ),
    ),
    Setting(
        "key",
        "Client ID",
        "Beside the endpoint URL. Leave it blank with a proxy token.",
        required=False,
    ),
    Setting(
        "secret",
        "Client secret or token",
        "The client secret beside the client ID, or the token of the proxy.",
        Entry.SEALED,
    ),
    Setting(
        "page_size",
        "Page size",
        "How many records are asked for at once, up to 10,000. It is halved where ClassLink finds that heavy.",
        Entry.NUMBER,
        required=False,
        default=str(_PAGE_SIZE),
        most=_LARGEST_PAGE,
    ),
    AT_ONCE,
    CHANGES,
)


def read_settings(values: Values, reach: Reach) -> Settings:
    """The settings of a source. Raises ForGood with what is wrong about one of them."""
    return Settings(
        version="1.1",
        root=root_of(values.get("address") or "", "1.1", reach),
        sign_in=values.get("sign_in") or SHA256,
        token_address="",
        key=(values.get("key") or "").strip(),
        secret=(values.get("secret") or "").strip(),
        scopes=(),
        page_size=number_of(values, "page_size", default=_PAGE_SIZE, most=_LARGEST_PAGE),
        at_once=number_of(values, "at_once", default=1, most=5),
        changes=bool(values.get("changes")),
    )


KIND = Kind(
    "classlink",
    "ClassLink",
    "We ask ClassLink Roster Server for the schools and people that the district shares there.",
    Way.FETCHED,
    SETTINGS,
    replace(OneRosterRest(), read=read_settings),
    may_be_delta=True,
)
