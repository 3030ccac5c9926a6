"""What a program sees, as files: the same people as by REST, and nothing that our own check would complain about."""

from pathlib import Path

import polars as pl
import pytest
from tests.api.oneroster.conftest import Product, product_of
from tests.api.oneroster.town import Said, bring, make_town, shown_of

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.sharing.access import NotGranted
from firstbell.domain.sharing.actions import add_client, revoke_client
from firstbell.domain.sharing.disclosing import received_of
from firstbell.domain.sharing.exporting import FORMATS, export_roster
from firstbell.domain.sharing.granting import set_grant
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS
from firstbell.domain.sharing.presets import Preset, Wish
from firstbell.engine.check import Checked
from firstbell.engine.findings import Severity, explain
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect

TOWN = make_town(5)
NORTH = Said(schools=("north",), hidden=frozenset({"users.phone"}))


@pytest.fixture
def product(district: District, tmp_path: Path) -> Product:
    bring(district, TOWN, tmp_path)
    return product_of(district)


def read_back(path: Path) -> Checked:
    """The package as we read it, without a finding above a remark."""
    _, checked = inspect(open_package(path))
    serious = explain(checked.findings).filter(pl.col("severity").is_in([Severity.FATAL.value, Severity.ERROR.value]))
    assert serious.is_empty(), serious
    return checked


def ids_of(checked: Checked, table: str) -> set[str]:
    return set(checked.tables[table]["sourcedId"])


@pytest.mark.parametrize("target", FORMATS)
def test_every_format_is_read_without_an_error(product: Product, tmp_path: Path, target: str) -> None:
    export_roster(product.client.client, target, tmp_path / "out.zip", by=OPERATOR)
    checked = read_back(tmp_path / "out.zip")
    assert checked.tables["users"].height >= len([key for key in TOWN["users"] if key.startswith("s-")])


@pytest.mark.parametrize("target", ["oneroster-1.1", "oneroster-1.2"])
def test_files_have_exactly_what_the_grant_shows(product: Product, tmp_path: Path, target: str) -> None:
    set_grant(product.client.client, NORTH.wish(product.district), by=OPERATOR, is_sure=True)
    export_roster(product.client.client, target, tmp_path / "out.zip", by=OPERATOR)
    checked, shown = read_back(tmp_path / "out.zip"), shown_of(TOWN, NORTH)
    for table in ("orgs", "courses", "classes", "users", "enrollments", "demographics"):
        assert ids_of(checked, table) == shown[table], table
    assert checked.tables["users"]["phone"].drop_nulls().is_empty()
    assert {one.table for one in received_of(product.district, _row(product.district, "t-north-0"))} >= {"users"}


def test_files_for_the_nameless_name_nobody(product: Product, tmp_path: Path) -> None:
    made = add_client(product.district, "Nameless", list(SCOPE_URIS), by=OPERATOR)
    set_grant(made.client, Wish(preset=Preset.ANONYMOUS), by=OPERATOR)
    export_roster(made.client, "oneroster-1.2", tmp_path / "out", by=OPERATOR)
    text = "".join(file.read_text() for file in (tmp_path / "out").iterdir())
    for row in TOWN["users"].values():
        for column in ("sourcedId", "familyName", "email", "identifier"):
            assert f"{row[column]}" not in text.replace("\n", ",").split(",")
    assert "demographics" not in {file.stem for file in (tmp_path / "out").iterdir()}


def test_who_was_shut_out_gets_no_files(product: Product, tmp_path: Path) -> None:
    revoke_client(product.client.client, by=OPERATOR)
    with pytest.raises(NotGranted):
        export_roster(product.client.client, "oneroster-1.2", tmp_path / "out", by=OPERATOR)


def _row(district: District, sourced_id: str) -> int:
    from tests.api.oneroster.test_disclosures import row_of

    return row_of(district, sourced_id)
