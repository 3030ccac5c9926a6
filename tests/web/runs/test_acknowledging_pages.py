"""Acknowledging at a run's page: by those who set sources, seen by all who see runs, and taken back at the source."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import fastexcel
import pytest
from django.test import Client
from tests.conftest import new_district
from tests.engine.district import lakeside
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import member, signed_in
from tests.web.runs.conftest import Office, office

from firstbell.domain.accounts.models import Account, Role
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.queries import today_of
from firstbell.domain.imports.acknowledging import Words, acknowledge
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.imports.queries import Place, list_acknowledgements
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.sources import add_source

__all__ = ["office"]
pytestmark = pytest.mark.usefixtures("static_files", "database")

REASON = "The front desk has one address for all"
MAIL = Place("email-malformed", "users.csv", "email")
NAME = Place("value-missing", "users.csv", "givenName")


@pytest.fixture
def run(office: Office, tmp_path: Path) -> Run:
    """Two bad addresses, and a student without a first name, who is left out."""
    roster = lakeside(8)
    for student in ("s1", "s2"):
        roster.row("users", student)["email"] = "front desk"
    roster.row("users", "s3").update(givenName="", familyName="Lovelace")
    roster.row("demographics", "s4")["birthDate"] = "31 June"
    source = add_source(office.district, "SIS", by=OPERATOR)
    package = roster.write(tmp_path / "in")
    return carry_out(office.district, receive_path(office.district, source, package, by=OPERATOR))


@pytest.fixture
def head(office: Office) -> Client:
    return signed_in(office.accounts["administrator"])


def _form(office: Office, days: int = 90, reason: str = REASON) -> dict[str, str]:
    return {"reason": reason, "until": (today_of(office.district) + timedelta(days=days)).isoformat()}


def _path(office: Office, run: Run, place: Place) -> str:
    record = f"&record={place.sourced_id}" if place.sourced_id else ""
    return office.path(f"runs/{run.pk}/acknowledge/?code={place.code}&file={place.file}&column={place.column}{record}")


def _given(office: Office, run: Run) -> list[Acknowledgement]:
    return list_acknowledgements(office.district, run.source)


def _acknowledged(office: Office, run: Run, place: Place = MAIL, days: int = 90) -> Acknowledgement:
    today = today_of(office.district)
    words = Words(REASON, today + timedelta(days=days))
    return acknowledge(office.district, run, place, words, today=today, by=OPERATOR)


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_run_to_the_form_and_back(office: Office, run: Run, head: Client) -> None:
    page = _page(head, office.path(f"runs/{run.pk}/"))
    links = re.findall(r'href="([^"]*acknowledge/[^"]*email-malformed[^"]*)"', page)
    form = _page(head, links[0].replace("&amp;", "&"))
    assert "All 2 records" in form
    day = (today_of(office.district) + timedelta(days=90)).isoformat()
    assert f'value="{day}"' in form
    done = head.post(links[0].replace("&amp;", "&"), _form(office), follow=True).content.decode()
    assert REASON in done
    assert "By Administrator Whitfield, until" in done
    assert "2 acknowledged" in done
    assert done.index("value-missing") < done.index("email-malformed"), "what is known stands below the rest"
    (given,) = _given(office, run)
    assert (given.code, given.file, given.column, given.sourced_id) == ("email-malformed", "users.csv", "email", "")


def test_one_record_from_the_list_of_findings(office: Office, run: Run, head: Client) -> None:
    page = _page(head, office.path(f"runs/{run.pk}/findings/?code=email-malformed"))
    assert "Acknowledge for this record" in page
    head.post(_path(office, run, Place(MAIL.code, MAIL.file, MAIL.column, "s1")), _form(office))
    (given,) = _given(office, run)
    assert given.sourced_id == "s1"
    assert "1 acknowledged" in _page(head, office.path(f"runs/{run.pk}/"))


def test_a_double_click_makes_one_and_a_second_person_is_told(office: Office, run: Run, head: Client) -> None:
    path, form = _path(office, run, MAIL), _form(office)
    for _ in range(2):
        assert "Acknowledged until" in head.post(path, form, follow=True).content.decode()
    other = signed_in(member(office.district, "other", Role.IT_ADMINISTRATOR))
    told = other.post(path, _form(office, reason="Mine"), follow=True).content.decode()
    assert "Administrator Whitfield has acknowledged this already" in told
    assert [given.reason for given in _given(office, run)] == [REASON]


def test_who_saw_it_can_change_it(office: Office, run: Run, head: Client) -> None:
    given = _acknowledged(office, run)
    form = _page(head, _path(office, run, MAIL))
    assert REASON in form
    assert f'name="instead_of" value="{given.pk}"' in form
    changed = _form(office, days=200, reason="Till spring") | {"instead_of": str(given.pk)}
    head.post(_path(office, run, MAIL), changed)
    assert [given.reason for given in _given(office, run)] == ["Till spring"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reason": " "}, "This field is required"),
        ({"until": "soon"}, "Enter a valid date"),
        ({"until": "2001-01-01"}, "not over"),
        ({"until": "2101-01-01"}, "within a year"),
    ],
)
def test_what_will_not_do_is_said_at_its_field(
    office: Office, run: Run, head: Client, wrong: dict[str, str], says: str
) -> None:
    answer = head.post(_path(office, run, MAIL), _form(office) | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert _given(office, run) == []


def test_home_and_the_headline_count_what_nobody_has_acknowledged(office: Office, run: Run, head: Client) -> None:
    errors = run.found["error"]
    assert f"has {errors} errors" in _page(head, office.path())
    _acknowledged(office, run, NAME)
    home, page = _page(head, office.path()), _page(head, office.path(f"runs/{run.pk}/"))
    assert f"has {errors - 1} error" in home
    assert "1 more is acknowledged." in home
    assert f"{sum(run.found.values()) - 1} findings, 1 acknowledged" in page


def test_the_workbook_has_it_on_the_summary_alone(office: Office, run: Run, head: Client) -> None:
    _acknowledged(office, run)
    book = head.get(office.path(f"runs/{run.pk}/findings.xlsx")).content
    summary = fastexcel.read_excel(book).load_sheet("Summary", header_row=None, dtypes="string").to_polars()
    told = [[cell or "" for cell in row] for row in summary.rows()]
    (known,) = [row for row in told if "email-malformed" in row]
    assert any(cell.startswith("Acknowledged by Operator until") for cell in known)
    assert "2 more are acknowledged" in " ".join(cell for row in told for cell in row)
    users = fastexcel.read_excel(book).load_sheet("users.csv", header_row=None, dtypes="string").to_polars()
    assert not any("email-malformed" in (cell or "") for row in users.rows() for cell in row)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert parts.testzip() is None


def test_it_is_listed_at_its_source_and_taken_back_there(office: Office, run: Run, head: Client) -> None:
    given = _acknowledged(office, run, days=5)
    source = office.path(f"sources/{run.source_id}/")
    page = _page(head, source)
    assert REASON in page
    assert "Ends soon" in page
    back = f"{source}acknowledged/{given.pk}/take-back/"
    assert head.get(back).status_code == 405
    assert "Taken back" in head.post(back, follow=True).content.decode()
    assert "taken back already" in head.post(back, follow=True).content.decode()
    assert _given(office, run) == []
    assert "acknowledged</strong>" not in _page(head, office.path(f"runs/{run.pk}/"))


def test_a_principal_sees_that_it_is_known_and_decides_nothing(office: Office, run: Run) -> None:
    given = _acknowledged(office, run, Place(MAIL.code, MAIL.file, MAIL.column, "s1"))
    colleague = signed_in(office.accounts["principal"])
    page = _page(colleague, office.path(f"runs/{run.pk}/"))
    assert "1 acknowledged" in page
    assert "acknowledge/?" not in page
    path = _path(office, run, MAIL)
    back = office.path(f"sources/{run.source_id}/acknowledged/{given.pk}/take-back/")
    assert (colleague.get(path).status_code, colleague.post(path, _form(office)).status_code) == (403, 403)
    assert colleague.post(back).status_code == 403
    assert len(_given(office, run)) == 1


def test_a_stranger_meets_nothing_there(office: Office, run: Run) -> None:
    given = _acknowledged(office, run)
    elsewhere = new_district("Hilltop Charter School")
    stranger = member(elsewhere, "stranger", Role.DISTRICT_ADMINISTRATOR)
    client, path = signed_in(stranger), _path(office, run, MAIL)
    assert (client.get(path).status_code, client.post(path, _form(office)).status_code) == (404, 404)
    back = f"sources/{run.source_id}/acknowledged/{given.pk}/take-back/"
    assert client.post(office.path(back)).status_code == 404
    assert client.post(f"/d/{elsewhere.code}/{back}").status_code == 404
    assert client.get(path.replace(office.district.code, elsewhere.code)).status_code == 404
    assert Client().get(path).status_code == 302
    assert len(_given(office, run)) == 1


def test_an_acknowledgement_of_another_source_is_not_taken_back_there(office: Office, run: Run, head: Client) -> None:
    given = _acknowledged(office, run)
    other = add_source(office.district, "Directory", by=OPERATOR)
    head.post(office.path(f"sources/{other.pk}/acknowledged/{given.pk}/take-back/"))
    assert len(_given(office, run)) == 1


@pytest.mark.parametrize("place", [Place("no-such-code"), Place("date-bad", "users.csv"), Place("")])
def test_what_was_not_found_has_no_page(office: Office, run: Run, head: Client, place: Place) -> None:
    assert head.get(_path(office, run, place)).status_code == 404


def test_whose_demographics_a_person_may_not_see_has_no_page_for_them(office: Office, run: Run, head: Client) -> None:
    place = Place("date-dropped", "demographics.csv", "birthDate", "s4")
    it = signed_in(member(office.district, "it", Role.IT_ADMINISTRATOR))
    assert head.get(_path(office, run, place)).status_code == 200
    assert it.get(_path(office, run, place)).status_code == 404
    _acknowledged(office, run, place)
    source = office.path(f"sources/{run.source_id}/")
    assert "the record s4 only" in _page(head, source)
    assert "s4" not in _page(it, source).partition("Acknowledged findings")[2]
    assert "record=s4" in _page(head, office.path(f"runs/{run.pk}/"))
    assert "record=s4" not in _page(it, office.path(f"runs/{run.pk}/"))


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_acknowledges_and_takes_back(
    office: Office, run: Run, open_page: OpenPage, site: str, width: int, *, scripts: bool
) -> None:
    page = open_page("/static/firstbell/mark.svg", width=width, scripts=scripts)
    page.context.add_cookies([{"name": "sessionid", "value": _session(office.accounts["administrator"]), "url": site}])

    def look() -> None:
        assert sideways(page) <= 0
        if scripts:
            assert violations(page) == []

    page.goto(office.path(f"runs/{run.pk}/"))
    page.get_by_role("link", name="Acknowledge email-malformed").click()
    page.get_by_label("Why is this all right for now?").fill(REASON)
    look()
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_text("2 acknowledged", exact=True).click()
    page.get_by_text(REASON).wait_for()
    look()
    page.goto(office.path(f"sources/{run.source_id}/"))
    page.get_by_text("Holds", exact=True).wait_for()
    look()
    page.get_by_role("button", name="Take back email-malformed").click()
    page.get_by_text("Nothing is acknowledged.").wait_for()
    look()


def _session(account: Account) -> str:
    return signed_in(account).cookies["sessionid"].value
