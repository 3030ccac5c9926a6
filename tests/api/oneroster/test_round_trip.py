"""Our provider through our own consumer: who pulls a roster from us ends with the roster that came to us."""

import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import polars as pl
import pytest
from tests.api.oneroster.conftest import Product, import_sample
from tests.connectors.oneroster_server import HERE, IMPATIENT
from tests.connectors.test_oneroster_rest import told_by, untold

from firstbell.connectors.contract import Completeness, Fetched, Values
from firstbell.connectors.oneroster_rest.settings import ROOTS
from firstbell.engine.formats import read
from firstbell.engine.package import open_package
from firstbell.project.wsgi import application


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        """Nothing."""


@pytest.fixture
def address(database: None) -> Iterator[str]:
    """The application behind a port of this machine."""
    with make_server("127.0.0.1", 0, application, ThreadingServer, Silent) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def values_of(product: Product, address: str, version: str, **more: str) -> Values:
    return {
        "version": version,
        "address": f"{address}{ROOTS[version]}",
        "sign_in": "oauth2",
        "token_address": f"{address}/oauth/token",
        "key": product.client.client.client_id,
        "secret": product.client.secret,
        "page_size": "50",
        **more,
    }


def pull(values: Values, folder: Path, memory: str = "") -> Fetched:
    folder.mkdir()
    return IMPATIENT.fetch(values, folder, HERE, memory=memory, whole=False, told=untold)


@pytest.mark.parametrize("version", ["1.2", "1.1"])
def test_who_pulls_from_us_has_the_roster_that_came_to_us(
    reader: Product, address: str, tmp_path: Path, version: str
) -> None:
    fetched = pull(values_of(reader, address, version), tmp_path / "pulled")
    came, pulled = read(open_package(tmp_path / "day-0.zip")), read(open_package(tmp_path / "pulled"))
    assert fetched.completeness is Completeness.WHOLE
    assert pulled.usable
    for table in pulled.tables:
        wanted, found = told_by(came, table), told_by(pulled, table)
        if version == "1.1":
            wanted, found = in_words_of_1p1(wanted, found, table)
        assert found.equals(wanted), table
    assert set(came.tables) - set(pulled.tables) <= {"userProfiles"}


def test_who_asks_for_changes_has_them_all(reader: Product, address: str, tmp_path: Path) -> None:
    values = values_of(reader, address, "1.2", changes="yes")
    first = pull(values, tmp_path / "first")
    memory, added = first.memory, dict.fromkeys(("users", "enrollments"), 0)
    for day in range(1, 5):
        import_sample(reader.district, tmp_path, day=day, churn=0.08)
        fetched = pull(values, tmp_path / f"changes-{day}", memory=memory)
        memory = fetched.memory
        assert fetched.completeness is Completeness.DELTA
        changed = read(open_package(tmp_path / f"changes-{day}"))
        before, after = (read(open_package(tmp_path / f"day-{which}.zip")) for which in (day - 1, day))
        for table in added:
            new = set(after.tables[table]["sourcedId"]) - set(before.tables[table]["sourcedId"])
            assert new <= set(changed.tables[table]["sourcedId"]), table
            added[table] += len(new)
    assert all(added.values())


def in_words_of_1p1(wanted: pl.DataFrame, found: pl.DataFrame, table: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What 1.1 cannot carry is left out of both sides."""
    kept = [name for name in found.columns if found[name].null_count() < found.height or not found.height]
    if table == "roles":
        return wanted.clear(), found.clear()
    return wanted.select(kept).sort(kept), found.select(kept).sort(kept)
