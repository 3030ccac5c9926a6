"""A district whose export is spelled its own way, and the corrections that put it right."""

import csv
import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
from tests.engine.district import District, lakeside, write_files

from firstbell.engine.check import Checked
from firstbell.engine.corrections.parsing import parse
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.reading import Reading

type Contents = dict[str, str | bytes]
type Settings = list[dict[str, object]]


def looked_at(contents: Mapping[str, str | bytes], *settings: Mapping[str, object]) -> tuple[Reading, Checked]:
    """What reading and checking the files gives with these corrections."""
    with tempfile.TemporaryDirectory(prefix="firstbell-test-") as folder:
        package = open_package(write_files(Path(folder), contents))
        return inspect(package, corrections=parse(list(settings)))


def numbered() -> District:
    """Lakeside with numbers as ids of its people, as most systems have them."""
    district = lakeside()
    keys = {user["sourcedId"]: f"{number:06d}" for number, user in enumerate(district["users"], start=41)}
    for rows in district.files.values():
        for row in rows:
            row.update({column: keys[value] for column, value in row.items() if value in keys})
    return district


def edited(contents: Contents, file: str, change: Callable[[list[str], list[list[str]]], None]) -> Contents:
    """The files with one of them changed: ``change(header, rows)`` in place."""
    header, *rows = list(csv.reader(io.StringIO(str(contents[file]))))
    change(header, rows)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return {**contents, file: text.getvalue()}


def renamed(contents: Contents, file: str, names: Mapping[str, str]) -> Contents:
    """The files with columns of one of them under other names."""

    def change(header: list[str], rows: list[list[str]]) -> None:
        header[:] = [names.get(name, name) for name in header]

    return edited(contents, file, change)


def set_cells(contents: Contents, file: str, column: str, say: Callable[[str], str]) -> Contents:
    """The files with every cell of a column said anew."""

    def change(header: list[str], rows: list[list[str]]) -> None:
        place = header.index(column)
        for row in rows:
            row[place] = say(row[place])

    return edited(contents, file, change)


def same_tables(ours: Checked, good: Checked) -> bool:
    """Whether both gave the same rows in the same order, from the same records."""
    return ours.tables.keys() == good.tables.keys() and all(
        rows.equals(good.tables[name]) for name, rows in ours.tables.items()
    )


def told(checked: Checked, code: str) -> list[tuple[str, ...]]:
    """File, column, value and detail of the findings of one code."""
    found = checked.findings.filter(pl.col("code") == code)
    return found.select(pl.col("file", "column", "value", "detail").fill_null("")).rows()
