"""`make fuzz`, or `python -m tests.fuzz [EXAMPLES] [SEED]`: throws anything at the readers, for as long as one likes.

Not a part of CI, where the same properties run with a few hundred examples (tests/engine/test_any_package.py). EXAMPLES
(10,000) are made of each kind, from SEED (chosen and printed, so that the run can be repeated). A failure is made as
small as possible, printed and ends the run with a traceback. Put the bytes that failed into tests/fuzz/corpus as a file
with a telling name, a few kilobytes at most: the tests read each of them for ever.
"""

import secrets
import sys
from collections.abc import Callable

import hypothesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.accounts import account_for_file, account_for_package, any_bytes, any_package

EXAMPLES = 10_000


def main() -> None:
    """Run both properties."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbelow(2**32)
    print(f"seed {seed}, {examples:,} examples of each kind", flush=True)
    _run("files", account_for_file, any_bytes, examples, seed)
    _run("packages", account_for_package, any_package(), max(examples // 10, 1), seed)


def _run[Sent](
    name: str, account: Callable[[Sent], object], sent: st.SearchStrategy[Sent], examples: int, seed: int
) -> None:
    count = 0

    @hypothesis.seed(seed)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(sent)
    def holds(example: Sent) -> None:
        nonlocal count
        count += 1
        if count % 1000 == 0:
            print(f"{name}: {count:,}", flush=True)
        account(example)

    holds()
    print(f"{name}: {count:,} examples, each record accounted for", flush=True)


if __name__ == "__main__":
    main()
