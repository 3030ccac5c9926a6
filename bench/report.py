"""The table that the bench prints, and the JSON that it keeps."""

import json
import os
import platform
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import Figure, Peak

type Steps = dict[str, dict[str, float]]
"""Of one size: by what was done, the seconds of each step."""
RESULTS = Path(__file__).parent / "results"


def print_table(figures: list[Figure], peaks: list[Peak], others: dict[str, float]) -> None:
    """Medians, each beside its floor."""
    console = Console(width=None if Console().is_terminal else 140)
    table = Table(title="Firstbell, medians")
    for name in ("size", "what", "seconds", "rows/s", "floor", "its seconds", "ratio", "at most"):
        right = name in {"seconds", "rows/s", "its seconds", "ratio", "at most"}
        table.add_column(name, justify="right" if right else "left")
    for figure in figures:
        speed = f"{figure.rows / figure.seconds:,.0f}"
        table.add_row(
            figure.size,
            figure.what,
            f"{figure.seconds:.2f}",
            speed,
            figure.floor,
            f"{figure.floor_seconds:.2f}",
            f"{figure.ratio:.2f}" if figure.is_met else f"[bold red]{figure.ratio:.2f}[/]",
            "" if figure.at_most is None else f"{figure.at_most:g}",
        )
    console.print(table)
    for peak in peaks:
        console.print(f"{peak.size}: {peak.what} held {peak.megabytes:,.0f} MB at most", highlight=False)
    for way, rows in others.items():
        console.print(f"The same people by {way}: {rows:,.0f} rows/s", highlight=False)


def print_steps(steps: dict[str, Steps]) -> None:
    """Where the time of each run goes."""
    table = Table(title="Seconds of each step, in the last repetition")
    for name in ("size", "what", "steps"):
        table.add_column(name)
    for size, runs in steps.items():
        for what, seconds in runs.items():
            table.add_row(size, what, ", ".join(f"{step} {taken:.2f}" for step, taken in seconds.items()))
    Console(width=140).print(table)


def keep_results(
    figures: list[Figure],
    peaks: list[Peak],
    others: dict[str, float],
    steps: dict[str, Steps],
    *,
    day: str,
    load: list[float],
) -> Path:
    """Write bench/results/<day>.json. ``load``: the machine's, before and after: a busy one measures badly."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{day}.json"
    content = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": load},
        "figures": [figure.as_row() for figure in figures],
        "memory": [{"size": peak.size, "what": peak.what, "megabytes": round(peak.megabytes)} for peak in peaks],
        "steps": steps,
        "others": {way: round(rows) for way, rows in others.items()},
    }
    path.write_text(json.dumps(content, indent=2) + "\n")
    return path
