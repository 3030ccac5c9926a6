"""Findings: what was wrong, as a frame.

A finding is a row: ``code, severity, file, record, column, value, sourcedId, detail``. Its sentence and remedy come
from the catalogue. ``hint`` is what helps with this one in particular: a sentence for after the remedy. Where it is
only so because of another finding, ``causeCode, causeFile, causeColumn`` say of which, and ``records`` how many records
were left out so.
"""

from collections.abc import Iterable

import polars as pl

from firstbell.engine.catalogue import CATALOGUE, Code, Severity
from firstbell.engine.catalogue.corrections import CORRECTING

__all__ = [
    "CATALOGUE",
    "CAUSE",
    "IN_OWN_WORDS",
    "SCHEMA",
    "Code",
    "Severity",
    "counts",
    "explain",
    "gather",
    "none",
    "of",
    "one",
    "whole",
]

SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "code": pl.String,
    "severity": pl.String,
    "file": pl.String,
    "record": pl.UInt32,
    "column": pl.String,
    "value": pl.String,
    "sourcedId": pl.String,
    "detail": pl.String,
    "hint": pl.String,
    "records": pl.UInt32,
    "causeCode": pl.String,
    "causeFile": pl.String,
    "causeColumn": pl.String,
}
CAUSE = ("causeCode", "causeFile", "causeColumn")
"""Which findings made this one: those of a code in a column of a file."""
ID_LENGTH = 255
IN_OWN_WORDS = tuple(code for _, code, _, _ in CORRECTING)
"""Findings that name columns as the district does already: those of its corrections."""
VALUE_LENGTH = 200
"""Characters of a cell that a finding shows: enough to recognise it, too few to flood a report."""


def none() -> pl.DataFrame:
    """No findings."""
    return pl.DataFrame(schema=SCHEMA)


def one(
    code: str,
    *,
    file: str | None = None,
    record: int | None = None,
    column: str | None = None,
    value: str | None = None,
    sourced_id: str | None = None,
    detail: str | None = None,
) -> pl.DataFrame:
    """A single finding that is not the result of an expression over records."""
    shown = None if value is None else value[:VALUE_LENGTH]
    row = (CATALOGUE[code].code, None, file, record, column, shown, sourced_id, detail)
    told = dict(list(SCHEMA.items())[: len(row)])
    return whole(pl.DataFrame([row], schema=told, orient="row"))


def caused(found: pl.DataFrame, cause: Iterable[str | None], *, records: int) -> pl.DataFrame:
    """Findings that follow from others (``CAUSE``), and leave out so many records."""
    because = {name: pl.lit(said, pl.String) for name, said in zip(CAUSE, cause, strict=True)}
    return found.with_columns(records=pl.lit(records, pl.UInt32), **because)


def of(
    records: pl.DataFrame,
    code: str,
    *,
    column: str | None = None,
    value: pl.Expr | str | None = None,
    detail: pl.Expr | str | None = None,
    hint: pl.Expr | str | None = None,
) -> pl.DataFrame:
    """One finding for each of the given records (``_file, _record, sourcedId`` and whatever the expressions name).

    Records with the columns of ``CAUSE`` have findings that follow from others.
    """
    shown = pl.lit(value) if not isinstance(value, pl.Expr) else value
    said = pl.lit(detail) if not isinstance(detail, pl.Expr) else detail
    helps = pl.lit(hint) if not isinstance(hint, pl.Expr) else hint
    causes = {name: pl.col(name) if name in records.columns else pl.lit(None, pl.String) for name in CAUSE}
    return records.select(
        code=pl.lit(CATALOGUE[code].code),
        severity=pl.lit(None, pl.String),
        file=pl.col("_file").cast(pl.String),
        record=pl.col("_record").cast(pl.UInt32),
        column=pl.lit(column, pl.String),
        value=shown.cast(pl.String).str.slice(0, VALUE_LENGTH),
        sourcedId=pl.col("sourcedId").cast(pl.String).str.slice(0, ID_LENGTH),
        detail=said.cast(pl.String),
        hint=helps.cast(pl.String),
        records=pl.lit(None, pl.UInt32),
        **causes,
    )


def gather(parts: Iterable[pl.DataFrame], *, strict: bool) -> pl.DataFrame:
    """All findings as one frame with their severity, in the order they were found."""
    filled = [part for part in parts if part.height]
    if not filled:
        return none()
    severities = {code: entry.severity_in(strict=strict).value for code, entry in CATALOGUE.items()}
    found = pl.concat([part.select(list(SCHEMA)) for part in filled])
    return found.with_columns(severity=pl.col("code").replace_strict(severities, return_dtype=pl.String))


def whole(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings that were kept before some of the columns were there."""
    return findings.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in SCHEMA.items() if name not in findings.columns
    )


def counts(findings: pl.DataFrame) -> dict[str, int]:
    """How many findings there are of each severity; all three are always named."""
    grouped = findings.group_by("severity").len()
    tally = dict(zip(grouped["severity"].to_list(), grouped["len"].to_list(), strict=True))
    return {severity.value: tally.get(severity.value, 0) for severity in Severity}


def explain(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings with ``message`` and ``remedy`` in words (two more String columns); a hint ends the remedy."""
    sentences = {code: entry.sentence for code, entry in CATALOGUE.items()}
    remedies = {code: entry.remedy for code, entry in CATALOGUE.items()}
    remedy = _filled(pl.col("code").replace_strict(remedies, return_dtype=pl.String))
    return findings.with_columns(
        message=_filled(pl.col("code").replace_strict(sentences, return_dtype=pl.String)),
        remedy=pl.concat_str(remedy, pl.col("hint"), separator=" ", ignore_nulls=True),
    )


def _filled(sentence: pl.Expr) -> pl.Expr:
    """The sentence with its names filled in; braces within what is filled in stay what they are."""
    sentence = sentence.str.replace_all("{{", "\x01", literal=True).str.replace_all("}}", "\x02", literal=True)
    for name in ("column", "value", "detail"):
        said = pl.col(name).fill_null("").str.replace_all("{", "\x01", literal=True)
        sentence = sentence.str.replace_all(f"{{{name}}}", said, literal=True)
    return sentence.str.replace_all("\x01", "{", literal=True).str.replace_all("\x02", "}", literal=True)
