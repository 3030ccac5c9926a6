"""What changed since a run, as files: all of it once and then the changes is what all of it again would give."""

from pathlib import Path

import polars as pl
import pytest
from tests.api.oneroster.conftest import Product, product_of
from tests.api.oneroster.test_exports import read_back
from tests.api.oneroster.test_grants import newcomer
from tests.api.oneroster.town import Said, bring, make_town, next_day

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.imports.access import NoSuchRun
from firstbell.domain.sharing.exporting import Exported, export_roster, list_applied, stamp_of_run
from firstbell.domain.sharing.granting import set_grant
from firstbell.domain.sharing.presets import Wish
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect

TOWN = make_town(9, students=20)
GRANTS = {"whole": Said(), "north": Said(schools=("north",), hidden=frozenset({"users.email"}))}
type Held = dict[str, dict[str, dict[str, object]]]


@pytest.fixture
def product(district: District, tmp_path: Path) -> Product:
    bring(district, TOWN, tmp_path)
    return product_of(district)


def rows_of(package: Path) -> Held:
    """The records by table and id, with their status."""
    _, checked = inspect(open_package(package))
    return {
        table: {str(row["sourcedId"]): row for row in rows.to_dicts()}
        for table, rows in checked.tables.items()
        if "sourcedId" in rows.columns
    }


def content(held: Held) -> Held:
    """What stays when the bookkeeping of the reader is left out."""
    return {
        table: {
            key: {name: value for name, value in row.items() if not name.startswith("_") and value is not None}
            for key, row in rows.items()
        }
        for table, rows in held.items()
        if rows
    }


def take_over(held: Held, changed: Held, target: str = "") -> None:
    if target == "oneroster-1.1":  # there a person's row says all their roles
        again = changed["users"].keys()
        held["roles"] = {key: row for key, row in held["roles"].items() if row["userSourcedId"] not in again}
    for table, rows in changed.items():
        for key, row in rows.items():
            if row["_status"] == "tobedeleted":
                held.get(table, {}).pop(key, None)
            else:
                held.setdefault(table, {})[key] = row


def export(product: Product, out: Path, since: int | None = None, target: str = "oneroster-1.2") -> Exported:
    return export_roster(product.client.client, target, out, by=OPERATOR, since=since)


@pytest.mark.parametrize(
    ("grant", "target"), [("whole", "oneroster-1.2"), ("whole", "oneroster-1.1"), ("north", "oneroster-1.2")]
)
def test_all_of_it_and_then_the_changes_is_all_of_it(product: Product, tmp_path: Path, grant: str, target: str) -> None:
    program = newcomer(product.district, GRANTS[grant])
    exported = export(program, tmp_path / "first.zip", target=target)
    held = rows_of(tmp_path / "first.zip")
    rows = TOWN
    for night in range(2):
        rows = next_day(rows, 90 + night)
        bring(product.district, rows, tmp_path, f"night-{night}")
        exported = export(program, tmp_path / f"delta-{night}.zip", exported.stamp, target)
        changed = rows_of(tmp_path / f"delta-{night}.zip")
        assert len(changed.get("enrollments", {})) < len(held["enrollments"])
        take_over(held, changed, target)
    export(program, tmp_path / "whole.zip", target=target)
    assert content(held) == content(rows_of(tmp_path / "whole.zip"))


def test_a_narrower_grant_is_told_as_removals(product: Product, tmp_path: Path) -> None:
    program = newcomer(product.district, Said())
    first = export(program, tmp_path / "first.zip")
    held = rows_of(tmp_path / "first.zip")
    set_grant(program.client.client, GRANTS["north"].wish(product.district), by=OPERATOR, is_sure=True)
    export(program, tmp_path / "delta.zip", first.stamp)
    take_over(held, rows_of(tmp_path / "delta.zip"))
    export(program, tmp_path / "whole.zip")
    whole = rows_of(tmp_path / "whole.zip")
    assert set(held["users"]) == set(whole["users"])
    assert "email" not in content(held)["users"][next(iter(held["users"]))]


def test_a_run_says_since_when(product: Product, tmp_path: Path, other_district: District) -> None:
    [run] = list_applied(product.district)
    since = stamp_of_run(product.district, run.pk)
    assert export(product, tmp_path / "nothing.zip", since).written.files == {}
    with pytest.raises(NoSuchRun):
        stamp_of_run(other_district, run.pk)
    with pytest.raises(KeyError):
        export(product, tmp_path / "no.zip", since, "clever")


def test_our_own_check_takes_a_delta(product: Product, tmp_path: Path) -> None:
    since = export(product, tmp_path / "first.zip").stamp
    set_grant(product.client.client, Wish(), by=OPERATOR)
    bring(product.district, next_day(TOWN, 92), tmp_path, "night")
    export(product, tmp_path / "delta.zip", since)
    assert read_back(tmp_path / "delta.zip").tables["users"].select(pl.col("_status") == "active").to_series().any()
