"""Vendor staff see a district with a reason, for an hour, without changing anything; the district sees and ends it."""

import uuid
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.db import InternalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings
from tests.web.rooms.conftest import House, house, member, signed_in

from firstbell.domain.accounts.actions import give_membership
from firstbell.domain.accounts.models import Account, StaffMembership, StaffRole, StaffVisit
from firstbell.domain.accounts.staff import (
    NotLetIn,
    add_staff,
    begin_visit,
    close_dormant_staff,
    remove_staff,
)
from firstbell.domain.accounts.visits import find_visit
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.rules import let_staff_in
from firstbell.domain.districts.wall import within
from firstbell.web.visit import Visit, inside

__all__ = ["house"]
pytestmark = pytest.mark.usefixtures("database")
WHY = "Case 4711: the teacher of one class is missing."


def new_staff(role: StaffRole = StaffRole.TECHNICAL_SERVICES, *, second_step: bool = True) -> StaffMembership:
    staff = add_staff(f"{uuid.uuid4().hex}@example.org", "Tess Vendor", role, by=OPERATOR)
    if second_step:
        Authenticator.objects.create(user=staff.account, type=Authenticator.Type.TOTP, data={})
    return staff


def _begin(district: District, client: Client, reason: str = WHY) -> int:
    return client.post(f"/staff/{district.code}/", {"reason": reason}).status_code


def test_a_visit_opens_what_the_administrator_sees_and_is_written_down(district: District) -> None:
    client = signed_in(new_staff().account)
    home = f"/d/{district.code}/"
    assert client.get(home).status_code == 404
    assert _begin(district, client) == 302
    page = client.get(home).content.decode()
    assert "You are visiting" in page
    for room in ("people/", "classes/", "runs/", "sources/", "members/", "members/visits/"):
        assert client.get(home + room).status_code == 200, room
    with within(district):
        (event,) = [event for event in list_events(district.pk) if event.verb == "visit.begun"]
    assert (event.actor_name, event.detail["reason"]) == ("Tess Vendor (Technical Services)", WHY)


def test_a_visit_needs_a_reason(district: District) -> None:
    client = signed_in(new_staff().account)
    assert [_begin(district, client, reason) for reason in ("", "   ", "because")] == [422, 422, 422]
    with pytest.raises(NotLetIn):
        begin_visit(district, new_staff(), "because", by=OPERATOR)
    assert client.get(f"/d/{district.code}/").status_code == 404


def test_a_visitor_changes_nothing(district: District) -> None:
    client = signed_in(new_staff().account)
    _begin(district, client)
    colleague = member(district, "cora", "teacher").memberships.get()
    assert client.post(f"/d/{district.code}/members/{colleague.pk}/take/").status_code == 403
    assert client.post(f"/d/{district.code}/members/rules/", {"second_factor": "on"}).status_code == 403
    assert client.get(f"/api/manage/v1/districts/{district.code}/runs").status_code == 200
    district.refresh_from_db()
    assert not district.administrators_need_second_factor


def test_the_database_refuses_a_page_that_writes_while_somebody_looks(district: District) -> None:
    """No page of ours does; this one stands for a mistake."""

    @inside
    def careless(visit: Visit) -> HttpResponse:
        District.objects.filter(pk=visit.district.pk).update(name="Changed by looking")
        return HttpResponse()

    staff = new_staff()
    begin_visit(district, staff, WHY, by=OPERATOR)
    request = RequestFactory().get("/")
    request.user, request.session = staff.account, SessionStore()
    with pytest.raises(InternalError, match="read-only transaction"):
        careless(request, district.code)
    district.refresh_from_db()
    assert district.name == "Lakeside Unified"


def test_a_visitor_sees_no_demographics(house: House) -> None:
    client = signed_in(new_staff().account)
    _begin(house.district, client)
    person = house.person_ids["student"]
    assert client.get(house.path(f"people/{person}/")).status_code == 200
    assert client.get(house.path(f"people/{person}/demographics/")).status_code == 403
    client.post(f"/staff/{house.district.code}/leave/")


def test_a_visit_ends_by_itself(district: District) -> None:
    client = signed_in(new_staff().account)
    _begin(district, client)
    with within(district):
        visit = StaffVisit.objects.get(district=district)
        assert timedelta(minutes=59) < visit.ends_at - timezone.now() <= timedelta(hours=1)
        StaffVisit.objects.filter(pk=visit.pk).update(ends_at=timezone.now())
    assert client.get(f"/d/{district.code}/").status_code == 404


def test_the_district_sees_who_looks_and_why_and_ends_it(district: District) -> None:
    visitor = signed_in(new_staff().account)
    administrator = signed_in(member(district, "ada", "district_administrator"))
    _begin(district, visitor)
    page = administrator.get(f"/d/{district.code}/members/visits/").content.decode()
    assert "Tess Vendor, Technical Services" in page
    assert WHY in page
    administrator.post(f"/d/{district.code}/members/visits/end/")
    assert visitor.get(f"/d/{district.code}/").status_code == 404
    assert "by Ada Whitfield" in administrator.get(f"/d/{district.code}/members/visits/").content.decode()


def test_a_district_that_refuses_is_left_alone_from_then_on(district: District) -> None:
    visitor = signed_in(new_staff().account)
    administrator = signed_in(member(district, "ada", "district_administrator"))
    _begin(district, visitor)
    administrator.post(f"/d/{district.code}/members/visits/let-in/")
    assert visitor.get(f"/d/{district.code}/").status_code == 404
    assert _begin(district, visitor) == 422
    administrator.post(f"/d/{district.code}/members/visits/let-in/", {"allowed": "yes"})
    assert _begin(district, visitor) == 302


def test_a_refusal_counts_even_while_a_visit_goes_on(district: District) -> None:
    staff = new_staff()
    begin_visit(district, staff, WHY, by=OPERATOR)
    let_staff_in(district, allowed=False, by=OPERATOR)
    assert find_visit(staff.account, district.code) is None


def test_a_visit_opens_no_other_district(district: District, other_district: District) -> None:
    client = signed_in(new_staff().account)
    _begin(district, client)
    assert client.get(f"/d/{other_district.code}/").status_code == 404


def test_a_visitor_leaves(district: District) -> None:
    client = signed_in(new_staff().account)
    _begin(district, client)
    assert client.post(f"/staff/{district.code}/leave/").status_code == 302
    assert client.get(f"/d/{district.code}/").status_code == 404


def test_staff_need_a_second_step(district: District, settings: Settings) -> None:
    staff = new_staff(second_step=False)
    client = signed_in(staff.account)
    begin_visit(district, staff, WHY, by=OPERATOR)
    for path in ("/staff/", f"/staff/{district.code}/", f"/d/{district.code}/"):
        assert client.get(path)["Location"] == "/account/second-step/", path
    assert client.get(f"/api/manage/v1/districts/{district.code}/runs").status_code == 403
    settings.FIRSTBELL_STAFF_SECOND_STEP = False
    assert client.get(f"/d/{district.code}/").status_code == 200


def test_for_everybody_else_the_staffs_pages_are_not_there(district: District) -> None:
    administrator = signed_in(member(district, "ada", "district_administrator"))
    assert administrator.get("/staff/").status_code == 404
    assert administrator.post(f"/staff/{district.code}/", {"reason": WHY}).status_code == 404
    with within(district):
        assert not StaffVisit.objects.filter(district=district).exists()


def test_who_leaves_the_vendor_is_out_at_once(district: District) -> None:
    staff = new_staff()
    client = signed_in(staff.account)
    _begin(district, client)
    remove_staff(staff, by=OPERATOR)
    assert client.get(f"/d/{district.code}/").status_code == 404
    assert client.get("/staff/").status_code == 404


def test_accounts_of_staff_that_nobody_uses_are_closed(district: District) -> None:
    long_ago = timezone.now() - timedelta(days=91)
    dormant, fresh, never = (new_staff().account for _ in range(3))
    adult = member(district, "ada", "district_administrator")
    Account.objects.filter(pk__in=[dormant.pk, adult.pk]).update(last_login=long_ago)
    Account.objects.filter(pk=fresh.pk).update(last_login=timezone.now() - timedelta(days=89))
    StaffMembership.objects.filter(account=never).update(created_at=long_ago)
    assert close_dormant_staff() >= 2
    open_now = set(Account.objects.filter(is_active=True).values_list("pk", flat=True))
    assert {dormant.pk, never.pk} & open_now == set()
    assert {fresh.pk, adult.pk} <= open_now
    verbs = [event.verb for event in list_events(None, subject_kind="account", subject_id=dormant.pk)]
    assert verbs[0] == "account.closed"


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (StaffRole.TECHNICAL_SERVICES, "/staff/"),
        (StaffRole.OPERATOR, "/staff/"),
        (StaffRole.CUSTOMER_SUCCESS, "/portfolio/"),
        (StaffRole.ACCOUNT_EXECUTIVE, "/portfolio/"),
    ],
)
def test_staff_land_on_their_portfolio_or_the_list_of_districts(role: StaffRole, home: str) -> None:
    assert signed_in(new_staff(role).account).get("/")["Location"] == home


def test_the_list_of_districts_is_searched_by_name(district: District) -> None:
    staff = new_staff(StaffRole.ACCOUNT_EXECUTIVE)
    client = signed_in(staff.account)
    assert district.name in client.get("/staff/", {"q": district.code}).content.decode()
    give_membership(district, staff.account, "teacher", by=OPERATOR)
    assert client.get("/")["Location"] == f"/d/{district.code}/"
