"""The Sign-in room: connections are entered, forecast, switched, removed; secrets go in and never come out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.domain.signon.provider import CLIENT, SECRET
from tests.web.signon.conftest import Door

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import change_method
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.signon.models import Connection
from firstbell.domain.signon.presets import PRESETS
from firstbell.domain.signon.queries import find_connection, list_connections, list_sign_ins

pytestmark = pytest.mark.usefixtures("static_files", "database")

TYPED = {
    "preset": "google",
    "client_id": CLIENT,
    "client_secret": SECRET,
    "pin": "lakeside.example",
    "name": "Google",
    "key": "email",
    "claim": "email",
    "key_type": "",
    "email_domains": "@Lakeside.example, staff.lakeside.example",
    "serves": "students",
    "secret_ends_on": "",
}


@pytest.fixture
def office(door: Door) -> Client:
    return door.office()


def test_each_provider_has_a_form_with_help_for_every_value(door: Door, office: Client) -> None:
    for preset in PRESETS.values():
        page = office.get(door.room(f"add/?preset={preset.code}")).content.decode()
        for setting in preset.settings:
            assert setting.label in page
            assert setting.help in page


def test_a_connection_is_added_off_with_its_secret_sealed(door: Door, office: Client) -> None:
    answer = office.post(door.room("add/"), TYPED)
    made = list_connections(door.school.district)[0]
    assert answer["Location"] == door.room(f"{made.pk}/")
    assert (made.name, made.is_on, made.serves) == ("Google", False, "students")
    assert made.email_domains == ["lakeside.example", "staff.lakeside.example"]
    assert SECRET not in str(made.settings)
    assert SECRET.encode() not in bytes(made.secrets)
    for page in ("", "values/"):
        assert SECRET not in office.get(door.room(f"{made.pk}/{page}")).content.decode()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"pin": ""}, "required"),
        ({"email_domains": ""}, "name them"),
        ({"key": "user_id"}, "Say which type"),
        ({"name": "Lakeside ID"}, "already"),
        ({"key": "name"}, "valid choice"),
        ({"schools": ["17"]}, "valid choice"),
    ],
)
def test_what_cannot_be_is_told_and_makes_nothing(
    door: Door, office: Client, typed: dict[str, object], wrong: str
) -> None:
    answer = office.post(door.room("add/"), TYPED | typed)
    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert SECRET not in answer.content.decode()
    assert [one.name for one in list_connections(door.school.district)] == ["Lakeside ID"]


def test_a_change_keeps_the_secret_where_none_is_entered(door: Door, office: Client) -> None:
    typed = {"issuer": door.provider.url, "client_id": "new", "client_secret": "", "pin": "", "pin_claim": ""}
    typed |= {"name": "Lakeside ID", "key": "identifier", "claim": "number", "serves": "staff"}
    schools = {"schools": [str(door.school.org_id)]}
    assert office.post(door.page("values/"), typed | schools).status_code == 302
    found = find_connection(door.school.district, door.connection.pk)
    assert found is not None
    assert (found.settings["client_id"], found.serves, found.school_ids) == ("new", "staff", [door.school.org_id])
    assert "Elm" in office.get(door.page()).content.decode()
    assert door.enter(Client(), number="N-Amy").status_code == 403  # students are not its people any more


def test_the_page_tells_who_would_not_get_in(door: Door, office: Client) -> None:
    door.school.change("Ben", identifier=None)
    page = office.get(door.page()).content.decode()
    assert "3 of 4 people" in page
    assert "Ben Whitfield" in page
    assert f"http://testserver{door.path('back/')}" in page


def test_switching_off_and_removing_are_written_down_and_leave_accounts_alone(door: Door, office: Client) -> None:
    door.enter(Client(), number="N-Amy")
    for act in ("off", "on", "remove"):
        assert office.post(door.page(f"{act}/")).status_code == 302
    assert list_connections(door.school.district) == []
    assert list_sign_ins(door.school.district) == []
    assert office.get(door.page()).status_code == 404


def test_a_district_of_another_method_sees_why_not_and_the_way_there(door: Door, office: Client) -> None:
    change_method(door.school.district, "self_managed", by=OPERATOR)
    page = office.get(door.room()).content.decode()
    assert "Single sign-on comes with Automated" in page
    assert f"/d/{door.school.district.code}/method/" in page
    assert "Connect an identity provider" not in page
    assert "Days of grace" not in page
    assert office.get(door.room("add/"))["Location"] == door.room()
    answer = office.post(door.page("on/"), follow=True).content.decode()
    assert "Automated only" in answer


def test_a_secret_that_ends_soon_is_told(door: Door, office: Client) -> None:
    for days, said in ((40, ""), (20, "Its client secret ends on"), (-2, "Its client secret ended on")):
        with within(door.school.district):
            ends = timezone.localdate() + timedelta(days=days)
            Connection.objects.filter(pk=door.connection.pk).update(secret_ends_on=ends)
        for page in (door.room(), door.page()):
            shown = office.get(page).content.decode()
            assert said in shown
            assert ("client secret" in shown) is bool(said) or page == door.page()


def test_the_days_of_grace_are_set(door: Door, office: Client) -> None:
    assert office.post(door.room("grace/"), {"days": "3"}).status_code == 302
    assert District.objects.get(pk=door.school.district.pk).student_grace_days == 3
    assert office.post(door.room("grace/"), {"days": "90"}).status_code == 422


def test_another_log_in_is_allowed_by_a_person_and_only_where_it_was_refused(door: Door, office: Client) -> None:
    door.enter(Client(), number="N-Amy", sub="s-1")
    assert door.enter(Client(), number="N-Ben", sub="s-1").status_code == 403
    refused, entered = list_sign_ins(door.school.district)
    assert office.post(door.room(f"log/{entered.pk}/allow/")).status_code == 404
    assert "Let them come with it" in office.get(door.room("log/?refused=on")).content.decode()
    assert office.post(door.room(f"log/{refused.pk}/allow/")).status_code == 302
    assert door.enter(Client(), number="N-Ben", sub="s-1").status_code == 302
