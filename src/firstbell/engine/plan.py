"""What a run would do: changes by table, writes to the source's records, and the work in progress of comparing."""

from dataclasses import dataclass, field

import polars as pl

from firstbell.engine.check import Checked
from firstbell.engine.content import IdMap, content_schema
from firstbell.engine.known import Known
from firstbell.engine.policy import Policy
from firstbell.engine.reading import Reading

RECORD_WRITES_SCHEMA: dict[str, type[pl.DataType]] = {
    "key": pl.String,
    "old_key": pl.String,
    "row_id": pl.Int64,
    "hash_high": pl.Int64,
    "hash_low": pl.Int64,
    "present": pl.Boolean,
}

STAYING_SCHEMA: dict[str, type[pl.DataType]] = {"school": pl.Int64, "stay": pl.UInt32}


@dataclass(slots=True)
class TablePlan:
    """What a run would do to one table.

    ``changes``: ``action`` (added, updated, removed, restored, filled), ``key``, ``row_id``, ``takes`` (Boolean: the
    row becomes this source's), ``replaced`` (Boolean: part of an id that now carries another), ``changed``
    (List[String]), the content after, and before under ``was.`` names. ``records``: writes to the source's records;
    ``old_key`` is set where an id is renumbered. ``handed_over``: ``row_id, source`` of rows that the next source
    inherits. ``staying``: of tables that lose rows, how many certainly stay in each school (``engine.staying``).
    """

    table: str
    changes: pl.DataFrame
    records: pl.DataFrame
    handed_over: pl.DataFrame
    known: int = 0
    unchanged: int = 0
    rekeyed: int = 0
    staying: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STAYING_SCHEMA))

    def count(self, action: str) -> int:
        """How many changes there are of one action."""
        return self.changes.filter(pl.col("action") == action).height


def new_plan(name: str, known: int) -> "TablePlan":
    """A plan that does nothing yet."""
    return TablePlan(name, no_changes(name), pl.DataFrame(schema=RECORD_WRITES_SCHEMA), nobody(), known=known)


@dataclass(slots=True)
class Comparison:
    """The work of comparing: what is known, what came, and what was found so far."""

    known: Known
    reading: Reading
    checked: Checked
    policy: Policy
    rekey: bool = True
    ids: dict[str, IdMap] = field(default_factory=dict)
    replaced: dict[str, pl.Series] = field(default_factory=dict)
    removed: dict[str, pl.Series] = field(default_factory=dict)
    plans: dict[str, TablePlan] = field(default_factory=dict)
    findings: list[pl.DataFrame] = field(default_factory=list)


def no_changes(name: str) -> pl.DataFrame:
    """An empty ``changes`` frame of a table."""
    content = content_schema(name)
    return pl.DataFrame(
        schema={
            "action": pl.String,
            "key": pl.String,
            "row_id": pl.Int64,
            "takes": pl.Boolean,
            "replaced": pl.Boolean,
            "changed": pl.List(pl.String),
            **content,
            **{f"was.{column}": kind for column, kind in content.items()},
            "file": pl.String,
            "record": pl.UInt32,
        }
    )


def nobody() -> pl.DataFrame:
    """An empty ``handed_over`` frame."""
    return pl.DataFrame(schema={"row_id": pl.Int64, "source": pl.Int64})


def extend(plan: TablePlan, changes: pl.DataFrame, records: pl.DataFrame) -> None:
    """Put more changes and record writes into a plan."""
    plan.changes = pl.concat([plan.changes, changes.select(plan.changes.columns)])
    plan.records = pl.concat([plan.records, records])
