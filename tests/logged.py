"""Lines of our own log, as a test reads them."""

from collections.abc import Mapping

import pytest


def lines_of(caplog: pytest.LogCaptureFixture) -> list[Mapping[str, object]]:
    """What structlog gave to the standard library, in order.

    Not structlog's ``capture_logs``: a logger that has logged before keeps its processors, and is not captured.
    """
    return [record.msg for record in caplog.records if isinstance(record.msg, dict)]
