"""What becomes of a hold: one school waits while the others go, somebody is asked, or it ends by itself."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.domain.imports.rosters import PRINCIPAL, Door, open_door, published
from tests.domain.sources.conftest import Fetching
from tests.engine.district import District as Roster
from tests.engine.district import lakeside
from tests.postbox import Postbox, receiving

from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import apply_others
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import compare_with_usual, find_run
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.seasons import BadSeason, Season, as_setting, read_seasons
from firstbell.domain.roster.sources import BadSettings, change_settings
from firstbell.domain.sources import asking
from firstbell.domain.sources.asking import TooMany, ask_about, list_questions, send_question
from firstbell.domain.sources.expiring import WAITS_FOR, expire_holds

STUDENTS = 120
ELM = [f"s{number}" for number in range(0, STUDENTS, 2)]


def _night(*gone: str) -> Roster:
    return lakeside(STUDENTS).without(*gone)


@pytest.fixture
def door(district: District, tmp_path: object) -> Door:
    made = open_door(district, tmp_path / "sis")  # type: ignore[operator]
    assert made.bring(lakeside(STUDENTS)).state == "applied"
    return made


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with receiving() as made:
        yield made


def _again(district: District, run: Run) -> Run:
    found = find_run(district, run.pk)
    assert found is not None
    return found


def test_the_other_schools_go_and_the_wrong_one_waits_and_all_of_it_can_be_undone(door: Door) -> None:
    before = published(door.district)
    held = door.bring(_night(*ELM, "s1", "s3"))
    assert (held.state, held.safe_part_applied, held.has_others) == ("held", True, True)
    apply_others(door.district, held, by=PRINCIPAL)
    carry_out(door.district, held)
    assert (held.state, held.has_others) == ("held", False)
    people = published(door.district)["users"]
    assert {"s1", "s3"}.isdisjoint(people)
    assert set(ELM) <= set(people)
    with pytest.raises(NotNow, match="divided by schools"):
        apply_others(door.district, _again(door.district, held), by=PRINCIPAL)
    assert door.approve(_again(door.district, held)).state == "applied"
    assert set(ELM).isdisjoint(published(door.district)["users"])
    door.undo(_again(door.district, held))
    after = published(door.district)
    assert after["users"] == before["users"]
    assert after["enrollments"] == before["enrollments"]


def test_where_more_has_come_to_go_since_it_waits_for_another_word(door: Door, tmp_path: object) -> None:
    held = door.bring(_night(*ELM[:-6], "s1"))
    assert held.has_others
    apply_others(door.district, held, by=PRINCIPAL)
    more = open_door(door.district, tmp_path / "hr", name="hr")  # type: ignore[operator]
    more.bring(lakeside(2).only("orgs"))  # the roster changed, and the run is planned anew
    carry_out(door.district, held)
    assert held.state == "held"
    assert "s0" in published(door.district)["users"]


def test_a_run_stands_beside_the_usual_ones_without_the_first_load(door: Door) -> None:
    for gone in (["s1"], ["s1", "s3", "s5"], ["s1", "s3", "s5", "s7", "s9"]):
        door.bring(_night(*gone))
    held = door.bring(_night(*ELM))
    nights = compare_with_usual(door.district, held)
    assert nights.count == 3
    line = next(line for line in nights.lines if (line.table, line.action) == ("users", "removed"))
    assert (line.usual, line.most) == (2, 2)
    assert line.now == len(ELM)


def test_a_season_has_its_own_limits_on_its_own_days(door: Door) -> None:
    today = today_of(door.district)
    wide = Season(today - timedelta(days=1), today + timedelta(days=1), "Roll-over", removed_share=100.0)
    later = Season(today + timedelta(days=5), today + timedelta(days=9), "Later", removed_share=100.0)
    for season, state in ((later, "held"), (wide, "applied")):
        _season(door, season)
        assert door.bring(_night(*ELM)).state == state


def test_in_a_season_without_removals_all_else_goes_and_the_run_says_who_waits(door: Door) -> None:
    today = today_of(door.district)
    _season(door, Season(today, today, additions_only=True))
    run = door.bring(_night(*ELM))
    assert run.state == "applied"
    assert "60 people" in run.message
    assert set(ELM) <= set(published(door.district)["users"])
    _season(door, Season(today - timedelta(days=9), today - timedelta(days=8), additions_only=True))
    assert door.bring(_night(*ELM)).state == "held"


def test_after_a_season_without_removals_everything_is_fetched(fetching: Fetching) -> None:
    fetching.rehearse()
    connection, today = fetching.connection, today_of(fetching.district)
    with within(fetching.district):
        source = Source.objects.get(pk=fetching.source_id)
    seasons = [Season(today - timedelta(days=2), today - timedelta(days=1), additions_only=True)]
    change_settings(fetching.district, source, {"seasons": as_setting(seasons)}, by=PRINCIPAL)
    fetching.sync()
    assert not fetching.shelf.asked[-1][1]
    with within(fetching.district):
        connection.last_good_at = timezone.now() - timedelta(days=2)
        connection.whole_at = connection.last_good_at
        connection.save()
    fetching.sync()
    assert fetching.shelf.asked[-1][1]


@pytest.mark.parametrize(
    "seasons",
    [
        [Season(date(2027, 8, 2), date(2027, 8, 1), additions_only=True)],
        [Season(date(2027, 8, 1), date(2027, 8, 2))],
        [Season(date(2027, 8, 1), date(2027, 8, 2), removed_share=101)],
        [
            Season(date(2027, 8, 1), date(2027, 8, 9), additions_only=True),
            Season(date(2027, 8, 9), date(2027, 8, 10), additions_only=True),
        ],
    ],
)
def test_a_season_that_cannot_be_is_refused(door: Door, seasons: list[Season]) -> None:
    with pytest.raises(BadSeason):
        read_seasons(as_setting(seasons))
    with pytest.raises(BadSettings):
        change_settings(door.district, door.source, {"seasons": as_setting(seasons)}, by=PRINCIPAL)


def _season(door: Door, season: Season) -> None:
    change_settings(door.district, door.source, {"seasons": as_setting([season])}, by=PRINCIPAL)


def test_a_hold_ends_when_nobody_may_let_it_go_any_more_or_after_two_weeks(door: Door) -> None:
    now = timezone.now()
    first = door.bring(_night(*ELM))
    assert expire_holds(door.district, now + WAITS_FOR - timedelta(hours=1)) == 0
    assert door.bring(lakeside(STUDENTS + 1)).state == "applied"
    assert expire_holds(door.district, now) == 1
    ended = _again(door.district, first)
    assert ended.state == "discarded"
    assert "newer" in ended.message
    second = door.bring(_night(*ELM))
    assert expire_holds(door.district, now + WAITS_FOR + timedelta(hours=1)) == 1
    assert "Nobody decided" in _again(door.district, second).message
    assert set(ELM) <= set(published(door.district)["users"])
    assert expire_holds(door.district, now + 2 * WAITS_FOR) == 0


def test_who_keeps_the_sis_is_asked_once_with_numbers_and_no_name(
    door: Door, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_A_DAY", 2)
    held = door.bring(_night(*ELM))
    question = ask_about(
        door.district, held, "sis-desk@maple.example", "Was it cut?", reply_to="dana@maple.example", by=PRINCIPAL
    )
    for _ in range(2):
        send_question(door.district, question.pk)
    (letter,) = postbox.to("sis-desk@maple.example")
    assert letter["Reply-To"] == "dana@maple.example"
    text = letter.get_content()
    assert "Was it cut?" in text
    assert "60 of 122 people" in text
    assert "Family" not in text
    assert [one.sent_at is not None for one in list_questions(door.district, held)] == [True]
    ask_about(door.district, held, "sis-desk@maple.example", "", reply_to="", by=PRINCIPAL)
    with pytest.raises(TooMany):
        ask_about(door.district, held, "sis-desk@maple.example", "", reply_to="", by=PRINCIPAL)
