"""A page says which language it is in, and lies the right way round in one that reads from right to left."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation
from playwright.sync_api import Page
from tests.web.conftest import OpenPage

import firstbell.web

WEB = Path(firstbell.web.__path__[0])
SHELLS = sorted(path for path in (WEB / "templates").rglob("*.html") if "<html" in path.read_text())
SHEETS = sorted((WEB / "static" / "firstbell").glob("*.css"))

DECLARATION = re.compile(r"^\s*([a-z-]+):\s*([^;{}]+);", re.MULTILINE)
SIDES = re.compile(r"(^|-)(left|right)(-|$)")
FOUR_SIDES = {"margin", "padding", "inset", "scroll-margin", "scroll-padding"}  # borders draw arrows, which are turned


def leans(name: str, value: str) -> bool:
    """Whether a declaration means the same side in every language. A shadow's or a picture's words are no side."""
    if SIDES.search(name):
        return True
    if name in {"text-align", "float", "clear"}:
        return value in {"left", "right"}
    parts = re.split(r"\s+(?![^(]*\))", value.strip())
    return name in FOUR_SIDES and len(parts) == 4 and parts[1] != parts[3]


@pytest.mark.parametrize(
    ("language", "says"),
    [("en-us", '<html lang="en-us">'), ("es", '<html lang="es">'), ("ar", '<html lang="ar" dir="rtl">')],
)
@pytest.mark.parametrize("shell", SHELLS, ids=lambda path: path.name)
def test_every_shell_tells_its_language_and_direction(shell: Path, language: str, says: str) -> None:
    top = Template(shell.read_text().split("<head>")[0])
    with translation.override(language):
        assert says in top.render(Context())


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_style_leans_to_one_side_of_the_screen(sheet: Path) -> None:
    declared = DECLARATION.findall(sheet.read_text())
    assert declared
    assert [f"{name}: {value}" for name, value in declared if leans(name, value)] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("margin-left", "auto"),
        ("border-top-right-radius", "0"),
        ("right", "0"),
        ("text-align", "left"),
        ("inset", "0 0 auto auto"),
        ("padding", "0.15em 0.65em calc(1em + 2px) 0.45em"),
    ],
)
def test_a_style_that_leans_is_found(name: str, value: str) -> None:
    assert leans(name, value)


def where_signs_point(page: Page) -> dict[str, str]:
    signs: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('svg.icon > use')].map(use =>
             [use.getAttribute('href').split('#')[1], getComputedStyle(use.parentElement).transform]))"""
    )
    return signs


def test_signs_that_point_turn_round_and_others_do_not(open_page: OpenPage) -> None:
    page = open_page("/design/", width=1280)
    assert where_signs_point(page)["next"] == "none"
    page.evaluate("document.documentElement.dir = 'rtl'")
    turned = {name for name, transform in where_signs_point(page).items() if transform == "matrix(-1, 0, 0, 1, 0, 0)"}
    assert "next" in turned
    assert turned <= {"back", "next", "out", "undo"}
