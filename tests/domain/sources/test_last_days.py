"""Last days of people who were added by hand: told a week before, once, by real mail without a name."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.conftest import new_district
from tests.domain.roster.editing.conftest import BY, Small, small
from tests.postbox import Postbox, receiving
from tests.web.rooms.conftest import member
from tests.working import work_until_idle

from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.leaving import set_last_day
from firstbell.domain.sources.ahead import look_ahead
from firstbell.domain.sources.models import Notice

__all__ = ["small"]


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with receiving() as made:
        yield made


def test_administrators_are_told_a_week_before_and_once(small: Small, postbox: Postbox) -> None:
    administrator = member(small.district, "administrator", "district_administrator")
    stranger = member(new_district("Hilltop"), "stranger", "district_administrator")
    day, now = today_of(small.district) + timedelta(days=40), timezone.now()
    set_last_day(small.district, [small.student, small.teacher], day, by=BY)
    for days in (0, 31, 33, 33, 34):
        look_ahead(small.district, now + timedelta(days=days))
    work_until_idle("mail")
    (letter,) = postbox.to(administrator.email or "")
    assert letter["Subject"] == "Lakeside Unified: 2 people leave the roster soon"
    text = letter.get_content()
    assert f"{day:%B} {day.day}, {day.year}: 2" in text
    assert f"/d/{small.district.code}/people/?state=leaving" in text
    assert "Ada" not in text
    assert "Noether" not in text
    assert postbox.to(stranger.email or "") == []


def test_who_gets_a_day_later_is_told_of_too_and_nobody_of_who_stays(small: Small) -> None:
    day, now = today_of(small.district) + timedelta(days=3), timezone.now()
    set_last_day(small.district, [small.student], day, by=BY)
    set_last_day(small.district, [small.student], None, by=BY)
    look_ahead(small.district, now)
    assert _subjects(small) == []
    set_last_day(small.district, [small.student], day, by=BY)
    look_ahead(small.district, now)
    set_last_day(small.district, [small.teacher], day, by=BY)
    look_ahead(small.district, now + timedelta(hours=1))
    assert _subjects(small) == ["Lakeside Unified: 1 person leaves the roster soon"] * 2


def _subjects(small: Small) -> list[str]:
    with within(small.district):
        notices = Notice.objects.filter(district_id=small.district.pk, kind="leaving")
        return list(notices.order_by("id").values_list("subject", flat=True))
