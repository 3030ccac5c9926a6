"""A product that polls ``dateLastModified>`` ends with the roster, whatever commits late and whoever dies between."""

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connections
from tests.api.oneroster.conftest import V1P1, V1P2, Product, Record, import_sample

from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Role

TABLES = ("academicSessions", "orgs", "courses", "classes", "users", "enrollments", "demographics")
type Held = dict[str, dict[str, Record]]


def pull(product: Product, root: str) -> Held:
    return {table: {str(one["sourcedId"]): one for one in product.walk(table, root, limit=200)} for table in TABLES}


def poll(product: Product, root: str, held: Held) -> None:
    """What a product does each night: ask for what is later than the latest that it has."""
    for table in TABLES:
        latest = max((str(one["dateLastModified"]) for one in held[table].values()), default="1970-01-01T00:00:00.000Z")
        for one in product.walk(table, root, limit=50, filter=f"dateLastModified>'{latest}'"):
            held[table][str(one["sourcedId"])] = one


@pytest.mark.parametrize("root", [V1P1, V1P2])
def test_polling_night_after_night_is_the_same_as_reading_all(reader: Product, tmp_path: Path, root: str) -> None:
    held = pull(reader, root)
    for day in (1, 2, 3):
        import_sample(reader.district, tmp_path, day=day)
        poll(reader, root, held)
        assert held == pull(reader, root)
    assert any(one["status"] == "tobedeleted" for one in held["enrollments"].values())


def test_a_change_of_a_role_is_a_change_of_the_person(reader: Product) -> None:
    held = pull(reader, V1P2)
    with within(reader.district):
        role = Role.objects.filter(district_id=reader.district.pk, role="student").order_by("id").first()
        assert role is not None
        stamp = take_stamps(reader.district, 1)
        Role.objects.filter(district_id=reader.district.pk, id=role.id).update(end_date="2030-01-01", stamp=stamp)
    poll(reader, V1P2, held)
    assert held == pull(reader, V1P2)


def test_who_left_stays_readable_as_to_be_deleted_with_the_last_roles(reader: Product, tmp_path: Path) -> None:
    held = pull(reader, V1P2)
    for day in (1, 2, 3, 4):
        import_sample(reader.district, tmp_path, day=day, churn=0.08)
    poll(reader, V1P2, held)
    left = [one for one in held["users"].values() if one["status"] == "tobedeleted"]
    assert left
    assert all(one["roles"] for one in left)
    gone = {one["sourcedId"] for one in reader.walk("students", filter="status='tobedeleted'")}
    assert gone & {one["sourcedId"] for one in left}


def test_what_commits_late_is_later_than_what_was_seen_before(reader: Product) -> None:
    """The clock was read, then another reader came, then the change committed: its time is after that reader's."""
    with within(reader.district):
        class_ = Class.objects.filter(district_id=reader.district.pk).order_by("id").first()
        assert class_ is not None
        stamp = take_stamps(reader.district, 1)
        Class.objects.filter(district_id=reader.district.pk, id=class_.id).update(title="Late", stamp=stamp)
        asked_at = _now_in_a_thread_of_its_own(lambda: reader.read("classes", limit=1))
    later = reader.read("classes", filter=f"dateLastModified>'{asked_at:%Y-%m-%dT%H:%M:%S.%fZ}'")
    assert [one["title"] for one in later] == ["Late"]


def test_the_first_reader_tells_the_time_where_the_writer_died(reader: Product) -> None:
    held = pull(reader, V1P2)
    with patch("firstbell.domain.districts.stamps.transaction.on_commit"), within(reader.district):
        class_ = Class.objects.filter(district_id=reader.district.pk).order_by("id").first()
        assert class_ is not None
        stamp = take_stamps(reader.district, 1)
        Class.objects.filter(district_id=reader.district.pk, id=class_.id).update(title="Untold", stamp=stamp)
    poll(reader, V1P2, held)
    assert held == pull(reader, V1P2)
    assert all("dateLastModified" in one for one in held["classes"].values())


def _now_in_a_thread_of_its_own(ask: Callable[[], object]) -> dt.datetime:
    times: list[dt.datetime] = []

    def work() -> None:
        ask()
        times.append(dt.datetime.now(dt.UTC))
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return times[0]
