"""status and dateLastModified of a file, and with them the mode it is read in (OneRoster CSV 1.2, 2.3).

The text says that the data wins where it contradicts the mode. Many systems fill in both columns of a full list, so a
full list stays one; records that it marks as deleted are gone. A delta without status removes nobody.
"""

from datetime import datetime

import polars as pl

from firstbell.engine import findings
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.values import read_word
from firstbell.engine.vocabulary import VOCABULARIES


def take_status(reading: Reading, records: pl.DataFrame, declared: Mode) -> tuple[Mode, pl.DataFrame]:
    """The mode to read the file in, and its records with ``_status`` (active, tobedeleted) instead of ``status``."""
    status, moments = _stated(records, "status"), _stated(records, "dateLastModified")
    if declared is not Mode.DELTA and status.null_count() == moments.null_count() == records.height:
        return declared, records.drop("status", "dateLastModified", strict=False).with_columns(_status=pl.lit("active"))
    _look_at_moments(reading, records, moments)
    words = _words(reading, records, status)
    records = records.drop("status", "dateLastModified", strict=False).with_columns(_status=words.fill_null("active"))
    if declared is Mode.DELTA:
        _look_at_delta(reading, records, status, moments)
        return declared, records
    _look_at_bulk(reading, records, declared, status, moments)
    active = records["_status"] == "active"
    return declared, records if active.all() else records.filter(active)


def _stated(records: pl.DataFrame, name: str) -> pl.Series:
    if name not in records.columns:
        return pl.repeat(None, records.height, dtype=pl.String, eager=True).alias(name)
    raw = records[name]
    return raw if raw.null_count() == records.height else raw.str.strip_chars().replace("", None)


def _words(reading: Reading, records: pl.DataFrame, status: pl.Series) -> pl.Series:
    meanings = {
        spelling: read_word(spelling, VOCABULARIES["status"], version="1.2", required=False)
        for spelling in status.drop_nulls().unique().to_list()
    }
    for spelling, said in meanings.items():
        if said.code:
            rows = records.filter((status == spelling).fill_null(value=False))
            reading.findings.append(findings.of(rows, said.code, column="status", value=spelling, detail=said.detail))
    return status.replace_strict(
        {spelling: said.text for spelling, said in meanings.items()}, return_dtype=pl.String
    ).alias("_status")


def _look_at_moments(reading: Reading, records: pl.DataFrame, moments: pl.Series) -> None:
    bad = [moment for moment in moments.drop_nulls().unique().to_list() if not _is_moment(moment)]
    if bad:
        rows = records.with_columns(moments.alias("_moment")).filter(pl.col("_moment").is_in(bad))
        reading.findings.append(findings.of(rows, "moment-bad", column="dateLastModified", value=pl.col("_moment")))


def _is_moment(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text and moment.tzinfo is not None


def _look_at_delta(reading: Reading, records: pl.DataFrame, status: pl.Series, moments: pl.Series) -> None:
    blank = int((status.is_null() | moments.is_null()).sum())
    if blank:
        reading.findings.append(
            findings.one("status-missing", file=records["_file"][0], column="status", detail=f"{blank:,}")
        )


def _look_at_bulk(
    reading: Reading, records: pl.DataFrame, declared: Mode, status: pl.Series, moments: pl.Series
) -> None:
    gone = records["_status"] == "tobedeleted"
    if gone.any():
        reading.findings.append(findings.of(records.filter(gone), "deleted-in-bulk", column="status"))
    filled = int((status.is_not_null() | moments.is_not_null()).sum())
    if filled and declared is Mode.BULK:
        reading.findings.append(
            findings.one("status-in-bulk", file=records["_file"][0], column="status", detail=f"{filled:,}")
        )
