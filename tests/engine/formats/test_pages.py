"""The pages in docs/formats say what the code does: every column, and every loss."""

from pathlib import Path

import pytest
from tests.engine.formats.full_roster import full_roster

from firstbell.engine.catalogue import CATALOGUE
from firstbell.engine.formats.pages import columns_of
from firstbell.engine.formats.targets import TARGETS, write_as

DOCS = Path(__file__).resolve().parents[3] / "docs" / "formats"
PAGES = {"clever": ("clever",), "sds": ("sds-2.1",), "oneroster": ("oneroster-1.1", "oneroster-1.2"), "templates": ()}


def _page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_the_columns_on_the_page_are_those_of_the_code(name: str) -> None:
    assert columns_of(name).strip() in _page(name)


@pytest.mark.parametrize("name", PAGES)
def test_every_loss_stands_on_the_page_of_the_format(name: str, tmp_path: Path) -> None:
    page = _page(name)
    for target in PAGES[name]:
        for note in write_as(target, full_roster(), tmp_path / target).notes:
            assert note.what in page, f"{target}: {note.what}"


def test_every_format_has_a_page_and_every_target_stands_on_one() -> None:
    assert {path.stem for path in DOCS.glob("*.md")} == PAGES.keys()
    assert sorted(target for targets in PAGES.values() for target in targets) == sorted(TARGETS)
    assert all(target in _page(name) for name, targets in PAGES.items() for target in targets)


def test_codes_that_the_pages_name_are_in_the_catalogue() -> None:
    for name in PAGES:
        named = {word for word in _page(name).split("`")[1::2] if "-" in word and word.islower() and " " not in word}
        unknown = {
            word for word in named if word not in CATALOGUE and word not in TARGETS and not word.startswith("--")
        }
        assert not unknown, name
