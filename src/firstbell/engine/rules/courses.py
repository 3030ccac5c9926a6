"""Rules about courses and classes: subjects and their codes go together (OneRoster CSV 1.2, 4.3 and 4.5)."""

import polars as pl

from firstbell.engine.rules.rule import Rule


def _items(column: str) -> pl.Expr:
    return pl.col(column).str.count_matches(",", literal=True)


# Real exports fill in one of the two only; the two have to agree where both are given.
each_subject_has_its_code = (
    pl.col("subjects").is_null() | pl.col("subjectCodes").is_null() | (_items("subjects") == _items("subjectCodes"))
)

RULES = (
    Rule("subjects-differ-from-codes", each_subject_has_its_code, column="subjectCodes", value=pl.col("subjectCodes")),
)
