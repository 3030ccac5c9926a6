"""What holds for every test run: the browser tests run wherever there is a browser, and always in CI."""

import os
import shutil

import pytest

CHROMIUM = "/usr/bin/chromium"
REASON = f"no {CHROMIUM}: sudo apt-get install chromium fonts-liberation"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests marked ``browser`` where there is no browser, unless this is CI: there they fail."""
    if shutil.which(CHROMIUM) or os.environ.get("CI") == "true":
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=REASON))
