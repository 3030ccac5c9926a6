"""Duplicates: proposals with what speaks for them, both side by side, merged, told apart, and parted again."""

import re
from pathlib import Path

import pytest
from django.test import Client
from tests.engine.formats.lists import STUDENTS, sheet, write_lists
from tests.web.editing.conftest import Village
from tests.web.rooms.conftest import signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.places import add_members
from firstbell.domain.roster.models import Enrollment, User
from firstbell.domain.roster.queries.duplicates import propose
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.roster.sources import add_source

pytestmark = pytest.mark.usefixtures("static_files", "database")
LIST = "people/duplicates/"
BOTH = "people/STUDENT/merge/TWICE/"


@pytest.fixture
def twice(village: Village) -> Village:
    """The village with a second Ada."""
    said = {"givenName": "Ada", "familyName": "Byron", "username": "ada2", "email": "ada@example.org"}
    role = {"role": "student", "orgSourcedId": str(village.rows["SCHOOL"])}
    village.rows["TWICE"] = add_person(village.district, said, [role], by=BY)
    add_members(village.district, village.rows["CLASS"], [village.rows["TWICE"]], {"role": "student"}, by=BY)
    return village


def _user(village: Village, name: str) -> User:
    with within(village.district):
        return User.objects.get(id=village.rows[name])


def _sent(village: Village, **more: str) -> dict[str, object]:
    return {
        "seen_kept": _user(village, "STUDENT").stamp,
        "seen_gone": _user(village, "TWICE").stamp,
        **more,
    }


def test_a_pair_is_compared_merged_and_parted_again(twice: Village, administrator: Client) -> None:
    listed = administrator.get(twice.path(LIST))
    assert "1 pair" in listed.content.decode()
    (pair,) = listed.context["pairs"]
    assert pair.shared == ["Same name at one school"]
    page = administrator.get(twice.path(BOTH)).content.decode()
    assert re.search(r'name="from-email" value="gone" checked', page), "blanks are filled"
    assert re.search(r'name="from-username" value="kept" checked', page)
    sent = _sent(twice, **{"from-email": "gone", "from-username": "kept"})
    answer = administrator.post(twice.path(BOTH), sent, follow=True)
    assert "Ada Byron is one person now" in answer.content.decode()
    assert _user(twice, "STUDENT").email == "ada@example.org"
    assert administrator.get(twice.path(LIST)).context["pairs"] == []
    person = administrator.get(twice.path("people/TWICE/"))
    assert person.context["person"].row.id == twice.rows["STUDENT"], "the old address leads to the one who stays"
    assert _user(twice, "TWICE").sourced_id in person.content.decode()
    back = administrator.post(f"{answer.redirect_chain[-1][0]}undo/", follow=True)
    assert "Undone: all is as it was before." in back.content.decode()
    assert _user(twice, "TWICE").removed_at is None
    with within(twice.district):
        assert Enrollment.objects.filter(user_id=twice.rows["TWICE"], removed_at=None).count() == 1


def test_two_people_are_told_apart_for_good(twice: Village, administrator: Client) -> None:
    answer = administrator.post(twice.path("people/TWICE/apart/STUDENT/"), follow=True)
    assert "They stay two people" in answer.content.decode()
    assert answer.context["pairs"] == []


def test_whose_log_in_goes_on_is_asked_where_both_have_one(twice: Village, administrator: Client) -> None:
    assert 'name="sign_in"' not in administrator.get(twice.path(BOTH)).content.decode()
    for name in ("STUDENT", "TWICE"):
        set_credential(twice.district, twice.rows[name], name.lower(), "river-otter-42", by=OPERATOR)
    assert 'name="sign_in"' in administrator.get(twice.path(BOTH)).content.decode()
    administrator.post(twice.path(BOTH), _sent(twice, sign_in="gone"))
    student = signed_in(twice.accounts["student"])
    assert student.get(twice.path("my-classes/")).status_code == 200


def test_somebody_who_was_faster_is_seen_first(twice: Village, administrator: Client) -> None:
    stale = _sent(twice)
    with within(twice.district):
        User.objects.filter(id=twice.rows["TWICE"]).update(stamp=999_999)
    answer = administrator.post(twice.path(BOTH), stale)
    assert answer.status_code == 422
    assert "Somebody changed one of the two meanwhile" in answer.content.decode()
    assert _user(twice, "TWICE").removed_at is None


def test_the_other_row_is_found_by_name_where_nothing_proposes_it(twice: Village, administrator: Client) -> None:
    page = administrator.get(twice.path("people/TEACHER/merge/?q=ada"))
    assert {row.line.id for row, _ in page.context["found"]} == {twice.rows["STUDENT"], twice.rows["TWICE"]}
    assert page.context["found"][0][1].endswith(f"/merge/{page.context['found'][0][0].line.id}/")
    assert "Nobody else is found" in administrator.get(twice.path("people/STUDENT/merge/?q=emmy9")).content.decode()


def test_who_does_not_edit_both_sees_neither_pair_nor_page(twice: Village, stranger: Client) -> None:
    colleague = signed_in(twice.accounts["colleague"])
    assert colleague.get(twice.path(LIST)).context["pairs"] == []
    for path in (BOTH, "people/STUDENT/merge/"):
        assert colleague.get(twice.path(path)).status_code == 404
        assert stranger.get(twice.path(path)).status_code == 404
    assert colleague.post(twice.path(BOTH), _sent(twice)).status_code == 404
    principal = signed_in(twice.accounts["principal"])
    assert principal.get(twice.path(LIST)).status_code == 403
    assert _user(twice, "TWICE").removed_at is None


@pytest.mark.parametrize("query", ["?page=0", "?page=9999999999999999999", "?page=x", "?page=2"])
def test_a_page_that_is_not_there_says_so(twice: Village, administrator: Client, query: str) -> None:
    assert administrator.get(twice.path(LIST + query)).status_code == 200


def _bring(village: Village, folder: Path, *rows: str) -> None:
    """A list from a source of its own."""
    header = "First name,Last name,Student number,Schools,Birth date"
    place = write_lists(folder, {STUDENTS: sheet(header, *rows)})
    source = add_source(village.district, f"SIS {folder.name}", by=OPERATOR)
    assert carry_out(village.district, receive_path(village.district, source, place, by=OPERATOR)).state == "applied"


def _proposed(village: Village, **more: bool) -> list[tuple[set[str], tuple[str, ...]]]:
    with within(village.district):
        found = propose(village.district, WHOLE_DISTRICT, birth_dates=more.get("birth_dates", True))
    return [({pair.one.own_identifier, pair.other.own_identifier}, pair.differs) for pair in found.pairs]


def test_two_of_one_name_whom_a_source_has_apart_are_not_proposed(village: Village, tmp_path: Path) -> None:
    _bring(village, tmp_path / "a", "Kim,Park,71,Elm,2015-03-01", "Kim,Park,72,Elm,2016-09-09")
    assert _proposed(village) == []
    assert [pair for pair, _ in _proposed(village, birth_dates=False)] == [{"71", "72"}]


def test_evidence_against_puts_a_pair_behind_and_one_source_twice_is_still_proposed(
    village: Village, tmp_path: Path
) -> None:
    twice = ("Lee,Ray,81,Elm,2014-01-01", "Lee,Ray,82,Elm,2014-01-01")
    _bring(village, tmp_path / "a", "Kim,Park,71,Elm,2015-03-01", *twice)
    _bring(village, tmp_path / "b", "Kim,Park,79,Elm,2016-09-09")
    told = _proposed(village)
    assert [pair for pair, _ in told] == [{"81", "82"}, {"71", "79"}]
    assert "birth date" in told[1][1]
