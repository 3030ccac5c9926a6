"""Thresholds, words and contact of the advisor, as a deployment sets them: a TOML file that FIRSTBELL_ADVICE names.

Everything has a default; `python -m firstbell.domain.advice.reference` prints docs/reference/advice.md.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from string import Formatter
from typing import Final

from firstbell.domain.advice.answers import METHODS, MOST_ACCOUNTS
from firstbell.domain.advice.texts import NEXT_STEPS, TEXTS

VARIABLE: Final = "FIRSTBELL_ADVICE"
KEEP_DAYS: Final = 365
MOST_DAYS: Final = 3650
LONGEST: Final = 500
MOST_STEPS: Final = 10
LARGEST_FILE: Final = 1_000_000


class BadSettings(ValueError):
    """The file cannot be used; the text is one line that names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How many accounts, staff and students together, fit which method. Advice, never a block."""

    assisted_from: int = 50
    """The fewest accounts that fit One-Time Assisted; fewer fit Self-Managed."""
    assisted_to: int = 200
    """The most accounts that fit One-Time Assisted."""
    automated_from: int = 200
    """The fewest accounts that fit Automated. Up to ``assisted_to`` both fit, and the other answers decide."""

    def __post_init__(self) -> None:
        for each in fields(self):
            if not 1 <= getattr(self, each.name) <= MOST_ACCOUNTS:
                raise BadSettings(f"accounts.{each.name}: write a number from 1 to {MOST_ACCOUNTS:,}")
        if not self.assisted_from <= self.assisted_to:
            raise BadSettings("accounts.assisted_to: is below assisted_from, so that nothing would be Assisted")
        if not self.assisted_from < self.automated_from <= self.assisted_to + 1:
            raise BadSettings(
                "accounts.automated_from: has to be over assisted_from, and at most assisted_to + 1, so that every "
                "number of accounts has a method"
            )


@dataclass(frozen=True, slots=True)
class Watching:
    """When what a district does counts as often."""

    weeks: int = 8
    """So many weeks back are looked at; after the first two there is something to say."""
    moves_percent: int = 5
    """Moves between schools are often when so many in a hundred students would move in a year."""
    edits_a_week: int = 10
    """Rosters change every week when somebody edits so often by hand."""

    def __post_init__(self) -> None:
        for name, most in (("weeks", 52), ("moves_percent", 100), ("edits_a_week", 100_000)):
            if not 1 <= getattr(self, name) <= most:
                raise BadSettings(f"watching.{name}: write a number from 1 to {most:,}")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask. With no e-mail, phone or page the name alone is said."""

    name: str = "Your Account Executive or Customer Success Manager"
    email: str = ""
    phone: str = ""
    page: str = ""
    """The address of a page, https only."""


@dataclass(frozen=True, slots=True)
class AdviceSettings:
    """All that a deployment decides about the advisor."""

    thresholds: Thresholds = field(default_factory=Thresholds)
    contact: Contact = field(default_factory=Contact)
    texts: Mapping[str, str] = field(default_factory=lambda: TEXTS)
    next_steps: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NEXT_STEPS)
    watching: Watching = field(default_factory=Watching)
    keep_days: int = KEEP_DAYS
    """So many days a prospect's advice is kept, and then erased."""

    def say(self, key: str, **filled: object) -> str:
        """A text with its thresholds and what else it names filled in."""
        bounds = {each.name: f"{getattr(self.thresholds, each.name):,}" for each in fields(Thresholds)}
        return self.texts[key].format(**bounds, **filled)


def settings_here() -> AdviceSettings:
    """As the environment says, for a process without Django. Raises BadSettings."""
    path = os.environ.get(VARIABLE, "")
    return read_settings(Path(path)) if path else AdviceSettings()


def read_settings(path: Path) -> AdviceSettings:
    """The settings in a TOML file. Raises BadSettings."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            raise BadSettings(f"{path}: is larger than a file of settings can be")
        return parse_settings(tomllib.loads(raw.decode("utf-8")))
    except OSError as problem:
        raise BadSettings(f"{path}: {(problem.strerror or str(problem)).lower()}") from problem
    except UnicodeDecodeError as problem:
        raise BadSettings(f"{path}: is not a TOML file in UTF-8") from problem
    except tomllib.TOMLDecodeError as problem:
        raise BadSettings(f"{path}: is not TOML: {problem}") from problem
    except BadSettings as problem:
        raise problem if str(problem).startswith(f"{path}:") else BadSettings(f"{path}: {problem}") from problem


def parse_settings(raw: Mapping[str, object]) -> AdviceSettings:
    """The settings in a file's content. Raises BadSettings."""
    _ensure_known("", raw, {"accounts", "contact", "prospects", "watching", "texts", "next_steps"})
    accounts = _table(raw, "accounts")
    _ensure_known("accounts.", accounts, {each.name for each in fields(Thresholds)})
    watching = _table(raw, "watching")
    _ensure_known("watching.", watching, {each.name for each in fields(Watching)})
    contact = _table(raw, "contact")
    _ensure_known("contact.", contact, {each.name for each in fields(Contact)})
    prospects = _table(raw, "prospects")
    _ensure_known("prospects.", prospects, {"keep_days"})
    keep_days = _number("prospects.keep_days", prospects.get("keep_days", KEEP_DAYS))
    if not 1 <= keep_days <= MOST_DAYS:
        raise BadSettings(f"prospects.keep_days: write a number from 1 to {MOST_DAYS:,}")
    return AdviceSettings(
        keep_days=keep_days,
        watching=Watching(**{name: _number(f"watching.{name}", value) for name, value in watching.items()}),
        thresholds=Thresholds(**{name: _number(f"accounts.{name}", value) for name, value in accounts.items()}),
        contact=_contact({name: _text(f"contact.{name}", value) for name, value in contact.items()}),
        texts={**TEXTS, **_texts(_table(raw, "texts"))},
        next_steps={**NEXT_STEPS, **_steps(_table(raw, "next_steps"))},
    )


def _table(raw: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = raw.get(name, {})
    if not isinstance(found, dict):
        raise BadSettings(f"{name}: has to be a table, begin it with [{name}]")
    return found


def _ensure_known(place: str, given: Mapping[str, object], known: set[str]) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise BadSettings(f"{place}{unknown[0]}: there is no such setting, there are {', '.join(sorted(known))}")


def _number(place: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadSettings(f"{place}: write a whole number without quotes")
    return value


def _text(place: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
        raise BadSettings(f"{place}: write one line of 1 to {LONGEST} characters in quotes")
    return value.strip()


def _contact(given: dict[str, str]) -> Contact:
    if "email" in given and given["email"].count("@") != 1:
        raise BadSettings("contact.email: is no e-mail address")
    if "page" in given and not given["page"].startswith("https://"):
        raise BadSettings("contact.page: has to begin with https://")
    return Contact(**given)


def _texts(given: Mapping[str, object]) -> dict[str, str]:
    found = {key: _text(f"texts.{key}", value) for key, value in _flat("", given).items()}
    for key, text in found.items():
        if key not in TEXTS:
            raise BadSettings(f"texts.{key}: there is no such text, see docs/reference/advice.md")
        _ensure_fillable(key, text)
    return found


def _flat(place: str, given: Mapping[str, object]) -> dict[str, object]:
    """Dotted keys, however deep their tables are nested."""
    found: dict[str, object] = {}
    for key, value in given.items():
        found |= _flat(f"{place}{key}.", value) if isinstance(value, dict) else {f"{place}{key}": value}
    return found


def _ensure_fillable(key: str, text: str) -> None:
    known = names_in(TEXTS[key]) | {each.name for each in fields(Thresholds)}
    try:
        unknown = sorted(names_in(text) - known)
    except ValueError as problem:
        raise BadSettings(f"texts.{key}: a brace is open or closed alone; write it twice for a brace") from problem
    if unknown:
        raise BadSettings(f"texts.{key}: {{{unknown[0]}}} is not filled in here, use {', '.join(sorted(known))}")


def names_in(text: str) -> set[str]:
    """What is filled in into a text. Raises ValueError."""
    parts = list(Formatter().parse(text))
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError(text)
    return {name for _, name, _, _ in parts if name is not None}


def _steps(given: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    _ensure_known("next_steps.", given, set(METHODS))
    found: dict[str, tuple[str, ...]] = {}
    for method, steps in given.items():
        if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
            raise BadSettings(f"next_steps.{method}: write a list of 1 to {MOST_STEPS} lines")
        found[method] = tuple(_text(f"next_steps.{method}", step) for step in steps)
    return found
