"""The first page of a district."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.practice import is_being_filled
from firstbell.domain.imports.queries import count_waiting, find_last_applied_run, list_runs
from firstbell.domain.roster.queries.figures import count_roster
from firstbell.domain.roster.queries.schools import name_schools
from firstbell.domain.roster.sources import list_held_sources
from firstbell.web.frame import landing_of, show
from firstbell.web.guides.first_roster import FIRST_ROSTER
from firstbell.web.home.concerns import concerns_of
from firstbell.web.home.runs import run_lines
from firstbell.web.home.standing import standing_in_words, tasks_of
from firstbell.web.visit import Visit, inside

MOST_RUNS = 6


@require_safe
@inside
def show_home(visit: Visit) -> HttpResponseBase:
    """How the roster stands, for who sees it; teachers and students go on to their classes."""
    if landing_of(visit).name != "home":
        return redirect(visit.url(landing_of(visit).name))
    return _show_home(visit)


def _show_home(visit: Visit) -> HttpResponse:
    district = visit.district
    figures = count_roster(district, visit.scope)
    runs = list_runs(district, limit=MOST_RUNS)
    last = find_last_applied_run(district)
    may_start = visit.may_change(Permission.START_RUNS)
    context = {
        "standing": standing_in_words(figures, last, place=" and ".join(name_schools(district, visit.scope))),
        "last": last,
        "figures": figures,
        "concerns": concerns_of(visit, runs, count_waiting(district), list_held_sources(district)),
        "runs": run_lines(visit, runs),
        "tasks": tasks_of(visit, figures, has_runs=bool(runs)) if may_start else (),
        "may_start": may_start,
        "is_being_filled": is_being_filled(district),
        "urls": {
            **{name: visit.url(name) for name in ("people", "classes", "runs", "upload", "ready")},
            "guide": visit.url("guide", FIRST_ROSTER.code) if visit.viewer.may(Permission.EDIT_ROSTER) else "",
        },
    }
    return show(visit, "home/home.html", context, room="home")
