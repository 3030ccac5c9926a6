"""Every kind of source is made alike: a folder with its README, and help for each value."""

from pathlib import Path

import pytest

import firstbell.connectors
from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.contract import Entry, Kind, Way

FOLDER = Path(firstbell.connectors.__file__).parent

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@each_kind
def test_a_kind_has_a_folder_of_its_name_with_a_readme(kind: Kind) -> None:
    readme = FOLDER / kind.code / "README.md"
    assert readme.read_text(encoding="utf-8").startswith(f"# {kind.name}\n")


def test_every_folder_is_a_kind() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/kind.py")}
    assert folders == set(KINDS)


@each_kind
def test_who_is_fetched_from_has_a_connector_and_nobody_else(kind: Kind) -> None:
    assert (kind.connector is not None) == (kind.way is Way.FETCHED)


@each_kind
def test_every_value_says_where_it_is_found(kind: Kind) -> None:
    for setting in kind.settings:
        assert setting.label
        assert setting.help.endswith("."), f"{kind.code}.{setting.name}: help is a sentence"
        assert bool(setting.choices) == (setting.entry is Entry.CHOICE)
    names = [setting.name for setting in kind.settings]
    assert len(set(names)) == len(names)
