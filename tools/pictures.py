"""Makes the pictures of README.md from a running demo: `python tools/pictures.py var/demo.json`; needs Chromium."""

import io
import json
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = {"width": 1280, "height": 800}
COLOURS = 128
ADMINISTRATOR = ("district_administrator", "maple-valley")
CHROMIUM = "/usr/bin/chromium"


def main(handout: Path) -> None:
    """Sign in as the administrator of the automated district, and look at three pages."""
    said = json.loads(handout.read_text(encoding="utf-8"))
    login = next(one for one in said["logins"] if (one["role"], one["district"]) == ADMINISTRATOR)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(login["sign_in"])
        page.get_by_label("Email").fill(login["username"])
        page.get_by_label("Password").first.fill(login["password"])
        page.get_by_role("button", name="Sign in").first.click()
        page.wait_for_load_state()
        keep(page, "home")
        page.get_by_role("link", name="Look and decide").first.click()
        page.wait_for_load_state()
        keep(page, "held")
        page.goto(f"{said['url'].rstrip('/')}/which-method/?accounts=320&mobility=often&frequency=daily&current=sis")
        keep(page, "advice")
        browser.close()


def keep(page: Page, name: str) -> None:
    """What the window shows, in few colours: a picture of a page has no more."""
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shown.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    main(Path(sys.argv[1]))
