"""The rosters that the bench reads: made once a run by ``engine.sample``, in the shapes that a night brings."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

SHUFFLED_BY = 7
CHURN = 0.01


@dataclass(frozen=True, slots=True)
class Packages:
    """One district's packages. ``plain`` is a folder, the others are zips as they would be uploaded."""

    size: str
    students: int
    rows: int
    """Records in all files."""
    plain: Path
    first: Path
    shuffled: Path
    next_day: Path

    @property
    def files(self) -> list[Path]:
        """The CSV files of the plain package."""
        return sorted(self.plain.glob("*.csv"))


def make_packages(size: str, folder: Path) -> Packages:
    """Write the packages of a size: ``D100`` has 100,000 students. Raises ValueError for another name."""
    students = students_of(size)
    tables = sample(students)
    plain = folder / size
    write(tables, plain, version="1.2")
    first, shuffled, next_day = (folder / f"{size}-{name}.zip" for name in ("first", "shuffled", "next-day"))
    write(tables, first, version="1.2")
    _shuffle(plain, shuffled)
    write(sample(students, day=1, churn=CHURN), next_day, version="1.2")
    return Packages(
        size=size,
        students=students,
        rows=sum(rows.height for rows in tables.values()),
        plain=plain,
        first=first,
        shuffled=shuffled,
        next_day=next_day,
    )


def students_of(size: str) -> int:
    """How many students a size means."""
    named = re.fullmatch(r"D([1-9]\d*)(M?)", size)
    if named is None:
        raise ValueError(f"{size} is no size: D10 has 10,000 students, D100 has 100,000, D1M a million.")
    return int(named[1]) * (1_000_000 if named[2] else 1_000)


def _shuffle(plain: Path, out: Path) -> None:
    """The same records in another order, every cell in quotes."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for path in sorted(plain.glob("*.csv")):
            if path.stem == "manifest":
                package.write(path, path.name)
                continue
            rows = pl.read_csv(path, infer_schema=False).sample(fraction=1, shuffle=True, seed=SHUFFLED_BY)
            package.writestr(path.name, rows.write_csv(quote_style="always"))
