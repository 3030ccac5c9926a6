"""The pages on which many rows are changed at once: a look at what will happen, then doing it, as one act to undo."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from firstbell.domain.roster.editing.many import Outcome
from firstbell.domain.roster.editing.refusals import NotGood, Refused
from firstbell.web.listing import id_in
from firstbell.web.visit import Visit
from firstbell.web.words import count_in_words

MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that can be done to many: its title, what the button says, and what was done, in words."""

    title: str
    button: str
    done: str
    is_danger: bool = False
    has_act: bool = True
    """Whether rows of the roster are written, as an act that can be undone."""


@dataclass(frozen=True, slots=True)
class Nouns:
    """What the rows are called, with the verb behind it: ``1 person was``, ``3 people were``."""

    one: str
    several: str
    room: str
    """The room of the navigation, and the list's name in the router."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it: an outcome to look at, what hindered it, or a page to go on to."""

    outcome: Outcome | None = None
    problem: str = ""
    response: HttpResponse | None = None


def ids_sent(visit: Visit, name: str) -> list[int]:
    """The rows that were ticked."""
    return list(dict.fromkeys(row_id for text in visit.request.POST.getlist(name) if (row_id := id_in(text))))


def nobody_chosen(visit: Visit, nouns: Nouns) -> HttpResponse:
    """Back to the list, with a word on what is missing."""
    messages.warning(visit.request, f"Choose some {nouns.several} first, and what to do with them.")
    return redirect(visit.url(nouns.room))


def look_or_do(visit: Visit, nouns: Nouns, change: Change, verb: Callable[[bool], Outcome]) -> Answer:
    """Carry it out: for good where somebody is sure, else only to look (``verb``'s argument)."""
    is_sure = visit.request.POST.get("then") == "do"
    try:
        outcome = verb(not is_sure)
    except Refused as refused:
        return Answer(problem=str(refused))
    except NotGood as wrong:
        return Answer(problem=" ".join(reason.says("It") for reason in wrong.problems))
    return Answer(response=_tell(visit, nouns, change, outcome)) if is_sure else Answer(outcome)


def many_context(visit: Visit, nouns: Nouns, change: Change, ids: Sequence[int], answer: Answer) -> dict[str, object]:
    """What each such page shows."""
    outcome = answer.outcome
    return {
        "title": f"{change.title}: {count_in_words(len(ids), nouns.one, nouns.several)}",
        "change": change,
        "nouns": nouns,
        "ids": ids,
        "outcome": outcome,
        "named": outcome.done[:MOST_NAMED] if outcome else [],
        "unnamed": max(0, len(outcome.done) - MOST_NAMED) if outcome else 0,
        "problem": answer.problem,
        "back": visit.url(nouns.room),
    }


def _tell(visit: Visit, nouns: Nouns, change: Change, outcome: Outcome) -> HttpResponse:
    if not outcome.done:
        messages.warning(visit.request, "Nothing was changed.")
        return redirect(visit.url(nouns.room))
    counted = count_in_words(len(outcome.done), f"{nouns.one} was", f"{nouns.several} were")
    others = count_in_words(len(outcome.left), "other stays as it is", "others stay as they are")
    left = f" {others}." if outcome.left else ""
    if not change.has_act:
        messages.success(visit.request, f"{counted} {change.done}.{left}")
        return redirect(visit.url(nouns.room))
    messages.success(visit.request, f"{counted} {change.done}.{left} You can undo it here.")
    return redirect(visit.url("act", outcome.event_id))
