"""The district's rule for students' passwords, kept by files as well: one that is too short opens nothing."""

from collections.abc import Mapping

import polars as pl

from firstbell.engine import findings
from firstbell.engine.reading import Reading

OTHERS = ""
"""In a rule: for every grade that it does not name, and for who has none."""


def keep_rule(reading: Reading, passwords: pl.DataFrame, least: Mapping[str, int]) -> pl.DataFrame:
    """The passwords (``sourcedId, password``) that are long enough; the others are told, without what they are.

    ``least``: characters by grade (as OneRoster writes them) and for ``OTHERS``; of several grades the longest counts.
    Without it all are long enough. It is for students alone: others choose their own password.
    """
    users, roles = reading.tables.get("users"), reading.tables.get("roles")
    if not least or not passwords.height or users is None or roles is None:
        return passwords
    students = roles.filter(pl.col("role") == "student")["userSourcedId"].unique()
    grades = pl.col("grades").str.split(",").list.eval(pl.element().str.strip_chars())
    wanted = grades.list.eval(pl.element().replace_strict(least, default=least[OTHERS], return_dtype=pl.Int64))
    given = users.filter(pl.col("sourcedId").is_in(students.implode())).join(
        passwords.unique("sourcedId", keep="first"), on="sourcedId", maintain_order="left"
    )
    judged = given.with_columns(_least=wanted.list.max().fill_null(least[OTHERS]))
    short = judged.filter(pl.col("password").str.len_chars() < pl.col("_least"))
    if not short.height:
        return passwords
    told = findings.of(short, "password-short", column="password", detail=pl.col("_least"))
    reading.findings.append(reading.in_words_of_the_file(told))
    return passwords.filter(~pl.col("sourcedId").is_in(short["sourcedId"].implode()))
