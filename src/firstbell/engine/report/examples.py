"""A bad and a good example of a finding: a few records out of the cases that the tests use.

They are kept in examples.json beside this module, so that they are there where no tests are; a test holds them current.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

from firstbell.engine.catalogue import CATALOGUE
from firstbell.engine.csvfile import CsvFile, read_csv
from firstbell.engine.report.rows import place_of

KEPT_IN = "examples.json"
_MOST_ROWS = 3
_MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A few lines of one file: with a header its cells, without one the lines as they came."""

    file: str
    header: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Example:
    """The same place of a file, wrong and right. ``marked`` are the columns that are wrong."""

    bad: Excerpt
    good: Excerpt
    marked: list[str]


@cache
def examples() -> dict[str, Example]:
    """All examples by code, as they are kept."""
    kept = json.loads((files("firstbell.engine.report") / KEPT_IN).read_text(encoding="utf-8"))
    return {
        code: Example(Excerpt(**example["bad"]), Excerpt(**example["good"]), example["marked"])
        for code, example in kept.items()
    }


def write_examples(cases: Path) -> str:
    """The text of examples.json, made from a folder of cases (``<code>/bad``, ``good``, ``expected.csv``)."""
    made = {code: example for code in sorted(CATALOGUE) if (example := _example(cases / code, code))}
    return json.dumps({code: asdict(one) for code, one in made.items()}, ensure_ascii=False, indent=1) + "\n"


def _example(case: Path, code: str) -> Example | None:
    if not case.is_dir():
        return None
    expected = pl.read_csv(case / "expected.csv", infer_schema=False).filter(pl.col("code") == code)
    name = expected["file"][0]
    if name is None or not all((case / side / name).is_file() for side in ("bad", "good")):
        return None
    here = expected.filter(pl.col("file") == name)
    bad, good = (_read(case / side / name) for side in ("bad", "good"))
    if not bad.records.width or not good.records.width:
        return None
    numbers = [int(record) for record in here["record"].drop_nulls().unique(maintain_order=True).to_list()]
    numbers = numbers or _changed(bad, good)
    example = _tables(bad, good, sorted(numbers[:_MOST_ROWS]), here["column"].drop_nulls().unique().to_list())
    return example if example.bad != example.good else None


def _read(path: Path) -> CsvFile:
    return read_csv(path.name, path.read_bytes())


def _lines(file: CsvFile, numbers: list[int]) -> Iterator[list[str]]:
    """The records of these numbers, each as long as the header, or as its one line where it does not fit."""
    whole = file.records.filter(pl.col("_record").is_in(numbers)).fill_null("")
    unread = file.unread.filter(pl.col("_record").is_in(numbers))
    cells = {record: list(row) for record, *row in whole.select("_record", pl.all().exclude("_record")).rows()}
    lines = dict(zip(unread["_record"].to_list(), ([line] for line in unread["line"].to_list()), strict=True))
    for number in numbers:
        if number in cells or number in lines:
            yield cells.get(number) or lines[number]


def _changed(bad: CsvFile, good: CsvFile) -> list[int]:
    """The numbers of the records that are not in both, or of the first where only the header differs."""
    if bad.header != good.header:
        return [1]
    other = set(good.records.drop("_record").rows())
    rows = zip(bad.records["_record"].to_list(), bad.records.drop("_record").rows(), strict=True)
    return [number for number, row in rows if row not in other] or [1]


def _tables(bad: CsvFile, good: CsvFile, numbers: list[int], columns: list[str]) -> Example:
    rows = {"bad": list(_lines(bad, numbers)), "good": list(_lines(good, numbers))}
    if bad.unread.height:
        texts = [
            Excerpt(file.name, [], [[",".join(file.header)], *_raw(rows[side])]) for side, file in _sides(bad, good)
        ]
        return Example(texts[0], texts[1], [])
    marked = {name for column in columns for file in (bad, good) if (name := _own_name(file, column))}
    kept = {name for side, file in _sides(bad, good) for name in _telling(file.header, rows[side], marked)} | (
        set(bad.header) ^ set(good.header)
    )
    excerpts = [_excerpt(file, rows[side], kept, marked) for side, file in _sides(bad, good)]
    return Example(excerpts[0], excerpts[1], sorted(marked))


def _sides(bad: CsvFile, good: CsvFile) -> tuple[tuple[str, CsvFile], tuple[str, CsvFile]]:
    return ("bad", bad), ("good", good)


def _raw(rows: list[list[str]]) -> list[list[str]]:
    return [
        [row[0] if len(row) == 1 else ",".join(f'"{cell}"' if "," in cell else cell for cell in row)] for row in rows
    ]


def _own_name(file: CsvFile, column: str) -> str | None:
    place = place_of(column, file.header)
    return None if place is None else file.header[place]


def _telling(header: list[str], rows: list[list[str]], marked: set[str]) -> list[str]:
    """The columns that hold anything in these rows."""
    return [name for place, name in enumerate(header) if name in marked or any(row[place] for row in rows)]


def _excerpt(file: CsvFile, rows: list[list[str]], kept: set[str], marked: set[str]) -> Excerpt:
    places = [place for place, name in enumerate(file.header) if name in kept]
    while len(places) > _MOST_COLUMNS:
        spare = next((place for place in reversed(places) if file.header[place] not in marked), places[-1])
        places.remove(spare)
    return Excerpt(file.name, [file.header[at] for at in places], [[row[at] for at in places] for row in rows])
