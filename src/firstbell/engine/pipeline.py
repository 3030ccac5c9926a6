"""The main path, readable aloud: read, check, match, compare, guard. Applying and verifying is the database's part.

Matching happens within ``compare``, table by table, because a person has to have a row before an enrollment finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import formats
from firstbell.engine.bounds import Within, keep_within
from firstbell.engine.check import Checked, check
from firstbell.engine.compare import compare
from firstbell.engine.corrections.kinds import NONE, Corrections
from firstbell.engine.corrections.reading import corrected
from firstbell.engine.deriving import derive
from firstbell.engine.dividing import put_removals_off
from firstbell.engine.guard import Verdict, judge
from firstbell.engine.known import Known
from firstbell.engine.leaving_out import leave_out
from firstbell.engine.naming import named
from firstbell.engine.package import Package
from firstbell.engine.password_rule import keep_rule
from firstbell.engine.plan import Comparison
from firstbell.engine.policy import Policy
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.scope import narrow

STEPS = ("read", "check", "compare", "guard", "apply", "verify")
"""The steps of a run in order; the engine takes the first four."""

Told = Callable[[str], None]
"""Called with the name of each step as it begins."""


@dataclass(slots=True)
class Plan:
    """All that is known of a run before it is applied. ``passwords``: ``sourcedId, password`` of the users;
    ``put_off``: by table, how many removals are left to a later run."""

    reading: Reading
    checked: Checked
    comparison: Comparison
    verdict: Verdict
    passwords: pl.DataFrame
    put_off: dict[str, int] = field(default_factory=dict)

    def let_rows_go(self) -> None:
        """Free the rows that were read, gigabytes of a large district: what is planned stands by itself."""
        self.reading.tables.clear()
        self.checked.tables.clear()
        self.comparison.ids.clear()

    @property
    def expects(self) -> tuple[str, ...]:
        """Tables that came as full lists: the next run is expected to have them too."""
        return tuple(name for name, mode in self.reading.modes.items() if mode is Mode.BULK)


@dataclass(frozen=True, slots=True)
class Refused:
    """A package of which nothing can be used, and why."""

    reading: Reading
    checked: Checked


def plan(
    package: Package, known: Known, policy: Policy, *, rekey: bool = True, told: Told = lambda step: None
) -> Plan | Refused:
    """Take a package as far as the question whether it is safe."""
    told("read")
    reading = formats.read(corrected(package, policy.corrections))
    leave_out(reading, policy.leaves_out)
    narrow(reading, policy.scope, lambda table: _present(known, table))
    passwords = keep_rule(reading, reading.take_secrets(), policy.password_lengths)
    if reading.names is None:
        passwords = derive(reading, passwords, known, policy.derives, policy.match_keys.get("users", ())).passwords
    known = named(known, reading)
    if policy.schools is not None:
        left_out = keep_within(known, reading, policy.schools)
        passwords = passwords.filter(~pl.col("sourcedId").is_in(left_out.implode()))
        known = Within(known, policy.schools)

    told("check")
    checked = check(reading, lambda table: _present(known, table))
    if not reading.usable:
        return Refused(reading, checked)

    told("compare")
    comparison = compare(known, reading, checked, policy, rekey=rekey)
    put_off = put_removals_off(comparison) if policy.additions_only else {}

    told("guard")
    return Plan(reading, checked, comparison, judge(comparison), passwords, put_off)


def inspect(
    package: Package,
    *,
    corrections: Corrections = NONE,
    strict: bool = False,
    told: Told = lambda step: None,
) -> tuple[Reading, Checked]:
    """Read and check alone, without a roster to compare with."""
    told("read")
    reading = formats.read(corrected(package, corrections))
    reading.take_secrets()
    told("check")
    return reading, check(reading, lambda table: None, strict=strict)


def _present(known: Known, table: str) -> pl.Series:
    return known.records(table).filter("present")["key"]
