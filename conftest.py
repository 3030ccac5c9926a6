"""What holds for every test run: browser tests run wherever there is a browser, and always in CI; none is timed."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

CHROMIUM = "/usr/bin/chromium"
REASON = f"no {CHROMIUM}: sudo apt-get install chromium fonts-liberation"

# How long one example takes says how busy the machine is, and nothing of the code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: a test waits for its browser and its database half of the time."""
    cores = os.process_cpu_count() or 1
    return cores + cores // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests marked ``browser`` where there is no browser, unless this is CI: there they fail."""
    if shutil.which(CHROMIUM) or os.environ.get("CI") == "true":
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=REASON))
