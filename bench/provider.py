"""How fast is the roster read by OneRoster? ``python -m bench.provider D10`` asks one server process on loopback, and
beside it PostgreSQL by one psycopg connection for the same JSON, behind the wall.

One question after another by one connection; then twenty connections at once.
"""

import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.beside import COMMAND, wait_for
from bench.figures import Floor, Times, figures_of
from bench.home import temporary_home
from bench.packages import students_of
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

PORT = 8932
ROOT = "/ims/oneroster/rostering/v1p2"
BASE = f"http://127.0.0.1:{PORT}{ROOT}"
ROUNDS = 60
CONNECTIONS = 20
SECONDS = 10.0
FIRST, LAST, ONE = "first page of 100 users", "last page of 100 users", "users/{id}"
WHOLE = {limit: f"all users at limit={limit}" for limit in (1_000, 10_000)}
OF_ONE_PAGE, OF_ONE = "floor: a page", "floor: one user"
OF_WHOLE = {limit: f"floor: all users at limit={limit}" for limit in WHOLE}
FLOORS = {
    FIRST: Floor(OF_ONE_PAGE, 1.5),
    LAST: Floor(FIRST, 1.5),
    ONE: Floor(OF_ONE, 3),
    **{name: Floor(OF_WHOLE[limit], 1.5) for limit, name in WHOLE.items()},
}


@dataclass(frozen=True)
class World:
    """A district with its roster, and a token for it."""

    district_id: int
    token: str
    users: int
    ids: list[str]


def measure_provider(size: str) -> tuple[World, Times, dict[str, float]]:
    """Seconds by what was asked, and how many a second by twenty connections. Needs ``bench.home``."""
    times = Times()
    with tempfile.TemporaryDirectory(prefix="firstbell-bench-provider-") as folder:
        world = _open(size, Path(folder, "roster.zip"))
    with _serving():
        client = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        wait_for(client)
        ask = _asker(client, world)
        last = f"/users?limit=100&offset={world.users - 100}"
        for _ in range(10):  # the first ones fill caches and prepare statements
            for path in ("/users?limit=100", last, f"/users/{world.ids[0]}"):
                ask(path)
            _floor_page(world, 100)
            _floor_one(world, world.ids[0])
        for _ in range(ROUNDS):
            one = random.choice(world.ids)  # noqa: S311 (no secret)
            for name, path in ((FIRST, "/users?limit=100"), (LAST, last), (ONE, f"/users/{one}")):
                with times.of(name):
                    ask(path)
            with times.of(OF_ONE_PAGE):
                _floor_page(world, 100)
            with times.of(OF_ONE):
                _floor_one(world, one)
        for limit, name in WHOLE.items():
            for _ in range(3):
                with times.of(name):
                    _walk(ask, limit, world.users)
                with times.of(OF_WHOLE[limit]):
                    _floor_walk(world, limit)
        many = {
            "pages of 100 a second": _at_once(world, "/users?limit=100"),
            "last pages of 100 a second": _at_once(world, last),
        }
    return world, times, many


def _open(size: str, package: Path) -> World:
    from django.db import connections  # noqa: PLC0415 (Django is set up by now)

    from bench.imports import import_package  # noqa: PLC0415
    from firstbell.domain.audit.actor import OPERATOR  # noqa: PLC0415
    from firstbell.domain.districts.actions import add_district  # noqa: PLC0415
    from firstbell.domain.districts.wall import within  # noqa: PLC0415
    from firstbell.domain.roster.models import User  # noqa: PLC0415
    from firstbell.domain.roster.sources import add_source  # noqa: PLC0415
    from firstbell.domain.sharing.actions import add_client, give_token  # noqa: PLC0415
    from firstbell.domain.sharing.oneroster.version import SCOPE_URIS  # noqa: PLC0415

    write(sample(students_of(size)), package, version="1.2")
    district = add_district("provider", "Provider Unified", by=OPERATOR)
    import_package(district, add_source(district, "SIS", by=OPERATOR), package)
    made = add_client(district, "Bench", list(SCOPE_URIS), by=OPERATOR)
    token = give_token(made.client.client_id, made.secret, []).token
    with within(district):
        ids = list(User.objects.filter(district_id=district.pk).values_list("sourced_id", flat=True))
    connections.close_all()
    return World(district.pk, token, len(ids), random.sample(ids, 500))


@contextmanager
def _serving() -> Iterator[None]:
    with subprocess.Popen([*COMMAND, "serve", "--quiet", "--port", str(PORT)]) as server:
        try:
            yield
        finally:
            server.terminate()


def _asker(client: http.client.HTTPConnection, world: World) -> Callable[[str], http.client.HTTPResponse]:
    headers = {"Authorization": f"Bearer {world.token}"}

    def ask(path: str) -> http.client.HTTPResponse:
        client.request("GET", path if path.startswith(ROOT) else ROOT + path, headers=headers)
        answer = client.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        if answer.status != http.client.OK:
            raise SystemExit(f"{path}: {answer.status}")
        return answer

    return ask


def _walk(ask: Callable[[str], http.client.HTTPResponse], limit: int, users: int) -> None:
    path, found = f"/users?limit={limit}", 0
    while path:
        answer = ask(path)
        found += len(json.loads(answer.body)["users"])  # type: ignore[attr-defined]
        following = re.search(r'<([^>]*)>; rel="next"', answer.headers["Link"] or "")
        path = following[1].removeprefix(f"http://127.0.0.1:{PORT}") if following else ""
    if found != users:
        raise SystemExit(f"{found} of {users} users")


def _floor_statement(world: World, limit: int, after: str | None, one: str | None = None) -> list[tuple[str, str]]:
    """The same JSON by the same columns, and nothing else: no token, no totals, no marks, no HTTP."""
    from django.db import connection  # noqa: PLC0415
    from psycopg import Cursor  # noqa: PLC0415

    from firstbell.domain.sharing.oneroster.asking import Question  # noqa: PLC0415
    from firstbell.domain.sharing.oneroster.collection import COLLECTIONS  # noqa: PLC0415
    from firstbell.domain.sharing.oneroster.statement import (  # noqa: PLC0415
        Window,
        number,
        one_statement,
        page_statement,
    )
    from firstbell.domain.sharing.oneroster.version import Version  # noqa: PLC0415

    question = Question(Version.V1P2, COLLECTIONS["users"])
    known: dict[str, object] = {"district": number(world.district_id), "base": BASE}
    known |= {"client": number(0), "floor": number(0)}
    window = Window(limit, behind=None if after is None else (None, after))
    asked = one_statement(question, known, one) if one else page_statement(question, known, window)
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = 1
    with raw.transaction(), Cursor(raw) as cursor:
        cursor.execute("select set_config('firstbell.district', %s, true)", [str(world.district_id)])
        return [(row[0], row[1]) for row in cursor.execute(asked.sql, asked.values).fetchall()]


def _floor_page(world: World, limit: int, after: str | None = None) -> list[tuple[str, str]]:
    return _floor_statement(world, limit, after)


def _floor_one(world: World, sourced_id: str) -> None:
    _floor_statement(world, 1, None, sourced_id)


def _floor_walk(world: World, limit: int) -> None:
    after, found = None, 0
    while True:
        rows = _floor_page(world, limit, after)
        found += len(json.loads("[" + ",".join(row[1] for row in rows) + "]"))
        if len(rows) < limit:
            break
        after = rows[-1][0]
    if found != world.users:
        raise SystemExit(f"{found} of {world.users} users")


def _at_once(world: World, path: str) -> float:
    """Questions a second by twenty connections."""
    done = [0] * CONNECTIONS
    end = time.perf_counter() + SECONDS

    def work(place: int) -> None:
        ask = _asker(http.client.HTTPConnection("127.0.0.1", PORT, timeout=60), world)
        while time.perf_counter() < end:
            ask(path)
            done[place] += 1

    threads = [threading.Thread(target=work, args=[place]) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / SECONDS


def main() -> None:
    """Measure what the command line names."""
    size = sys.argv[1]
    with temporary_home():
        world, times, many = measure_provider(size)
    table = Table(title=f"The provider, {size}: {world.users:,} users")
    for name in ("what", "ms", "ratio", "at most", "floor"):
        table.add_column(name, justify="left" if name in {"what", "floor"} else "right")
    for figure in figures_of(size, world.users, times, FLOORS):
        cells = (figure.what, f"{figure.seconds * 1000:.2f}", f"{figure.ratio:.2f}", str(figure.at_most), figure.floor)
        table.add_row(*cells)
    Console(width=120).print(table)
    for limit, name in WHOLE.items():
        print(f"limit={limit}: {world.users / times.median(name):,.0f} rows/s")
    for name, rate in many.items():
        print(f"{name} by {CONNECTIONS} connections: {rate:,.0f}")


if __name__ == "__main__":
    main()
