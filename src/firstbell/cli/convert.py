"""`firstbell convert`: a roster package in another format. Needs no database."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from firstbell.cli.packages import Unusable, open_or_stop, plain, told
from firstbell.engine.check import Checked
from firstbell.engine.findings import Severity, counts, explain
from firstbell.engine.formats.note import Note, Written
from firstbell.engine.formats.targets import TARGETS, write_as
from firstbell.engine.pipeline import inspect
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.tables import TABLES

LOSSES = 1


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--to", "target", type=click.Choice(list(TARGETS)), required=True, help="The format to write.")
@click.option("--json", "wants_json", is_flag=True, help="Print what was written and what was not as JSON.")
def convert(source: Path, out: Path, *, target: str, wants_json: bool) -> None:
    """Write the roster package IN in another format to OUT.

    IN is a zip or a folder in any format that firstbell check reads. OUT becomes a folder, or a zip where it ends in
    .zip; an earlier package there is replaced. What is written is read back, and all that the format did not carry is
    told. Records with errors are left out; firstbell check names them. Passwords are never written.

    Exit code: 0 everything was carried, 1 something was not, 2 IN is unusable or OUT cannot be written.
    """
    package = open_or_stop(source)
    if out.resolve() == source.resolve():
        raise Unusable(f"{plain(str(out))}: this is the package itself; choose another place.")
    with told(package.name, steps=3) as tell:
        reading, checked = inspect(package, told=tell)
        _ensure_convertible(source, reading, checked)
        tell("write")
        written = _write(target, checked, out)
    notes = (*_notes_on(reading, checked), *written.notes)
    click.echo(_as_json(target, written.files, notes) if wants_json else _told(out, target, written.files, notes))
    sys.exit(LOSSES if notes else 0)


def _ensure_convertible(source: Path, reading: Reading, checked: Checked) -> None:
    if counts(checked.findings)[Severity.FATAL]:
        fatal = explain(checked.findings).filter(severity=Severity.FATAL.value)
        raise Unusable(f"{plain(str(source))}: {plain(fatal['message'][0])}")
    changes = [TABLES[name].nouns for name, mode in reading.modes.items() if mode is Mode.DELTA]
    if changes:
        raise Unusable(
            f"{plain(str(source))}: this package tells changes only ({', '.join(changes)}); convert a full list."
        )
    if not any(rows.height for rows in checked.tables.values()):
        raise Unusable(f"{plain(str(source))}: the package holds no roster.")


def _write(target: str, checked: Checked, out: Path) -> Written:
    try:
        return write_as(target, checked.tables, out)
    except OSError as problem:
        raise Unusable(f"{plain(str(out))}: {(problem.strerror or str(problem)).lower()}.") from problem


def _notes_on(reading: Reading, checked: Checked) -> Iterable[Note]:
    """What did not reach the writing, or says more than the package did."""
    for name, ids in checked.left_out.items():
        if ids.len():
            yield Note("convert-left-out", TABLES[name].nouns, ids.len())
    for name, mode in reading.modes.items():
        if mode is Mode.PARTIAL and checked.tables[name].height:
            yield Note("convert-partial", TABLES[name].nouns, checked.tables[name].height)
    for file, records in reading.side.items():
        yield Note("convert-table", f"{file}.csv", records.height)


def _as_json(target: str, files: dict[str, int], notes: tuple[Note, ...]) -> str:
    """``{"format": ..., "files": {name: records}, "notes": [{code, what, count, detail, message}]}``."""
    told_notes = [
        {"code": note.code, "what": note.what, "count": note.count, "detail": note.detail, "message": note.says}
        for note in notes
    ]
    return json.dumps({"format": target, "files": files, "notes": told_notes}, ensure_ascii=False)


def _told(out: Path, target: str, files: dict[str, int], notes: tuple[Note, ...]) -> str:
    lines = [f"{plain(str(out))}: {target}, {sum(files.values()):,} records"]
    lines += [f"  {file}.csv  {records:,}" for file, records in files.items()]
    if notes:
        lines += ["", "Not carried as it was:"]
        lines += [f"  {plain(note.says)}  [{note.code}]" for note in notes]
    return "\n".join(lines)
