"""match: whom do we know? By record first, then by the keys that the district declared; names only propose.

Two records that claim one key, a key that belongs to somebody else by name and birth date, an id that suddenly
carries another person: findings, never merges (ARCHITECTURE 8).
"""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.known import Known
from firstbell.engine.tables import Table

_PERSON_KEYS = ("userMasterIdentifier", "identifier", "username", "email")

MATCH_SCHEMA: dict[str, type[pl.DataType]] = {"sourcedId": pl.String, "row_id": pl.Int64}


def match_by_keys(
    known: Known, table: Table, new: pl.DataFrame, keys: tuple[str, ...], birth_dates: pl.DataFrame
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Which of the new records mean a row that we know (``sourcedId, row_id``), and what stood in the way.

    ``birth_dates``: ``sourcedId, birthDate`` of the incoming people.
    """
    matched = pl.DataFrame(schema=MATCH_SCHEMA)
    found: list[pl.DataFrame] = []
    for key in keys:
        open_records = new.filter(pl.col(key).is_not_null()).join(matched, on="sourcedId", how="anti")
        if not open_records.height:
            continue
        pairs, more = _match_by_key(known, table, open_records, key, birth_dates)
        found += more
        matched = pl.concat([matched, pairs.join(matched, on="row_id", how="anti")])
    return matched, found


def _match_by_key(
    known: Known, table: Table, records: pl.DataFrame, key: str, birth_dates: pl.DataFrame
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    folded = records.with_columns(_key=pl.col(key).str.to_lowercase())
    strangers = known.strangers(table.name, key, folded["_key"].unique()).with_columns(
        _key=pl.col(key).str.to_lowercase()
    )
    claims = folded.with_columns(_claims=pl.len().over("_key")).join(
        strangers.with_columns(_rows=pl.len().over("_key")), on="_key", suffix="_known"
    )
    if not claims.height:
        return pl.DataFrame(schema=MATCH_SCHEMA), []
    single = (pl.col("_claims") == 1) & (pl.col("_rows") == 1)
    contested = claims.filter(~single).unique("sourcedId")
    candidates = claims.filter(single)
    agreeing = candidates.filter(_corroborated(known, table, candidates, birth_dates))
    unlike = candidates.join(agreeing, on="sourcedId", how="anti")
    count = pl.max_horizontal("_claims", "_rows")
    return agreeing.select("sourcedId", "row_id"), [
        findings.of(contested, "key-claimed-twice", column=key, value=pl.col(key), detail=count),
        findings.of(unlike, "key-not-corroborated", column=key, value=pl.col(key)),
    ]


def _corroborated(known: Known, table: Table, candidates: pl.DataFrame, birth_dates: pl.DataFrame) -> pl.Series:
    """True where the name or the birth date agrees as well."""
    if table.name != "users":
        name = "name" if "name" in candidates.columns else "title"
        return candidates.select(same_text(name).fill_null(value=False)).to_series()
    theirs = known.birth_dates(candidates["row_id"]).rename({"birthDate": "_born_known"})
    ours = birth_dates.rename({"birthDate": "_born"})
    both = candidates.join(theirs, on="row_id", how="left", maintain_order="left").join(
        ours, on="sourcedId", how="left", maintain_order="left"
    )
    same_name = same_text("familyName") & same_text("givenName")
    born = pl.col("_born") == pl.col("_born_known")
    differs = pl.col("_born") != pl.col("_born_known")
    one_name = same_text("familyName") | same_text("givenName")
    return both.select(
        ((same_name & ~differs.fill_null(value=False)) | (born & one_name)).fill_null(value=False)
    ).to_series()


def same_text(column: str, *, known: str | None = None) -> pl.Expr:
    """True where a column and its known value say the same, case ignored; null where one of the two is blank."""
    return pl.col(column).str.to_lowercase() == pl.col(known or f"{column}_known").str.to_lowercase()


def other_person() -> pl.Expr:
    """True where a row and its known content (``was.`` columns) are two people: both names differ and no key agrees."""
    names_differ = ~same_text("familyName", known="was.familyName") & ~same_text("givenName", known="was.givenName")
    key_agrees = pl.any_horizontal(same_text(key, known=f"was.{key}").fill_null(value=False) for key in _PERSON_KEYS)
    return names_differ.fill_null(value=False) & ~key_agrees


def other_class() -> pl.Expr:
    """True where a class took a new title, course and code at once."""
    course = pl.col("courseSourcedId") != pl.col("was.courseSourcedId")
    code = (~same_text("classCode", known="was.classCode")).fill_null(value=True)
    return (~same_text("title", known="was.title")).fill_null(value=False) & course.fill_null(value=False) & code


def other_terms() -> pl.Expr:
    """True where no session of a class is among those it had."""
    now, before = (pl.col(name).fill_null("").str.split(",") for name in ("termSourcedIds", "was.termSourcedIds"))
    return now.list.set_intersection(before).list.len() == 0


def same_rows(
    table: Table, new: pl.DataFrame, missing: pl.DataFrame, identities: tuple[tuple[str, ...], ...] = ()
) -> pl.DataFrame:
    """Pairs of a new record and a missing row that mean the same by identity (``sourcedId, key, row_id, by``).

    ``new``: resolved content with ``sourcedId``; ``missing``: row frames with ``key``. Only pairs that are single on
    both sides count, so nothing is guessed. ``identities``: columns that tell rows apart, where not the table's own.
    """
    pairs = pl.DataFrame(schema={"sourcedId": pl.String, "key": pl.String, "row_id": pl.Int64, "by": pl.String})
    for columns in identities or table.identity:
        rest_new = _identified(new, columns).join(pairs, on="sourcedId", how="anti")
        rest_missing = _identified(missing, columns).join(pairs, on="key", how="anti")
        single_new = rest_new.filter(~pl.col("_identity").is_duplicated())
        single_missing = rest_missing.filter(~pl.col("_identity").is_duplicated())
        met = single_new.drop("row_id", "key", strict=False).join(single_missing, on="_identity", suffix="_known")
        if table.name == "users":  # usernames and addresses are given to the next person
            met = met.filter(same_text("familyName") & same_text("givenName"))
        pairs = pl.concat([pairs, met.select("sourcedId", "key", "row_id", by=pl.lit(" + ".join(columns)))])
    return pairs


def _identified(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    cells = [pl.col(column).cast(pl.String).str.to_lowercase() for column in columns]
    return rows.with_columns(_identity=pl.concat_str(cells, separator="\x1f")).filter(pl.col("_identity").is_not_null())
