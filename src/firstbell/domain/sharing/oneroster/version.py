"""The two versions of the contract, and their scopes."""

from enum import StrEnum

_PREFIX = "https://purl.imsglobal.org/spec/or/{}/scope/{}"


class Version(StrEnum):
    """As paths and scopes spell it."""

    V1P1 = "v1p1"
    V1P2 = "v1p2"


class Scope(StrEnum):
    """What a client may read (1.1 and 1.2 have the same three)."""

    CORE = "roster-core.readonly"
    """The lists, and one record of them."""
    ROSTER = "roster.readonly"
    """The same, and what hangs on one record: the students of a class."""
    DEMOGRAPHICS = "roster-demographics.readonly"
    """Demographics, which no other scope opens."""


def scope_uri(version: Version, scope: Scope) -> str:
    """As a token request spells it."""
    return _PREFIX.format(version, scope)


SCOPE_URIS = {scope_uri(version, scope): (version, scope) for version in Version for scope in Scope}
