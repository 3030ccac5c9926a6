"""What everybody did in the district: the audit log, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.audit.models import Event
from firstbell.domain.audit.queries import page_events
from firstbell.web.accounts.log_words import said_of
from firstbell.web.components.shapes import Crumb, PageLinks
from firstbell.web.frame import show
from firstbell.web.listing import address, id_in
from firstbell.web.visit import Visit, inside
from firstbell.web.words import in_words

PAGE = 50
LONGEST = 200
ABOUT: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "people": ("People and their log-ins", ("user", "people", "credential", "badge")),
    "roster": (
        "Schools, terms and classes",
        ("class", "classes", "org", "term", "school_year", "schools", "terms", "event"),
    ),
    "runs": ("Runs and sources", ("run", "source")),
    "cases": ("Cases", ("case",)),
    "members": ("Members and visits", ("account", "membership", "invitation", "visit", "succession")),
    "district": (
        "The district, its rules and programs",
        ("district", "client", "request", "contact", "setup_plan", "signon", "practice", "token", "launch"),
    ),
}
"""What can be chosen, and the kinds of subjects that it is about."""
ROOMS: Final = {"user": "person", "class": "class", "run": "run", "case": "case"}
"""The page of a subject, by its kind."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One thing that was done: what, in words; where to see it; and its details."""

    at: datetime
    who: str
    what: str
    url: str
    detail: list[tuple[str, str]]


@require_safe
@inside
def show_log(visit: Visit) -> HttpResponse:
    """A page of it, of somebody or about something where that is asked."""
    ensure_may(visit.viewer, Permission.VIEW_AUDIT)
    asked = visit.request.GET
    words, about = asked.get("q", "").replace("\0", "")[:LONGEST], asked.get("about", "")
    kinds = ABOUT[about][1] if about in ABOUT else ()
    before, after = id_in(asked.get("before", "")), id_in(asked.get("after", ""))
    events = page_events(
        visit.district.pk, words=words, subject_kinds=kinds, before=before, after=after, limit=PAGE + 1
    )
    shown = events[1:] if after is not None and len(events) > PAGE else events[:PAGE]
    path = visit.url("audit_log")
    chosen = {"q": words, "about": about if about in ABOUT else ""}
    context = {
        "lines": [_line(visit, event) for event in shown],
        "words": words,
        "abouts": [(name, label, name == about) for name, (label, _) in ABOUT.items()],
        "path": path,
        "is_filtered": any(chosen.values()),
        "links": _links(path, chosen, shown, more=len(events) > PAGE, before=before, after=after),
        "crumbs": [Crumb("Members", visit.url("members"))],
    }
    return show(visit, "accounts/log.html", context, room="members")


def _links(
    path: str, chosen: Mapping[str, str], shown: list[Event], *, more: bool, before: int | None, after: int | None
) -> PageLinks | None:
    """Towards what is newer and older: who came from one side knows that there is something."""
    if not shown:
        return None
    newer = more if after is not None else before is not None
    older = more if after is None else True
    return PageLinks(
        address(path, {**chosen, "after": shown[0].pk}) if newer else "",
        address(path, {**chosen, "before": shown[-1].pk}) if older else "",
        newest_url=(address(path, chosen) or path) if newer else "",
    )


def _line(visit: Visit, event: Event) -> LogLine:
    room = ROOMS.get(event.subject_kind, "")
    number = id_in(event.subject_id)
    return LogLine(
        event.at,
        event.actor_name,
        said_of(event.verb),
        visit.url(room, number) if room and number is not None else "",
        [(in_words(name.replace("_", " ")), _said(value)) for name, value in event.detail.items()],
    )


def _said(value: object) -> str:
    """A detail as text: lists with commas, yes and no, and nothing longer than one reads."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_said, value))[:LONGEST]
    if isinstance(value, dict):
        return ", ".join(f"{in_words(str(name))}: {_said(one)}" for name, one in value.items())[:LONGEST]
    return str(value)[:LONGEST]
