"""Findings as others read them: groups by root cause, text for a spreadsheet or a program, the district's workbook."""

from pathlib import Path

from firstbell.engine.check import Checked
from firstbell.engine.corrections.kinds import NONE, Corrections
from firstbell.engine.corrections.reading import corrected
from firstbell.engine.package import Package
from firstbell.engine.reading import Reading
from firstbell.engine.report.called import called_in
from firstbell.engine.report.causes import IN_WORDS, Cause, LeftOut, Subject, by_cause, count_left_out
from firstbell.engine.report.text import COLUMNS, NOTE, as_csv, as_json
from firstbell.engine.report.workbook import About, write_workbook

ENDINGS = (".xlsx", ".csv", ".json")

__all__ = [
    "COLUMNS",
    "ENDINGS",
    "IN_WORDS",
    "NOTE",
    "About",
    "Cause",
    "LeftOut",
    "Subject",
    "as_csv",
    "as_json",
    "by_cause",
    "called_in",
    "count_left_out",
    "write_report",
    "write_workbook",
]


def write_report(
    path: Path, package: Package, reading: Reading, checked: Checked, *, corrections: Corrections = NONE
) -> None:
    """Write all findings as the path ends. Raises ValueError for another ending, and OSError."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"{path}: a report ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.")
    if ending == ".xlsx":
        about = About(
            package.name,
            f"{reading.format} {reading.version}".strip(),
            reading.files,
            corrections=corrections,
            called=called_in(reading),
        )
        view = corrected(package, corrections)  # findings name files as the format does
        write_workbook(path, about, checked.findings, lambda name: view.read(name) if name in view else None)
        return
    text = as_json(reading.files, checked.findings) if ending == ".json" else as_csv(checked.findings)
    path.write_text(text, encoding="utf-8", newline="")
