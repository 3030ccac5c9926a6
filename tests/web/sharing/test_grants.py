"""The page of a grant: looked at first, asked about where many people would go, and kept with its versions."""

import datetime as dt

import pytest
from tests.matrix.by_hand import new_student
from tests.web.rooms.conftest import House, signed_in

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Org
from firstbell.domain.sharing.access import NotGranted, find_reader
from firstbell.domain.sharing.actions import NewClient, add_client, give_token
from firstbell.domain.sharing.granting import find_grant, list_withheld, set_grant
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS
from firstbell.domain.sharing.presets import Wish

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def program(house: House) -> NewClient:
    return add_client(house.district, "Reading Hour", list(SCOPE_URIS), by=OPERATOR)


def school_of(house: House) -> int:
    with within(house.district):
        return Org.objects.filter(district_id=house.district.pk, type="school").order_by("id")[0].id


def test_a_grant_is_looked_at_and_then_saved(house: House, program: NewClient) -> None:
    client = signed_in(house.accounts["administrator"])
    path = house.path(f"programs/{program.client.pk}/grant/")
    before = client.get(path).content.decode()
    assert "What it sees now" in before
    said = {"preset": "classroom", "schools": [school_of(house)], "hidden": ["users.email"], "agreement": "DPA of May"}
    looked = client.post(path, {**said, "look": "yes"}).content.decode()
    assert "What it would see" in looked
    assert find_grant(program.client) is None
    saved = client.post(path, {**said, "save": "yes"}, follow=True).content.decode()
    assert "DPA of May" in saved
    program.client.refresh_from_db()
    held = find_grant(program.client)
    assert held is not None
    assert (held.version, held.schools, held.made_by) == (1, [school_of(house)], "Administrator Whitfield")
    assert {"users.email", "users.phone", "demographics"} <= set(program.client.hidden)


def test_who_would_take_many_away_is_asked_first(house: House, program: NewClient) -> None:
    give_token(program.client.client_id, program.secret, [])
    client = signed_in(house.accounts["administrator"])
    path = house.path(f"programs/{program.client.pk}/grant/")
    said = {"preset": "full", "grades": ["03"], "roles": ["student"], "save": "yes"}
    asked = client.post(path, said).content.decode()
    assert "Many people would go" in asked
    assert find_grant(program.client) is None
    client.post(path, {**said, "sure": "on"})
    program.client.refresh_from_db()
    assert find_grant(program.client) is not None


def test_what_cannot_be_granted_is_told(house: House, program: NewClient) -> None:
    client = signed_in(house.accounts["administrator"])
    path = house.path(f"programs/{program.client.pk}/grant/")
    for said, words in (
        ({"preset": "full", "begins": "2027-02-01", "ends": "2027-01-01"}, "ends before it begins"),
        ({"preset": "full", "schools": ["1"]}, "valid choice"),
        ({"preset": "best"}, "valid choice"),
    ):
        answer = client.post(path, {**said, "save": "yes"})
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_grant_holds_from_its_first_day_to_its_last(house: House, program: NewClient) -> None:
    token = give_token(program.client.client_id, program.secret, []).token
    today = today_of(house.district)
    for begins, ends, holds in ((-1, 1, True), (-9, -2, False), (2, 9, False)):
        days = [today + dt.timedelta(days=by) for by in (begins, ends)]
        set_grant(program.client, Wish(begins=days[0], ends=days[1]), by=OPERATOR)
        if holds:
            assert find_reader(token).client_id == program.client.pk
        else:
            with pytest.raises(NotGranted, match=str(days[1] if ends < 0 else days[0])):
                find_reader(token)


def test_a_child_is_kept_from_programs_and_shown_again(house: House, program: NewClient) -> None:
    client = signed_in(house.accounts["administrator"])
    child = new_student(house)["person_id"]  # of whom no file of another test has told
    path = house.path(f"programs/people/{child}/")
    assert "No program was told of this person" in client.get(path).content.decode()
    assert client.post(path, {"program": "", "reason": " "}).status_code == 422
    kept = client.post(path, {"program": program.client.pk, "reason": "Opted out"}, follow=True).content.decode()
    assert "Reading Hour is told nothing of" in kept
    [one] = list_withheld(house.district, child)
    assert (one.reason, one.client) == ("Opted out", program.client)
    program.client.refresh_from_db()
    assert program.client.is_limited
    client.post(house.path(f"programs/people/{child}/tell/{one.pk}/"))
    assert list_withheld(house.district, child) == []
    program.client.refresh_from_db()
    assert not program.client.is_limited


def test_a_family_that_asks_is_told_which_programs_know_their_child(house: House, program: NewClient) -> None:
    client = signed_in(house.accounts["administrator"])
    child = new_student(house)["person_id"]  # of whom no file of another test has told
    told = client.get(house.path(f"people/{child}/everything/")).json()
    assert told["programs"] == {"received": [], "withheld_from": []}


def test_the_log_is_downloaded(house: House) -> None:
    answer = signed_in(house.accounts["administrator"]).get(house.path("programs/log.csv"))
    assert b"".join(answer.streaming_content).decode("utf-8-sig").startswith("at,program,grantVersion,table,asked")  # type: ignore[attr-defined]


def test_what_it_sees_is_downloaded_as_files(house: House, program: NewClient) -> None:
    client = signed_in(house.accounts["administrator"])
    answer = client.get(house.path(f"programs/{program.client.pk}/files/?to=oneroster-1.1"))
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert client.get(house.path(f"programs/{program.client.pk}/files/?to=paper")).status_code == 404


def test_another_district_has_no_such_program_and_no_such_child(
    house: House, program: NewClient, stranger: object
) -> None:
    answer = stranger.get(house.path(f"programs/{program.client.pk}/grant/"))  # type: ignore[attr-defined]
    assert answer.status_code == 404
