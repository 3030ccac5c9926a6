"""When a stamp could first be seen: what products that poll stand on."""

import datetime as dt
import itertools
from unittest.mock import patch

from django.db import transaction

from firstbell.domain.districts.models import District, StampTime
from firstbell.domain.districts.stamps import take_stamps, tell_time
from firstbell.domain.districts.wall import within


def times(district: District) -> list[tuple[int, dt.datetime]]:
    """All that was told, by stamp."""
    with within(district):
        return list(StampTime.objects.filter(district_id=district.pk).order_by("stamp").values_list("stamp", "told_at"))


def test_a_stamp_is_told_once_its_transaction_has_committed(district: District) -> None:
    before = dt.datetime.now(dt.UTC)
    with within(district):
        take_stamps(district, 3)
        assert not StampTime.objects.filter(district_id=district.pk).exists()
    [(stamp, told_at)] = times(district)
    assert stamp == district.last_stamp
    assert told_at > before
    assert told_at.microsecond % 1000 == 0


def test_later_stamps_have_later_times_in_the_same_millisecond_too(district: District) -> None:
    for _ in range(20):
        with within(district):
            take_stamps(district, 1)
    told = [told_at for _, told_at in times(district)]
    assert len(told) == 20
    assert all(later > earlier for earlier, later in itertools.pairwise(told))


def test_a_clock_that_was_put_back_does_not_put_times_back(district: District) -> None:
    with within(district):
        take_stamps(district, 1)
    ahead = times(district)[0][1] + dt.timedelta(hours=1)
    with within(district):
        StampTime.objects.filter(district_id=district.pk).update(told_at=ahead)
    with within(district):
        take_stamps(district, 1)
    assert times(district)[-1][1] > ahead


def test_what_was_not_told_before_the_process_died_is_told_by_who_asks_next(district: District) -> None:
    with patch("firstbell.domain.districts.stamps.transaction.on_commit"), within(district):
        take_stamps(district, 5)
    assert times(district) == []
    tell_time(district)
    tell_time(district)
    assert [stamp for stamp, _ in times(district)] == [district.last_stamp]


def test_a_transaction_that_fails_tells_nothing(district: District) -> None:
    with within(district):
        take_stamps(district, 1)
        transaction.set_rollback(True)
    assert times(district) == []


def test_no_district_sees_the_times_of_another(district: District, other_district: District) -> None:
    with within(district):
        take_stamps(district, 1)
    with within(other_district):
        assert not StampTime.objects.exists()
