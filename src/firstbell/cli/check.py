"""`firstbell check`: what is wrong with a roster package. Needs no database."""

import sys
from pathlib import Path

import click

from firstbell.cli.packages import UNUSABLE, Unusable, corrections_or_stop, open_or_stop, plain, told
from firstbell.engine.catalogue import Severity
from firstbell.engine.check import Checked
from firstbell.engine.corrections.kinds import NONE, Corrections
from firstbell.engine.findings import counts
from firstbell.engine.package import Package
from firstbell.engine.pipeline import inspect
from firstbell.engine.reading import Reading
from firstbell.engine.report import ENDINGS, Cause, as_json, by_cause, write_report
from firstbell.engine.tables import TABLES

_COLOURS = {Severity.FATAL: "red", Severity.ERROR: "red", Severity.WARNING: "yellow"}


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Judge as a certification does: every deviation is an error.")
@click.option("--json", "wants_json", is_flag=True, help="Print all findings as JSON.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Write all findings to FILE.xlsx (with the faulty rows, for those who correct them), FILE.csv or FILE.json.",
)
@click.option(
    "--corrections",
    "declared",
    metavar="FILE.json",
    type=click.Path(path_type=Path),
    help="Apply these corrections first: a JSON list, as a source keeps them in its settings.",
)
def check(path: Path, *, strict: bool, wants_json: bool, report: Path | None, declared: Path | None) -> None:
    """Check the roster package at PATH: a zip, a folder, a workbook, or one CSV file.

    Exit code: 0 clean or warnings only, 1 errors, 2 unusable.
    """
    if report and report.suffix.lower() not in ENDINGS:
        raise Unusable(f"{report}: a report ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.")
    corrections = corrections_or_stop(declared) if declared else NONE
    package = open_or_stop(path)
    with told(package.name, steps=2) as tell:
        reading, checked = inspect(package, corrections=corrections, strict=strict, told=tell)
    if report:
        _write(report, package, reading, checked, corrections)
    if wants_json:
        click.echo(as_json(reading.files, checked.findings), nl=False)
    else:
        _tell(package.name, reading, checked)
    sys.exit(_exit_code(counts(checked.findings)))


def _write(report: Path, package: Package, reading: Reading, checked: Checked, corrections: Corrections) -> None:
    try:
        write_report(report, package, reading, checked, corrections=corrections)
    except OSError as problem:
        raise Unusable(f"{report}: {(problem.strerror or str(problem)).lower()}.") from problem


def _exit_code(found: dict[str, int]) -> int:
    if found[Severity.FATAL]:
        return UNUSABLE
    return 1 if found[Severity.ERROR] else 0


def _tell(name: str, reading: Reading, checked: Checked) -> None:
    records = sum(reading.files.values())
    known = f"{reading.format} {reading.version}".strip()
    click.echo(
        f"{name}: {f'{known}, ' if known else ''}{_counted(len(reading.files), 'file')}, {_counted(records, 'record')}"
    )
    for file, rows in reading.files.items():
        click.echo(f"  {plain(file)}  {rows:,}")
    for cause in by_cause(checked.findings):
        _tell_cause(cause)
    found = counts(checked.findings)
    click.echo()
    click.echo(", ".join(_counted(found[severity.value], severity.value, invariable="fatal") for severity in Severity))
    left_out = [
        f"{ids.len():,} {TABLES[table].noun if ids.len() == 1 else TABLES[table].nouns}"
        for table, ids in checked.left_out.items()
        if ids.len()
    ]
    if left_out and not found[Severity.FATAL]:
        click.echo(f"Left out, together with what hangs on them: {', '.join(left_out)}.")


def _tell_cause(cause: Cause) -> None:
    click.echo()
    label = click.style(cause.weight.value, fg=_COLOURS[cause.weight], bold=True)
    click.echo(f"{label}  {plain(cause.file or 'the package')}: {plain(cause.message)}")
    click.echo(f"    {plain(cause.remedy)}")
    for found in cause.follows:
        click.echo(f"    So {plain(found.file or 'the package')} too: {plain(found.message)}  [{found.code}]")
    if cause.follows and cause.left_out:
        click.echo(f"    In all, it leaves out {_counted(cause.left_out, 'record')}")
    if cause.records:
        numbers = ", ".join(f"{record:,}" for record in cause.records)
        more = cause.count - len(cause.records)
        also = f" and {more:,} more" if more > 0 else ""
        click.echo(f"    {'record' if cause.count == 1 else 'records'} {numbers}{also}  [{cause.code}]")
    else:
        times = f"{cause.count:,} times  " if cause.count > 1 else ""
        click.echo(f"    {times}[{cause.code}]")


def _counted(count: int, noun: str, *, invariable: str = "") -> str:
    return f"{count:,} {noun}" if count == 1 or noun == invariable else f"{count:,} {noun}s"
