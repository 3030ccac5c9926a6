"""What a package does not carry, found by reading it back: nothing is lost in silence, whatever a format lacks."""

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from firstbell.engine.formats.note import Note, column_of
from firstbell.engine.tables import TABLES, Column, Kind, Table

type Tables = Mapping[str, pl.DataFrame]

_CLOSED = frozenset({Kind.ENUM, Kind.BOOLEAN})
_OTHERWISE = "otherwise than the roster has it"


def find_losses(
    before: Tables, after: Tables, *, made: Collection[str], renumbered: Collection[str], told: Collection[Note] = ()
) -> list[Note]:
    """Compare canonical tables with what is read of the package that was written from them.

    ``made``: tables that the format has no records for. ``renumbered``: tables whose ids it has no column for.
    ``told``: notes of the writer; what they tell is not told again.
    """
    notes = [
        note
        for table in TABLES.values()
        for note in _of_table(table, before.get(table.name), after.get(table.name), made, renumbered)
    ]
    return [note for note in notes if note.count and not _is_told(note, told)]


def _is_told(note: Note, told: Collection[Note]) -> bool:
    """Whether the writer said it already, of the same column or (more closely) of the same records."""
    return any(
        other.what == note.what or (other.code == note.code and other.what.startswith(f"{note.what} "))
        for other in told
    )


def _of_table(
    table: Table,
    before: pl.DataFrame | None,
    after: pl.DataFrame | None,
    made: Collection[str],
    renumbered: Collection[str],
) -> Iterator[Note]:
    if before is None or before.is_empty():
        return
    if after is None or after.is_empty():
        yield Note("convert-table", table.nouns, before.height)
        return
    if table.name in made:
        same = before.join(after, on="sourcedId", how="semi").height
        yield Note("convert-made-anew", table.nouns, before.height - same)
        return
    key = list(table.identity[0]) if table.name in renumbered else ["sourcedId"]
    if table.name in renumbered:
        same = before.join(after, on="sourcedId", how="semi").height
        yield Note("convert-renumbered", table.nouns, before.height - same)
    yield Note("convert-records", table.nouns, before.join(after, on=key, how="anti", nulls_equal=True).height)
    pairs = before.unique(key, keep="first", maintain_order=True).join(
        after.unique(key, keep="first", maintain_order=True), on=key, suffix=".after", nulls_equal=True
    )
    for column in table.content:
        if column.name not in key and column.target not in made and column.name in before.columns:
            yield from _of_column(table, column, pairs)


def _of_column(table: Table, column: Column, pairs: pl.DataFrame) -> Iterator[Note]:
    was, now = pl.col(column.name), pl.col(f"{column.name}.after")
    differ = pairs.filter(was.ne_missing(now))
    what = column_of(table.name, column.name)
    lost = differ.filter(now.is_null())
    yield Note("convert-column", what, lost.height)
    changed = differ.filter(now.is_not_null())
    if not changed.height:
        return
    if column.kind not in _CLOSED:
        yield Note("convert-words", what, changed.height, _OTHERWISE)
        return
    words = changed.group_by(was.fill_null("blank").alias("was"), now.alias("now")).len().sort("was", "now")
    for one, other, count in zip(*words.get_columns(), strict=True):
        yield Note("convert-words", what, count, f"{one} as {other}")
