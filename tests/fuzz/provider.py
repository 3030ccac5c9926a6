"""`python -m tests.fuzz.provider [EXAMPLES] [PATH]`: asks every endpoint of rostering anything, 10,000 times each.

Not a part of CI, where the same property runs with a few examples an endpoint (tests/api/oneroster/test_hostile.py).
PATH chooses endpoints by a part of their name (`users`). It takes some minutes an endpoint and version.
"""

import os
import sys

import pytest

EXAMPLES = "10000"
TESTS = "tests/api/oneroster/test_hostile.py"


def main() -> int:
    """Run them; the exit code is pytest's."""
    os.environ["HOSTILE_EXAMPLES"] = sys.argv[1] if len(sys.argv) > 1 else EXAMPLES
    chosen = ["-k", sys.argv[2]] if len(sys.argv) > 2 else []
    return int(pytest.main(["-q", "-p", "no:randomly", TESTS, *chosen]))


if __name__ == "__main__":
    sys.exit(main())
