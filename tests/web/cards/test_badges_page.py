"""From the list of people to their cards; the page of badges: printed again, and voided when they are lost."""

import re

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker
from tests.web.cards.test_printing import _log_ins, _text
from tests.web.rooms.conftest import House, make_house, signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.badges import authenticate_badge, find_badge, make_badge, secret_of
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import OPERATOR

pytestmark = pytest.mark.usefixtures("static_files", "database")
QUESTIONS = 16


@pytest.fixture(scope="module")
def school(
    migrated_database: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> House:
    """A house of this module's own, whose passwords may change."""
    with django_db_blocker.unblock():
        return make_house(tmp_path_factory.mktemp("badges"))


def _content(answer: HttpResponseBase) -> str:
    return getattr(answer, "content", b"").decode()


def _badge(house: House, person: int) -> str:
    return secret_of(house.district, make_badge(house.district, person, by=OPERATOR))


def test_new_passwords_for_those_chosen_are_looked_at_first_then_warned_of_then_printed(school: House) -> None:
    principal, path = signed_in(school.accounts["principal"]), school.path("cards/people/")
    student, teacher = school.person_ids["student"], school.person_ids["teacher"]
    set_credential(school.district, student, "amy", "pass1", by=OPERATOR)
    listed = _content(principal.get(school.path("people/?role=student")))
    assert 'value="passwords"' in listed
    assert 'value="remove"' not in listed, "a principal changes no roster by hand"
    look = _content(principal.post(path, {"person": [student, teacher], "print": "passwords"}))
    assert "1 other person gets no card" in look
    assert re.findall(r'name="person" value="(\d+)" checked', look) == [str(student)]
    sent = {"person": student, "kind": "passwords", "paper": "a4"}
    assert "1 student has a password now: it ends" in _content(principal.post(path, sent))
    assert authenticate_student(school.district, "amy", "pass1", address="10.0.1.1"), "so far nothing has changed"
    ((username, password),) = _log_ins(_text(principal.post(path, {**sent, "then": "print"})))
    assert authenticate_student(school.district, "amy", "pass1", address="10.0.1.2") is None
    assert authenticate_student(school.district, username, password, address="10.0.1.3")


def test_all_that_are_found_can_be_chosen_and_who_is_no_student_gets_none(school: House) -> None:
    administrator, path = signed_in(school.accounts["administrator"]), school.path("cards/people/")
    look = _content(administrator.post(path, {"all": "yes", "role": "student", "grade": "07", "print": "badges"}))
    assert len(re.findall(r'name="person"', look)) > 1
    assert re.search(r'value="badges" checked', look)
    for person in ([], [school.person_ids["teacher"]], [2**60]):
        answer = administrator.post(path, {"person": person, "print": "badges"}, follow=True)
        assert "Choose students: cards are for them." in _content(answer)
    whole = administrator.post(path, {"person": list(range(1, 502)), "print": "badges"}, follow=True)
    assert "Choose 500 people at most." in _content(whole)


def test_a_lost_badge_is_voided_and_the_next_one_is_another(school: House) -> None:
    principal, student = signed_in(school.accounts["principal"]), school.person_ids["student"]
    lost = _badge(school, student)
    page = _content(principal.get(school.path("cards/badges/?q=whit"))) + _content(
        principal.get(school.path("cards/badges/"))
    )
    assert f'value="{student}"' in page
    assert f"cards/people/?person={student}&amp;kind=badges" in page
    asked = _content(principal.post(school.path("cards/badges/void/"), {"person": student}))
    assert "Void 1 badge?" in asked
    assert authenticate_badge(school.district, lost), "asking changes nothing"
    principal.post(school.path("cards/badges/void/"), {"person": student, "then": "void"})
    assert authenticate_badge(school.district, lost) is None
    assert find_badge(school.district, student) is None
    assert authenticate_badge(school.district, _badge(school, student))


def test_a_teacher_voids_those_of_a_class_and_of_no_other(school: House) -> None:
    teacher, path = signed_in(school.accounts["teacher"]), school.path(f"cards/class/{school.own_class}/")
    mine = _badge(school, school.person_ids["student"])
    theirs = _badge(school, school.student_of("other principal"))
    assert "badges/void/" in _content(teacher.get(path))
    assert "Void 1 badge?" in _content(teacher.get(f"{path}badges/void/"))
    teacher.post(f"{path}badges/void/", {"then": "void"})
    assert authenticate_badge(school.district, mine) is None
    assert "None of them has a badge" in _content(teacher.get(f"{path}badges/void/", follow=True))
    other = school.class_of("other principal")
    assert teacher.post(school.path(f"cards/class/{other}/badges/void/"), {"then": "void"}).status_code == 404
    assert teacher.get(school.path("cards/badges/")).status_code == 403
    assert authenticate_badge(school.district, theirs)


def test_badges_of_another_school_are_neither_seen_nor_voided(school: House) -> None:
    mine, theirs = school.person_ids["student"], school.student_of("other principal")
    _badge(school, mine)
    code = _badge(school, theirs)
    principal = signed_in(school.accounts["principal"])
    page = _content(principal.get(school.path("cards/badges/")))
    assert f'value="{mine}"' in page
    assert f'value="{theirs}"' not in page
    void = school.path("cards/badges/void/")
    assert principal.post(void, {"person": theirs, "then": "void"}).status_code == 404
    principal.post(void, {"person": [mine, theirs], "then": "void"})
    assert find_badge(school.district, mine) is None
    assert authenticate_badge(school.district, code)


def test_the_page_of_badges_asks_few_questions_however_many_there_are(school: House) -> None:
    def questions(client: Client) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(school.path("cards/badges/")).status_code == 200
        return len(asked)

    administrator = signed_in(school.accounts["administrator"])
    _badge(school, school.person_ids["student"])
    assert questions(administrator) == QUESTIONS
    for principal in ("principal", "other principal"):
        _badge(school, school.student_of(principal))
    assert questions(administrator) == QUESTIONS
