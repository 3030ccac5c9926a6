"""Where a district stands, since when, and whose it is; and the letter of the week, from the server that got it."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.conftest import new_district
from tests.postbox import Postbox, receiving
from tests.working import work_until_idle

from firstbell.domain.accounts.models import StaffMembership, StaffRole
from firstbell.domain.accounts.staff import add_staff, remove_staff
from firstbell.domain.accounts.viewer import view_as_operator
from firstbell.domain.advice.asking import Asked, ask
from firstbell.domain.advice.contacts import name_contact
from firstbell.domain.advice.models import ContactRole
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.rules import let_staff_in
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.portfolio.looking import look_at
from firstbell.domain.portfolio.models import Stage, Weekly
from firstbell.domain.portfolio.queries import find_line, list_portfolio, list_whole_portfolio
from firstbell.domain.portfolio.tasks import begin_week, look_at_all, write_week
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.sources import add_source
from firstbell.domain.sources.models import Connection

pytestmark = pytest.mark.usefixtures("database")
A_DAY = timedelta(days=1)
WEEK = "2026-11-30"


@pytest.fixture
def csm() -> StaffMembership:
    return add_staff(f"cal-{uuid.uuid4().hex}@vendor.example", "Cal Sutter", StaffRole.CUSTOMER_SUCCESS, by=OPERATOR)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with receiving() as box:
        yield box


def _look_after(who: StaffMembership, district: District, role: ContactRole = ContactRole.CUSTOMER_SUCCESS) -> None:
    name_contact(district, role, who.account.name, who.account.email or "", by=OPERATOR)


def _with_a_student(district: District) -> None:
    school = add_org(district, {"name": "Elm", "type": "school"}, by=BY)
    who = {"givenName": "Ana", "familyName": "Lopezfernandez", "username": "ana"}
    add_person(district, who, [{"role": "student", "orgSourcedId": str(school)}], by=BY)
    district.refresh_from_db()


def test_a_portfolio_holds_the_districts_of_whoever_looks_after_them(csm: StaffMembership) -> None:
    mine, other = new_district("Mine"), new_district("Other")
    _look_after(csm, mine)
    now = timezone.now()
    assert [line.district.pk for line in list_portfolio(csm.account.email or "", now=now)] == [mine.pk]
    alone = {line.district.pk for line in list_whole_portfolio(now=now, without_contact=True)}
    assert other.pk in alone
    assert mine.pk not in alone
    remove_staff(csm, by=OPERATOR)  # whoever left looks after nobody
    assert mine.pk in {line.district.pk for line in list_whole_portfolio(now=now, without_contact=True)}


def test_a_district_goes_from_no_roster_to_getting_ready_and_tells_what_is_missing(district: District) -> None:
    now = timezone.now()
    standing = look_at(district, now=now)
    assert (standing.stage, standing.since) == (Stage.NO_ROSTER, district.created_at)
    _with_a_student(district)
    assert look_at(district, now=now).stage == Stage.GETTING_READY
    line = find_line(district, now=now)
    assert line.readiness == "0 of 1 school ready"
    assert "1 student without a class" in line.place.next_step
    assert "1 student who cannot sign in" in line.place.next_step
    assert "Lopez" not in repr(line)


def test_what_stands_for_a_week_is_stuck_and_keeps_since_when(district: District) -> None:
    begun = timezone.now()
    _with_a_student(district)
    look_at(district, now=begun)
    look_at(district, now=begun + 3 * A_DAY)
    assert find_line(district, now=begun + 3 * A_DAY).place.since == begun
    assert not find_line(district, now=begun + 6 * A_DAY).place.is_stuck
    assert find_line(district, now=begun + 7 * A_DAY).place.is_stuck


def test_a_source_that_does_not_work_comes_before_a_held_run_and_both_before_the_rest(district: District) -> None:
    now = timezone.now()
    _with_a_student(district)
    source = add_source(district, "SIS", by=OPERATOR)
    with within(district):
        run = Run.objects.create(district_id=district.pk, source=source, state=RunState.HELD, package_name="a.zip")
    assert (look_at(district, now=now).stage, look_at(district, now=now).since) == (Stage.HELD, run.created_at)
    with within(district):
        Connection.objects.create(
            district_id=district.pk, source=source, trouble="No answer.", trouble_since=now - A_DAY
        )
    standing = look_at(district, now=now)
    assert (standing.stage, standing.since) == (Stage.TROUBLE, now - A_DAY)
    with within(district):
        Connection.objects.filter(district_id=district.pk).update(trouble="", trouble_since=None)
        Run.objects.filter(pk=run.pk).update(state=RunState.DISCARDED)
    assert look_at(district, now=now).stage == Stage.GETTING_READY


def test_a_district_that_lets_no_staff_in_shows_its_counts_to_none(district: District) -> None:
    _with_a_student(district)
    let_staff_in(district, allowed=False, by=OPERATOR)
    district.refresh_from_db()
    look_at(district, now=timezone.now())
    line = find_line(district, now=timezone.now())
    assert line.readiness == "Lets no staff in"
    assert "without a class" not in line.place.next_step


def test_the_letter_of_the_week_tells_each_of_theirs_once_and_no_child(csm: StaffMembership, postbox: Postbox) -> None:
    stuck, fresh = new_district("Stuck Unified"), new_district("Fresh Unified")
    other = new_district("Of Somebody Else")
    for one in (stuck, fresh):
        _with_a_student(one)
        _look_after(csm, one)
    look_at(stuck, now=timezone.now() - 9 * A_DAY)
    look_at(fresh, now=timezone.now())
    ask(fresh, Asked("May we?"), AdviceSettings(), now=timezone.now(), by=view_as_operator(fresh))
    for _ in range(2):
        write_week(csm.pk, WEEK)
    (letter,) = postbox.to(csm.account.email or "")
    body = letter.get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    assert "1 of 2 stuck" in str(letter["Subject"])
    assert "Stuck Unified: Getting ready, stuck since" in text
    assert "1 request waits for an answer" in text
    assert "/portfolio/" in text
    assert "Lopez" not in text
    assert other.name not in text
    page = letter.get_body(("html",))
    assert page is not None
    assert "Open your portfolio</a>" in str(page.get_content())


def test_the_clock_writes_to_whoever_looks_after_a_district_and_to_nobody_else(
    csm: StaffMembership, postbox: Postbox
) -> None:
    idle = add_staff(f"ida-{uuid.uuid4().hex}@vendor.example", "Ida", StaffRole.ACCOUNT_EXECUTIVE, by=OPERATOR)
    district = new_district("Mine")
    _look_after(csm, district)
    begin_week(0)
    work_until_idle("mail")
    assert len(postbox.to(csm.account.email or "")) == 1
    assert postbox.to(idle.account.email or "") == []
    (week,) = Weekly.objects.filter(account=csm.account).values_list("week", flat=True)
    assert (week.weekday(), week <= timezone.now().date()) == (0, True)


def test_the_clock_looks_at_every_district_but_a_practice_space(district: District) -> None:
    look_at_all(0)
    line = find_line(district, now=timezone.now())
    assert line.standing is not None
    assert line.standing.looked_at >= district.created_at


def test_it_is_told_since_when_a_district_is_in_step_by_the_source_that_is_behind(district: District) -> None:
    now = timezone.now()
    assert look_at(district, now=now).in_step_at is None
    good = [now - A_DAY, now - 3 * A_DAY]
    with within(district):
        connections = [
            Connection.objects.create(
                district_id=district.pk, source=add_source(district, name, by=OPERATOR), last_good_at=moment
            )
            for name, moment in zip(("SIS", "Directory"), good, strict=True)
        ]
    standing = look_at(district, now=now)
    assert (standing.in_step_at, standing.is_paused) == (good[1], False)
    with within(district):
        connections[1].paused = "Until the audit"
        connections[1].save()
    standing = look_at(district, now=now)
    assert (standing.in_step_at, standing.is_paused) == (good[0], True)
    with within(district):
        connections[0].last_good_at = None
        connections[0].save()
    assert look_at(district, now=now).in_step_at is None
