"""Seasons of a source: days on which its guard has other limits, or on which nothing is removed.

In the weeks of the roll-over a good file looks like a bad one: half of the classes go, and everybody changes grade.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from firstbell.domain.roster.models import Source
from firstbell.engine.policy import Policy

SEASONS = "seasons"
"""The setting of a source: a list of seasons as ``as_setting`` writes them."""
MOST = 20
LIMITS = ("removed_share", "removed_people", "updated_share")


class BadSeason(ValueError):
    """A season that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Season:
    """Both days included. A limit that is None is that of the rest of the year."""

    first: date
    last: date
    why: str = ""
    removed_share: float | None = None
    removed_people: int | None = None
    updated_share: float | None = None
    additions_only: bool = False
    """Nothing is removed: who is missing is missing again when the season is over, and the guard looks at it then."""

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def is_plain(self) -> bool:
        """Whether it changes nothing."""
        return not self.additions_only and all(getattr(self, name) is None for name in LIMITS)


def seasons_of(source: Source) -> list[Season]:
    """The seasons of a source, by their first day. Raises BadSeason."""
    return read_seasons(source.settings.get(SEASONS, []))


def season_on(source: Source, day: date) -> Season | None:
    """The season that a day is in."""
    return next((season for season in seasons_of(source) if season.covers(day)), None)


def with_season(policy: Policy, season: Season | None) -> Policy:
    """The policy as it is in a season."""
    if season is None:
        return policy
    limits = {name: limit for name in LIMITS if (limit := getattr(season, name)) is not None}
    return replace(policy, **limits, additions_only=season.additions_only)


def as_setting(seasons: Sequence[Season]) -> list[dict[str, object]]:
    """Seasons as they stand in the settings."""
    return [
        {"first": one.first.isoformat(), "last": one.last.isoformat(), "why": one.why}
        | {name: getattr(one, name) for name in LIMITS}
        | {"additions_only": one.additions_only}
        for one in seasons
    ]


def read_seasons(setting: object) -> list[Season]:
    """Seasons out of a setting. Raises BadSeason for one that cannot be, or that overlaps another."""
    if not isinstance(setting, list) or len(setting) > MOST:
        raise BadSeason(f"Seasons are a list of at most {MOST}.")
    seasons = sorted((_read(one) for one in setting), key=lambda season: season.first)
    for earlier, later in pairwise(seasons):
        if later.first <= earlier.last:
            raise BadSeason(f"Two seasons overlap on {later.first.isoformat()}. A day is in one only.")
    return seasons


def _read(said: object) -> Season:
    if not isinstance(said, Mapping):
        raise BadSeason("A season is an object with first and last.")
    try:
        season = Season(
            date.fromisoformat(str(said["first"])),
            date.fromisoformat(str(said["last"])),
            str(said.get("why", ""))[:100],
            removed_share=_share(said.get("removed_share")),
            removed_people=_count(said.get("removed_people")),
            updated_share=_share(said.get("updated_share")),
            additions_only=bool(said.get("additions_only")),
        )
    except (KeyError, ValueError, TypeError):
        raise BadSeason("A season has a first and a last day, and numbers for its limits.") from None
    if season.last < season.first:
        raise BadSeason("The last day of a season is not before its first.")
    if season.is_plain:
        raise BadSeason("A season says what is different: a limit, or that nothing is removed.")
    return season


def _share(said: object) -> float | None:
    if said is None:
        return None
    share = float(str(said))
    if not 0 <= share <= 100:
        raise ValueError(share)
    return share


def _count(said: object) -> int | None:
    if said is None:
        return None
    count = int(str(said))
    if count < 0:
        raise ValueError(count)
    return count
