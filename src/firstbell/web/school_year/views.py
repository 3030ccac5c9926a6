"""The page of a new school year: choose, look, do. Each step is a page that needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.roster.editing.cohorts import Way
from firstbell.domain.roster.editing.new_year import NewYear, Waits, begin_school_year, look_at_school_year
from firstbell.domain.roster.editing.refusals import NotGood, Refused
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.pages import editor_of
from firstbell.web.frame import show
from firstbell.web.listing import id_in
from firstbell.web.school_year.choosing import Choosing, choosing_of, grade_in_words, move_in_words
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

GET_OR_POST: Final = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class MoveLine:
    """What happens to one grade of a school."""

    school: str
    grade: str
    says: str
    students: int


@GET_OR_POST
@inside
def show_school_year(visit: Visit) -> HttpResponse:
    """The page of each step; the last one does it."""
    editor = editor_of(visit)
    sent = visit.request.POST if visit.request.method == "POST" else None
    choosing = choosing_of(visit, sent)
    if sent is None:
        return _show(visit, choosing)
    if not choosing.is_complete:
        return _show(visit, choosing, problem="Choose the schools, and the term of the new year.")
    try:
        if sent.get("then") != "do" or sent.get("looked") != choosing.digest:
            return _show(
                visit, choosing, look_at_school_year(visit.district, choosing.wanted, today=visit.today, by=editor)
            )
        year = begin_school_year(
            visit.district,
            choosing.wanted,
            seen=id_in(sent.get("seen", "")) or 0,
            is_sure=sent.get("sure") == "yes",
            today=visit.today,
            by=editor,
        )
    except Waits as waiting:
        return _show(visit, choosing, waiting.year)
    except Refused as refused:
        return _show(visit, choosing, problem=str(refused))
    except NotGood as wrong:
        return _show(visit, choosing, problem=" ".join(reason.says("It") for reason in wrong.problems))
    messages.success(visit.request, f"{_in_all(year)} You can undo it here.")
    return redirect(visit.url("act", year.event_id))


def _show(visit: Visit, choosing: Choosing, year: NewYear | None = None, *, problem: str = "") -> HttpResponse:
    context = {
        "choosing": choosing,
        "year": year,
        "lines": _lines(choosing, year) if year else [],
        "says": _in_all(year) if year else "",
        "alone": [f"{count:,} {why}" for why, count in year.left_alone.items()] if year else [],
        "problem": problem,
        "crumbs": (Crumb("Guides", visit.url("guides")), Crumb("A new school year")),
        "term_url": visit.url("term_add") if visit.scope.schools is None else "",
    }
    status = 422 if problem else 409 if year and year.reasons and "seen" in visit.request.POST else 200
    return show(visit, "school_year/school_year.html", context, room="guides", status=status)


def _lines(choosing: Choosing, year: NewYear) -> Sequence[MoveLine]:
    return [
        MoveLine(
            choosing.names[cohort.school_id],
            grade_in_words(cohort.grade),
            move_in_words(cohort, move, choosing.names),
            count,
        )
        for cohort, move, count in year.moved
    ]


def _in_all(year: NewYear) -> str:
    up, leave = year.going(Way.UP), year.going(Way.LEAVE)
    verb = "leaves" if leave == 1 else "leave"
    return (
        f"{count_in_words(up, 'student moves', 'students move')} up, {leave:,} {verb} the roster, "
        f"{count_in_words(year.places, 'place in a class ends', 'places in classes end')}, and "
        f"{count_in_words(year.classes, 'class goes', 'classes go')} into the new term."
    )
