"""Do other districts' pages stay quick while one district is imported for the first time?

``python -m bench.beside D1M`` asks the pages of a small district of a real web server, alone and then for as long as a
first import of that size works in a process of its own, as a worker does. One browser, one page after another.
"""

import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import Times
from bench.home import temporary_home
from bench.packages import students_of
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

SMALL = 1_000
"""Students of the district whose pages are asked for."""
PORT = 8931
ALONE = 60
"""Rounds of all pages, before the import."""
CODE = "beside"
PAGES = {
    "home": "",
    "people": "people/",
    "people, searched": "people/?q=ma",
    "classes": "classes/",
    "a run": "runs/1/",
}
STARTS_WITHIN = 60.0
COMMAND = [str(Path(sys.executable).with_name("firstbell"))]


def measure_beside(size: str) -> tuple[Times, Times, float]:
    """The pages alone, the same beside the import, and the import's seconds. Needs ``bench.home``."""
    students = students_of(size)
    alone, beside = Times(), Times()
    with tempfile.TemporaryDirectory(prefix="firstbell-bench-beside-") as folder:
        small, large = Path(folder, "small.zip"), Path(folder, "large.zip")
        write(sample(SMALL), small, version="1.2")
        write(sample(students), large, version="1.2")
        cookie = _open_small(small)
        with _serving():
            browser = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
            wait_for(browser)
            for _ in range(ALONE):
                _ask(browser, cookie, alone)
            for times in alone.taken.values():
                del times[: ALONE // 10]  # the first ones fill caches
            begun = time.perf_counter()
            importing = [*COMMAND, "import", str(large), "--district", "large", "--source", "SIS"]
            with subprocess.Popen(importing, stdout=subprocess.DEVNULL) as process:
                while process.poll() is None:
                    _ask(browser, cookie, beside)
            if process.returncode:
                raise SystemExit(f"The import ended with {process.returncode}.")
    return alone, beside, time.perf_counter() - begun


def _open_small(package: Path) -> str:
    """Make the small district and import it; the cookie of its administrator."""
    from django.conf import settings  # noqa: PLC0415 (Django is set up by now)
    from django.db import connections, transaction  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench.imports import import_package  # noqa: PLC0415
    from firstbell.domain.accounts.actions import give_membership, open_account  # noqa: PLC0415
    from firstbell.domain.audit.actor import OPERATOR  # noqa: PLC0415
    from firstbell.domain.districts.actions import add_district  # noqa: PLC0415
    from firstbell.domain.roster.sources import add_source  # noqa: PLC0415

    district = add_district(CODE, "Beside Unified", by=OPERATOR)
    import_package(district, add_source(district, "SIS", by=OPERATOR), package)
    with transaction.atomic():
        account = open_account("office@beside.example", "Bea Side", password="plum-kettle-rowing", by=OPERATOR)  # noqa: S106
        give_membership(district, account, "district_administrator", by=OPERATOR)
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    connections.close_all()
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def _serving() -> Iterator[None]:
    with subprocess.Popen([*COMMAND, "serve", "--quiet", "--port", str(PORT)]) as server:
        try:
            yield
        finally:
            server.terminate()


def wait_for(browser: http.client.HTTPConnection) -> None:
    """Until the server takes a connection."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        try:
            browser.connect()
        except ConnectionRefusedError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The web server did not start.")


def _ask(browser: http.client.HTTPConnection, cookie: str, times: Times) -> None:
    for name, path in PAGES.items():
        with times.of(name):
            browser.request("GET", f"/d/{CODE}/{path}", headers={"Cookie": cookie})
            answer = browser.getresponse()
            answer.read()
        if answer.status != http.client.OK:
            raise SystemExit(f"{path}: {answer.status}")


def print_beside(size: str, alone: Times, beside: Times, seconds: float) -> None:
    """Median, 95th percentile and worst of each page, alone and beside."""
    rounds = len(beside.taken["home"])
    table = Table(title=f"Pages of another district during a first import of {size} ({seconds:.0f} s, {rounds} rounds)")
    for name in ("page", "alone ms", "p95", "beside ms", "p95", "worst", "ratio of p95"):
        table.add_column(name, justify="left" if name == "page" else "right")
    for name in PAGES:
        quiet, busy = _hundredths(alone, name), _hundredths(beside, name)
        figures = [*quiet, *busy, max(beside.taken[name]) * 1000]
        table.add_row(name, *(f"{figure:.0f}" for figure in figures), f"{busy[1] / quiet[1]:.1f}")
    Console(width=120).print(table)


def _hundredths(times: Times, name: str) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    taken = times.taken[name]
    return statistics.median(taken) * 1000, statistics.quantiles(taken, n=20)[-1] * 1000


def main() -> None:
    """Measure what the command line names."""
    with temporary_home():
        print_beside(sys.argv[1], *measure_beside(sys.argv[1]))


if __name__ == "__main__":
    main()
