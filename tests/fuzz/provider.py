"""`make hostile`, or `python -m tests.fuzz.provider`: asks every endpoint of rostering anything, 10,000 times each.

Not a part of CI, where the same property runs with a few examples an endpoint (tests/api/oneroster/test_hostile.py).
Endpoints go side by side over the processors, each in a town of its own process; one line for each tells how it went.
A seed is chosen and printed: the same seed with the same number of examples asks the same questions again.
"""

import argparse
import os
import secrets
import sys

import pytest

EXAMPLES = 10_000
TESTS = "tests/api/oneroster/test_hostile.py"


def main() -> int:
    """Run them; the exit code is pytest's."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.provider")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="for each endpoint and version")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="of a run to repeat")
    parser.add_argument("--only", default="", help="endpoints by a part of their name: users, or 'users and v1p2'")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    said = parser.parse_args()
    os.environ["HOSTILE_EXAMPLES"] = str(said.examples)
    print(f"seed {said.seed}, {said.examples:,} questions to each endpoint", flush=True)
    chosen = ["-k", said.only] if said.only else []
    order = ["-p", "no:randomly", f"--hypothesis-seed={said.seed}"]
    side_by_side = ["-n", str(said.processes), "--dist", "worksteal"]
    return int(pytest.main(["-v", "--tb=short", *order, *side_by_side, TESTS, *chosen]))


if __name__ == "__main__":
    sys.exit(main())
