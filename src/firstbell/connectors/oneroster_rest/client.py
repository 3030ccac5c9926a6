"""Asks a OneRoster server: signs, waits, and says in words what is wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from firstbell.connectors.contract import About, ForGood
from firstbell.connectors.oneroster_rest.access import Access, Bearer, Signature, Tokens
from firstbell.connectors.oneroster_rest.lists import Page, read_page
from firstbell.connectors.oneroster_rest.settings import OAUTH_2, SHA1, TOKEN, Settings
from firstbell.connectors.packing import Place
from firstbell.connectors.patience import Patience
from firstbell.connectors.transport import Answer, Wire

_DISCOVERY = (
    "discovery/imsorv1p2_rostering_openapi3_v1p0.json",
    "discovery/onerosterv1p2rostersservice_openapi3_v1p0.json",
)
"""Two names are in print; the second is the older one."""
_NO_SUCH_PAGE = frozenset({400, 404, 416, 422})
_NO_SUCH_QUERY = frozenset({400, 422, 501})


class FilterRefused(Exception):
    """The server does not let a list be filtered by its dates."""


@dataclass(slots=True)
class Client:
    """One server, as one source may read it."""

    settings: Settings
    wire: Wire
    patience: Patience
    access: Access

    def page(self, name: str, place: Place, since: str = "") -> Page:
        """A page of a list, from its place. A refused sort is left out from then on. Raises Trouble, FilterRefused."""
        answer = self._answer(place.link or self._url(name, place, since))
        if answer.status in _NO_SUCH_QUERY and place.sorts and not place.received and not place.link:
            place.sorts = False
            answer = self._answer(self._url(name, place, since))
        if answer.status in _NO_SUCH_QUERY and since and not place.received:
            raise FilterRefused
        if answer.status in _NO_SUCH_PAGE and (place.offset or place.link):
            place.sure = place.sure and place.total is not None  # some call what is behind the last page an error
            return Page([])
        ensure_good(answer, name)
        return Page([]) if answer.status == 204 else read_page(answer, name)

    def first(self, name: str, count: int) -> Page:
        """The first rows of a list, for looking at."""
        answer = self._answer(self.settings.url(name, {"limit": str(count), "offset": "0"}))
        ensure_good(answer, name)
        return read_page(answer, name)

    def _url(self, name: str, place: Place, since: str) -> str:
        query = {"limit": str(place.limit), "offset": str(place.offset)}
        if place.sorts:
            query |= {"sort": "sourcedId", "orderBy": "asc"}
        if since:
            query["filter"] = f"dateLastModified>'{since}'"
        return self.settings.url(name, query)

    def _answer(self, url: str) -> Answer:
        """An answer. A token that ended before its time is fetched anew, once."""
        answer = self.patience.ask(lambda: self.wire.get(url, self.access.signed), heavy=True)
        if answer.status == 401 and self.access.renew():
            answer = self.patience.ask(lambda: self.wire.get(url, self.access.signed), heavy=True)
        return answer


def ensure_good(answer: Answer, name: str) -> None:
    """Raises ForGood with what an answer means that is no list."""
    if answer.status in {200, 204}:
        return
    if answer.status == 401:
        raise ForGood(
            "It does not accept the log-in.",
            about=About.LOG_IN,
            remedy="Copy key and secret again, and look at the way to sign in.",
        )
    if answer.status == 403:
        raise ForGood(
            f"The log-in may not read {name}.",
            about=About.SCOPE,
            remedy="Ask whoever gave you the key to allow it to read the whole roster.",
        )
    if answer.status in {404, 410}:
        raise ForGood(
            f"There is no list of {name} at this address.",
            about=About.VERSION,
            remedy="Look at the address and the version of OneRoster.",
        )
    raise ForGood(
        f"Asked for {name} it answers HTTP {answer.status}.",
        about=About.CONTENT,
        remedy="Tell whoever runs that system.",
    )


def access_of(settings: Settings, wire: Wire, patience: Patience) -> Access:
    """The way to sign in that the settings say. Raises Trouble where nobody says where tokens are."""
    if settings.sign_in == TOKEN:
        return Bearer(settings.secret)
    if settings.sign_in != OAUTH_2:
        return Signature(settings.key, settings.secret, sha256=settings.sign_in != SHA1)
    url = settings.token_address or discovered(settings, lambda url: patience.ask(lambda: wire.get(url)))
    apart = replace(patience, at_once=1)  # a token is fetched in the midst of a call, which must not wait for itself
    return Tokens(wire, apart, url, settings.key, settings.secret, settings.scopes)


def discovered(settings: Settings, get: Callable[[str], Answer]) -> str:
    """The address for tokens, as the server publishes it (1.2 only)."""
    for name in _DISCOVERY:
        answer = get(settings.url(name, {}))
        if answer.status != 200:
            continue
        try:
            found = _token_url(answer)
        except (ValueError, RecursionError):
            continue
        if found:
            return urljoin(answer.url, found)
    raise ForGood(
        "The system does not say where its tokens are.",
        about=About.SETTINGS,
        remedy="Enter the address for tokens, which is shown beside the key.",
    )


def _token_url(answer: Answer) -> str:
    components = _within(json.loads(answer.content), "components")
    for scheme in _within(components, "securitySchemes").values():
        url = _within(_within(scheme, "flows"), "clientCredentials").get("tokenUrl")
        if isinstance(url, str) and url:
            return url
    return ""


def _within(found: object, name: str) -> dict[str, object]:
    """A member that is an object; an empty one where there is none."""
    member = found.get(name) if isinstance(found, dict) else None
    return member if isinstance(member, dict) else {}
