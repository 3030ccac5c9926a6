"""compare: known against incoming, table by table, into changes and into what becomes of the source's records.

Tables are compared in the order of ``TABLES``, so what is referred to has its row before what refers to it.
"""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.adopting import adopt
from firstbell.engine.changes import add, remove, update
from firstbell.engine.check import Checked
from firstbell.engine.content import TABLES_VERSION, resolved, with_hash
from firstbell.engine.doubles import silent_records
from firstbell.engine.known import Known
from firstbell.engine.match import MATCH_SCHEMA, match_by_keys, same_rows
from firstbell.engine.missing import hanging_on_removed, missing_rows, standing_rows
from firstbell.engine.plan import Comparison, new_plan
from firstbell.engine.policy import Policy
from firstbell.engine.reading import Reading
from firstbell.engine.recycled import recycled
from firstbell.engine.staying import staying
from firstbell.engine.tables import TABLES, Kind, Table

QUIETLY_REKEYED = frozenset({"roles", "enrollments"})
"""Their identity (who, where, as what) is certain, and many systems number them anew each night."""


def compare(known: Known, reading: Reading, checked: Checked, policy: Policy, *, rekey: bool = True) -> Comparison:
    """Compare all tables. ``rekey`` proposes that rows which only changed their id keep their row."""
    work = Comparison(known, reading, checked, policy, rekey)
    for table in TABLES.values():
        _compare_table(work, table)
    work.findings = [reading.in_words_of_the_file(part) for part in work.findings]
    return work


def _compare_table(work: Comparison, table: Table) -> None:
    name = table.name
    if work.policy.is_contributor and name not in work.policy.contributes:
        work.ids[name] = work.known.records(name).select("key", "row_id")
        return
    records = work.known.records(name)
    incoming = work.checked.tables.get(name)
    work.ids[name] = records.select("key", "row_id")
    if incoming is None:
        if records.height and work.removed:
            _plan_absent(work, table, records)
        return
    live = with_hash(table, standing_rows(work, table, incoming.filter(pl.col("_status") == "active")))
    joined = live.join(records, left_on="sourcedId", right_on="key", how="left", suffix="_known", maintain_order="left")
    still_named = int(joined["present"].sum())
    replaced = joined.filter(_refers_to_replaced(work, table) & pl.col("row_id").is_not_null())
    joined = _without(joined, replaced)
    same = (
        (pl.col("hash_high") == pl.col("hash_high_known"))
        & (pl.col("hash_low") == pl.col("hash_low_known"))
        & (pl.col("version") == TABLES_VERSION)
        & pl.col("present")
    ).fill_null(value=False)
    met = joined.filter(~same & pl.col("row_id").is_not_null())
    new = joined.filter(pl.col("row_id").is_null()).drop("row_id")
    missing = missing_rows(work, table, records, incoming, live, met=still_named)
    if missing.height:  # where somebody had two ids and one goes, the other speaks for the row
        met = pl.concat([met, joined.filter(same & pl.col("row_id").is_in(missing["row_id"].implode()))])
    plan = new_plan(name, int(records["present"].sum()))
    plan.unchanged = joined.height - met.height - new.height
    if missing.height:
        plan.staying = staying(table, joined.filter(same), work.ids["orgs"])
    work.plans[name] = plan
    _settle(work, table, met, new, missing, replaced)


def _plan_absent(work: Comparison, table: Table, records: pl.DataFrame) -> None:
    """A table that nothing was said of still loses the rows that hang on removed ones."""
    missing = hanging_on_removed(work, table, pl.DataFrame(schema={"sourcedId": pl.String}))
    if not missing.height:
        return
    plan = new_plan(table.name, int(records["present"].sum()))
    plan.unchanged = plan.known - missing.height
    work.plans[table.name] = plan
    remove(work, table, missing.with_columns(replaced=pl.lit(value=False)))


def _refers_to_replaced(work: Comparison, table: Table) -> pl.Expr:
    """True for records that need a row whose id now carries another person or class."""
    hits = [
        pl.col(column.name).is_in(work.replaced[column.target].implode())
        for column in table.references
        if column.target in work.replaced and column.required and column.kind is not Kind.REFS
    ]
    return pl.any_horizontal(hits) if hits else pl.lit(value=False)


def _settle(
    work: Comparison, table: Table, met: pl.DataFrame, new: pl.DataFrame, missing: pl.DataFrame, replaced: pl.DataFrame
) -> None:
    """Decide about everything that is not simply unchanged."""
    name = table.name
    matched = _match(work, table, new)
    unmatched = _without(new, matched)
    if work.policy.is_contributor:
        work.findings.append(findings.of(unmatched, "contributor-unmatched"))
        unmatched = unmatched.clear()
    gone = work.known.rows(name, missing["row_id"]).join(missing, on="row_id")
    rekeys = pl.concat([_rekeys(work, table, unmatched, gone), _renamed(matched, missing)])
    matched = _without(matched, rekeys)
    adopted = adopt(work, table, unmatched, pl.concat([matched["row_id"], rekeys["row_id"]]))
    matched, unmatched = pl.concat([matched, adopted]), _without(unmatched, adopted)
    again = new.join(rekeys.select("sourcedId", "row_id", "key"), on="sourcedId")
    unmatched = _without(unmatched, rekeys)
    missing = missing.join(rekeys, on="key", how="anti")
    work.plans[name].rekeyed = rekeys.height
    linked = new.join(matched, on="sourcedId")
    other = recycled(work, table, met)
    both = pl.concat([other.select("sourcedId"), replaced.select("sourcedId")])
    work.replaced[name] = both["sourcedId"]
    anew = pl.concat(
        [unmatched.drop("row_id", strict=False), other.select(unmatched.columns), replaced.select(unmatched.columns)]
    )
    _allot_ids(work, name, anew, matched, rekeys)
    add(work, table, anew, both)
    met = _without(met, both)
    update(
        work, table, pl.concat([met, linked, again], how="diagonal"), silent=silent_records(work, table, met, missing)
    )
    remove(work, table, _with_replaced(missing, other, replaced))


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The rows whose ``sourcedId`` is not among the others, in their order."""
    return rows.join(others, on="sourcedId", how="anti", maintain_order="left") if others.height else rows


def _with_replaced(missing: pl.DataFrame, other: pl.DataFrame, replaced: pl.DataFrame) -> pl.DataFrame:
    old = [
        rows.select(pl.col("sourcedId").alias("key"), "row_id").with_columns(replaced=pl.lit(value=True))
        for rows in (other, replaced)
    ]
    return pl.concat([missing.with_columns(replaced=pl.lit(value=False)), *old])


def _match(work: Comparison, table: Table, new: pl.DataFrame) -> pl.DataFrame:
    """Which of the new records mean a row that we know: ``sourcedId, row_id``."""
    if table.name == "demographics":
        mine = new.select("sourcedId").join(work.ids["users"], left_on="sourcedId", right_on="key")
        return mine.join(work.known.rows("demographics", mine["row_id"]), on="row_id", how="semi")
    keys = work.policy.match_keys.get(table.name, ())
    if not keys or not new.height:
        return pl.DataFrame(schema=MATCH_SCHEMA)
    demographics = work.checked.tables.get("demographics")
    born = pl.DataFrame(schema={"sourcedId": pl.String, "birthDate": pl.String})
    if demographics is not None:
        born = demographics.select("sourcedId", "birthDate").drop_nulls()
    matched, found = match_by_keys(work.known, table, new, keys, born)
    work.findings += found
    return matched


def _rekeys(work: Comparison, table: Table, unmatched: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    wanted = work.rekey or table.name in QUIETLY_REKEYED
    if not wanted or not table.identity or not unmatched.height or not gone.height:
        return pl.DataFrame(schema={"sourcedId": pl.String, "key": pl.String, "row_id": pl.Int64, "by": pl.String})
    pairs = same_rows(table, resolved(table, unmatched, work.ids), gone.filter("live"))
    if table.name != "users" or work.policy.looks_renumbered(pairs.height, work.plans[table.name].known):
        return pairs
    # A single person is recognised by what the district declared; a mass of them waits for a person anyway.
    return pairs.filter(pl.col("by").is_in(work.policy.match_keys.get(table.name, ())))


def _renamed(matched: pl.DataFrame, missing: pl.DataFrame) -> pl.DataFrame:
    """Matched rows that this source called otherwise until now: the demographics of renumbered people."""
    called = matched.join(missing.select("key", "row_id"), on="row_id")
    return called.select("sourcedId", "key", "row_id", by=pl.lit("sourcedId"))


def _allot_ids(work: Comparison, name: str, anew: pl.DataFrame, matched: pl.DataFrame, rekeys: pl.DataFrame) -> None:
    fresh = anew.select(key="sourcedId")
    if name == "demographics":  # one row a person, under the person's id
        fresh = fresh.join(work.ids["users"], on="key", maintain_order="left")
    else:
        fresh = fresh.with_columns(row_id=work.known.new_ids(anew.height))
    parts = [fresh, matched.select(key="sourcedId", row_id="row_id"), rekeys.select(key="sourcedId", row_id="row_id")]
    taken = pl.concat(parts)
    if taken.height:
        kept = work.ids[name].join(taken, on="key", how="anti") if work.ids[name].height else work.ids[name]
        work.ids[name] = pl.concat([kept, taken])
