"""What every page must stand: axe at A and AA, and no sideways scrolling."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLORS = ["color-contrast"]
"""What alone can be otherwise in the dark."""


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe finds wrong with the page as it is now: one line for each element. Only what is wrong is told of each
    element, which takes half the time."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> int:
    """How many pixels of the page stand outside the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


DESK, PHONE, HIGH = 1280, 320, 800


def wrong_in_any_look(page: Page) -> Iterator[str]:
    """What is wrong with the page on a desk, on a phone and in the dark, one line each: in one window, which keeps its
    size and colors afterwards as they were before.
    """
    before = page.viewport_size
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": HIGH})
        yield from (f"{page.url} at {width}: {one}" for one in violations(page))
        if (too_wide := sideways(page)) > 0:
            yield f"{page.url} at {width}: {too_wide} pixels stand outside the window"
    page.emulate_media(color_scheme="dark")
    yield from (f"{page.url} in the dark: {one}" for one in violations(page, COLORS))
    page.emulate_media(color_scheme=None)
    if before is not None:
        page.set_viewport_size(before)
