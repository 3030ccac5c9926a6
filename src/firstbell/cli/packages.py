"""What the commands about packages share: opening one with one clear line where that fails, and progress."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from firstbell.domain.imports.limits import limits_here
from firstbell.engine.corrections.kinds import Corrections
from firstbell.engine.corrections.parsing import BadCorrections, parse
from firstbell.engine.package import Package, open_package
from firstbell.engine.pipeline import Told

UNUSABLE = 2
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class Unusable(click.ClickException):
    """What was asked for cannot be used: one line, exit code 2."""

    exit_code = UNUSABLE


def open_or_stop(path: Path) -> Package:
    """The package at a path. Raises Unusable where there is none, or where we may not read it."""
    ensure_readable(path)
    try:
        return open_package(path, name=plain(path.name), limits=limits_here())
    except OSError as problem:
        raise Unusable(f"{plain(str(path))}: {(problem.strerror or str(problem)).lower()}.") from problem


def ensure_readable(path: Path) -> None:
    """Raise Unusable where there is no file or folder, or where we may not read it."""
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        elif path.is_file():
            with path.open("rb") as file:
                file.read(1)
        elif path.exists():
            raise Unusable(f"{plain(str(path))}: this is neither a file nor a folder.")
        else:
            raise Unusable(f"{plain(str(path))}: there is no such file or folder.")
    except OSError as problem:
        raise Unusable(f"{plain(str(path))}: {(problem.strerror or str(problem)).lower()}.") from problem


def corrections_or_stop(path: Path) -> Corrections:
    """The corrections in a JSON file. Raises Unusable with the place of what is wrong."""
    try:
        return parse(json.loads(path.read_text(encoding="utf-8")))
    except OSError as problem:
        raise Unusable(f"{plain(str(path))}: {(problem.strerror or str(problem)).lower()}.") from problem
    except UnicodeDecodeError as problem:
        raise Unusable(f"{plain(str(path))}: this is not a JSON file in UTF-8.") from problem
    except json.JSONDecodeError as problem:
        raise Unusable(f"{plain(str(path))}: this is not JSON (line {problem.lineno}: {problem.msg}).") from problem
    except BadCorrections as problem:
        raise Unusable(f"{plain(str(path))}: {plain(str(problem))}") from problem


def plain(text: str) -> str:
    """Text of a district's file without characters that would steer the terminal."""
    return _CONTROLS.sub("�", text.encode("utf-8", "replace").decode())


@contextmanager
def told(title: str, steps: int) -> Iterator[Told]:
    """A progress bar on standard error while it is a terminal; silence in a pipe."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(title, total=steps)
        begun = 0

        def tell(step: str) -> None:
            nonlocal begun
            progress.update(task, completed=begun, description=f"{title}: {step}")
            begun += 1

        yield tell
