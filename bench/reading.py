"""The engine alone: the whole package checked by all rules and reported, beside reading its files as text."""

from pathlib import Path

import polars as pl

from bench.figures import Floor, Times
from bench.packages import Packages
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.report import write_report

READ = "read_csv"
CHECK = "check"
FLOORS = {CHECK: Floor(READ, at_most=4)}


def measure_reading(packages: Packages, times: Times, folder: Path) -> None:
    """One repetition."""
    read_floor(packages, times)
    with times.of(CHECK):
        check_package(packages.plain, folder / "report.csv")


def read_floor(packages: Packages, times: Times) -> None:
    """Read the same files, all text, with Polars and nothing else."""
    with times.of(READ):
        for path in packages.files:
            pl.read_csv(path, infer_schema=False)


def check_package(path: Path, report: Path) -> None:
    """What ``firstbell check --report`` does."""
    package = open_package(path)
    write_report(report, package, *inspect(package))
