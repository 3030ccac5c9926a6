"""Sources of a district: making and finding them, and their settings as the engine's policy."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, cast

from django.db.models import Max

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District, FirstLogIn
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.next_year import NEXT, BadNext, read_next
from firstbell.domain.roster.seasons import SEASONS, BadSeason, read_seasons
from firstbell.engine.corrections.kinds import Correction, Corrections
from firstbell.engine.corrections.parsing import BadCorrections, as_settings, parse
from firstbell.engine.deriving_rules import BadRule, ensure_good_rules
from firstbell.engine.leaving_out import BadPattern, ensure_good
from firstbell.engine.policy import Policy
from firstbell.engine.scope_settings import ensure_good_scope

_OF_RUNS = {"held", "expects", "removed_before", "schools", "additions_only"}
_OF_POLICY = frozenset(field.name for field in fields(Policy)) - _OF_RUNS
CARDS = "cards"
"""The setting that says which card newcomers get who have no way to sign in: a ``FirstLogIn``; none where it is not."""
SETTINGS = _OF_POLICY | {SEASONS, NEXT, CARDS}
"""What may stand in ``Source.settings``."""


OF_CASES = "cases"
"""The kind of the source whose runs are decided on their One-Time Assisted case, and nowhere else."""
ALWAYS_HELD = frozenset({OF_CASES})

CORRECTIONS = "corrections"
"""The setting that says how the source spells things its own way: a list, see ``engine.corrections.parsing``."""

LEAVES_OUT = "leaves_out"
"""The setting that says what is not wanted of the source: table -> patterns, see ``engine.leaving_out``."""

SCOPE = "scope"
"""The setting that says which part of it is taken: part -> words or lines, see ``engine.scope``."""

DERIVES = "derives"
"""The setting that says how usernames and the like are made that it does not send: rule -> patterns."""


class BadSettings(ValueError):
    """A setting of a source that nobody knows, or that cannot be read; the text names it."""


class ChangedSince(Exception):
    """Somebody else changed the same settings after they were shown; nothing is changed."""


class NotHeld(Exception):
    """A source that is not held cannot be released; the text says so."""


def add_source(
    district: District, name: str, *, by: Actor, kind: str = "upload", settings: dict[str, object] | None = None
) -> Source:
    """Make a source; it ranks behind those that are there. Raises BadSettings."""
    _ensure_good(settings or {})
    with within(district):
        highest = Source.objects.filter(district_id=district.pk).aggregate(rank=Max("rank"))["rank"] or 0
        source = Source.objects.create(
            district_id=district.pk, name=name, kind=kind, rank=highest + 1, settings=settings or {}
        )
        record(
            district.pk,
            "source.added",
            by=by,
            subject_kind="source",
            subject_id=source.pk,
            detail={"name": name, "kind": kind},
        )
    return source


def find_source(district: District, name: str) -> Source | None:
    """The source of this name, or None."""
    with within(district):
        return Source.objects.filter(district_id=district.pk, name=name).first()


def list_held_sources(district: District) -> list[Source]:
    """The sources of which every run waits for a person, by rank; not those that always do, by what they are for."""
    with within(district):
        held = Source.objects.filter(district_id=district.pk).exclude(held="")
        return list(held.exclude(kind__in=ALWAYS_HELD).order_by("rank"))


type Parts = Mapping[str, object]
type Rework = Callable[[Mapping[str, Any]], Parts]


def change_settings(
    district: District, source: Source, parts: Parts | Rework, *, by: Actor, shown: str | None = None
) -> None:
    """Set these settings of a source and leave all others as they are: somebody may be setting those right now.

    ``parts``: setting -> value, where None takes it away; or what makes them out of the settings as they stand, called
    while nobody else can change these. ``shown``: the ``mark_of`` these settings when a person saw them last.
    Raises BadSettings, ChangedSince, and what ``parts`` raises.
    """
    with within(district):
        source.refresh_from_db(fields=["settings"], from_queryset=Source.objects.select_for_update())
        before: dict[str, object] = source.settings
        wanted = parts(before) if callable(parts) else parts
        if shown is not None and shown != mark_of(source, wanted):
            raise ChangedSince(source.name)
        after = {name: value for name, value in {**before, **wanted}.items() if value is not None}
        _ensure_good(after)
        source.settings = after
        source.save(update_fields=["settings"])
        detail = {
            when: {name: said[name] for name in wanted if name in said}
            for when, said in (("before", before), ("after", after))
        }
        record(district.pk, "source.changed", by=by, subject_kind="source", subject_id=source.pk, detail=detail)


def with_corrections(fresh: Sequence[Correction]) -> Rework:
    """These corrections after those that the source has already; one that it has is not there twice."""

    def reworked(settings: Mapping[str, Any]) -> Parts:
        declared = parse(settings.get(CORRECTIONS, [])).declared
        kept = tuple(one for one in declared if one not in fresh)
        return {CORRECTIONS: as_settings(Corrections((*kept, *fresh)))}

    return reworked


def mark_of(source: Source, names: Iterable[str]) -> str:
    """Tells some settings of a source apart from what they were: for a page that shows and later saves them."""
    said = json.dumps([source.settings.get(name) for name in sorted(names)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def hold_source(district: District, source: Source, why: str, *, by: Actor) -> None:
    """Let every run of the source wait for a person, or (with a blank ``why``) run again."""
    with within(district):
        source.held = why
        source.save(update_fields=["held"])
        verb = "source.held" if why else "source.released"
        record(district.pk, verb, by=by, subject_kind="source", subject_id=source.pk, detail={"why": why})


def release_source(district: District, source: Source, *, by: Actor) -> None:
    """Let a held source run again. Raises NotHeld."""
    if not source.held:
        raise NotHeld(f"{source.name} is not held: its runs go by themselves.")
    hold_source(district, source, "", by=by)


def policy_of(source: Source) -> Policy:
    """The settings as the engine takes them."""
    known = {name: _frozen(value) for name, value in source.settings.items() if name in _OF_POLICY - {CORRECTIONS}}
    corrections = parse(source.settings.get(CORRECTIONS, []))
    return Policy(**known, corrections=corrections, expects=tuple(source.expects), held=source.held)  # type: ignore[arg-type]


def _frozen(value: object) -> object:
    if isinstance(value, dict):
        return {key: tuple(inner) for key, inner in value.items()}
    return value


def _ensure_good(settings: dict[str, object]) -> None:
    unknown = sorted(set(settings) - SETTINGS)
    if unknown:
        raise BadSettings(f"A source has no setting {unknown[0]}. It has: {', '.join(sorted(SETTINGS))}.")
    if settings.get(CARDS, FirstLogIn.PASSWORD) not in {FirstLogIn.PASSWORD, FirstLogIn.BADGE}:
        raise BadSettings(f"Cards for newcomers are {FirstLogIn.PASSWORD.value} or {FirstLogIn.BADGE.value}.")
    try:
        parse(settings.get(CORRECTIONS, []))
    except BadCorrections as problem:
        raise BadSettings(str(problem)) from problem
    try:
        read_seasons(settings.get(SEASONS, []))
        ensure_good_rules(cast("dict[str, list[str]]", settings.get(DERIVES, {})))
        read_next(settings.get(NEXT))
    except (BadSeason, BadRule, BadNext) as problem:
        raise BadSettings(str(problem)) from problem
    try:
        ensure_good(cast("dict[str, list[str]]", settings.get(LEAVES_OUT, {})))
        ensure_good_scope(cast("dict[str, list[str]]", settings.get(SCOPE, {})))
    except BadPattern as problem:
        raise BadSettings(str(problem)) from problem
