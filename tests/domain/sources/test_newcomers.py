"""New students who wait for their cards: told once for each run where that is the source's rule, in numbers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.domain.imports.rosters import PRINCIPAL
from tests.domain.sources.conftest import Fetching
from tests.engine.district import lakeside

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import Role
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.newcomers import came_with, without_sign_in
from firstbell.domain.roster.models import User
from firstbell.domain.roster.queries.people import list_ids
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.roster.sources import BadSettings, change_settings
from firstbell.domain.sources.ahead import look_ahead
from firstbell.domain.sources.models import Notice
from firstbell.domain.sources.newcomers import AFTER


def _rule(fetching: Fetching, kind: str | None) -> None:
    change_settings(fetching.district, fetching.connection.source, {"cards": kind}, by=PRINCIPAL)


def _told(fetching: Fetching) -> list[str]:
    look_ahead(fetching.district, timezone.now() + 2 * AFTER)
    with within(fetching.district):
        notices = Notice.objects.filter(district_id=fetching.district.pk, kind="newcomers")
        return list(notices.order_by("id").values_list("subject", flat=True))


def _newest(fetching: Fetching) -> list[str]:
    """The ids of the new students of the last run who cannot sign in."""
    came = came_with(fetching.runs[0])
    assert came is not None
    wanted = without_sign_in(came, today=today_of(fetching.district))
    with within(fetching.district):
        ids = list_ids(fetching.district, WHOLE_DISTRICT, wanted, limit=100)
        return sorted(User.objects.filter(id__in=ids).values_list("sourced_id", flat=True))


def test_each_run_tells_of_its_own_new_students_once(fetching: Fetching) -> None:
    _rule(fetching, "passwords")
    fetching.rehearse()
    first = "Lakeside Unified: 4 new students of Shelf nightly without a card"
    assert [_told(fetching), _told(fetching)] == [[first], [first]]
    fetching.lay(lakeside(5))
    fetching.sync()
    assert _newest(fetching) == ["s4"]
    assert _told(fetching) == [first, "Lakeside Unified: 1 new student of Shelf nightly without a card"]
    fetching.sync()
    assert len(_told(fetching)) == 2


def test_who_can_sign_in_by_then_is_not_told_of_and_without_the_rule_nobody(fetching: Fetching) -> None:
    fetching.rehearse()
    assert _told(fetching) == []
    _rule(fetching, "badges")
    fetching.lay(lakeside(5))
    fetching.sync()
    with within(fetching.district):
        (new,) = User.objects.filter(district_id=fetching.district.pk, sourced_id="s4")
    set_credential(
        fetching.district, new.id, "new", "correct horse lamp", by=OPERATOR, name="New", role=Role.STUDENT, grades=()
    )
    assert _told(fetching) == ["Lakeside Unified: 4 new students of Shelf nightly without a card"]


def test_a_run_of_long_ago_is_not_told_of_any_more(fetching: Fetching) -> None:
    _rule(fetching, "passwords")
    fetching.rehearse()
    look_ahead(fetching.district, timezone.now() + timedelta(days=3))
    look_ahead(fetching.district, timezone.now())
    with within(fetching.district):
        assert not Notice.objects.filter(district_id=fetching.district.pk, kind="newcomers").exists()


def test_another_card_than_there_is_is_no_rule(fetching: Fetching) -> None:
    for wrong in ("nothing", "tattoo"):
        with pytest.raises(BadSettings, match="Cards for newcomers"):
            _rule(fetching, wrong)
