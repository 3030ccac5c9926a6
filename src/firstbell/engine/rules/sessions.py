"""Rules about academic sessions."""

import polars as pl

from firstbell.engine.rules.rule import Rule

ends_after_it_begins = pl.col("endDate") >= pl.col("startDate")

RULES = (
    Rule(
        "ends-before-it-begins",
        ends_after_it_begins,
        column="endDate",
        value=pl.col("endDate"),
        detail=pl.col("startDate"),
    ),
)
