"""Rows of the roster as they were at a stamp: those that were there then, with what they said (``models.past``)."""

from functools import cache

from firstbell.domain.roster.columns import KINDS, MODELS

BESIDE = {"users": ("roles", "userProfiles")}
"""What is told of in the records of a table."""
_FOUND_BY = frozenset({"district_id", "id", "sourced_id", "stamp", "created_stamp"})
_SAID = (
    "select jsonb_object_agg(e.key, e.value order by s.stamp desc, s.id desc) as said"
    " from sharing_past s cross join lateral jsonb_each(s.said) e where s.district_id = n.district_id"
    " and s.kind = {kind} and s.row_id = n.id and s.stamp > %(since)s"
)
"""Of a column that changed twice the first change counts: the last of equal keys stays."""


def then_tables(table: str) -> frozenset[str]:
    """The tables whose rows of then a record of then is made of. What it refers to has the same id always."""
    return frozenset({table, *BESIDE.get(table, ())})


@cache
def then_of(name: str, *, beside: bool = False) -> str:
    """SQL of a table's rows as they were at the stamp `since`. ``beside``: found by the person whose they are."""
    found_by = _FOUND_BY | ({"user_id"} if beside else set())
    columns = [str(field.column) for field in MODELS[name]._meta.concrete_fields]
    told = [f"{'n' if c in found_by or c.endswith('_key') else 'p'}.{c}" for c in columns]
    return (
        f"select {', '.join(told)} from {MODELS[name]._meta.db_table} n"
        f" left join lateral ({_SAID.format(kind=KINDS[name])}) b on true"
        " cross join lateral jsonb_populate_record(n, coalesce(b.said, jsonb_build_object())) p"
        " where n.district_id = %(district)s and n.created_stamp <= %(since)s"
    )
