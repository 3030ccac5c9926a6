"""The demo's set-up: two districts with history, people who can sign in, and a second start that finds them."""

import json
import socket
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

from firstbell.cli.demo import districts, handout, packages
from firstbell.cli.demo.assisted import WILLOW
from firstbell.cli.demo.handout import Login
from firstbell.cli.demo.processes import Address, ensure_free, find_free
from firstbell.cli.demo.programs import ensure_programs
from firstbell.cli.demo.sftp import open_sftp
from firstbell.cli.packages import Unusable
from firstbell.domain.accounts.queries import find_account, list_memberships
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.accounts.visits import find_staff
from firstbell.domain.assisted.actions import cancel
from firstbell.domain.assisted.models import Case, CaseState, Upload
from firstbell.domain.assisted.queries import Asked, list_cases, list_lines, list_uploads
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import find_run, list_runs
from firstbell.domain.portfolio.queries import list_portfolio
from firstbell.domain.roster.models import User
from firstbell.domain.sharing.access import find_reader
from firstbell.domain.sharing.actions import give_token, revoke_client
from firstbell.domain.sharing.models import ApiClient

URL = "http://127.0.0.1:8000/"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, database: None) -> None:
    """The demo with fewer students, once for the session: the next test finds what is there."""
    monkeypatch.setattr(packages, "STUDENTS", 960)


@pytest.fixture
def logins(small: None) -> tuple[Login, ...]:
    return districts.set_up((), URL)


def _district(code: str) -> District:
    found = find_district(code)
    assert found is not None
    return found


def _runs(code: str) -> list[Run]:
    return list_runs(_district(code))


def _signs_in(login: Login) -> bool:
    if login.role == "student":
        return (
            authenticate_student(_district(login.site), login.username, login.password, address="127.0.0.1") is not None
        )
    return authenticate(HttpRequest(), email=login.username, password=login.password) is not None


def test_a_program_reads_each_district_and_a_second_start_finds_it(logins: tuple[Login, ...]) -> None:
    first = ensure_programs(None)
    assert [said["district"] for said in first] == [districts.MAPLE, districts.JUNIPER]
    for said in first:
        given = give_token(str(said["client_id"]), str(said["client_secret"]), [])
        assert list(given.scopes) == said["scopes"]
        assert find_reader(given.token).district.code == said["district"]
    assert ensure_programs(first) == first
    revoke_client(ApiClient.objects.get(client_id=first[0]["client_id"]), by=OPERATOR)
    again = ensure_programs(first)
    assert again[0] != first[0]
    assert again[1] == first[1]


def test_there_are_a_first_roster_some_nights_mistakes_and_a_hold(logins: tuple[Login, ...]) -> None:
    newest_first = _runs(districts.MAPLE)
    assert [run.state for run in newest_first] == ["held", "applied", "applied", "applied", "applied", "applied"]
    held, with_mistakes, *good = newest_first
    assert any("would leave" in reason["says"] for reason in held.reasons)
    assert 5 <= with_mistakes.found["error"] <= 50
    assert with_mistakes.found["warning"] >= 2
    assert [run.found["error"] for run in good] == [0, 0, 0, 0]
    assert all(any(counts["updated"] for counts in run.counts.values()) for run in good[:-1])


def test_the_charter_school_keeps_its_thirty_eight_people_itself(logins: tuple[Login, ...]) -> None:
    district = _district(districts.JUNIPER)
    assert (district.method, [run.state for run in _runs(districts.JUNIPER)]) == ("self_managed", ["applied"])
    with within(district):
        people = User.objects.filter(district_id=district.pk, removed_at=None)
        assert (people.count(), people.exclude(source_id=None).count()) == (38, 0)
        events = Event.objects.filter(district_id=district.pk, verb="source.let_go")
        assert events.count() == 1


def test_everyone_in_the_handout_can_sign_in_and_is_on_the_roster(logins: tuple[Login, ...]) -> None:
    assert [(login.district, login.role) for login in logins] == [
        ("maple-valley", "district_administrator"),
        ("maple-valley", "it_administrator"),
        ("maple-valley", "principal"),
        ("maple-valley", "teacher"),
        ("maple-valley", "student"),
        ("juniper", "district_administrator"),
        ("willow-creek", "district_administrator"),
        ("", "technical_services"),
        ("", "customer_success"),
        ("", "account_executive"),
        ("", "operator"),
    ]
    assert all(_signs_in(login) for login in logins)
    for login in logins:
        account = find_account(login.username)
        if login.role != "student":
            assert len(login.password) >= 15
            assert account is not None
        if login.role != "student" and login.district:
            assert account is not None
            (membership,) = list_memberships(account)
            assert (membership.person_id is not None) is (login.district != WILLOW), "it has no roster yet"


def test_the_vendors_staff_work_for_the_vendor_and_belong_to_no_district(logins: tuple[Login, ...]) -> None:
    for login in logins[-4:]:
        account = find_account(login.username)
        assert account is not None
        staff = find_staff(account)
        assert staff is not None
        assert (staff.role, list_memberships(account)) == (login.role, [])


def test_a_case_of_the_third_district_waits_at_the_desk_with_two_versions(logins: tuple[Login, ...]) -> None:
    district = _district(WILLOW)
    (case,) = list_cases(district)
    assert (case.state, case.claimed_by, case.contact_name) == (CaseState.PLANNED, "Tess Turner", "Willa Crane")
    second, first = (find_run(district, one.run_id) for one in list_uploads(district, case))
    assert first is not None
    assert second is not None
    assert first.found["error"] > second.found["error"] == 0
    assert [line.case_id for line in list_lines(Asked(clean=True, district_ids=[district.pk]))] == [case.pk]
    with_case = districts.set_up(logins, URL)  # and a second start leaves it as it is
    assert with_case == logins
    assert len(list_uploads(district, list_cases(district)[0])) == 2


def test_a_start_that_was_stopped_half_way_is_taken_up(logins: tuple[Login, ...]) -> None:
    district = _district(WILLOW)
    (case,) = list_cases(district)
    cancel(district, case, now=timezone.now(), by=OPERATOR)
    districts.set_up(logins, URL)
    assert list_cases(district)[0].state == CaseState.CANCELLED, "what somebody did since stays"
    with within(district):
        Upload.objects.filter(case_id=case.pk).delete()
        Case.objects.filter(pk=case.pk).delete()
    districts.set_up(logins, URL)
    assert list_cases(district)[0].state == CaseState.PLANNED


def test_the_portfolio_of_customer_success_has_all_three_and_a_question(logins: tuple[Login, ...]) -> None:
    (cal,) = (login for login in logins if login.role == "customer_success")
    lines = {line.district.code: line for line in list_portfolio(cal.username, now=timezone.now())}
    assert lines.keys() == {"maple-valley", "juniper", WILLOW}
    assert lines[WILLOW].case is not None
    assert lines["maple-valley"].place.stage == "A run waits for a decision"
    assert lines["juniper"].requests == 1


def test_a_second_start_makes_nothing_and_keeps_the_passwords(logins: tuple[Login, ...]) -> None:
    before = [run.pk for code in (districts.MAPLE, districts.JUNIPER) for run in _runs(code)]
    assert districts.set_up(logins, URL) == logins
    assert [run.pk for code in (districts.MAPLE, districts.JUNIPER) for run in _runs(code)] == before


def test_where_the_handout_is_lost_everyone_gets_a_new_password(logins: tuple[Login, ...]) -> None:
    again = districts.set_up((), URL)
    assert [(login.role, login.username) for login in again] == [(login.role, login.username) for login in logins]
    assert all(_signs_in(login) for login in again)
    assert not any(_signs_in(login) for login in logins)


def test_the_handout_is_for_its_owner_alone_and_keeps_what_others_wrote(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    student = Login(
        "student", "maple-valley", "ada1", "abcde-fghjk", "Ada", f"{URL}signin/maple-valley/", "maple-valley"
    )
    adult = Login("teacher", "maple-valley", "a@example.org", "abcde-fghjk-mnpqr", "Ann", f"{URL}account/login/")
    handout.write(path, handout.Handout(URL, (student, adult), {"sftp": {"port": 2222}}))
    assert path.stat().st_mode & 0o777 == 0o600
    content = json.loads(path.read_text())
    assert (content["url"], content["sftp"]) == (URL, {"port": 2222})
    assert {"role", "district", "username", "password"} <= set(content["logins"][1])
    assert content["logins"][0]["site"] == "maple-valley"
    assert handout.read(path) == handout.Handout(URL, (student, adult), {"sftp": {"port": 2222}})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": "x", "logins": [1]}'])
def test_a_handout_that_cannot_be_used_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.json").write_text(text)
    assert handout.read(tmp_path / "demo.json") == handout.Handout()


def test_a_port_that_is_taken_is_told_before_anything_is_made() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Unusable, match="Choose another with --port"):
            ensure_free(Address("127.0.0.1", other.getsockname()[1]))


def test_the_address_is_one_that_a_browser_can_open() -> None:
    assert Address("0.0.0.0", 9000).url == "http://127.0.0.1:9000/"
    assert Address("::1", 9000).url == "http://[::1]:9000/"


def test_files_may_be_dropped_and_a_second_start_keeps_the_password(logins: tuple[Login, ...]) -> None:
    first = open_sftp(None, Address("127.0.0.1", 2222))
    second = open_sftp(first, Address("127.0.0.1", 2223))
    assert first["password"] == second["password"]
    assert second["port"] == 2223
    assert str(first["username"]).startswith(districts.MAPLE)
    assert open_sftp({"password": "no longer"}, Address("127.0.0.1", 2222))["password"] != first["password"]


def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = Address("127.0.0.1", taken.getsockname()[1])
        assert find_free(wanted).port > wanted.port
