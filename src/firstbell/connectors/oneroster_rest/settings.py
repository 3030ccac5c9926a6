"""What a person enters for a OneRoster API, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from firstbell.connectors.contract import About, Entry, ForGood, Setting, Values
from firstbell.connectors.reach import Reach, read_address

ROOTS = {"1.1": "/ims/oneroster/v1p1", "1.2": "/ims/oneroster/rostering/v1p2"}
_SCOPES = ("roster-core.readonly", "roster.readonly", "roster-demographics.readonly")
_PREFIX = {
    "1.1": "https://purl.imsglobal.org/spec/or/v1p1/scope/",
    "1.2": "https://purl.imsglobal.org/spec/or/v1p2/scope/",
}
OAUTH_2, SHA256, SHA1, TOKEN = "oauth2", "oauth1-sha256", "oauth1-sha1", "token"
_LARGEST_PAGE = 50_000
_MOST_AT_ONCE = 5

VERSION = Setting(
    "version",
    "Version",
    "The version of OneRoster that the system speaks. If both are offered, take 1.2.",
    Entry.CHOICE,
    default="1.2",
    choices=(("1.2", "OneRoster 1.2"), ("1.1", "OneRoster 1.1")),
)
ADDRESS = Setting(
    "address",
    "Address of the API",
    "The base URL, as the student information system shows it where the OneRoster connection was made. It often ends in"
    " /ims/oneroster/v1p1 or /ims/oneroster/rostering/v1p2; where it does not, that is added.",
    Entry.ADDRESS,
)
SIGN_IN = Setting(
    "sign_in",
    "Way to sign in",
    "OneRoster 1.2 always uses OAuth 2. Systems of 1.1 say which one they use where they show the key.",
    Entry.CHOICE,
    default=OAUTH_2,
    choices=((OAUTH_2, "OAuth 2"), (SHA256, "OAuth 1.0a, HMAC-SHA256"), (SHA1, "OAuth 1.0a, HMAC-SHA1")),
)
TOKENS = Setting(
    "token_address",
    "Address for tokens",
    "For OAuth 2: the token URL, shown beside the key. Leave it blank with OneRoster 1.2 and the system is asked.",
    Entry.ADDRESS,
    required=False,
)
KEY = Setting("key", "Key", "Also called client ID or consumer key. It is made with the connection.")
SECRET = Setting("secret", "Secret", "Also called client secret. Many systems show it only once.", Entry.SEALED)
SCOPES = Setting(
    "scopes",
    "Scopes",
    "For OAuth 2, and only if the system asks for other scopes than the standard's: each on a line.",
    Entry.LINES,
    required=False,
)
PAGE_SIZE = Setting(
    "page_size",
    "Page size",
    "How many records are asked for at once. It is halved by itself where the system runs out of time.",
    Entry.NUMBER,
    required=False,
    default="2000",
    most=_LARGEST_PAGE,
)
AT_ONCE = Setting(
    "at_once",
    "Calls at once",
    "1 is kind to every system. Some allow up to 5 at night.",
    Entry.NUMBER,
    required=False,
    default="1",
    most=_MOST_AT_ONCE,
)
CHANGES = Setting(
    "changes",
    "Fetch only what has changed, between full fetches",
    "For large districts. Who has left without a word is then noticed with the next full fetch.",
    Entry.YES_NO,
    required=False,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """``root`` without a slash at its end. ``secret`` is in clear: never log it."""

    version: str
    root: str
    sign_in: str
    token_address: str
    key: str
    secret: str
    scopes: tuple[str, ...]
    page_size: int
    at_once: int
    changes: bool

    @property
    def host(self) -> str:
        return urlsplit(self.root).hostname or ""

    def url(self, name: str, query: Mapping[str, str]) -> str:
        """The address of a list. Blanks as ``%20``: signatures cover the address as it stands."""
        asked = "&".join(f"{key}={quote(value, safe='')}" for key, value in query.items())
        return f"{self.root}/{name}?{asked}" if asked else f"{self.root}/{name}"


def read_settings(values: Values, reach: Reach) -> Settings:
    """The settings of a source. Raises ForGood with what is wrong about one of them."""
    version = values.get("version") or "1.2"
    sign_in = values.get("sign_in") or OAUTH_2
    token_address = (values.get("token_address") or "").strip()
    if sign_in == OAUTH_2 and token_address:
        read_address(token_address, reach)
    if sign_in == OAUTH_2 and not token_address and version == "1.1":
        raise ForGood(
            "The address for tokens is missing.",
            about=About.SETTINGS,
            remedy="Enter the token URL that the system shows beside the key.",
        )
    return Settings(
        version,
        root_of(values.get("address") or "", version, reach),
        sign_in,
        token_address,
        (values.get("key") or "").strip(),
        (values.get("secret") or "").strip(),
        tuple((values.get("scopes") or "").split()) or standard_scopes(version),
        number_of(values, "page_size", default=2000, most=_LARGEST_PAGE),
        number_of(values, "at_once", default=1, most=_MOST_AT_ONCE),
        bool(values.get("changes")),
    )


def root_of(address: str, version: str, reach: Reach) -> str:
    """Where the lists of a version stand, from what somebody copied: the root, its host, or something within it."""
    parts = read_address(address, reach)
    base = f"{parts.scheme}://{parts.netloc}"
    path = parts.path.rstrip("/")
    for root in ROOTS.values():
        before, found, _ = path.partition(root)
        if found:
            return f"{base}{before}{ROOTS[version]}"
    return f"{base}{path}" if "/oneroster" in path.casefold() else f"{base}{path}{ROOTS[version]}"


def number_of(values: Values, name: str, *, default: int, most: int) -> int:
    """A whole number from 1 to ``most``."""
    text = (values.get(name) or "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise ForGood(
            f"{name.replace('_', ' ').capitalize()} is no number from 1 to {most:,}.",
            about=About.SETTINGS,
            remedy=f"Leave it blank for {default:,}.",
        )
    return int(text)


def standard_scopes(version: str) -> tuple[str, ...]:
    """The scopes that a roster needs by the standard."""
    return tuple(f"{_PREFIX[version]}{scope}" for scope in _SCOPES)
