"""verify: what was written is read back and held against what was staged. A difference is an alarm, never a shrug."""

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import from_text, sql_name, table_name
from firstbell.domain.roster.copying import raw_cursor
from firstbell.engine.tables import TABLES, Kind, Table


class Mismatch(Exception):
    """The database does not hold what was planned. The transaction must not commit."""


def ensure_stored(district: District, table: Table, staged: str, expected: int) -> None:
    """Every staged row is in the table, live, with exactly the staged content."""
    stored = ", ".join(f'r."{sql_name(column)}"' for column in table.content)
    planned = ", ".join(from_text(column, f"t.{sql_name(column)}") for column in table.content)
    with raw_cursor() as cursor:
        cursor.execute(
            f"select count(*) from {staged} t join {table_name(table)} r on r.district_id = %s and r.id = t.id"
            f" where r.removed_at is null and ({stored}) is not distinct from ({planned})",
            [district.pk],
        )
        row = cursor.fetchone()
    ensure_count(table, "stored", row[0] if row else 0, expected)


def ensure_references(district: District, table: Table, staged: str) -> None:
    """Every single reference of a staged row points to a row of the same district (ADR 0003)."""
    for column in table.references:
        if column.kind is not Kind.REF or column.target is None:
            continue
        with raw_cursor() as cursor:
            cursor.execute(
                f"select count(*) from {staged} t where t.{sql_name(column)} is not null and not exists ("
                f"select from {table_name(TABLES[column.target])} o"
                f" where o.district_id = %s and o.id = t.{sql_name(column)})",
                [district.pk],
            )
            row = cursor.fetchone()
        ensure_count(table, f"dangling by {column.name}", row[0] if row else 0, 0)


def ensure_count(table: Table, what: str, found: int, expected: int) -> None:
    """Raise Mismatch where a count is not what was planned."""
    if found != expected:
        raise Mismatch(f"{table.name}: {found} {what}, {expected} planned")
