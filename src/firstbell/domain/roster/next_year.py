"""The scope that a source has from a day on: next year, staged beside this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from firstbell.domain.roster.models import Source
from firstbell.engine.leaving_out import BadPattern
from firstbell.engine.policy import Policy
from firstbell.engine.scope_settings import ensure_good_scope

NEXT = "next"
"""The setting of a source: ``on`` (ISO date) and ``scope``."""


class BadNext(ValueError):
    """A cut-over that cannot be; the text says why."""


@dataclass(frozen=True, slots=True)
class NextYear:
    """From the beginning of a day on, the source has this scope."""

    on: date
    scope: dict[str, tuple[str, ...]]


def next_year_of(source: Source) -> NextYear | None:
    """What is staged for a source, if anything. Raises BadNext."""
    return read_next(source.settings.get(NEXT))


def scope_of(source: Source, policy: Policy, *, staged: bool) -> dict[str, tuple[str, ...]]:
    """The scope of a run: the source's, or the one that it will have."""
    coming = next_year_of(source) if staged else None
    return coming.scope if coming else policy.scope


def read_next(setting: object) -> NextYear | None:
    """A cut-over out of a setting. Raises BadNext."""
    if not setting:
        return None
    if not isinstance(setting, Mapping) or not isinstance(setting.get("scope"), Mapping):
        raise BadNext("A cut-over has a day and a scope.")
    scope = {str(part): tuple(map(str, lines)) for part, lines in setting["scope"].items()}
    try:
        ensure_good_scope(scope)
        return NextYear(date.fromisoformat(str(setting.get("on"))), scope)
    except (BadPattern, ValueError) as problem:
        raise BadNext(str(problem)) from problem
