"""What docs and deploy tell an operator to set and to run exists, by these names."""

import re
import shlex
from pathlib import Path

import click
import pytest

from firstbell.cli.main import SUBCOMMANDS, main
from firstbell.project.environment import Environment, variable

ROOT = Path(__file__).resolve().parents[2]
TOLD = sorted([*(ROOT / "deploy").rglob("*"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
PAGES = [path for path in TOLD if path.is_file() and "adr" not in path.parts and path.name != "CHANGELOG.md"]
SETTING = re.compile(r"\b(?:FIRSTBELL|DATABASE)_[A-Z_]+\b")
COMMAND = re.compile(r"(?:^|[\s`]|bin/)firstbell (?P<words>[a-z][a-z-]*(?: [^`|\n#&;>)]*)?)", re.MULTILINE)


def _ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_setting_that_is_told_of_is_one() -> None:
    known = {variable(name, field) for name, field in Environment.model_fields.items()}
    unknown = {
        (_ids(path), name)
        for path in PAGES
        for name in SETTING.findall(path.read_text(encoding="utf-8"))
        if name not in known and not name.endswith("_")
    }
    assert unknown == set()


def _commands(text: str) -> list[list[str]]:
    """The words after `firstbell` wherever a line or a piece of code runs it."""
    code = "\n".join(
        re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE) + re.findall(r"`(firstbell [^`]+)`", text)
    )
    found = []
    for match in COMMAND.finditer(code):
        words = match["words"].replace("[", " ").replace("]", " ").replace("...", " ")
        found.append(shlex.split(words.replace("'", " ").replace('"', " ")))
    return [words for words in found if words]


@pytest.mark.parametrize("path", [path for path in PAGES if path.suffix == ".md"], ids=_ids)
def test_every_command_that_a_page_tells_is_one_with_such_options(path: Path) -> None:
    _ensure_known(_commands(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted((ROOT / "deploy" / "systemd").glob("*.service")), ids=_ids)
def test_every_unit_runs_a_command_with_options_of_its_own(path: Path) -> None:
    found = re.findall(r"bin/firstbell ([^'\n]+)", path.read_text(encoding="utf-8"))
    assert found
    _ensure_known([shlex.split(line) for line in found])


def _ensure_known(commands: list[list[str]]) -> None:
    for name, *words in commands:
        assert name in SUBCOMMANDS, f"firstbell {name}"
        command = main.get_command(click.Context(main), name)
        assert command is not None
        options = {option for one in command.params for option in one.opts} | {"--help", "-h"}
        said = {word.split("=")[0].split("|")[0] for word in words if word.startswith("--")}
        assert said <= options, f"firstbell {name}: {said - options}"
