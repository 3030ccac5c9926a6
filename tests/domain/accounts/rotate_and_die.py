"""Turns the master key, and is killed (-9) after a few districts. Run as a program of its own."""

import os
import signal
import sys


def main(after: int) -> None:
    """Reseal so many districts, and die in the middle of the next."""
    import django

    django.setup()
    from firstbell.domain.accounts import rotating
    from firstbell.domain.audit.actor import OPERATOR
    from firstbell.domain.districts.sealing import rewrapped

    done: list[int] = []

    def and_die(district: object) -> bytes:
        if len(done) == after:
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(after)
        return rewrapped(district)  # type: ignore[arg-type]

    vars(rotating)["rewrapped"] = and_die
    rotating.rotate(by=OPERATOR)


if __name__ == "__main__":
    main(int(sys.argv[1]))
