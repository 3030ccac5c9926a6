"""A run that waits, weighed: beside a usual one, by the limits that would have let it pass, and school by school."""

from dataclasses import dataclass

from firstbell.domain.districts.queries import today_of
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import compare_with_usual
from firstbell.domain.roster.queries.schools import list_school_names
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.roster.seasons import season_on, with_season
from firstbell.domain.roster.sources import policy_of
from firstbell.engine.allowing import smallest_limits
from firstbell.engine.reason import Reason
from firstbell.engine.tables import TABLES
from firstbell.web.runs.describing import listed
from firstbell.web.visit import Visit

_LIMITS = {
    "removed_share": "removals of {limit:g} per cent of a kind (it is {now:g})",
    "removed_people": "{limit:,.0f} people who leave at once (it is {now:,})",
    "updated_share": "changes of {limit:g} per cent of a kind (it is {now:g})",
    "role_gains": "{limit:,.0f} people who become staff or administrators at once (it is {now:,})",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """``lines``: what, in this run, usually, at most. ``limits``: in words; blank where no limit would have helped.
    ``waits``: the schools that look wrong, ``goes``: what could go without them."""

    nights: int
    lines: tuple[tuple[str, int, int, int], ...]
    limits: tuple[str, ...]
    waits: str
    goes: list[str]


def weigh(visit: Visit, run: Run) -> Weighed:
    """A held run."""
    nights = compare_with_usual(visit.district, run)
    lines = tuple(
        (f"{TABLES[line.table].nouns.capitalize()} {line.action}", line.now, line.usual, line.most)
        for line in nights.lines
    )
    return Weighed(nights.count, lines, _limits(visit, run), *_schools(visit, run))


def _limits(visit: Visit, run: Run) -> tuple[str, ...]:
    policy = with_season(policy_of(run.source), season_on(run.source, today_of(visit.district)))
    allowing = smallest_limits([Reason(**reason) for reason in run.reasons], policy)
    if allowing.others:
        return ()
    return tuple(
        _LIMITS[name].format(limit=limit, now=getattr(policy, name)) for name, limit in allowing.limits.items()
    )


def _schools(visit: Visit, run: Run) -> tuple[str, list[str]]:
    if not run.has_others:
        return "", []
    names = dict(list_school_names(visit.district, WHOLE_DISTRICT))
    waits = [names.get(school, "a school") for school in run.others["schools"]]
    return " and ".join(waits), listed(run.others["counts"])
