"""Next year is looked at while this year goes on, and taken from its day on."""

from datetime import UTC, date, datetime

import pytest
from tests.domain.imports.rosters import PRINCIPAL
from tests.domain.sources.conftest import Fetching
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Source
from firstbell.domain.roster.next_year import next_year_of
from firstbell.domain.roster.sources import BadSettings, change_settings, policy_of
from firstbell.domain.sources.actions import NotSo, set_scope
from firstbell.domain.sources.cutting_over import (
    call_off_next_year,
    cut_over,
    find_last_look,
    look_at_next_year,
    stage_next_year,
)
from firstbell.domain.sources.syncing import carry_on

DAY = date(2027, 8, 1)
NIGHT_BEFORE = datetime(2027, 8, 1, 4, 30, tzinfo=UTC)
"""Half past eleven at night in Chicago, July 31."""


def both_years() -> Roster:
    """Elm's class is of this fall, Oak's of the spring that counts as next year here."""
    district = lakeside(6)
    district.row("classes", "c-elm")["termSourcedIds"] = "fall"
    district.row("classes", "c-oak")["termSourcedIds"] = "spring"
    return district


def _source(fetching: Fetching) -> Source:
    with within(fetching.district):
        return Source.objects.get(pk=fetching.source_id)


def _classes(fetching: Fetching) -> list[str]:
    with within(fetching.district):
        live = Class.objects.filter(district_id=fetching.district.pk, removed_at=None)
        return sorted(live.values_list("sourced_id", flat=True))


@pytest.fixture
def staged(fetching: Fetching) -> Fetching:
    fetching.lay(both_years())
    set_scope(fetching.district, _source(fetching), {"terms": ["Fall"]}, by=PRINCIPAL)
    fetching.rehearse()
    assert _classes(fetching) == ["c-elm"]
    stage_next_year(fetching.district, _source(fetching), DAY, {"terms": ["Spring"]}, by=PRINCIPAL)
    return fetching


def test_a_look_at_next_year_applies_nothing_and_is_forgotten_by_the_next_night(staged: Fetching) -> None:
    memory = staged.connection.memory
    look = look_at_next_year(staged.district, _source(staged), by=PRINCIPAL)
    carry_on(staged.district, look.pk)
    run = find_last_look(staged.district, _source(staged))
    assert run is not None
    assert run.state == "checked"
    assert run.counts["classes"]["added"] == 1
    assert run.counts["classes"]["removed"] == 1
    assert _classes(staged) == ["c-elm"]
    assert staged.connection.memory == memory
    staged.sync()
    assert (staged.runs[0].state, staged.runs[0].staged) == ("applied", False)
    assert _classes(staged) == ["c-elm"]


def test_on_its_day_and_not_before_next_year_is_taken_by_a_full_fetch(staged: Fetching) -> None:
    assert cut_over(staged.district, NIGHT_BEFORE) == 0
    assert next_year_of(_source(staged)) is not None
    assert cut_over(staged.district, NIGHT_BEFORE.replace(hour=5, minute=7)) == 1
    assert cut_over(staged.district, NIGHT_BEFORE.replace(hour=6, minute=7)) == 0
    assert policy_of(_source(staged)).scope == {"terms": ("Spring",)}
    assert next_year_of(_source(staged)) is None
    staged.sync()
    assert staged.shelf.asked[-1] == ("", True)
    if staged.runs[0].state == "held":
        staged.approve()
    assert _classes(staged) == ["c-oak"]


def test_what_was_called_off_never_comes(staged: Fetching) -> None:
    call_off_next_year(staged.district, _source(staged), by=PRINCIPAL)
    assert cut_over(staged.district, NIGHT_BEFORE.replace(day=9)) == 0
    assert policy_of(_source(staged)).scope == {"terms": ("Fall",)}
    with pytest.raises(NotSo):
        look_at_next_year(staged.district, _source(staged), by=PRINCIPAL)


def test_a_cut_over_that_cannot_be_is_refused(fetching: Fetching) -> None:
    for bad in ({"on": "soon", "scope": {}}, {"on": "2027-08-01"}, {"on": "2027-08-01", "scope": {"roles": ["king"]}}):
        with pytest.raises(BadSettings):
            change_settings(fetching.district, _source(fetching), {"next": bad}, by=PRINCIPAL)
