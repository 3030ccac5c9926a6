"""Rosters in which every column of every table says something, so that nothing can be lost unseen."""

import polars as pl

from firstbell.engine.sample import sample
from firstbell.engine.tables import TABLES, Column, Kind

type Tables = dict[str, pl.DataFrame]

_SOME = {
    Kind.STRING: "some {n}",
    Kind.EMAIL: "person{n}@example.org",
    Kind.DATE: "2026-09-01",
    Kind.YEAR: "2027",
    Kind.BOOLEAN: "true",
    Kind.STRINGS: "Algebra,Music",
    Kind.GRADES: "05",
    Kind.USER_IDS: "{state:{n}}",
    Kind.METADATA: '{"note":"note {n}"}',
}


def sampled(students: int, seed: int, day: int) -> Tables:
    """A made-up district as it stands on a day, in canonical columns alone."""
    tables = sample(students, seed=seed, day=day, churn=0.05)
    return {
        name: rows.select(column.name for column in TABLES[name].columns)
        for name, rows in tables.items()
        if rows.height
    }


def full_roster(students: int = 60) -> Tables:
    """The same with every blank filled in, parents of some students, and a profile."""
    tables = sampled(students, seed=7, day=3)
    pupils = tables["roles"].filter(pl.col("role") == "student").head(4)
    parents = pl.DataFrame({"sourcedId": [f"par-{n}" for n in range(4)], "givenName": "Pat", "familyName": "Lee"})
    tables["users"] = pl.concat([tables["users"], _like(parents, "users")])
    family = pl.DataFrame({"sourcedId": [f"rol-par-{n}" for n in range(4)], "userSourcedId": parents["sourcedId"]})
    family = family.with_columns(orgSourcedId=pupils["orgSourcedId"], role=pl.lit("parent"), roleType=pl.lit("primary"))
    tables["roles"] = pl.concat([tables["roles"], _like(family, "roles")])
    tables["userProfiles"] = _like(pl.DataFrame({"sourcedId": ["pro-1"], "userSourcedId": ["par-0"]}), "userProfiles")
    agents = dict(zip(pupils["userSourcedId"].to_list(), parents["sourcedId"].to_list(), strict=True))
    tables["users"] = tables["users"].with_columns(
        agentSourcedIds=pl.col("sourcedId").replace_strict(agents, default=None, return_dtype=pl.String)
    )
    return {name: _filled(name, rows) for name, rows in tables.items()}


def _like(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.select(
        pl.col(column.name) if column.name in rows.columns else pl.lit(None, pl.String).alias(column.name)
        for column in TABLES[name].columns
    )


def _filled(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        pl.coalesce(column.name, _numbered(_word(column))).alias(column.name)
        for column in TABLES[name].columns
        if column.kind not in {Kind.ID, Kind.REF, Kind.REFS} and not column.secret
    )


def _numbered(word: str) -> pl.Expr:
    before, found, after = word.partition("{n}")
    parts = [pl.lit(before), pl.int_range(pl.len()).cast(pl.String), pl.lit(after)]
    return pl.concat_str(parts) if found else pl.lit(word)


def _word(column: Column) -> str:
    if column.name == "endDate":
        return "2027-06-30"
    return {"sex": "female", "roleType": "primary"}.get(column.vocabulary or "", _SOME.get(column.kind, "true"))
