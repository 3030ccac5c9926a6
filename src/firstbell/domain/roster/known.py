"""The roster as one source of a district sees it: what ``engine.known.Known`` asks, answered by PostgreSQL.

Used within the district's wall; every question names the district as well, so each query finds its index.
"""

import polars as pl
from django.utils.timezone import localdate

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS, MODELS, sql_name, table_name, to_text
from firstbell.domain.roster.copying import fetch, raw_cursor
from firstbell.domain.roster.models import AcademicSession, Source
from firstbell.domain.roster.queries.merged import MERGED_AWAY, survivors
from firstbell.domain.roster.record_copies import read_records
from firstbell.domain.roster.sources import policy_of
from firstbell.engine.content import content_schema
from firstbell.engine.known import Contribution
from firstbell.engine.tables import TABLES

BLOCK = 1000
"""Row ids come in blocks of so many (the sequence's increment)."""
PEOPLE_BY_SCHOOL = (
    "select org_id, count(distinct user_id) from roster_role where district_id = %s and removed_at is null group by 1"
)
ROWS_BY_SCHOOL = (
    "select school_id, count(*) from {table}"
    " where district_id = %s and source_id {whose} and removed_at is null group by 1"
)


class SourceView:
    """Answers for one source of a district. Records are fetched once; rows are fetched as asked."""

    def __init__(self, district: District, source: Source) -> None:
        self._district = district
        self._source = source
        self._records: dict[str, pl.DataFrame] = {}

    @property
    def owns(self) -> bool:
        """Whether what the source adds becomes its own."""
        return policy_of(self._source).owns

    def records(self, table: str) -> pl.DataFrame:
        if table not in self._records:
            self._records[table] = read_records(self._district, self._source, table)
        return self._records[table]

    def rows(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        if not row_ids.len():
            return self._no_rows(table)
        return self._row_frame(table, "join unnest(%s::bigint[]) wanted (id) on wanted.id = r.id", [_listed(row_ids)])

    def rows_pointing_to(self, table: str, column: str, row_ids: pl.Series) -> pl.DataFrame:
        if not row_ids.len():
            return pl.DataFrame(schema={"key": pl.String, "row_id": pl.Int64, "target": pl.Int64})
        target = sql_name(TABLES[table][column])
        query = f"""
            select r.id, r.{target} from unnest(%s::bigint[]) wanted (id)
            join {table_name(TABLES[table])} r on r.district_id = %s and r.{target} = wanted.id and r.removed_at is null
        """
        rows = fetch(query, {"row_id": pl.Int64, "target": pl.Int64}, [_listed(row_ids), self._district.pk])
        named = self.records(table).filter("present").select("key", "row_id")
        return rows.join(named, on="row_id").select("key", "row_id", "target")

    def strangers(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        wanted = [value.lower() for value in values.drop_nulls().to_list()]
        if not wanted:
            return self._no_rows(table)
        name = sql_name(TABLES[table][column])
        unknown = (
            f"join unnest(%s::text[]) wanted (value) on wanted.value = lower(r.{name}){_by_index(table, name)}"
            " and not exists (select from roster_record"
            " where district_id = r.district_id and kind = %s and row_id = r.id and source_id = %s"
            " and (present or r.removed_at is not null))"
            f"{_not_merged_away(table)}"
        )
        return self._row_frame(table, unknown, [wanted, KINDS[table], self._source.pk])

    def alike(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        name = sql_name(TABLES[table][column])
        if TABLES[table][column].target:
            by_row = f"join unnest(%s::bigint[]) wanted (id) on wanted.id = r.{name}"
            return self._live_rows(table, by_row, _listed(values))
        wanted = {value.lower() for value in values.drop_nulls().to_list()}
        by_text = f"join unnest(%s::text[]) wanted (value) on wanted.value = lower(r.{name}){_by_index(table, name)}"
        return self._live_rows(table, by_text, sorted(wanted))

    def published(self, table: str, ids: pl.Series) -> pl.DataFrame:
        schema: dict[str, type[pl.DataType]] = {"key": pl.String, "row_id": pl.Int64}
        wanted = ids.drop_nulls().unique().to_list()
        if not wanted:
            return pl.DataFrame(schema=schema)
        rows = table_name(TABLES[table])
        query = f"select sourced_id, id from {rows} where district_id = %s and sourced_id = any(%s)"
        found = fetch(query, schema, [self._district.pk, wanted])
        led = survivors(self._district) if table == "users" else {}
        return found.with_columns(pl.col("row_id").replace(led)) if led else found

    def merged(self, table: str) -> pl.DataFrame:
        schema: dict[str, type[pl.DataType]] = {"key": pl.String, "row_id": pl.Int64}
        query = """
            select r.key, r.led_to from roster_merge m
            join lateral jsonb_to_recordset(m.moved -> 'records') r (source bigint, kind int, key text, led_to bigint)
              on r.source = %s and r.kind = %s
            where m.district_id = %s
        """
        return fetch(query, schema, [self._source.pk, KINDS[table], self._district.pk])

    def current_session(self) -> int | None:
        years = AcademicSession.objects.filter(
            district_id=self._district.pk, type="schoolYear", removed_at=None, end_date__gt=localdate()
        )
        return years.order_by("start_date", "id").values_list("id", flat=True).first()

    def _live_rows(self, table: str, wanted: str, values: list[int] | list[str]) -> pl.DataFrame:
        if not values:
            return self._no_rows(table)
        return self._row_frame(table, wanted, [values]).filter("live")

    def holders(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        schema: dict[str, type[pl.DataType]] = {"row_id": pl.Int64, "source": pl.Int64}
        if not row_ids.len() or self._is_alone():
            return pl.DataFrame(schema=schema)
        query = """
            select distinct on (r.row_id) r.row_id, s.id from roster_record r join roster_source s
              on s.id = r.source_id and s.district_id = r.district_id
            where r.district_id = %s and r.kind = %s and r.present and r.source_id <> %s
              and r.row_id = any(%s) and s.settings -> 'contributes' is null
              and s.settings -> 'owns' is distinct from 'false'
            order by r.row_id, s.rank
        """
        return fetch(query, schema, [self._district.pk, KINDS[table], self._source.pk, _listed(row_ids)])

    def contributions(self, table: str) -> list[Contribution]:
        others = Source.objects.filter(district_id=self._district.pk).exclude(pk=self._source.pk)
        given = [
            Contribution(table, tuple(fields), self._held_by(source, table))
            for source in others
            if (fields := source.settings.get("contributes", {}).get(table))
        ]
        return [*given, *self._kept(table)]

    def birth_dates(self, row_ids: pl.Series) -> pl.DataFrame:
        schema: dict[str, type[pl.DataType]] = {"row_id": pl.Int64, "birthDate": pl.String}
        if not row_ids.len():
            return pl.DataFrame(schema=schema)
        query = "select id, birth_date::text from roster_demographics where district_id = %s and id = any(%s)"
        return fetch(query, schema, [self._district.pk, _listed(row_ids)])

    def members_by_school(self, table: str) -> pl.DataFrame:
        schema: dict[str, type[pl.DataType]] = {"school": pl.Int64, "known": pl.Int64}
        if table == "users":
            return fetch(PEOPLE_BY_SCHOOL, schema, [self._district.pk])
        query = ROWS_BY_SCHOOL.format(table=table_name(TABLES[table]), whose="= %s" if self.owns else "is null")
        return fetch(query, schema, [self._district.pk, *([self._source.pk] if self.owns else [])])

    def new_ids(self, count: int) -> pl.Series:
        blocks = -(-count // BLOCK)
        with raw_cursor() as cursor:
            cursor.execute("select nextval('roster_row_ids') from generate_series(1, %s)", [blocks])
            firsts = [row[0] for row in cursor.fetchall()]
        ids = [pl.int_range(first, first + BLOCK, dtype=pl.Int64, eager=True) for first in firsts]
        return (pl.concat(ids) if ids else pl.Series([], dtype=pl.Int64)).head(count).alias("row_id")

    def _is_alone(self) -> bool:
        return not Source.objects.filter(district_id=self._district.pk).exclude(pk=self._source.pk).exists()

    def _kept(self, table: str) -> list[Contribution]:
        """What the district keeps for itself on rows of sources, as if one more source gave it."""
        query = 'select "column", row_id from roster_keptfield where district_id = %s and kind = %s'
        kept = fetch(query, {"column": pl.String, "row_id": pl.Int64}, [self._district.pk, KINDS[table]])
        return [
            Contribution(table, (column,), kept.filter(pl.col("column") == column)["row_id"])
            for column in kept["column"].unique().to_list()
        ]

    def _held_by(self, source: Source, table: str) -> pl.Series:
        query = "select row_id from roster_record where district_id = %s and source_id = %s and kind = %s and present"
        return fetch(query, {"row_id": pl.Int64}, [self._district.pk, source.pk, KINDS[table]])["row_id"]

    def _row_frame(self, table: str, wanted: str, parameters: list[object]) -> pl.DataFrame:
        columns = [to_text(column, f"r.{sql_name(column)}") for column in TABLES[table].content]
        query = f"""
            select r.id, r.removed_at is null,
              case when r.source_id = %s then 'this' when r.source_id is not null then 'other' end, {", ".join(columns)}
            from {table_name(TABLES[table])} r {wanted} where r.district_id = %s
        """
        return fetch(query, _row_schema(table), [self._source.pk, *parameters, self._district.pk])

    def _no_rows(self, table: str) -> pl.DataFrame:
        return pl.DataFrame(schema=_row_schema(table))


def _not_merged_away(table: str) -> str:
    """A row that was merged into another is not looked for: the other one stands for the person."""
    return f" and not {MERGED_AWAY}" if table == "users" else ""


def _by_index(table: str, column: str) -> str:
    """The same said with the column's search key, which finds an index behind the wall; blank where it has none."""
    key = f"{column}_key"
    has_key = any(field.name == key for field in MODELS[table]._meta.get_fields())
    return f" and r.{key} = roster_search_key(wanted.value)" if has_key else ""


def _row_schema(table: str) -> dict[str, type[pl.DataType]]:
    return {"row_id": pl.Int64, "live": pl.Boolean, "owner": pl.String, **content_schema(table)}


def _listed(row_ids: pl.Series) -> list[int]:
    return row_ids.drop_nulls().unique().to_list()
