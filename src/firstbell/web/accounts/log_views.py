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
from firstbell.web.components.shapes import Crumb, PageLinks
from firstbell.web.frame import show
from firstbell.web.listing import address, id_in
from firstbell.web.visit import Visit, inside
from firstbell.web.words import in_words

PAGE = 50
LONGEST = 200
ABOUT: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "people": ("People and their log-ins", ("user", "people", "credential", "badge")),
    "roster": ("Schools, terms and classes", ("class", "classes", "org", "term", "school_year", "schools", "terms")),
    "runs": ("Runs and sources", ("run", "source")),
    "cases": ("Cases", ("case",)),
    "members": ("Members and visits", ("account", "membership", "invitation", "visit", "succession")),
    "district": ("The district, its rules and programs", ("district", "client", "request")),
}
"""What can be chosen, and the kinds of subjects that it is about."""
ROOMS: Final = {"user": "person", "class": "class", "run": "run", "case": "case"}
"""The page of a subject, by its kind."""
SAID: Final = {
    "user.told_all": "All that is held of a person was exported",
    "user.told_apart": "Two people were told apart",
    "user.last_day_set": "The last day of a person was set, or taken away",
    "people.left": "People left whose last day had passed",
    "source.new_ids": "New ids of a source were taken",
    "credential.set": "A password was set",
    "credential.removed": "A log-in was taken away",
    "visit.begun": "Staff of Firstbell began a visit",
    "visit.ended": "A visit of Firstbell’s staff was ended",
    "run.received": "Files came",
    "run.cells_changed": "Cells of files were put right",
    "district.retention": "How long those who left are kept was changed",
    "district.lengths": "The lengths of passwords were set",
    "district.first_log_in": "What students without a password get was set",
    "district.second_factor": "Whether administrators need a second step was set",
    "district.staff": "Whether Firstbell’s staff is let in was set",
    "succession.asked": "Somebody asked to become administrator",
    "succession.announced": "Who asks to become administrator was made sure of, and told",
    "people.exported": "The list of people was exported",
    "classes.exported": "The list of classes was exported",
    "schools.exported": "The list of schools was exported",
    "terms.exported": "The list of terms was exported",
}
"""Verbs that do not say it by themselves."""


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
        SAID.get(event.verb) or in_words(event.verb.replace(".", " ").replace("_", " ")),
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
