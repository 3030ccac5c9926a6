"""What goes with a row that is removed, and comes back with it: the rows that cannot stand without it."""

from collections.abc import Sequence

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import MODELS, sql_name
from firstbell.domain.roster.editing.act import Act
from firstbell.domain.roster.editing.ownership import ensure_unowned
from firstbell.domain.roster.models import Row
from firstbell.domain.roster.standing import needs
from firstbell.engine.tables import TABLES, Kind

type Rows = dict[str, list[Row]]


def hanging_rows(district: District, table: str, row: Row) -> Rows:
    """The live rows, by table, that need this one."""
    return _needing(district, table, row.id, removed_at=None)


def hanging_rows_of(district: District, table: str, row_ids: Sequence[int]) -> Rows:
    """The live rows, by table, that need one of these: a fixed number of questions."""
    found: Rows = {}
    for name, column in _needing_columns(table):
        rows = MODELS[name]._default_manager.filter(district_id=district.pk, removed_at=None)
        if here := list(rows.filter(**{f"{column}__in": row_ids}).order_by("id")):
            found.setdefault(name, []).extend(here)
    return found


def remove_together(doing: Act, table: str, row: Row) -> Rows:
    """Remove a row with all that hangs on it; tells what that was. Raises Refused where some of it is a source's."""
    ensure_unowned(doing.district, table, [row], "Remove it")
    hanging = hanging_rows(doing.district, table, row)
    for name, rows in hanging.items():
        ensure_unowned(doing.district, name, rows, "Remove them")
    for name in reversed(TABLES):
        doing.remove(name, hanging.get(name, []))
    doing.remove(table, [row])
    return hanging


def restore_together(doing: Act, table: str, row: Row) -> tuple[Rows, int]:
    """Bring a removed row back with what went with it. Tells what came, and how many rows could not.

    Those could not that need something else that is gone by now. Raises Refused for a source's row.
    """
    ensure_unowned(doing.district, table, [row], "It comes back when it is sent from")
    went = _needing(doing.district, table, row.id, removed_at=row.removed_at)
    doing.restore(table, [row])
    came: Rows = {}
    left = 0
    for name in TABLES:
        for hanging in went.get(name, []):
            if hanging.source_id is None and can_stand(doing.district, name, hanging):
                doing.restore(name, [hanging])
                came.setdefault(name, []).append(hanging)
            else:
                left += 1
    return came, left


def _needing(district: District, table: str, row_id: int, **which: object) -> Rows:
    found: Rows = {}
    for name, column in _needing_columns(table):
        rows = MODELS[name]._default_manager.filter(district_id=district.pk, **{column: row_id})
        if here := list(rows.filter(**which).order_by("id")):
            found.setdefault(name, []).extend(here)
    return found


def _needing_columns(table: str) -> list[tuple[str, str]]:
    """The tables that need this one, each with the column of the database that says which row."""
    return [
        (name, sql_name(column)) for name, other in TABLES.items() for column in needs(other) if column.target == table
    ]


def can_stand(district: District, table: str, row: Row) -> bool:
    """Whether all that a row needs is on the roster."""
    return row.id in who_can_stand(district, table, [row])


def who_can_stand(district: District, table: str, rows: Sequence[Row]) -> set[int]:
    """Those of the rows for which all that they need is on the roster: a question for each reference."""
    standing = {row.id for row in rows}
    for column in needs(TABLES[table]):
        name = sql_name(column)
        if column.kind is not Kind.REF:
            continue
        wanted = {getattr(row, name) for row in rows} - {None}
        live = MODELS[column.target or ""]._default_manager.filter(district_id=district.pk, removed_at=None)
        found = set(live.filter(id__in=wanted).values_list("id", flat=True))
        standing -= {row.id for row in rows if getattr(row, name) is not None and getattr(row, name) not in found}
    return standing
