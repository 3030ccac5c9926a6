"""The lists that a roster is read from, and a page of one: what real servers send as an answer."""

import json
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx

from firstbell.connectors.contract import About, ForGood
from firstbell.connectors.transport import Answer
from firstbell.connectors.values import Row

LISTS: dict[str, tuple[str, ...]] = {
    "academicSessions": ("academicSessions",),
    "orgs": ("orgs",),
    "courses": ("courses",),
    "classes": ("classes",),
    "users": ("users", "roles", "userProfiles"),
    "enrollments": ("enrollments",),
    "demographics": ("demographics",),
}
"""List (path, and member of its answer) -> the files that it becomes."""
OPTIONAL = frozenset({"demographics"})
"""Needs a scope of its own, which many districts do not grant."""
_CODES = ("imsx_codeMinor", "imsx_CodeMinor", "imsx_codeMajor")


@dataclass(frozen=True, slots=True)
class Page:
    """``rows``: objects with members. ``unreadable``: so many that are none. ``link``: the next page, by the server."""

    rows: list[Row]
    unreadable: int = 0
    total: int | None = None
    link: str = ""
    moment: str = field(default="", compare=False)


def read_page(answer: Answer, name: str) -> Page:
    """The rows of an answer. Raises ForGood where it is no list of the roster."""
    found = _json(answer)
    items = _items(found, name)
    rows: list[Row] = [item for item in items if isinstance(item, dict)]
    return Page(rows, len(items) - len(rows), _total(answer, found), _next(answer), answer.headers.get("date", ""))


def _json(answer: Answer) -> object:
    text = answer.content.lstrip(b"\xef\xbb\xbf \r\n\t")
    if text[:1] == b"<":
        raise ForGood(
            "It answers with a web page where a roster should be, most likely one to sign in or one about maintenance.",
            about=About.LOG_IN,
            remedy="Look at the address, and whether the log-in is one for the API.",
        )
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ForGood(
            "It answers with something that is no JSON.",
            about=About.CONTENT,
            remedy="Look at the address; if it is right, tell whoever runs that system.",
        ) from None


def _items(found: object, name: str) -> list[object]:
    """The list within an answer: under its name, under another, or alone."""
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        if isinstance(found.get(name), list):
            return found[name]  # type: ignore[no-any-return]
        lists = [
            item
            for key, item in found.items()
            if isinstance(item, list) and not key.startswith(("imsx", "statusInfo")) and _are_objects(item)
        ]
        if len(lists) == 1:
            return lists[0]
    raise ForGood(
        f"Its answer has no list of {name}{_code(found)}.",
        about=About.CONTENT,
        remedy="Look at the address and the version; if both are right, tell whoever runs that system.",
    )


def _are_objects(items: list[object]) -> bool:
    return all(isinstance(item, dict) and "sourcedId" in item for item in items)


def _code(found: object) -> str:
    """The code of an error in an answer, which is one of a closed list: its text may quote anything."""
    text = json.dumps(found) if isinstance(found, dict) else ""
    words = ("unauthorised", "unauthorized", "forbidden", "server_busy", "invalid", "unknown", "unsupported", "failure")
    said = next((word for word in words if any(code in text for code in _CODES) and word in text), "")
    return f', but the error "{said}"' if said else ""


def _total(answer: Answer, found: object) -> int | None:
    said: object = answer.headers.get("x-total-count")
    if said is None and isinstance(found, dict):
        said = found.get("total", found.get("totalCount"))
    text = str(said).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _next(answer: Answer) -> str:
    """The next page as the server names it, if that is the same list on the same host: no other is followed."""
    links = httpx.Response(200, headers={"link": answer.headers.get("link", "")}).links
    target = urljoin(answer.url, links.get("next", {}).get("url", "")) if "next" in links else ""
    try:
        here, there = urlsplit(answer.url), urlsplit(target)
        same = (here.scheme, here.hostname, here.port, here.path) == (
            there.scheme,
            there.hostname,
            there.port,
            there.path,
        )
    except ValueError:
        return ""
    return target if same else ""
