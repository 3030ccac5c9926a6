"""Files for a program are left on OpenSSH's own server by a timetable: whole, then changes; failures are told."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone
from tests.api.oneroster.conftest import Product, product_of
from tests.api.oneroster.town import bring, make_town, next_day
from tests.connectors.sshd import Sshd, needs_sshd, running
from tests.working import work_until_idle

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.sharing.models import Outlet, OutletDue
from firstbell.domain.sharing.outlets import (
    WAITS,
    NoDelta,
    When,
    begin_due_outlets,
    end_outlet,
    find_outlet,
    leave,
    leave_soon,
    set_outlet,
)
from firstbell.domain.sources.models import Notice, NoticeKind
from firstbell.engine.package import open_package

pytestmark = needs_sshd
TOWN = make_town(10, students=8)
NIGHTLY = When(["03:05"], list(range(7)), [])


@pytest.fixture
def product(district: District, tmp_path: Path, settings: pytest.FixtureRequest) -> Product:
    settings.FIRSTBELL_REACHABLE_HOSTS = frozenset({"127.0.0.1"})  # type: ignore[attr-defined]
    bring(district, TOWN, tmp_path)
    return product_of(district)


def entered(sshd: Sshd, **more: str) -> dict[str, str]:
    return {name: value for name, value in sshd.values(**more).items() if name not in {"files", "take"}}


def outlet_of(product: Product) -> Outlet:
    found = find_outlet(product.client.client)
    assert found is not None
    return found


def due_at(product: Product) -> dt.datetime:
    return OutletDue.objects.get(pk=outlet_of(product).pk).at


def told(product: Product) -> list[str]:
    with within(product.district):
        return list(Notice.objects.filter(path__contains="by-timetable").order_by("pk").values_list("kind", flat=True))


def test_all_of_it_is_left_and_then_what_has_changed(product: Product, tmp_path: Path) -> None:
    place = tmp_path / "server"
    place.mkdir()
    with running(place) as sshd:
        outlet = set_outlet(product.client.client, "oneroster-1.2", entered(sshd), NIGHTLY, delta=True, by=OPERATOR)
        assert sshd.private_key not in str(outlet.settings)
        assert sshd.private_key.encode()[40:80] not in bytes(outlet.secrets)
        assert due_at(product) > timezone.now()
        leave_soon(product.client.client, by=OPERATOR)
        work_until_idle("exports")
        assert [path.name for path in sshd.folder.iterdir()] == ["roster.zip"]
        open_package(sshd.folder / "roster.zip")
        leave(product.district, outlet.pk)
        assert outlet_of(product).says == "Nothing had changed, so nothing was left."
        bring(product.district, next_day(TOWN, 101), tmp_path, "night")
        leave(product.district, outlet.pk)
        [delta] = sshd.folder.glob("roster-delta-*.zip")
        assert delta.stat().st_size < (sshd.folder / "roster.zip").stat().st_size
        assert list(sshd.folder.glob("*.part")) == []
        assert outlet_of(product).trouble == ""
        assert told(product) == []


def test_a_server_that_shows_another_key_gets_nothing_and_people_are_told_once(
    product: Product, tmp_path: Path
) -> None:
    place = tmp_path / "server"
    place.mkdir()
    client = product.client.client
    with running(place) as sshd:
        wrong = entered(sshd, host_key="SHA256:" + "A" * 43)
        outlet = set_outlet(client, "oneroster-1.1", wrong, NIGHTLY, delta=False, by=OPERATOR)
        for _ in range(2):
            leave(product.district, outlet.pk)
        assert list(sshd.folder.iterdir()) == []
        assert "pinned" in outlet_of(product).trouble
        assert told(product) == [NoticeKind.OUTLET]
        values = entered(sshd) | {"private_key": ""}  # a blank secret stays
        set_outlet(client, "oneroster-1.1", values, NIGHTLY, delta=False, by=OPERATOR)
        leave(product.district, outlet.pk)
        assert [path.name for path in sshd.folder.iterdir()] == ["roster.zip"]


def test_a_server_that_is_down_is_tried_again_before_people_are_told(product: Product, tmp_path: Path) -> None:
    place = tmp_path / "server"
    place.mkdir()
    with running(place) as sshd:
        values = entered(sshd)
    outlet = set_outlet(product.client.client, "clever", values, NIGHTLY, delta=False, by=OPERATOR)
    now = timezone.now()
    for wait in WAITS:
        leave(product.district, outlet.pk, clock=lambda: now)
        assert due_at(product) == now + wait
        assert told(product) == []
    leave(product.district, outlet.pk, clock=lambda: now)
    assert told(product) == [NoticeKind.OUTLET]
    assert due_at(product) > now
    assert outlet_of(product).tries == 0


def test_what_is_due_is_begun_once(product: Product) -> None:
    values = {"host": "sftp.example.org", "username": "x", "password": "secret"}
    outlet = set_outlet(product.client.client, "clever", values, NIGHTLY, delta=False, by=OPERATOR)
    due = OutletDue.objects.filter(pk=outlet.pk)
    due.update(at=timezone.now() - dt.timedelta(minutes=1))
    begin_due_outlets(timezone.now())
    first = due.get().at
    assert first > timezone.now()
    begin_due_outlets(timezone.now())
    assert due.get().at == first
    end_outlet(product.client.client, by=OPERATOR)
    assert not due.exists()
    leave(product.district, outlet.pk)  # a job that comes late does nothing
    assert find_outlet(product.client.client) is None


def test_a_format_without_deltas_has_none(product: Product) -> None:
    with pytest.raises(NoDelta):
        set_outlet(product.client.client, "sds-2.1", {}, NIGHTLY, delta=True, by=OPERATOR)
