"""The rules of the house that no linter knows: names, sizes, what the engine may touch, and pins that hold."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "firstbell"
ENGINE = SRC / "engine"

NAMES_THAT_SAY_NOTHING = {"common", "core", "helper", "helpers", "misc", "util", "utils"}
ROW_LOOPS = {"iter_rows", "iter_slices", "map_elements", "map_rows", "to_dicts"}
ENGINE_PACKAGES = {"fastexcel", "firstbell", "polars", "polars_hash", "xlsxwriter"}
CLOCKS_DICE_AND_WIRES = {
    "asyncio",
    "ftplib",
    "http",
    "random",
    "secrets",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "time",
}
CLOCK_READINGS = {"now", "today", "utcnow"}
LONGEST_MODULE = 500
LONGEST_FUNCTION = 60


class Place(NamedTuple):
    """A line of ours, printed so that an editor can jump to it."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.what}"


def _modules(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


def _nodes(*folders: Path) -> Iterator[tuple[Path, ast.AST]]:
    for path in _modules(*folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
            yield path, node


def _none_of(places: list[Place]) -> None:
    assert not places, "\n" + "\n".join(str(place) for place in places)


def test_no_module_is_named_for_nothing() -> None:
    _none_of(
        [
            Place(path, 1, "name it for what it does")
            for path in sorted(SRC.rglob("*"))
            if path.stem in NAMES_THAT_SAY_NOTHING and (path.is_dir() or path.suffix == ".py")
        ]
    )


def test_every_app_of_the_domain_has_its_layers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = {
        container
        for contract in project["tool"]["importlinter"]["contracts"]
        if "(models)" in contract.get("layers", [])
        for container in contract["containers"]
    }
    apps = {f"firstbell.domain.{path.parent.name}" for path in (SRC / "domain").glob("*/__init__.py")}
    assert listed == apps, "name each app of the domain under [tool.importlinter], Inside an app"


def test_no_module_is_over_five_hundred_lines() -> None:
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in _modules(SRC, ROOT / "tests", ROOT / "bench")
    }
    _none_of([Place(path, lines, "last of too many lines") for path, lines in sizes.items() if lines > LONGEST_MODULE])


def test_no_function_is_over_sixty_lines() -> None:
    _none_of(
        [
            Place(path, node.lineno, f"{node.name} is {node.end_lineno - node.lineno + 1} lines long")
            for path, node in _nodes(SRC, ROOT / "tests", ROOT / "bench")
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno is not None
            and node.end_lineno - node.lineno >= LONGEST_FUNCTION
        ]
    )


def test_the_engine_never_loops_over_rows() -> None:
    _none_of(
        [
            Place(path, node.lineno, f"{node.attr} goes row by row; write an expression")
            for path, node in _nodes(ENGINE)
            if isinstance(node, ast.Attribute) and node.attr in ROW_LOOPS
        ]
    )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def test_the_engine_imports_polars_file_libraries_and_itself() -> None:
    allowed = (ENGINE_PACKAGES | sys.stdlib_module_names) - CLOCKS_DICE_AND_WIRES
    _none_of(
        [
            Place(path, getattr(node, "lineno", 1), f"the engine may not import {name}")
            for path, node in _nodes(ENGINE)
            for name in _imported(node)
            if name.split(".")[0] not in allowed or name == "urllib.request"
        ]
    )


def test_the_engine_reads_no_clock() -> None:
    _none_of(
        [
            Place(path, node.lineno, f".{node.func.attr}() reads the clock; take the moment as an argument")
            for path, node in _nodes(ENGINE)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_READINGS
        ]
    )


def _pins(file: str) -> dict[str, Requirement]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line.removesuffix("\\")) for line in lines if line and not line.startswith((" ", "#"))]
    return {canonicalize_name(requirement.name): requirement for requirement in pinned}


def _named_by_us() -> tuple[list[str], list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    to_develop = [line for line in groups["dev"] if isinstance(line, str)] + groups["docs"]
    return project["project"]["dependencies"], to_develop + project["build-system"]["requires"]


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_pins_keep_what_pyproject_asks_for(file: str) -> None:
    to_run, to_develop = _named_by_us()
    pins = _pins(file)
    for line in to_run if file == "requirements.txt" else to_run + to_develop:
        wanted = Requirement(line)
        pin = pins.get(canonicalize_name(wanted.name))
        assert pin is not None, f"{wanted.name} is not in {file}: run make lock"
        version = str(pin.specifier).removeprefix("==")
        assert wanted.specifier.contains(version), f"{file} pins {pin}, pyproject.toml asks for {wanted}: run make lock"


def test_every_dependency_has_a_lower_bound() -> None:
    to_run, to_develop = _named_by_us()
    bounds = {"==", "===", ">=", ">", "~="}
    for line in to_run + to_develop:
        assert {part.operator for part in Requirement(line).specifier} & bounds, f"{line}: give it a lower bound"


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "tools/uv.txt"])
def test_the_pins_carry_hashes_and_name_no_host(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    for pin in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in pin
