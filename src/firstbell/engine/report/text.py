"""Findings as text: a list for a spreadsheet, and JSON for programs."""

import json
from collections.abc import Mapping
from dataclasses import asdict

import polars as pl

from firstbell.engine.findings import counts, explain
from firstbell.engine.report.causes import by_cause

COLUMNS = ("code", "severity", "file", "record", "column", "value", "sourcedId", "message", "remedy")
"""What a report tells of a finding."""
NOTE = "acknowledged"
"""A column that findings may have: who knows of one, why and until when; null where nobody does."""
FORMULA = r"^[=+\-@\t\r]"
"""How a cell begins that a spreadsheet would take for a formula."""


def as_json(files: Mapping[str, int], findings: pl.DataFrame) -> str:
    """``{"counts": ..., "files": {name: records}, "causes": [...], "findings": [...]}``.

    Where findings have the column ``acknowledged``, its counts stand beside the others, and causes are without them.
    """
    loud = findings
    if NOTE in findings.columns:
        loud = findings.filter(pl.col(NOTE).is_null())
    members = {
        "counts": json.dumps(counts(findings)),
        **({NOTE: json.dumps(counts(findings.filter(pl.col(NOTE).is_not_null())))} if NOTE in findings.columns else {}),
        "files": json.dumps(dict(files), ensure_ascii=False),
        "causes": json.dumps([asdict(cause) for cause in by_cause(loud)], ensure_ascii=False),
        "findings": _told(findings).write_json(),
    }
    return "{" + ", ".join(f'"{name}": {text}' for name, text in members.items()) + "}\n"


def as_csv(findings: pl.DataFrame) -> str:
    """One line a finding. A cell that a spreadsheet would take for a formula starts with an apostrophe."""
    told = _told(findings)
    return told.with_columns(pl.col(pl.String).str.replace(FORMULA, "'$0")).write_csv()


def _told(findings: pl.DataFrame) -> pl.DataFrame:
    return explain(findings).select(*COLUMNS, *(name for name in (NOTE,) if name in findings.columns))
