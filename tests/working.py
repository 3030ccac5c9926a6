"""A real worker within the tests. A browser of another test leaves an event loop running in the main thread, in which
no other can begin: so a worker has a thread of its own, and the database connections that come with it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from click.testing import CliRunner
from django.db import connections

from firstbell.cli.main import main


def alone[T](work: Callable[[], T]) -> T:
    """What the work gives, done in a thread of its own."""

    def and_leave() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(and_leave).result()


def work_until_idle(queue: str = "imports") -> None:
    """A worker does what waits in a queue, one after the other (two at a time may change places), and ends."""
    words = ["worker", "--until-idle", "--concurrency", "1", "--queue", queue]
    done = alone(lambda: CliRunner().invoke(main, words, catch_exceptions=False))
    assert done.exit_code == 0, done.output
