"""Which of many ids somebody may have meant who wrote one that is not there: never taken, only asked."""

import string
from collections.abc import Iterator

import polars as pl

MOST = 300
"""So many different ids are looked at; where more are missing it is no slip."""
LONGEST = 64
"""Characters of an id that is looked at: one letter off a cell of megabytes would be terabytes."""
_MOST_SLIPS = 100
_BETWEEN_DIGITS = "\x1f"
_LETTERS = string.ascii_letters + "-_."


def nearest(missing: pl.Series, there: pl.Series) -> pl.DataFrame:
    """``value, near, alike`` for each missing id that is like one id that is there, and like no other.

    ``alike``: only case, blanks, punctuation or zeros in front differ. Otherwise one letter does; never a digit, since
    the id with another digit is somebody else's.
    """
    wanted = missing.drop_nulls().unique(maintain_order=True)
    wanted = wanted.filter(wanted.str.len_chars() <= LONGEST).head(MOST)
    ids = there.drop_nulls().unique()
    alike = _only(_folded(wanted, "value").join(_folded(ids, "near"), on="key"))
    alike = alike.join(_one_digit_less(alike["value"], ids), on="value", how="anti").with_columns(
        alike=pl.lit(value=True)
    )
    rest = wanted.filter(~wanted.is_in(alike["value"].implode()))
    slips = [(value, slip) for value in rest.head(_MOST_SLIPS).to_list() for slip in _one_letter_off(value)]
    tried = pl.DataFrame(slips, schema={"value": pl.String, "near": pl.String}, orient="row").unique()
    off = _only(tried.join(ids.alias("near").to_frame(), on="near", how="semi")).with_columns(alike=pl.lit(value=False))
    return pl.concat([alike, off])


def _one_digit_less(values: pl.Series, ids: pl.Series) -> pl.DataFrame:
    """Those (``value``) that are also an id with a digit too many: with a zero too many, it could be either."""
    shorter = [
        (value, value[:at] + value[at + 1 :]) for value in values for at, digit in enumerate(value) if digit.isdigit()
    ]
    tried = pl.DataFrame(shorter, schema={"value": pl.String, "id": pl.String}, orient="row").unique()
    there = tried.join(ids.alias("id").to_frame(), on="id", how="semi")
    return there.group_by("value").len().filter(pl.col("len") > 1).select("value")


def _only(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select("value", "near").filter(pl.len().over("value") == 1)


def _folded(ids: pl.Series, name: str) -> pl.DataFrame:
    """Ids without what is easily written in another way, as ``key``."""
    key = (
        ids.str.to_lowercase()
        .str.replace_all(r"(^|[^0-9])0+([0-9])", "${1}${2}")
        .str.replace_all(r"([0-9])[^\p{L}\p{N}]+([0-9])", f"${{1}}{_BETWEEN_DIGITS}${{2}}")
        .str.replace_all(rf"[^\p{{L}}\p{{N}}{_BETWEEN_DIGITS}]+", "")
    )
    return pl.DataFrame({name: ids, "key": key}).filter(pl.col("key") != "")


def _one_letter_off(value: str) -> Iterator[str]:
    """All that is one letter more, less or another, and two letters that changed their places."""
    for place in range(len(value) + 1):
        before, here, after = value[:place], value[place : place + 1], value[place + 1 :]
        yield from (before + letter + here + after for letter in _LETTERS)
        if not here:
            return
        if not here.isdigit():
            yield before + after
            if after and not after[0].isdigit():
                yield before + after[0] + here + after[1:]
        wanted = _LETTERS if here.isdigit() else _LETTERS + string.digits
        yield from (before + letter + after for letter in wanted if letter != here)
