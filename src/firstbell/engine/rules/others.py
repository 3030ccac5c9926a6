"""Where the other records are that a finding is about: hints for findings of several records at once."""

from collections.abc import Sequence

import polars as pl

_MOST = 5


def others_in(key: Sequence[str] | pl.Expr) -> pl.Expr:
    """ "Records 51 and 443" for the records that have the key in common; with their files where those are several."""
    place = pl.col("_record").cast(pl.String)
    with_file = pl.format("{} of {}", place, pl.col("_file").cast(pl.String))
    one_file = pl.col("_file").n_unique() == 1
    return pl.format(
        "Records {}",
        pl.when(one_file.over(key)).then(_listed(place).over(key)).otherwise(_listed(with_file).over(key)),
    )


def differing(columns: Sequence[str], key: Sequence[str] | pl.Expr) -> pl.Expr:
    """ "email and username": the columns in which records with one key are unlike; null where they are alike."""
    unlike = [pl.when(pl.col(name).n_unique().over(key) > 1).then(pl.lit(name.strip("_"))) for name in columns]
    return pl.concat_list(unlike).list.drop_nulls().list.eval(_listed(pl.element())).list.first()


def _listed(texts: pl.Expr) -> pl.Expr:
    """Up to five in words, and how many more."""
    few, last = texts.head(_MOST), texts.last()
    joined = pl.when(texts.len() == 1).then(texts.first()).otherwise(pl.format("{} and {}", _but_last(texts), last))
    more = pl.format("{} and {} more", few.str.join(", "), texts.len() - _MOST)
    return pl.when(texts.len() > _MOST).then(more).otherwise(joined)


def _but_last(texts: pl.Expr) -> pl.Expr:
    return texts.head(texts.len() - 1).str.join(", ")
