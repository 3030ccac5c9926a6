"""Cases through the pages of both sides: each step, and who must not see what."""

import html
import uuid

import pytest
from django.test import Client
from tests.engine.formats.lists import SIMPLE, STUDENTS, sheet
from tests.web.cases.conftest import TwoSides, staff_account
from tests.web.rooms.conftest import signed_in
from tests.working import work_until_idle

from firstbell.domain.accounts.models import StaffRole
from firstbell.domain.assisted.models import CaseState, SavedReply
from firstbell.domain.assisted.queries import list_messages

pytestmark = pytest.mark.usefixtures("static_files", "database")
TWICE = SIMPLE | {STUDENTS: sheet("First name,Last name,Schools", "Al,Day,Elm", "Al,Day,Elm", "Bo,Lee,Elm")}


def _page(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def test_a_case_goes_through_the_pages_from_request_to_receipt(sides: TwoSides) -> None:
    case = sides.ask()
    assert "Get the templates" in _page(sides.office, sides.path())
    template = sides.office.get(sides.of_case(case, "template/"))
    assert template.content.startswith(b"PK")
    case = sides.bring(case)
    assert case.state == CaseState.PLANNED
    assert f"Case {case.pk}" in _page(sides.desk, "/desk/?part=clean")
    assert "case waits" in _page(sides.desk, "/staff/") or "cases wait" in _page(sides.desk, "/staff/")
    sides.desk.post(sides.at_desk(case, "claim/"))
    assert "Import it" in _page(sides.desk, sides.at_desk(case))
    sides.desk.post(sides.at_desk(case, "import/"))
    case = sides.work(case)
    assert case.state == CaseState.IMPORTED
    accounts = _page(sides.office, sides.of_case(case, "accounts/"))
    assert "Ana Lopez" in accounts
    assert "blue fox tent" not in accounts
    assert sides.office.get(sides.of_case(case, "accounts/file/")).content.startswith(b"PK")
    sides.office.post(sides.of_case(case, "accounts/rest/"))
    case = sides.work(case)
    shown = sides.office.post(sides.of_case(case, "log-ins/")).content.decode()
    assert "blue fox tent" in shown
    assert "blue fox tent" not in sides.office.post(sides.of_case(case, "log-ins/"), follow=True).content.decode()
    sides.office.post(sides.of_case(case, "sign-off/"))
    signed = _page(sides.office, sides.of_case(case))
    assert "Receipt" in signed
    assert "No single sign-on: it needs accounts that a system keeps in step" in signed
    assert sides.again(case).state == CaseState.SIGNED_OFF


def test_files_findings_and_messages_are_for_who_has_the_case(sides: TwoSides) -> None:
    case = sides.bring(sides.ask())
    sides.office.post(sides.of_case(case, "say/"), {"text": "A private word"})
    assert "A private word" not in _page(sides.desk, sides.at_desk(case))
    sides.desk.post(sides.at_desk(case, "claim/"))
    assert "A private word" in _page(sides.desk, sides.at_desk(case))
    kim = signed_in(staff_account("Kim Colleague"))
    assert "A private word" not in _page(kim, sides.at_desk(case))
    kim.post(sides.at_desk(case, "import/"))
    kim.post(sides.at_desk(case, "return/"), {"text": "no"})
    assert sides.again(case).state == CaseState.PLANNED
    assert kim.get(sides.at_desk(case, "correct/")).status_code == 302


@pytest.mark.parametrize("role", [StaffRole.CUSTOMER_SUCCESS, StaffRole.ACCOUNT_EXECUTIVE])
def test_who_of_the_vendor_does_not_work_on_cases_finds_none(sides: TwoSides, role: StaffRole) -> None:
    case = sides.ask()
    client = signed_in(staff_account("Cas Success", role))
    for path in ("/desk/", "/desk/findings/", "/desk/replies/", sides.at_desk(case), sides.at_desk(case, "correct/")):
        assert client.get(path).status_code == 404
    for verb in ("claim", "hand-over", "templates", "return", "back", "cancel", "import", "undo", "say", "answer"):
        assert client.post(sides.at_desk(case, f"{verb}/")).status_code == 404
    assert sides.again(case).claimed_id is None


def test_a_stranger_and_a_teacher_find_no_case(sides: TwoSides, stranger: Client) -> None:
    case = sides.ask()
    assert stranger.get(sides.of_case(case)).status_code == 404
    assert stranger.get("/desk/").status_code == 404
    own = stranger.get("/", follow=True).redirect_chain[-1][0]
    assert stranger.get(f"{own}cases/{case.pk}/").status_code == 404
    assert signed_in(sides.teacher).get(sides.of_case(case)).status_code == 403


def test_a_district_that_lets_nobody_in_shows_its_cases_to_no_staff(sides: TwoSides) -> None:
    case = sides.ask()
    sides.office.post(sides.path("members/visits/let-in/"), {"allowed": "no"})
    sides.district.refresh_from_db()
    assert not sides.district.lets_staff_in
    assert sides.desk.get(sides.at_desk(case)).status_code == 404
    refused = sides.office.post(sides.path("cases/new/"), {"contact": str(sides.contact.pk), "form": "simple"})
    assert refused.status_code == 422
    assert "Let vendor staff in first" in refused.content.decode()


def test_somebody_else_than_the_contact_gets_no_log_ins(sides: TwoSides) -> None:
    case = sides.imported()
    sides.office.post(sides.of_case(case, "accounts/rest/"))
    work_until_idle()
    answer = signed_in(sides.it).post(sides.of_case(case, "log-ins/"), follow=True).content.decode()
    assert "blue fox tent" not in answer
    assert "contact person" in html.unescape(answer)
    assert "blue fox tent" in sides.office.post(sides.of_case(case, "log-ins/")).content.decode()


def test_saved_words_are_chosen_in_a_message_and_something_is_added_to_them(sides: TwoSides) -> None:
    case, title = sides.ask(), f"Numbers {uuid.uuid4().hex}"
    sides.desk.post(sides.at_desk(case, "claim/"))
    assert sides.desk.post("/desk/replies/", {"title": title, "text": ""}).status_code == 422
    sides.desk.post("/desk/replies/", {"title": title, "text": "Please number them."})
    reply = SavedReply.objects.get(title=title)
    page = _page(sides.desk, sides.at_desk(case))
    assert title in page
    sides.desk.post(sides.at_desk(case, "say/"), {"reply": str(reply.pk), "text": "By Friday."})
    (message,) = list_messages(sides.district, case)
    assert message.text == "Please number them.\n\nBy Friday."
    assert "By Friday." in _page(sides.office, sides.of_case(case))
    sides.desk.post("/desk/replies/", {"drop": str(reply.pk)})
    assert title not in _page(sides.desk, "/desk/replies/")


def test_another_case_of_the_year_begins_with_what_the_last_one_said(sides: TwoSides) -> None:
    first = sides.ask(schools="Lincoln Elementary\nElm", form="full", contact=str(sides.it.pk))
    form = sides.office.get(sides.path("cases/new/")).context["form"]
    said = {name: form[name].value() for name in ("schools", "form", "contact")}
    assert said == {"schools": "Lincoln Elementary\nElm", "form": "full", "contact": str(sides.it.pk)}
    at_desk = sides.desk.get(f"/desk/{sides.district.code}/new/").context["form"]
    assert at_desk["schools"].value() == "Lincoln Elementary\nElm"
    second = sides.bring(sides.ask())
    assert second.before_id == first.pk
    assert f"Case {first.pk}" in _page(sides.office, sides.of_case(second)), "its page leads to the one before"


def test_the_district_asks_about_one_finding_and_the_desk_answers_on_it(sides: TwoSides) -> None:
    case = sides.bring(sides.ask(), TWICE)
    assert "Ask about this finding" in _page(sides.office, sides.of_case(case))
    about = {"code": "name-without-number", "file": "Students.csv"}
    sides.office.post(sides.of_case(case, "say/"), {"text": "Which of them?", **about})
    sides.desk.post(sides.at_desk(case, "claim/"))
    assert "Which of them?" in _page(sides.desk, sides.at_desk(case))
    sides.desk.post(sides.at_desk(case, "say/"), {"text": "Both called Al.", **about})
    told = [(message.text, message.code, message.file) for message in list_messages(sides.district, case)]
    assert told == [(text, *about.values()) for text in ("Which of them?", "Both called Al.")]
    assert not sides.again(case).asks


def test_both_sides_see_what_changed_between_two_versions_and_nobody_else(sides: TwoSides, stranger: Client) -> None:
    case = sides.bring(sides.ask())
    assert "There are not two versions yet" in _page(sides.office, sides.of_case(case, "versions/"))
    case = sides.bring(case, SIMPLE | {STUDENTS: SIMPLE[STUDENTS].replace("Bo,Lee", "Bob,Lee")})
    told = _page(sides.office, sides.of_case(case, "versions/"))
    assert "1 row changed" in told
    assert "Bob Lee" in told
    assert "blue fox tent" not in told
    kim = signed_in(staff_account("Kim Colleague"))
    assert "Bob" not in _page(kim, sides.at_desk(case, "versions/"))
    sides.desk.post(sides.at_desk(case, "claim/"))
    assert "Bob Lee" in _page(sides.desk, sides.at_desk(case, "versions/?before=1&after=2"))
    assert "What changed between versions" in _page(sides.desk, sides.at_desk(case))
    assert stranger.get(sides.of_case(case, "versions/")).status_code == 404
    assert signed_in(sides.teacher).get(sides.of_case(case, "versions/")).status_code == 403


def test_a_faulty_file_no_file_and_a_strange_file_are_told_in_place(sides: TwoSides) -> None:
    case = sides.ask()
    empty = sides.office.post(sides.of_case(case, "files/"), {})
    assert empty.status_code == 422
    case = sides.bring(case, {"Students": "Forename,Surname,School\nAna,Lopez,Elm\n"})
    page = _page(sides.office, sides.of_case(case))
    assert "Columns that are not known" in page
    sides.office.post(sides.of_case(case, "columns/"), {"column-0": "First name", "column-1": "Last name"})
    case = sides.work(case)
    assert case.state == CaseState.PLANNED, page
