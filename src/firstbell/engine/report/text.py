"""Findings as text: a list for a spreadsheet, and JSON for programs."""

import json
from collections.abc import Mapping
from dataclasses import asdict

import polars as pl

from firstbell.engine.findings import counts, explain
from firstbell.engine.report.causes import by_cause

COLUMNS = ("code", "severity", "file", "record", "column", "value", "sourcedId", "message", "remedy")
"""What a report tells of a finding."""
FORMULA = r"^[=+\-@\t\r]"
"""How a cell begins that a spreadsheet would take for a formula."""


def as_json(files: Mapping[str, int], findings: pl.DataFrame) -> str:
    """``{"counts": ..., "files": {name: records}, "causes": [...], "findings": [...]}``."""
    members = {
        "counts": json.dumps(counts(findings)),
        "files": json.dumps(dict(files), ensure_ascii=False),
        "causes": json.dumps([asdict(cause) for cause in by_cause(findings)], ensure_ascii=False),
        "findings": explain(findings).select(COLUMNS).write_json(),
    }
    return "{" + ", ".join(f'"{name}": {text}' for name, text in members.items()) + "}\n"


def as_csv(findings: pl.DataFrame) -> str:
    """One line a finding. A cell that a spreadsheet would take for a formula starts with an apostrophe."""
    told = explain(findings).select(COLUMNS)
    return told.with_columns(pl.col(pl.String).str.replace(FORMULA, "'$0")).write_csv()
