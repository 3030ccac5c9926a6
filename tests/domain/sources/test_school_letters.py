"""What people of a school are told: of their school alone, in counts, by real mail."""

from collections.abc import Iterator

import pytest
from tests.domain.imports.rosters import PRINCIPAL
from tests.domain.sources.conftest import Fetching
from tests.engine.district import District as Roster
from tests.engine.district import lakeside
from tests.postbox import Postbox, receiving
from tests.web.rooms.conftest import member, signed_in
from tests.working import work_until_idle

from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.roster.models import User
from firstbell.domain.sources.letters import choose, tell
from firstbell.domain.sources.models import Notice, NoticeKind

STUDENTS = 40


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with receiving() as made:
        yield made


@pytest.fixture
def rehearsed(fetching: Fetching, postbox: Postbox) -> Fetching:
    fetching.lay(lakeside(STUDENTS))
    fetching.rehearse()
    return fetching


def _works_at(fetching: Fetching, school: str, role: str = "registrar") -> Account:
    with within(fetching.district):
        person = User.objects.get(district_id=fetching.district.pk, sourced_id=f"t-{school}")
    return member(fetching.district, role, role, person.id)


def _told(postbox: Postbox, account: Account) -> list[tuple[str, str]]:
    work_until_idle("mail")
    return [(str(letter["Subject"]), letter.get_content()) for letter in postbox.to(account.email or "")]


def _broken(roster: Roster, *enrollments: str) -> Roster:
    broken = roster.copy()
    for name in enrollments:
        broken.row("enrollments", name)["userSourcedId"] = "nobody-knows"
    return broken


def test_people_of_a_school_are_told_of_records_newly_left_out_there_and_nobody_of_another(
    rehearsed: Fetching, postbox: Postbox
) -> None:
    registrar, principal = _works_at(rehearsed, "elm"), _works_at(rehearsed, "elm", "principal")
    elsewhere = _works_at(rehearsed, "oak")
    nowhere = member(rehearsed.district, "nowhere", "registrar")
    administrator = member(rehearsed.district, "administrator", "district_administrator")
    rehearsed.lay(_broken(lakeside(STUDENTS), "e-s0", "e-s2"))
    assert rehearsed.sync().state == "run"
    run = rehearsed.runs[0]
    assert run.state == "applied"
    for account in (registrar, principal):
        ((subject, body),) = _told(postbox, account)
        assert subject == "Lakeside Unified: records of your school are left out"
        assert "- Elm: 2 records left out, 2 newly" in body
        assert "Oak" not in body
        assert f"/runs/{run.pk}/findings/?at=mine" in body
    for account in (elsewhere, nowhere, administrator):  # an administrator hears of it who has chosen to
        assert [subject for subject, _ in _told(postbox, account) if "left out" in subject] == []


def test_what_was_left_out_the_night_before_is_not_told_again_and_what_comes_to_it_is(
    rehearsed: Fetching, postbox: Postbox
) -> None:
    registrar = _works_at(rehearsed, "elm")
    rehearsed.lay(_broken(lakeside(STUDENTS), "e-s0"))
    rehearsed.sync()
    rehearsed.sync()  # the same bytes
    rehearsed.lay(_broken(lakeside(STUDENTS + 2), "e-s0"))
    rehearsed.sync()
    assert len(_told(postbox, registrar)) == 1
    rehearsed.lay(_broken(lakeside(STUDENTS + 2), "e-s0", "e-s4"))
    rehearsed.sync()
    assert "- Elm: 2 records left out, 1 newly" in _told(postbox, registrar)[-1][1]


def test_a_run_that_waits_is_told_to_the_schools_that_it_is_about_in_counts(
    rehearsed: Fetching, postbox: Postbox
) -> None:
    registrar, elsewhere = _works_at(rehearsed, "elm"), _works_at(rehearsed, "oak")
    roster = lakeside(STUDENTS)
    rehearsed.lay(roster.without(*[f"s{number}" for number in range(0, STUDENTS, 2)]))
    rehearsed.sync()
    assert rehearsed.runs[0].state == "held"
    ((subject, body),) = _told(postbox, registrar)
    assert subject == "Lakeside Unified: a run that waits is about your school"
    assert "- Elm: 20 people would leave" in body
    for user in roster["users"]:
        assert user["familyName"] not in body
    assert _told(postbox, elsewhere) == []
    with within(rehearsed.district):
        notice = Notice.objects.filter(kind=NoticeKind.HELD).latest("pk")
    tell(rehearsed.district, notice.pk)
    assert len(_told(postbox, registrar)) == 1


def test_who_moves_leaves_one_school_and_comes_to_the_other(rehearsed: Fetching, postbox: Postbox) -> None:
    elm, oak = _works_at(rehearsed, "elm"), _works_at(rehearsed, "oak")
    gone = lakeside(STUDENTS).without(*[f"s{number}" for number in range(0, STUDENTS, 2) if number != 4])
    gone.row("roles", "r-s4")["orgSourcedId"] = "oak"
    gone.row("enrollments", "e-s4").update(schoolSourcedId="oak", classSourcedId="c-oak")
    rehearsed.lay(gone)
    rehearsed.sync()
    assert "- Elm: 20 people would leave" in _told(postbox, elm)[0][1]
    assert "- Oak: 1 person would come" in _told(postbox, oak)[0][1]


def test_of_a_run_that_was_decided_meanwhile_no_school_hears(rehearsed: Fetching, postbox: Postbox) -> None:
    registrar = _works_at(rehearsed, "elm")
    rehearsed.lay(lakeside(STUDENTS).without(*[f"s{number}" for number in range(0, STUDENTS, 2)]))
    rehearsed.sync()
    discard_run(rehearsed.district, rehearsed.runs[0], by=PRINCIPAL)
    assert _told(postbox, registrar) == []


def test_a_registrar_chooses_on_her_own_page_among_what_is_hers(rehearsed: Fetching, postbox: Postbox) -> None:
    registrar = _works_at(rehearsed, "elm")
    client, path = signed_in(registrar), f"/d/{rehearsed.district.code}/sources/notices/"
    shown = client.get(path).content.decode()
    assert 'value="findings"' in shown
    assert 'value="digest"' not in shown
    assert "notices/program/" not in shown
    assert client.post(path, {"kinds": ["digest"]}).status_code == 422
    assert client.post(path, {"kinds": ["held"]}).status_code == 302
    rehearsed.lay(_broken(lakeside(STUDENTS), "e-s0"))
    rehearsed.sync()
    assert _told(postbox, registrar) == []


def test_a_choice_from_another_time_opens_nothing_more(rehearsed: Fetching, postbox: Postbox) -> None:
    registrar = _works_at(rehearsed, "elm")
    choose(rehearsed.district, registrar, NoticeKind.values, by=OPERATOR)
    for path in rehearsed.folder.iterdir():
        path.write_text("no roster")
    rehearsed.sync()
    assert rehearsed.runs[0].state == "refused"
    assert _told(postbox, registrar) == []


def test_the_page_shows_a_school_the_records_that_are_its_own_and_no_cell_of_another(
    rehearsed: Fetching, postbox: Postbox
) -> None:
    principal = _works_at(rehearsed, "elm", "principal")
    rehearsed.lay(_broken(lakeside(STUDENTS), "e-s0", "e-s1"))
    rehearsed.sync()
    client, run = signed_in(principal), rehearsed.runs[0]
    path = f"/d/{rehearsed.district.code}/runs/{run.pk}/"
    assert "?at=mine" in client.get(path).content.decode()
    mine = client.get(f"{path}findings/?at=mine").content.decode()
    assert "e-s0" in mine
    assert "e-s1" not in mine
    assert "points to nobody-knows, which is not among the people" in mine
    assert "in the records of your school" in mine
    everything = client.get(f"{path}findings/").content.decode()
    assert "e-s0" not in everything
    stranger = signed_in(_works_at(rehearsed, "oak"))
    assert "e-s0" not in stranger.get(f"{path}findings/?at=mine").content.decode()
