"""What a rule is: a name for what can be wrong, and an expression that is true for a good record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings

LOST = ("sourcedId", "_file", "_record", *findings.CAUSE)
"""What is kept of a row that is left out: its id, its place, and the findings that caused it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule about the records of one table. ``good`` is a Boolean expression; null counts as good."""

    code: str
    good: pl.Expr
    column: str | None = None
    value: pl.Expr | None = None
    detail: pl.Expr | None = None


@dataclass(slots=True)
class Tables:
    """The roster while it is checked: rows, and by table what was left out so far (``sourcedId`` and its ``CAUSE``).

    ``shown_as``: (table, column) -> the column of the file that people know, where it is another. ``made``: tables
    whose ids were made of other records. ``unlike``: table -> ids that all others write in another way.
    ``unread``: tables with records whose id could not be read.
    """

    rows: dict[str, pl.DataFrame]
    left_out: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    findings: list[pl.DataFrame] = field(default_factory=list)
    shown_as: dict[tuple[str, str], str] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    unlike: dict[str, set[str]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def __contains__(self, table: object) -> bool:
        return table in self.rows

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.rows[table]

    def only(self, *names: str) -> "Tables":
        """Some tables with a list of findings of their own, to be checked by themselves."""
        left_out = {name: list(parts) for name, parts in self.left_out.items()}
        return Tables({name: self.rows[name] for name in names}, left_out, [], self.shown_as)

    def take_back(self, part: "Tables") -> None:
        """What became of tables that were checked by themselves."""
        self.rows |= part.rows
        self.left_out |= {name: part.left_out[name] for name in part.rows if name in part.left_out}
        self.findings += part.findings

    def note(self, *found: pl.DataFrame) -> None:
        """Keep findings that are not empty."""
        self.findings += [part for part in found if part.height]

    def leave_out(self, table: str, which: pl.Series, code: str, column: str | None = None) -> None:
        """Take the rows out for which the Boolean series is true, for this fault of their own."""
        lost = self.rows[table].filter(which)
        fault = (pl.lit(code), pl.col("_file").cast(pl.String), pl.lit(column, pl.String))
        named = (said.alias(name) for said, name in zip(fault, findings.CAUSE, strict=True))
        self.lose(table, which, lost.with_columns(*named))

    def lose(self, table: str, which: pl.Series, lost: pl.DataFrame) -> None:
        """Take the rows out for which the series is true. ``lost``: their ids, each with the ``CAUSE`` of its loss."""
        out = which.fill_null(value=False)
        if not out.any():
            return
        self.left_out.setdefault(table, []).append(lost.select(LOST))
        self.rows[table] = self.rows[table].filter(~out)

    def causes(self, table: str) -> pl.DataFrame:
        """The ids left out of a table so far, each once with what caused it (``sourcedId`` and ``CAUSE``)."""
        parts = [part.select("sourcedId", *findings.CAUSE) for part in self.left_out.get(table, ())]
        found = pl.concat(parts or [pl.DataFrame(schema=dict.fromkeys(("sourcedId", *findings.CAUSE), pl.String))])
        return found.drop_nulls("sourcedId").unique("sourcedId", keep="first", maintain_order=True)

    def still_standing(self, records: pl.DataFrame) -> pl.DataFrame:
        """Those (``_file, _record``) of which nothing was left out so far, each once: some make rows of two tables."""
        place = ["_file", "_record"]
        standing = records.select(place).unique()
        for part in (part for parts in self.left_out.values() for part in parts):
            standing = standing.join(part, on=place, how="anti")
        return standing

    def left_out_ids(self, table: str) -> pl.Series:
        """The sourcedIds left out of a table so far."""
        parts = self.left_out.get(table, [])
        return pl.concat(parts)["sourcedId"].drop_nulls() if parts else pl.Series("sourcedId", [], dtype=pl.String)


Check = Callable[[Tables], None]


def apply_rules(tables: Tables, table: str, rules: Iterable[Rule]) -> None:
    """Evaluate all rules of a table at once, note what they find, and leave out the records with an error."""
    rows = tables[table]
    named = {str(place): rule for place, rule in enumerate(rules)}
    if not rows.height or not named:
        return
    goes = pl.col("_status") != "active"
    good = rows.select(**{place: rule.good.fill_null(value=True) | goes for place, rule in named.items()})
    stands = pl.repeat(value=True, n=rows.height, eager=True)
    for place, rule in named.items():
        if good[place].all():
            continue
        bad = rows.filter(~good[place])
        tables.note(findings.of(bad, rule.code, column=rule.column, value=rule.value, detail=rule.detail))
        if findings.CATALOGUE[rule.code].severity is findings.Severity.ERROR:
            tables.leave_out(table, ~good[place].filter(stands), rule.code, rule.column)
            stands = stands & good[place]
