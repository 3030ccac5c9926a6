"""Which accounts a package asks for: each person that it names, and why one is left out. Tables in, a table out."""

import polars as pl

from firstbell.engine.reading import Reading

SCHEMA: dict[str, type[pl.DataType]] = {
    "file": pl.String,
    "record": pl.UInt32,
    "key": pl.String,
    "name": pl.String,
    "role": pl.String,
    "why": pl.String,
}
"""``key`` is what the source calls the person; ``why`` is blank for who is not left out."""


def accounts_asked(reading: Reading, explained: pl.DataFrame) -> pl.DataFrame:
    """One row a person of the reading (``SCHEMA``), in the order of the files.

    ``explained``: the findings of the run in words (``findings.explain``). A record that an error leaves out before it
    becomes a person is told as well, under what its finding says of it.
    """
    users = reading.tables.get("users")
    if users is None or not users.height:
        return pl.DataFrame(schema=SCHEMA)
    people = users.select(
        file=pl.col("_file").cast(pl.String),
        record=pl.col("_record").cast(pl.UInt32),
        key=pl.col("sourcedId"),
        name=pl.concat_str("givenName", "familyName", separator=" ", ignore_nulls=True),
    )
    people = people.filter(pl.col("record").is_not_null())
    people = people.join(_roles(reading), on="key", how="left", maintain_order="left")
    of_people = explained.filter((pl.col("severity") == "error") & pl.col("file").is_in(_files_of_people(people)))
    why = of_people.filter(pl.col("record").is_not_null()).group_by("file", "record", maintain_order=True)
    reasons = why.agg(why=pl.col("message").first(), value=pl.col("value").first())
    told = people.join(
        reasons.select("file", "record", "why"), on=["file", "record"], how="left", maintain_order="left"
    )
    lost = reasons.join(people.select("file", "record"), on=["file", "record"], how="anti", maintain_order="left")
    rest = lost.select(
        "file",
        "record",
        key=pl.lit(None, pl.String),
        name=pl.col("value").fill_null(""),
        role=pl.lit(""),
        why="why",
    )
    both = pl.concat([told.select(list(SCHEMA)), rest.select(list(SCHEMA))])
    filled = both.with_columns(pl.col("name").fill_null(""), pl.col("role").fill_null(""), pl.col("why").fill_null(""))
    return filled.sort("file", "record", maintain_order=True)


def _files_of_people(people: pl.DataFrame) -> pl.Series:
    return people["file"].unique().implode()


def _roles(reading: Reading) -> pl.DataFrame:
    """The first role of each person (``key, role``)."""
    roles = reading.tables.get("roles")
    if roles is None:
        return pl.DataFrame(schema={"key": pl.String, "role": pl.String})
    return (
        roles.group_by("userSourcedId", maintain_order=True)
        .agg(role=pl.col("role").first())
        .rename({"userSourcedId": "key"})
    )
