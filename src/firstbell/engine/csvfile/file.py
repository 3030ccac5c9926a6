"""A CSV file that was read."""

from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings


@dataclass(slots=True)
class CsvFile:
    """The header as it came, and the good records as strings (blank is null) with ``_record`` (UInt32).

    ``unread``: ``_record`` and the whole ``line`` of those that do not fit the header.
    ``made``: how many columns at the end of the header were not in the file (``engine.corrections`` made them).
    ``separator``: what parts the cells in the file.
    """

    name: str
    header: list[str] = field(default_factory=list)
    records: pl.DataFrame = field(default_factory=pl.DataFrame)
    unread: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"_record": pl.UInt32, "line": pl.String}))
    total: int = 0
    made: int = 0
    separator: str = ","
    findings: list[pl.DataFrame] = field(default_factory=list)

    def add(self, code: str, **said: object) -> None:
        """Note a finding about this file."""
        self.findings.append(findings.one(code, file=self.name, **said))  # type: ignore[arg-type]


def no_records(width: int) -> pl.DataFrame:
    """The records of a file that has none."""
    return pl.DataFrame(schema={**{str(place): pl.String for place in range(width)}, "_record": pl.UInt32})
