"""Cells of a template that hold several values, and rows that only show how to fill in the others."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.templates.layouts import BY_ID, EXAMPLE, SEPARATOR
from firstbell.engine.reading import Reading


def without_examples(reading: Reading, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows without the examples of the template, which are told."""
    example = pl.col(column).str.to_lowercase().str.starts_with(EXAMPLE).fill_null(value=False)
    shown = rows.filter(example)
    if not shown.height:
        return rows
    places = shown.select(file="_file", record="_record")
    reading.findings[:] = [part.join(places, on=["file", "record"], how="anti") for part in reading.findings]
    reading.findings.append(findings.of(shown, "example-skipped", column=column))
    return rows.filter(~example)


def items_of(rows: pl.DataFrame, names: str, numbers: str) -> pl.DataFrame:
    """``_row, name, number`` of what each row (``_row``) refers to, in order. Where numbers stand, they count."""
    by_name, by_number = _split(rows, names, "name"), _split(rows, numbers, "number")
    both = by_number.join(by_name, on=["_row", "_place"], how="full", coalesce=True)
    numbered = by_number["_row"].unique().implode()
    counted = both.filter(pl.col("number").is_not_null() | ~pl.col("_row").is_in(numbered))
    return counted.sort("_row", "_place").select("_row", "name", "number")


def _split(rows: pl.DataFrame, column: str, called: str) -> pl.DataFrame:
    cells = rows.select("_row", pl.col(column).str.split(SEPARATOR).alias(called)).explode(called)
    items = cells.with_columns(pl.col(called).str.strip_chars()).filter(pl.col(called) != "")
    return items.with_columns(_place=pl.int_range(pl.len()).over("_row"))


def by_id(column: str) -> pl.Expr:
    """The Firstbell ID that stands in the place of a name, or null."""
    word = pl.col(column)
    return pl.when(word.str.starts_with(BY_ID)).then(word.str.strip_prefix(BY_ID))


def folded(column: str) -> pl.Expr:
    """A name as people mean it: case and repeated blanks do not matter."""
    return pl.col(column).str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
