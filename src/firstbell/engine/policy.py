"""What a source may do: settings that the engine reads. Each has a safe default."""

from dataclasses import dataclass, field

from firstbell.engine.corrections.kinds import NONE, Corrections

DEFAULT_MATCH_KEYS: dict[str, tuple[str, ...]] = {
    "users": ("userMasterIdentifier", "identifier"),
    "orgs": ("identifier",),
}

RENUMBERED_FROM = 3
"""Fewer rows under new ids are no pattern."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the runs of one source are matched and guarded.

    Shares are per cent. ``match_keys`` are the columns by which rows that the source does not know yet may be
    recognised, by table. A source with ``contributes`` gives only these fields, by table, to people that others own.
    """

    match_keys: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(DEFAULT_MATCH_KEYS))
    contributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    removed_share: float = 10.0
    removed_people: int = 100
    updated_share: float = 75.0
    guarded_from: int = 20
    role_gains: int = 3
    safe_part_goes: bool = True
    owns: bool = True
    """False: what the source adds is nobody's and stays editable in the product, and it writes on rows of nobody."""
    replaces: bool = False
    """Of a list that people fill in: what it does not name in the schools that it names would go."""
    schools: frozenset[int] | None = None
    """Of a list of somebody who has some schools only: the rows of these schools; None for the whole district."""
    corrections: Corrections = NONE
    """How the source spells things its own way."""
    password_lengths: dict[str, int] = field(default_factory=dict)
    """The district's rule for students' passwords (``engine.password_rule``)."""
    leaves_out: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Patterns of what the district does not want of the source, by table (see ``engine.leaving_out``)."""
    scope: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Which part of what the source sends the district takes (see ``engine.scope``); a part without a word is all."""
    derives: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """How usernames, addresses and first passwords are made that the source does not send (``engine.deriving``)."""
    additions_only: bool = False
    """Nothing is removed for now: who is missing is missing again next time."""
    expects: tuple[str, ...] = ()
    """Tables that came as a full list in the last run that was applied."""
    removed_before: dict[str, int] = field(default_factory=dict)
    """How many rows of each table the last applied run removed, to compare with."""
    held: str = ""
    """Why every run of this source waits for a person; blank where it does not."""

    @property
    def is_contributor(self) -> bool:
        return bool(self.contributes)

    def looks_renumbered(self, rekeyed: int, known: int) -> bool:
        """Whether so many of the known rows came back under new ids that a person has to look."""
        return rekeyed >= RENUMBERED_FROM and 100 * rekeyed > self.removed_share * known
