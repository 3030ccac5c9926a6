"""Canonical tables fitted into OneRoster 1.1, and in plain words what it could not carry.

1.1 has one role a person, in users.csv beside the list of organizations; knows eight roles and no private words; and
lacks several columns of 1.2.
"""

from collections.abc import Mapping

import polars as pl

from firstbell.engine.formats.note import Note, column_of
from firstbell.engine.formats.oneroster.layouts import LAYOUTS
from firstbell.engine.tables import TABLES, Column
from firstbell.engine.vocabulary import VOCABULARIES

ROLES_OF_1P1 = {
    **{word: word for word in VOCABULARIES["userRole"].v1p1},
    "principal": "administrator",
    "siteAdministrator": "administrator",
    "districtAdministrator": "administrator",
    "systemAdministrator": "administrator",
    "counselor": "aide",
}
LEAST_ROLE = "aide"
"""Stands for a private role, which 1.1 cannot name: the staff role that opens least."""
_ROLE_COLUMNS = frozenset(column.name for column in TABLES["roles"].columns)
_OWN_NOTE = frozenset({"sourcedId", "userSourcedId", "orgSourcedId", "role", "roleType"})


def carry_1p1(tables: Mapping[str, pl.DataFrame]) -> tuple[dict[str, pl.DataFrame], list[Note]]:
    """The tables as 1.1 has them, and notes on what was lost or had to be called by another word.

    ``users`` gets ``orgSourcedIds`` and ``role``; ``roles`` and the files that 1.1 lacks are gone.
    """
    notes: list[Note] = []
    carried = {name: rows for name, rows in tables.items() if name in LAYOUTS["1.1"]}
    for name, rows in tables.items():
        if name not in carried and name != "roles" and rows.height:
            notes.append(Note("convert-table", TABLES[name].nouns if name in TABLES else name, rows.height))
    for name in [name for name in carried if name in TABLES]:
        carried[name] = _in_words_of_1p1(carried[name], name, notes)
    if "users" in tables:
        roles = tables.get("roles", pl.DataFrame(schema=dict.fromkeys(_OWN_NOTE, pl.String)))
        carried["users"] = _with_roles(carried["users"], roles, notes)
    return carried, notes


def _in_words_of_1p1(rows: pl.DataFrame, name: str, notes: list[Note]) -> pl.DataFrame:
    layout = LAYOUTS["1.1"][name]
    for column in TABLES[name].columns:
        if column.name not in rows.columns or column.name == "metadata" or column.secret:
            continue
        if column.name not in layout.columns:
            _note_lost_column(rows, name, column.name, notes)
        elif column.vocabulary:
            rows = _reworded(rows, name, column, notes)
    return rows


def _note_lost_column(rows: pl.DataFrame, name: str, column: str, notes: list[Note]) -> None:
    lost = rows.height - rows[column].null_count()
    if lost:
        notes.append(Note("convert-column", column_of(name, column), lost))


def _reworded(rows: pl.DataFrame, name: str, column: Column, notes: list[Note]) -> pl.DataFrame:
    """What may be blank becomes blank; a word that must be there stays, since a wrong one would be worse."""
    words = VOCABULARIES[column.vocabulary or ""].v1p1
    foreign = pl.col(column.name).is_not_null() & ~pl.col(column.name).is_in(words)
    strange = rows.select(foreign.sum()).item()
    if not strange:
        return rows
    if column.required and column.default is None:
        notes.append(Note("convert-words", column_of(name, column.name), strange, "words that 1.1 lacks were kept"))
        return rows
    said = column.default or "blank"
    notes.append(Note("convert-words", column_of(name, column.name), strange, f"words that 1.1 lacks as {said}"))
    return rows.with_columns(
        pl.when(foreign).then(pl.lit(column.default, pl.String)).otherwise(column.name).alias(column.name)
    )


def _with_roles(users: pl.DataFrame, roles: pl.DataFrame, notes: list[Note]) -> pl.DataFrame:
    """Users with the role and organizations of their first primary role; other roles of the same word join in."""
    if "status" in roles.columns:
        roles = roles.filter(pl.col("status").ne_missing(pl.lit("tobedeleted")))
    for column in roles.columns:
        if column in _ROLE_COLUMNS and column not in _OWN_NOTE:
            _note_lost_column(roles, "roles", column, notes)
    roles = roles.with_columns(word=pl.col("role").replace_strict(ROLES_OF_1P1, default=LEAST_ROLE))
    _note_renamed_roles(roles, notes)
    ordered = roles.with_row_index("place").sort(pl.col("roleType").eq_missing(pl.lit("secondary")), "place")
    of_first_word = pl.col("word") == pl.col("word").first()
    people = ordered.group_by("userSourcedId", maintain_order=True).agg(
        role=pl.col("word").first(),
        orgSourcedIds=pl.col("orgSourcedId").filter(of_first_word).unique(maintain_order=True).str.join(","),
        others=(~of_first_word).sum(),
    )
    _note_unjoined(users, people, notes)
    return users.join(people, left_on="sourcedId", right_on="userSourcedId", how="left", maintain_order="left")


def _note_renamed_roles(roles: pl.DataFrame, notes: list[Note]) -> None:
    renamed = roles.filter(pl.col("role") != pl.col("word")).group_by("role", "word").len().sort("role")
    for role, word, count in zip(*renamed.get_columns(), strict=True):
        notes.append(Note("convert-words", column_of("roles", "role"), count, f"{role} as {word}"))
    secondary = roles.filter(pl.col("roleType") == "secondary").height
    if secondary:
        notes.append(Note("convert-words", column_of("roles", "roleType"), secondary, "secondary as primary"))


def _note_unjoined(users: pl.DataFrame, people: pl.DataFrame, notes: list[Note]) -> None:
    several = people.filter(pl.col("others") > 0)
    if several.height:
        notes.append(Note("convert-records", "roles of people who have several", int(several["others"].sum())))
    without = users.join(people, left_on="sourcedId", right_on="userSourcedId", how="anti").height
    if without:
        notes.append(Note("convert-required", column_of("users", "role"), without))
    unknown = people.join(users, left_on="userSourcedId", right_on="sourcedId", how="anti").height
    if unknown:
        notes.append(Note("convert-records", "roles of people who are not in users", unknown))
