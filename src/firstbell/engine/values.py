"""From the cells of a file to canonical text, column by column (what canonical text is: see ``engine.tables``).

Columns with few different values are read once per value, not once per row. A value that could not be read is null in
the result and a finding; a value that was repaired is a finding too, so nothing changes in silence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from firstbell.engine import findings
from firstbell.engine.dates import PLAUSIBLE_YEARS, read_dates
from firstbell.engine.tables import Column, Kind
from firstbell.engine.vocabulary import GRADE_SPELLINGS, GRADES_1P1, VOCABULARIES, Vocabulary

_ID_OUTSIDE = r"[^0-9A-Za-z.\-_/@]"
_ID_LENGTH = 255
_USER_ID = re.compile(r"\{[^:{}]+:[^{}]+\}")
_USER_IDS = re.compile(r"\{[^:{}]+:[^:{}]+\}(,\{[^:{}]+:[^:{}]+\})*")
_ITEM = r"[^,\s](?:[^,]*[^,\s])?"
_CANONICAL = {
    Kind.USER_IDS: rf"^{_USER_IDS.pattern}$",
    Kind.STRINGS: rf"^{_ITEM}(?:,{_ITEM})*$",
    Kind.REFS: rf"^{_ITEM}(?:,{_ITEM})*$",
}
"""Kinds that may have a value of its own in every row: what matches is canonical as it stands."""
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"


@dataclass(frozen=True, slots=True)
class Said:
    """What one spelling means: its canonical text (None: unreadable), and the finding to make of it."""

    text: str | None
    code: str | None = None
    detail: str | None = None


Reader = Callable[[str], Said]


def canonical_column(
    records: pl.DataFrame, column: Column, *, version: str, reader: Reader | None = None
) -> tuple[pl.Series, list[pl.DataFrame]]:
    """Canonical text of ``records[column.name]`` (raw String), and the findings on it.

    ``records`` also has ``_file``, ``_record`` and ``sourcedId``. ``reader`` stands in for the one of the column's kind
    where a format has its own way of writing.
    """
    raw = records[column.name]
    if raw.null_count() == records.height:
        return raw, _blanks(records, column, raw)
    has_own_way = reader is not None
    reader = reader or _reader(column, version)
    few = reader is not None and (has_own_way or column.kind not in _CANONICAL)
    trimmed, found = _trimmed(records, column, spellings=raw.unique() if few else raw)
    if reader is None:
        text = trimmed
    else:
        text, more = _read_by_value(records.with_columns(trimmed), column, reader, has_own_way=has_own_way)
        found += more
    found += _pattern_findings(records.with_columns(text), column)
    found += _blanks(records, column, text if column.kind is Kind.REFS else trimmed)
    if column.default is not None and text.null_count():
        text = text.fill_null(column.default)
    return text, found


def _trimmed(records: pl.DataFrame, column: Column, *, spellings: pl.Series) -> tuple[pl.Series, list[pl.DataFrame]]:
    """``spellings``: all that the column holds, each once or as often as it likes."""
    raw = records[column.name]
    if _is_trimmed(spellings):
        return raw, []
    trimmed = raw.str.strip_chars().replace("", None).alias(column.name)
    differs = (raw != trimmed).fill_null(value=False)
    if not differs.any():
        return trimmed, []
    return trimmed, [findings.of(records.filter(differs), "spaces-trimmed", column=column.name)]


def _is_trimmed(texts: pl.Series) -> bool:
    lengths = texts.str.len_bytes()
    return lengths.min() != 0 and texts.str.strip_chars().str.len_bytes().sum() == lengths.sum()


def _blanks(records: pl.DataFrame, column: Column, text: pl.Series) -> list[pl.DataFrame]:
    if not column.required or not text.null_count():
        return []
    blank = records.filter(text.is_null())
    if column.kind is Kind.ID:
        return [findings.of(blank, "id-missing", column=column.name)]
    if column.default is not None:
        return [
            findings.of(blank, "value-missing-tolerated", column=column.name, detail=f"it was read as {column.default}")
        ]
    if column.tolerated:
        return [findings.of(blank, "value-missing-tolerated", column=column.name, detail="it stays blank")]
    return [findings.of(blank, "value-missing", column=column.name)]


def _read_by_value(
    records: pl.DataFrame, column: Column, reader: Reader, *, has_own_way: bool
) -> tuple[pl.Series, list[pl.DataFrame]]:
    values = records[column.name]
    unread = values.drop_nulls() if has_own_way else _unlike_canonical(values, column.kind)
    meanings = {spelling: reader(spelling) for spelling in unread.unique().to_list()}
    if column.kind is Kind.DATE and not has_own_way:
        meanings |= _other_dates(meanings, column)
    told = {spelling: said for spelling, said in meanings.items() if said.code}
    changed = {spelling: said.text for spelling, said in meanings.items() if said.text != spelling}
    text = values.replace(list(changed), list(changed.values())) if changed else values
    found = []
    for code in dict.fromkeys(said.code for said in told.values() if said.code):
        of_code = {spelling: said.detail for spelling, said in told.items() if said.code == code}
        rows = records.filter(values.is_in(list(of_code)).fill_null(value=False))
        detail = pl.col(column.name).replace_strict(of_code, default=None, return_dtype=pl.String)
        shown = pl.lit(None) if column.secret else pl.col(column.name)
        found.append(findings.of(rows, code, column=column.name, value=shown, detail=detail))
    return text, found


def _unlike_canonical(values: pl.Series, kind: Kind) -> pl.Series:
    """The values that somebody has to look at: all, or those that do not match the canonical pattern of their kind."""
    pattern = _CANONICAL.get(kind)
    stated = values.drop_nulls()
    return stated if pattern is None else stated.filter(~stated.str.contains(pattern))


def _pattern_findings(records: pl.DataFrame, column: Column) -> list[pl.DataFrame]:
    name, text = column.name, records[column.name]
    found = []
    if column.kind is Kind.ID:
        outside = text.str.contains(_ID_OUTSIDE)
        if outside.any():
            found.append(findings.of(records.filter(outside), "id-characters", column=name, value=pl.col(name)))
        too_long = text.str.len_bytes() > _ID_LENGTH
        if too_long.any():  # of text beyond ASCII, characters count
            found.append(findings.of(records.filter(text.str.len_chars() > _ID_LENGTH), "id-too-long", column=name))
    if column.kind is Kind.EMAIL:
        malformed = ~text.str.contains(_EMAIL)
        if malformed.any():
            found.append(findings.of(records.filter(malformed), "email-malformed", column=name, value=pl.col(name)))
    return found


def _reader(column: Column, version: str) -> Reader | None:
    """How a value of the column is read, or None where any text is good."""
    match column.kind:
        case Kind.DATE:
            return read_iso_date
        case Kind.YEAR:
            return read_year
        case Kind.ENUM | Kind.BOOLEAN:
            vocabulary = VOCABULARIES[column.vocabulary or "boolean"]
            return lambda spelling: read_word(spelling, vocabulary, version=version, required=column.required)
        case Kind.GRADES:
            return read_grades if version == "1.1" else read_list
        case Kind.STRINGS | Kind.REFS:
            return read_list
        case Kind.USER_IDS:
            return read_user_ids
        case _:
            return None


def read_iso_date(spelling: str) -> Said:
    """``YYYY-MM-DD`` and nothing else."""
    day = _iso_date(spelling)
    if day is None:
        return Said(None, "date-bad")
    return Said(spelling, "date-implausible" if day.year not in PLAUSIBLE_YEARS else None)


def _other_dates(meanings: dict[str, Said], column: Column) -> dict[str, Said]:
    """What the dates mean that are not ``YYYY-MM-DD``, asked of the column as a whole."""
    others = [spelling for spelling, said in meanings.items() if said.text is None]
    unread = "date-bad" if column.required else "date-dropped"
    return {
        spelling: Said(said.day.isoformat(), "date-repaired", said.day.isoformat())
        if said.day
        else Said(None, unread, said.why)
        for spelling, said in read_dates(others, of_birth="birth" in column.name.casefold()).items()
    }


def _iso_date(spelling: str) -> date | None:
    if len(spelling) != 10 or spelling[4] != "-" or spelling[7] != "-":
        return None
    try:
        return date.fromisoformat(spelling)
    except ValueError:
        return None


def read_year(spelling: str) -> Said:
    """``YYYY``, the year in which the school year ends; ``2025-2026`` and ``2025-26`` mean 2026."""
    if re.fullmatch(r"\d{4}", spelling, re.ASCII):
        return Said(spelling)
    span = re.fullmatch(r"(\d{4})\s*[-/–]\s*(\d{2}|\d{4})", spelling, re.ASCII)
    if span is None:
        return Said(None, "year-bad")
    first, last = span.groups()
    ends = last if len(last) == 4 else first[:2] + last
    if int(ends) - int(first) != 1:
        return Said(None, "year-bad")
    return Said(ends, "year-repaired", ends)


def read_word(spelling: str, vocabulary: Vocabulary, *, version: str, required: bool) -> Said:
    """A word of a closed list; other spellings are repaired where they can mean one word only."""
    words = vocabulary.words(version)
    if spelling in words or (version == "1.2" and vocabulary.extensible and spelling.startswith("ext:")):
        return Said(spelling)
    allowed = ", ".join(words)
    word = vocabulary.canonical(spelling)
    if word is None:
        return Said(None, "word-unknown" if required else "word-dropped", allowed)
    if word == spelling:
        return Said(word, "word-of-another-version", allowed)
    if word not in words and not word.startswith("ext:"):
        return Said(word, "word-of-another-version", allowed)
    return Said(word, "word-repaired", word)


def read_list(spelling: str) -> Said:
    """Items joined by a comma, without blanks around them and without empty items."""
    text = ",".join(item for item in (part.strip() for part in spelling.split(",")) if item)
    if text == spelling:
        return Said(spelling)
    return Said(text or None, "list-repaired", text)


def read_grades(spelling: str) -> Said:
    """CEDS grade codes, which 1.1 names; plain spellings such as ``K`` and ``9`` are repaired."""
    items = [part.strip() for part in spelling.split(",") if part.strip()]
    codes = [item if item in GRADES_1P1 else GRADE_SPELLINGS.get(item.casefold(), item) for item in items]
    text = ",".join(codes)
    if any(code not in GRADES_1P1 for code in codes):
        return Said(text, "grade-unknown")
    return Said(text) if text == spelling else Said(text, "grade-repaired", text)


def read_user_ids(spelling: str) -> Said:
    """``{type:id}`` items; blanks between them go, anything else is kept as it came."""
    if _USER_IDS.fullmatch(spelling):
        return Said(spelling)
    items = _USER_ID.findall(spelling)
    rest = _USER_ID.sub("", spelling).replace(",", "").strip()
    if not items or rest:
        return Said(spelling, "user-ids-malformed")
    text = ",".join(items)
    return Said(text, "list-repaired" if text != spelling else "user-ids-malformed", text)
