"""What of a package's files holds nothing that families reported (demographics). All else may, whatever its name."""

from collections.abc import Mapping, Sequence

from firstbell.engine.reading import Reading
from firstbell.engine.tables import DEMOGRAPHICS

type OpenColumns = Mapping[str, Sequence[str] | None]
"""File -> those of its columns that hold no demographics; None where the whole file holds none."""


def open_columns(reading: Reading) -> dict[str, list[str] | None]:
    """Of every file of the package, by the tables that were made of it; of one of which none was made, nothing."""
    told: dict[str, list[str] | None] = {name: [] for name in reading.others}
    for file, tables in reading.tables_of.items():
        told[file] = _beside(reading, file) if DEMOGRAPHICS.name in tables else None
    return told


def _beside(reading: Reading, file: str) -> list[str]:
    """The columns as the district calls them; where it calls two alike, neither may hold demographics."""
    columns = reading.beside.get(file, ())
    own = {name: reading.own_columns.get((file, name), name) for name in columns}
    reported = {shown for (of, name), shown in reading.own_columns.items() if of == file and name not in columns}
    return [shown for shown in own.values() if shown not in reported]
