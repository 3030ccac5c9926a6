"""How quick the lists are in a district of a size: search as one types, the first page of each list and its last.

``python -m bench.lists D10`` makes a district of 10,000 students, and asks each page as an administrator's browser
does, through the whole application but for the network. Printed are the median and the 95th of a hundred of each, and
how much the last page takes of the first. What is aimed at, with a million students: 150 ms for the 95th, and 1.5.
``python -m bench.lists D1M --home FOLDER`` keeps the district there and finds it again the next time: a million
students take a quarter of an hour to make, 20 GB of disk and 8 GB of memory.
"""

import argparse
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench.home import temporary_home, use_home
from bench.packages import students_of
from firstbell.domain.districts.wall import only_by_index
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

if TYPE_CHECKING:
    from django.test import Client

    from firstbell.domain.districts.models import District

AIM_MS = 150.0
AIM_RATIO = 1.5
ASKED = 100
SECONDS = 20.0
"""A page that is slow is asked as often as these seconds let it be, at least three times."""
LEAST = 3
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SEARCHES = ("s", "sm", "smi", "smith", "an", "anna", "anna s", "garcia lopez", "student1", "9000")
ORDERS = {
    "people": ("", "?sort=given", "?sort=username", "?sort=identifier", "?sort=email", "?role=student", "?grade=07"),
    "classes": ("", "?sort=code", "?grade=07"),
}


@dataclass(slots=True)
class Asks:
    """What one page took, each time, in milliseconds."""

    what: str
    took: list[float] = field(default_factory=list)
    beside: str = ""
    """The page that it is compared with."""

    @property
    def p95(self) -> float:
        """The 95th of a hundred."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * 0.95))]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return statistics.median(self.took)


@contextmanager
def _home(folder: Path | None) -> Iterator[None]:
    if folder is None:
        with temporary_home():
            yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    use_home(folder)
    yield


def _ensure_district(size: str) -> "District":
    """The district of this size, as it was made before, or made now."""
    from bench.imports import import_package, new_district  # noqa: PLC0415 (Django is set up by now)
    from firstbell.domain.districts.models import District  # noqa: PLC0415

    name = f"Bench {size} Unified"
    found = District.objects.filter(name=name).first()
    if found is not None:
        return found
    district, source = new_district()
    with tempfile.TemporaryDirectory(prefix="firstbell-bench-lists-") as folder:
        write(sample(students_of(size)), Path(folder, "first.zip"), version="1.2")
        import_package(district, source, Path(folder, "first.zip"))
    District.objects.filter(pk=district.pk).update(name=name)
    _settle()
    district.refresh_from_db()
    return district


def _settle() -> None:
    """What autovacuum does within minutes of an import."""
    from bench.twin import owner_cursor  # noqa: PLC0415 (Django is set up by now)

    with owner_cursor() as cursor:
        cursor.execute("vacuum analyze")


def _tally(district: "District") -> None:
    """What a worker does within a minute of an import."""
    from firstbell.domain.roster.tallying import list_untallied, tally  # noqa: PLC0415

    begun = time.perf_counter()
    if district in list_untallied():
        tally(district)
        Console().print(f"Counted in {time.perf_counter() - begun:.1f} s.")


def _administrator(district: "District") -> "Client":
    from django.core.management import call_command  # noqa: PLC0415 (Django is set up by now)
    from django.test import Client  # noqa: PLC0415

    from firstbell.domain.accounts.actions import give_membership, open_account  # noqa: PLC0415
    from firstbell.domain.audit.actor import OPERATOR  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    account = open_account(f"{uuid.uuid4().hex}@example.org", "Ada Administrator", by=OPERATOR)
    give_membership(district, account, "district_administrator", by=OPERATOR)
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend=BACKEND)
    return client


def measure_lists(size: str) -> list[Asks]:
    """Ask every page of every list. Needs a home."""
    district = _ensure_district(size)
    _tally(district)
    client = _administrator(district)
    here = f"/d/{district.code}"
    asked = [_ask(client, f"search: {words}", f"{here}/people/?q={words}", typed=True) for words in SEARCHES]
    for room, orders in ORDERS.items():
        for order in orders:
            first = f"{here}/{room}/{order}"
            asked.append(_ask(client, f"{room} {order}", first))
            last = f"{first}{'&' if order else '?'}last=yes"
            asked.append(_ask(client, f"{room} {order}, last", last, beside=f"{room} {order}"))
    asked += [_ask(client, room, f"{here}/{room}/") for room in ("schools", "terms", "people/duplicates")]
    return asked


def _ask(client: "Client", what: str, path: str, *, typed: bool = False, beside: str = "") -> Asks:
    asks = Asks(what, beside=beside)
    headers = {"HX-Request": "true", "HX-Trigger": "id_q"} if typed else {}
    begun = time.perf_counter()
    while len(asks.took) < ASKED and (len(asks.took) < LEAST or time.perf_counter() - begun < SECONDS):
        at = time.perf_counter()
        with only_by_index():  # as the web server does
            answer = client.get(path, headers=headers)
        asks.took.append((time.perf_counter() - at) * 1000)
        if answer.status_code != 200:
            raise AssertionError(f"{path}: {answer.status_code}")
    return asks


def print_lists(size: str, asked: list[Asks]) -> None:
    """A row a page; what misses its aim is red."""
    medians = {asks.what: asks.median for asks in asked}
    table = Table(title=f"Lists of {size}, at the server")
    for name in ("page", "asked", "median ms", "p95 ms", "last / first"):
        table.add_column(name, justify="left" if name == "page" else "right")
    for asks in asked:
        ratio = asks.median / medians[asks.beside] if asks.beside else None
        table.add_row(
            asks.what,
            f"{len(asks.took)}",
            f"{asks.median:.0f}",
            _marked(f"{asks.p95:.0f}", is_met=asks.p95 <= AIM_MS),
            "" if ratio is None else _marked(f"{ratio:.2f}", is_met=ratio <= AIM_RATIO),
        )
    Console(width=None if Console().is_terminal else 100).print(table)


def _marked(text: str, *, is_met: bool) -> str:
    return text if is_met else f"[bold red]{text}[/]"


def main() -> None:
    """Measure the size that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench.lists", description=__doc__)
    parser.add_argument("size")
    parser.add_argument("--home", type=Path, help="keep the district here for the next time")
    said = parser.parse_args()
    with _home(said.home):
        print_lists(said.size, measure_lists(said.size))


if __name__ == "__main__":
    main()
