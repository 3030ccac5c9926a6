"""Carries a run out again and again, each time killed (-9) at a later statement. Run as a program of its own.

Says ``killed N`` after each death and ``done`` at the end, and waits for a line after each, so that the test can look.
"""

import os
import signal
import sys
from typing import Any


class Killer:
    """Counts what goes to the database from the first statement of the apply step on, and kills at one."""

    def __init__(self, at: int) -> None:
        self.at, self.count, self.counting = at, 0, False

    def told(self, step: str) -> None:
        self.counting = self.counting or step == "apply"

    def watch(self, owner: Any, name: str) -> None:
        plain = getattr(owner, name)

        def watched(*args: Any, **more: Any) -> Any:
            self.tick()
            result = plain(*args, **more)
            if name == "commit":
                self.tick()
            return result

        setattr(owner, name, watched)

    def tick(self) -> None:
        self.count += self.counting
        if self.counting and self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def _carry_out(district_id: int, run_id: int, at: int) -> None:
    import psycopg

    from firstbell.domain.audit.actor import OPERATOR
    from firstbell.domain.districts.models import District
    from firstbell.domain.districts.wall import within
    from firstbell.domain.imports.loading import carry_out
    from firstbell.domain.imports.models import Run

    killer = Killer(at)
    for owner, name in (
        (psycopg.Cursor, "execute"),
        (psycopg.Cursor, "copy"),
        (psycopg.Copy, "write"),
        (psycopg.Connection, "commit"),
    ):
        killer.watch(owner, name)
    district = District.objects.get(pk=district_id)
    with within(district):
        run = Run.objects.select_related("source").get(pk=run_id)
    carry_out(district, run, by=OPERATOR, told=killer.told)


def main(district_id: int, run_id: int) -> None:
    """Forks before anything is computed or connected, so that each try is a process like a new one."""
    import django

    django.setup()
    import firstbell.domain.imports.loading  # noqa: F401 (read once, not in each try)

    at = 0
    while True:
        at += 1
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                _carry_out(district_id, run_id, at)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(f"killed {at}" if killed else f"done {os.waitstatus_to_exitcode(status)}", flush=True)  # noqa: T201
        if not killed or not sys.stdin.readline():
            return


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
