"""Advice that is kept before there is a district: who, how long, to whom it is told, and the plan it becomes."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from tests.conftest import new_district
from tests.postbox import Postbox, receiving
from tests.working import work_until_idle

from firstbell.domain.advice.actions import (
    BadProspect,
    PlanThere,
    Who,
    adopt_prospect,
    forget_prospects,
    keep_prospect,
    open_for_prospect,
)
from firstbell.domain.advice.advising import NothingKnown
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.models import Prospect, SetupPlan
from firstbell.domain.advice.queries import find_plan, find_prospect, list_prospects
from firstbell.domain.advice.queueing import tell_later
from firstbell.domain.advice.settings import AdviceSettings, Contact
from firstbell.domain.audit.actor import OPERATOR, SYSTEM
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.actions import BadDistrict
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

TODAY = dt.date(2026, 11, 24)
ANSWERS = Answers(5000, "often", "daily", "sis")
SETTINGS = AdviceSettings(contact=Contact("Rosa in Rostering", "rosa@vendor.example"), keep_days=30)

pytestmark = pytest.mark.usefixtures("database")


def _keep(**who: str) -> Prospect:
    return keep_prospect(Who(**{"district_name": "Lakeside", **who}), ANSWERS, SETTINGS, today=TODAY, by=SYSTEM)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with receiving() as box, override_settings(FIRSTBELL_ADVICE=SETTINGS):
        yield box


def test_a_prospect_is_kept_with_its_advice_for_as_long_as_the_deployment_says() -> None:
    prospect = _keep(name="Ada Ames", email="ada@lakeside.example", nces="0622710")
    found = find_prospect(f" {prospect.reference.upper()} ")
    assert found == prospect
    assert (prospect.method, prospect.keep_until) == ("automated", TODAY + dt.timedelta(days=30))
    assert Answers(**prospect.answers) == ANSWERS
    assert prospect in list_prospects(today=TODAY)
    assert prospect not in list_prospects(today=TODAY + dt.timedelta(days=31))


def test_keeping_is_written_down_without_saying_who() -> None:
    prospect = _keep(name="Ada Ames", email="ada@lakeside.example")
    event = next(one for one in list_events(None) if one.subject_id == str(prospect.pk))
    assert event.verb == "prospect.kept"
    assert "Ada" not in str(event.detail) + event.actor_name
    assert "ada@" not in str(event.detail)


@pytest.mark.parametrize(
    ("who", "field"),
    [
        ({"district_name": "  "}, "district_name"),
        ({"district_name": "x" * 201}, "district_name"),
        ({"district_name": "Lake\nside"}, "district_name"),
        ({"name": "Ada\r\nBcc: everyone@example.org"}, "name"),
        ({"nces": "12345"}, "nces"),
        ({"nces": "062271O"}, "nces"),
        ({"email": "ada"}, "email"),
    ],
)
def test_what_cannot_be_so_is_refused_by_its_field(who: dict[str, str], field: str) -> None:
    with pytest.raises(BadProspect) as problem:
        _keep(**who)
    assert problem.value.field == field


def test_advice_without_an_answer_is_not_kept() -> None:
    with pytest.raises(NothingKnown):
        keep_prospect(Who("Lakeside"), Answers(), SETTINGS, today=TODAY, by=SYSTEM)


def test_what_is_kept_long_enough_is_erased_and_counted() -> None:
    old, new = _keep(), _keep()
    Prospect.objects.filter(pk=old.pk).update(keep_until=TODAY - dt.timedelta(days=1))
    assert forget_prospects(today=TODAY, by=SYSTEM) >= 1
    assert find_prospect(old.reference) is None
    assert find_prospect(new.reference) == new


def test_a_prospect_becomes_the_plan_of_its_district_and_is_gone(district: District) -> None:
    prospect = _keep(name="Ada Ames", email="ada@lakeside.example", nces="0622710")
    reference = prospect.reference
    plan = adopt_prospect(district, prospect, by=OPERATOR)
    assert (plan.method, plan.contact_name, plan.contact_email, plan.nces) == (
        "automated", "Ada Ames", "ada@lakeside.example", "0622710",
    )  # fmt: skip
    assert find_plan(district) == plan
    assert find_prospect(reference) is None
    with within(district):
        assert list_events(district.pk, subject_kind="setup_plan")[0].verb == "setup_plan.made"


def test_a_district_has_one_plan_and_a_second_prospect_stays(district: District) -> None:
    adopt_prospect(district, _keep(), by=OPERATOR)
    second = _keep()
    with pytest.raises(PlanThere):
        adopt_prospect(district, second, by=OPERATOR)
    assert find_prospect(second.reference) == second


def test_opening_makes_the_district_by_the_advised_method() -> None:
    code = f"test-{uuid.uuid4().hex}"
    district = open_for_prospect(code, _keep(), name="Lakeside", time_zone="America/Denver", by=OPERATOR)
    assert (district.code, district.method, district.time_zone) == (code, "automated", "America/Denver")
    assert find_plan(district) is not None


def test_a_district_that_cannot_be_opened_leaves_the_prospect() -> None:
    prospect = _keep()
    with pytest.raises(BadDistrict):
        open_for_prospect("no code", prospect, name="Lakeside", time_zone="America/Denver", by=OPERATOR)
    assert find_prospect(prospect.reference) == prospect


def test_a_plan_is_behind_the_wall_of_its_district(district: District, other_district: District) -> None:
    adopt_prospect(district, _keep(), by=OPERATOR)
    assert find_plan(other_district) is None
    with within(other_district):
        assert not SetupPlan.objects.filter(district_id=district.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from advice_setupplan")
        assert cursor.fetchone() == (0,)


def test_the_contact_is_told_by_a_real_letter_once(postbox: Postbox) -> None:
    prospect = _keep(district_name="Lakeside Unified", name="Ada Ames", email="ada@lakeside.example")
    tell_later(prospect)
    tell_later(prospect)
    work_until_idle("advice")
    (letter,) = [one for one in postbox.to("rosa@vendor.example") if prospect.reference in one.get_content()]
    assert letter["Subject"] == "Advice kept: Lakeside Unified, Automated"
    assert "ada@lakeside.example" in letter.get_content()
    assert f"firstbell open CODE --prospect {prospect.reference}" in letter.get_content()
    prospect.refresh_from_db()
    assert prospect.told_at is not None


def test_a_prospect_that_is_gone_is_not_told_of(postbox: Postbox) -> None:
    prospect = _keep(district_name="Gone Unified")
    tell_later(prospect)
    adopt_prospect(new_district("Gone Unified"), prospect, by=OPERATOR)
    work_until_idle("advice")
    assert not [letter for letter in postbox.letters if "Gone Unified" in letter["Subject"]]
