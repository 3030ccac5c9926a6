"""The pages of the findings: one a code, current, with the cases as examples."""

from pathlib import Path

import pytest

from firstbell.engine.catalogue import CATALOGUE
from firstbell.engine.report.examples import KEPT_IN, examples, write_examples
from firstbell.engine.report.pages import COMMAND, finding_page, index_page, page_of
from firstbell.engine.report.why import WHY

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "reference" / "findings"


def test_the_list_of_findings_is_current() -> None:
    assert (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8") == index_page(), COMMAND


def test_every_code_has_its_page_and_no_page_is_left_over() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(CATALOGUE), COMMAND


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_the_page_of_a_code_is_current(code: str) -> None:
    assert (PAGES / f"{code}.md").read_text(encoding="utf-8") == finding_page(code), COMMAND


def test_the_examples_are_those_of_the_cases() -> None:
    kept = ROOT / "src" / "firstbell" / "engine" / "report" / KEPT_IN
    assert kept.read_text(encoding="utf-8") == write_examples(ROOT / "tests" / "cases"), COMMAND


def test_an_example_shows_what_is_wrong_beside_what_is_right() -> None:
    example = page_of("value-missing").example
    assert example is not None
    place = example.bad.header.index("name")
    assert example.marked == ["name"]
    assert (example.bad.rows[0][place], example.good.rows[0][place]) == ("", "Elm")


def test_every_example_differs_and_shows_a_line() -> None:
    for code, example in examples().items():
        assert example.bad != example.good, code
        assert example.bad.rows or example.good.rows, code


def test_only_codes_of_the_catalogue_are_explained() -> None:
    assert set(WHY) <= set(CATALOGUE)
