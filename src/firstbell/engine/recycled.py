"""Ids that suddenly carry another person or another class: the old row goes, and a new one takes the id."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.content import resolved
from firstbell.engine.match import other_class, other_person, other_terms
from firstbell.engine.plan import Comparison
from firstbell.engine.tables import Table


def recycled(work: Comparison, table: Table, met: pl.DataFrame) -> pl.DataFrame:
    """Records whose id was used for somebody or something else until now. Names are no ids (``engine.naming``).

    A record that somebody led to its row by merging is told apart by nobody: its row says what another record says.
    """
    if work.reading.names is not None:
        return met.clear()
    if table.name not in {"users", "classes"} or not met.height:
        return met.clear()
    met = met.join(
        work.known.merged(table.name), left_on="sourcedId", right_on="key", how="anti", maintain_order="left"
    )
    before = work.known.rows(table.name, met["row_id"])
    was = before.rename({column: f"was.{column}" for column in before.columns if column != "row_id"})
    now = resolved(table, met, work.ids).join(was, on="row_id", maintain_order="left")
    if table.name == "users":
        other = now.filter(other_person())
        who = pl.concat_str(pl.col("was.givenName"), pl.col("was.familyName"), separator=" ")
        work.findings.append(
            findings.of(other, "id-recycled", column="sourcedId", value=pl.col("sourcedId"), detail=who)
        )
    else:
        other = now.filter(other_class() | (other_terms() & _other_members(work, now)))
        work.findings.append(
            findings.of(
                other, "class-id-recycled", column="sourcedId", value=pl.col("sourcedId"), detail=pl.col("was.title")
            )
        )
    return met.join(other, on="sourcedId", how="semi")


def _other_members(work: Comparison, classes: pl.DataFrame) -> pl.Expr:
    """True for classes fewer than half of whose students were in them before."""
    incoming = work.checked.tables.get("enrollments")
    moved = classes.filter(other_terms())
    if incoming is None or not moved.height:
        return pl.lit(value=False)
    held = work.known.rows_pointing_to("enrollments", "classSourcedId", moved["row_id"])
    before = held.join(work.known.rows("enrollments", held["row_id"]), on="row_id").select(
        class_row="target", person=pl.col("userSourcedId")
    )
    students = incoming.filter(pl.col("role") == "student").join(
        work.known.records("users").select("key", "row_id"), left_on="userSourcedId", right_on="key", how="left"
    )
    now = students.join(
        moved.select(pl.col("sourcedId").alias("classSourcedId"), pl.col("row_id").alias("class_row")),
        on="classSourcedId",
    )
    stays = (
        now.join(before, left_on=["class_row", "row_id"], right_on=["class_row", "person"], how="semi")
        .group_by("class_row")
        .len("stay")
    )
    counted = now.group_by("class_row").len("now").join(stays, on="class_row", how="left").fill_null(0)
    others = counted.filter(pl.col("stay") * 2 < pl.col("now"))["class_row"]
    had_members = before["class_row"].unique()
    return pl.col("row_id").is_in(others.implode()) & pl.col("row_id").is_in(had_members.implode())
