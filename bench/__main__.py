"""`make bench`: makes its data, measures side by side in one run, prints the table and keeps the figures as JSON.

BENCH_SIZES chooses the sizes (D10 has 10,000 students with six classes each, D1M a million), BENCH_REPEATS how often
(3).
"""

import datetime as dt
import os
import re
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure, Peak, Times, figures_of
from bench.home import temporary_home
from bench.memory import measure_memory
from bench.packages import Packages, make_packages, students_of
from bench.reading import FLOORS, measure_reading
from bench.report import Steps, keep_results, print_steps, print_table

SIZES = "D10,D100"
REPEATS = 3


def main() -> None:
    """Measure all sizes."""
    sizes = [size for size in re.split(r"[,\s]+", os.environ.get("BENCH_SIZES") or SIZES) if size]
    repeats = int(os.environ.get("BENCH_REPEATS") or REPEATS)
    for size in sizes:
        students_of(size)
    figures: list[Figure] = []
    steps: dict[str, Steps] = {}
    peaks: list[Peak] = []
    begun = dt.datetime.now(dt.UTC)
    load = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory(prefix="firstbell-bench-data-") as folder, temporary_home() as home:
        for size in sizes:
            print(f"{size}: making its packages", file=sys.stderr)
            packages = make_packages(size, Path(folder))
            measured, steps[size] = measure(packages, home, Path(folder), repeats)
            figures += measured
            peaks += measure_memory(packages, home)
        print("The usual ways of a Django team", file=sys.stderr)
        others = _others()
    load.append(os.getloadavg()[0])
    print_table(figures, peaks, others)
    print_steps(steps)
    print(f"Kept in {keep_results(figures, peaks, others, steps, day=f'{begun:%Y-%m-%dT%H%M%S}', load=load)}")


def _others() -> dict[str, float]:
    from bench.others import measure_others  # noqa: PLC0415 (Django is set up by now)

    return measure_others()


def measure(packages: Packages, home: Path, folder: Path, repeats: int) -> tuple[list[Figure], Steps]:
    """All figures of a size, and the steps of the last repetition's runs."""
    from bench import imports, twin  # noqa: PLC0415 (Django is set up by now)

    times = Times()
    bench = imports.Bench(home, packages, times)
    for number in range(1, repeats + 1):
        print(f"{packages.size}: {number} of {repeats}", file=sys.stderr)
        measure_reading(packages, times, folder)
        bench.repeat()
    figures = figures_of(packages.size, packages.rows, times, {**FLOORS, **imports.FLOORS, **twin.FLOORS})
    return figures, bench.steps


if __name__ == "__main__":
    main()
