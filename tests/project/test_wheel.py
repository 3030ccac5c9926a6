"""The wheel is the whole product: every file that the source has, and no package that only developers have."""

import ast
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built as `make wheel` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_every_file_of_the_source_is_in_it(wheel: zipfile.ZipFile) -> None:
    """Templates, styles, migrations, word lists: a folder that a line of .gitignore fits would be left out unseen."""
    there = {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "firstbell").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != ".DS_Store"
    }
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {"py", "html", "css", "js", "svg", "txt", "json", "md"} <= {name.rpartition(".")[2] for name in packed}
    assert packed == there


def test_it_brings_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    (entry,) = (name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt"))
    assert "firstbell = firstbell.project.command:main" in wheel.read(entry).decode()
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_it_imports_only_what_it_asks_for() -> None:
    """A package of the development group is there in every checkout, and in nobody's installation."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    installed = {canonicalize_name(Requirement(line.removesuffix("\\")).name) for line in pins if line[:1].isalpha()}
    assert {canonicalize_name(Requirement(line).name) for line in project["dependencies"]} <= installed
    found = packages_distributions()
    foreign = {
        name
        for path in (SOURCE / "firstbell").rglob("*.py")
        for name in _imported(path)
        if name not in sys.stdlib_module_names and name != "firstbell"
    }
    assert {"django", "polars", "granian"} <= foreign
    missing = {name for name in foreign if not {canonicalize_name(dist) for dist in found.get(name, ())} & installed}
    assert missing == set()


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names
