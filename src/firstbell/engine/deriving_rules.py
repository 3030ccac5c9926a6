"""Rules by which usernames, e-mail addresses and first passwords are made, and whether they can be used."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

GROUPS: Final = ("student", "staff")
COLUMNS: Final = ("username", "email")
"""In this order: an address may be made of the username."""
PARTS: Final = {
    "given": "givenName",
    "middle": "middleName",
    "family": "familyName",
    "number": "identifier",
    "id": "sourcedId",
    "username": "username",
    "birth": "birthDate",
}
"""What a pattern may name, and the column that it is."""
_ALLOWED: Final = {
    "username": frozenset(PARTS) - {"username", "birth"},
    "email": frozenset(PARTS) - {"birth"},
    "password": frozenset(PARTS),
}
RULES: Final = ("student.username", "student.email", "student.password", "staff.username", "staff.email")
"""Grown-ups get no first password by a rule: they are invited by mail."""
_PART: Final = re.compile(r"\{(\w+)(?::(-?\d{1,2}))?\}")
_MOST: Final = 5
_LONGEST: Final = 100


class BadRule(ValueError):
    """A rule that cannot be used; the text says why."""


def parts_of(pattern: str) -> Iterator[tuple[str, str, int]]:
    """Plain text, the part behind it, and how many of its letters (from the end where negative; 0 for all)."""
    at = 0
    for found in _PART.finditer(pattern):
        yield pattern[at : found.start()], found[1], int(found[2] or 0)
        at = found.end()
    if at < len(pattern):
        yield pattern[at:], "", 0


def ensure_good_rules(rules: Mapping[str, Iterable[str]]) -> None:
    """Raises BadRule for rules (``student.username`` -> patterns) that cannot be used."""
    for rule, patterns in rules.items():
        said = list(patterns)
        if rule not in RULES:
            raise BadRule(f"There is no rule {rule}; there are {', '.join(RULES)}.")
        if len(said) > _MOST:
            raise BadRule(f"{rule}: at most {_MOST} patterns.")
        for pattern in said:
            _ensure_good(rule, rule.partition(".")[2], pattern)


def _ensure_good(rule: str, column: str, pattern: str) -> None:
    if len(pattern) > _LONGEST:
        raise BadRule(f"{rule}: a pattern has at most {_LONGEST} characters.")
    names = {name for _, name, _ in parts_of(pattern) if name}
    plain = "".join(text for text, _, _ in parts_of(pattern))
    if unknown := sorted(names - _ALLOWED[column]):
        allowed = ", ".join(f"{{{name}}}" for name in sorted(_ALLOWED[column]))
        raise BadRule(f"{rule}: {{{unknown[0]}}} cannot stand here. These can: {allowed}.")
    if "{" in plain or "}" in plain:
        raise BadRule(f"{rule}: a part is written as {{family}} or, for its first three letters, {{family:3}}.")
    if not names:
        raise BadRule(f"{rule}: {pattern} is the same for everybody. Name a part, such as {{number}}.")
    if any(letter.isspace() for letter in plain):
        raise BadRule(f"{rule}: there are blanks in {pattern}.")
    if column == "email" and not re.search(r"^[^@]*@[^@{}]+\.[^@{}.]+$", pattern):
        raise BadRule(f"{rule}: an address ends with one @ and a domain, as {{username}}@students.example.org.")
    if column == "username" and "@" in plain:
        raise BadRule(f"{rule}: a username has no @.")
