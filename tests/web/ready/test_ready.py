"""What is missing before the first bell, as administrators and principals see it."""

import re

import pytest
from django.test import Client
from tests.web.editing.conftest import Village, administrator, village
from tests.web.rooms.conftest import signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.badges import make_badge, void_badge
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.classes import add_class
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.models import Enrollment

pytestmark = pytest.mark.usefixtures("database", "static_files")

__all__ = ["administrator", "village"]


def _missing(client: Client, village: Village) -> dict[str, dict[str, int]]:
    """By school and label: the numbers of the page."""
    schools = client.get(village.path("ready/")).context["schools"]
    return {school.name: {missing.label: missing.count for missing in school.missing} for school in schools}


def _names(client: Client, village: Village, query: str) -> list[str]:
    return [row.name for row in client.get(village.path(f"people/?{query}")).context["people"]]


def test_it_counts_by_school_who_has_no_class_no_card_and_no_way_to_sign_in(
    village: Village, administrator: Client
) -> None:
    assert _missing(administrator, village)["Maple Hill"] == {
        "No class": 1,
        "Classes, no teacher": 0,
        "Classes, no students": 0,
        "No way to sign in": 1,
        "Teachers, no way to sign in": 0,
        "Card not printed": 2,
        "Never signed in": 2,
    }
    assert (
        _missing(administrator, village)["Cedar Hill"].keys() == _missing(administrator, village)["Maple Hill"].keys()
    )


def test_each_number_leads_to_those_whom_it_counts(village: Village, administrator: Client) -> None:
    page = administrator.get(village.path("ready/"))
    for school in page.context["schools"]:
        for missing in school.missing:
            assert bool(missing.url) is bool(missing.count)
            if missing.url:
                shown = administrator.get(missing.url).context
                assert shown["total"].split()[0] == str(missing.count), missing.label
    assert _names(administrator, village, f"lack=class&school={village.rows['SCHOOL']}") == ["Brown, Ben"]
    assert _names(administrator, village, f"lack=class&school={village.rows['OTHER']}") == []
    assert len(_names(administrator, village, "lack=nonsense")) == 5


def test_a_class_without_teacher_or_students_is_listed(village: Village, administrator: Client) -> None:
    said = {
        "title": "Botany",
        "schoolSourcedId": str(village.rows["SCHOOL"]),
        "termSourcedIds": str(village.rows["TERM"]),
    }
    add_class(village.district, said, by=BY)
    for lack in ("teacher", "students"):
        shown = administrator.get(village.path(f"classes/?lack={lack}")).context["classes"]
        assert [row.title for row in shown] == ["Botany"], lack
    assert _missing(administrator, village)["Maple Hill"]["Classes, no teacher"] == 1


def test_a_place_that_is_over_and_one_at_another_school_do_not_count(village: Village, administrator: Client) -> None:
    with within(village.district):
        Enrollment.objects.filter(id=village.rows["PLACE"]).update(end_date="2026-01-31")
    assert _missing(administrator, village)["Maple Hill"]["No class"] == 2
    with within(village.district):
        Enrollment.objects.filter(id=village.rows["PLACE"]).update(end_date=None, school_id=village.rows["OTHER"])
    assert _missing(administrator, village)["Maple Hill"]["No class"] == 2


def _print(client: Client, village: Village, kind: str, *names: str) -> None:
    people = [str(village.rows[name]) for name in names]
    sent = {"kind": kind, "paper": "letter", "person": people, "then": "print"}
    answer = client.post(village.path(f"cards/class/{village.rows['CLASS']}/"), sent)
    assert answer["Content-Type"] == "application/pdf"


def _cards_missing(client: Client, village: Village) -> int:
    return _missing(client, village)["Maple Hill"]["Card not printed"]


def test_a_printed_card_counts_until_its_password_ends(village: Village, administrator: Client) -> None:
    _print(administrator, village, "passwords", "STUDENT")
    assert _cards_missing(administrator, village) == 1
    set_credential(village.district, village.rows["STUDENT"], "ada", "another one", by=OPERATOR)
    assert _cards_missing(administrator, village) == 2
    _print(administrator, village, "usernames", "STUDENT")
    assert _cards_missing(administrator, village) == 1


def test_a_badge_counts_until_it_is_voided_and_a_new_password_leaves_it(
    village: Village, administrator: Client
) -> None:
    make_badge(village.district, village.rows["STUDENT"], by=OPERATOR)
    assert _cards_missing(administrator, village) == 2, "made, and not printed"
    _print(administrator, village, "badges", "STUDENT")
    set_credential(village.district, village.rows["STUDENT"], "ada", "another one", by=OPERATOR)
    assert _cards_missing(administrator, village) == 1
    void_badge(village.district, village.rows["STUDENT"], by=OPERATOR)
    assert _cards_missing(administrator, village) == 2


def test_who_signed_in_once_is_not_told_any_more(village: Village, administrator: Client) -> None:
    set_credential(village.district, village.rows["STUDENT"], "ada", "a good one", by=OPERATOR)
    assert _missing(administrator, village)["Maple Hill"]["Never signed in"] == 2
    Client().post(f"/signin/{village.district.code}/", {"username": "ada", "password": "a good one"})
    assert _missing(administrator, village)["Maple Hill"]["Never signed in"] == 1


def test_a_principal_sees_the_own_school_only(village: Village) -> None:
    assert _missing(signed_in(village.accounts["principal"]), village).keys() == {"Maple Hill"}
    colleague = signed_in(village.accounts["colleague"])
    assert _missing(colleague, village).keys() == {"Birch Hill"}
    assert _names(colleague, village, f"lack=class&school={village.rows['SCHOOL']}") == []


def test_a_school_is_ready_when_everybody_has_a_class_and_can_sign_in(village: Village, administrator: Client) -> None:
    assert "Not ready yet" in administrator.get(village.path("ready/")).content.decode()
    for name in ("STUDENT", "PUPIL"):
        set_credential(village.district, village.rows[name], name.lower(), "a good one", by=OPERATOR)
    add = {"person": [village.rows["PUPIL"]], "role": "student"}
    page = administrator.post(village.path(f"classes/{village.rows['CLASS']}/members/add/"), add)
    assert page.status_code == 302
    (maple,) = [s for s in administrator.get(village.path("ready/")).context["schools"] if s.name == "Maple Hill"]
    assert maple.is_ready


def test_the_home_page_leads_there(village: Village, administrator: Client) -> None:
    page = re.sub(r"\s+", " ", administrator.get(village.path()).content.decode())
    assert f'<a href="{village.path("ready/")}">Ready for the first bell?</a>' in page
