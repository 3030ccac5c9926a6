"""Findings as others read them: a spreadsheet, JSON, groups by root cause, and the page that explains every code.

`python -m firstbell.engine.report` prints docs/reference/findings.md.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from firstbell.engine.catalogue import CATALOGUE, Code, Severity
from firstbell.engine.check import Checked
from firstbell.engine.findings import counts, explain
from firstbell.engine.reading import Reading

COLUMNS = ("code", "severity", "file", "record", "column", "value", "sourcedId", "message", "remedy")
"""What a report tells of a finding."""
ENDINGS = (".csv", ".json")
_FORMULA = r"^[=+\-@\t\r]"
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings with one cause: the same fault in the same column of the same file.

    ``message`` and ``remedy`` are those of the first; ``records`` are the numbers of the first few.
    """

    severity: Severity
    code: str
    file: str | None
    message: str
    remedy: str
    count: int
    records: tuple[int, ...]
    column: str | None = None


def by_cause(findings: pl.DataFrame) -> list[Cause]:
    """Findings in groups, the gravest and then the largest first."""
    groups = (
        explain(findings)
        .group_by("severity", "code", "file", "column", maintain_order=True)
        .agg(
            pl.col("message", "remedy").first(),
            pl.len().alias("count"),
            pl.col("record").drop_nulls().head(_EXAMPLES).alias("records"),
        )
        .with_columns(
            grave=pl.col("severity").replace_strict({name.value: place for place, name in enumerate(Severity)})
        )
        .sort("grave", "count", descending=[False, True], maintain_order=True)
    )
    cells = groups.select("severity", "code", "file", "message", "remedy", "count", "records", "column")
    return [
        Cause(Severity(severity), code, file, message, remedy, count, tuple(records), column)
        for severity, code, file, message, remedy, count, records, column in zip(
            *(column.to_list() for column in cells.get_columns()), strict=True
        )
    ]


def as_json(reading: Reading, checked: Checked) -> str:
    """``{"counts": ..., "files": {name: rows}, "findings": [...]}``."""
    members = {
        "counts": json.dumps(counts(checked.findings)),
        "files": json.dumps(reading.files, ensure_ascii=False),
        "findings": explain(checked.findings).select(COLUMNS).write_json(),
    }
    return "{" + ", ".join(f'"{name}": {text}' for name, text in members.items()) + "}\n"


def write_report(path: Path, reading: Reading, checked: Checked) -> None:
    """Write all findings as CSV or JSON, as the path ends. Raises ValueError for another ending, and OSError."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"{path}: a report ends in {' or '.join(ENDINGS)}.")
    text = as_json(reading, checked) if ending == ".json" else as_csv(checked.findings)
    path.write_text(text, encoding="utf-8", newline="")


def as_csv(findings: pl.DataFrame) -> str:
    """One line a finding. A cell that a spreadsheet would take for a formula starts with an apostrophe."""
    told = explain(findings).select(COLUMNS)
    return told.with_columns(pl.col(pl.String).str.replace(_FORMULA, "'$0")).write_csv()


def findings_page() -> str:
    """The text of docs/reference/findings.md, Markdown."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Findings"
    yield ""
    yield "This page is generated: `python -m firstbell.engine.report > docs/reference/findings.md`."
    yield ""
    yield "Everything that Firstbell can find wrong with a roster. A **fatal** finding stops the run. An **error**"
    yield "leaves the record out, together with what hangs on it; its last good state stays. A **warning** repairs or"
    yield "drops the value, or only tells. `--strict` judges as a certification does."
    for severity in Severity:
        entries = [entry for entry in CATALOGUE.values() if entry.severity is severity]
        yield ""
        yield f"## {severity.value.capitalize()}"
        yield ""
        yield "| code | with `--strict` | what it says | what to do |"
        yield "|---|---|---|---|"
        yield from (_line(entry) for entry in sorted(entries, key=lambda entry: entry.code))


def _line(entry: Code) -> str:
    sentence = entry.sentence.replace("{{", "\x01").replace("}}", "\x02")
    remedy = entry.remedy.replace("{{", "\x01").replace("}}", "\x02")
    cells = (f"`{entry.code}`", entry.strict.value, sentence, remedy)
    text = " | ".join(cells).replace("{", "*").replace("}", "*").replace("\x01", "{").replace("\x02", "}")
    return f"| {text} |"


if __name__ == "__main__":
    sys.stdout.write(findings_page())
