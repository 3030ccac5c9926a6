"""The way to a SAML provider and back: the answer comes from elsewhere, without a cookie, and is good once."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from tests.domain.signon.conftest import School, new_school
from tests.domain.signon.identity import ADDRESS, assertion, certificate, metadata, new_key, packed, response, sign
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.signon.actions import NotSo, Terms, add_connection, switch_on
from firstbell.domain.signon.models import Connection, Key
from firstbell.domain.signon.presets import METADATA, PRESETS
from firstbell.domain.signon.queries import list_sign_ins

pytestmark = pytest.mark.usefixtures("static_files", "database")


@dataclass
class SamlDoor:
    """A school and its SAML provider."""

    school: School
    connection: Connection

    def path(self, rest: str = "") -> str:
        return f"/signin/{self.school.district.code}/by/{self.connection.pk}/{rest}"

    def go(self, client: Client, onward: str = "", *, path: str = "") -> tuple[str, str]:
        """To the provider: the state and the request's id."""
        answer = client.get(path or self.path(), {"next": onward} if onward else {})
        assert answer["Location"].startswith(f"{ADDRESS}?")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
        request = OneLogin_Saml2_Utils.decode_base64_and_inflate(asked["SAMLRequest"]).decode()
        return asked["RelayState"], request.partition('ID="')[2].partition('"')[0]

    def said(self, request_id: str, **said: str) -> str:
        """A good answer to a request."""
        here = f"http://testserver{self.path()}"
        ours = {"audience": f"{here}saml/metadata/", "recipient": f"{here}saml/", "request": request_id}
        inside = sign(assertion(**{**ours, **said}))  # type: ignore[arg-type]
        return packed(response(inside, request=request_id, destination=f"{here}saml/"))

    def post(self, client: Client, said: str, state: str) -> HttpResponse:
        """The provider's form, to which a browser adds no session; then on with it."""
        session = client.cookies.pop("sessionid", None)
        posted = client.post(self.path("saml/"), {"SAMLResponse": said, "RelayState": state})
        if session is not None:
            client.cookies["sessionid"] = session.value
        assert posted["Location"] == self.path("saml/finish/")
        answer: HttpResponse = client.get(posted["Location"])  # type: ignore[assignment]
        return answer

    def enter(self, client: Client, onward: str = "", **said: str) -> HttpResponse:
        state, request_id = self.go(client, onward)
        return self.post(client, self.said(request_id, **said), state)


@pytest.fixture
def door(database: None) -> SamlDoor:
    school = new_school()
    terms = Terms("Lakeside SAML", Key.IDENTIFIER, "number")
    connection = add_connection(school.district, PRESETS["saml"], {METADATA: metadata()}, terms, by=OPERATOR)
    switch_on(school.district, connection, by=OPERATOR)
    return SamlDoor(school, connection)


def _is_in(client: Client, school: School) -> bool:
    return client.get(f"/d/{school.district.code}/my-classes/").status_code == 200


def test_a_student_comes_in_and_gets_to_the_page_they_wanted(door: SamlDoor) -> None:
    client, wanted = Client(enforce_csrf_checks=True), f"/d/{door.school.district.code}/my-classes/?week=2"
    answer = door.enter(client, wanted)
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert _is_in(client, door.school)


def test_an_answer_is_good_once_and_in_the_browser_that_asked(door: SamlDoor) -> None:
    client, thief = Client(), Client()
    state, request_id = door.go(client)
    said = door.said(request_id)
    assert door.post(thief, said, state).status_code == 403
    assert door.post(client, said, "another").status_code == 403
    assert door.post(client, said, state).status_code == 302
    assert door.post(client, said, state).status_code == 403
    later, _ = door.go(thief)
    assert door.post(thief, said, later).status_code == 403  # the same answer to another request
    assert not _is_in(thief, door.school)


def test_an_answer_that_nobody_asked_for_lets_nobody_in(door: SamlDoor) -> None:
    client = Client()
    assert door.post(client, door.said("_none"), "").status_code == 403
    assert client.get(door.path("saml/finish/")).status_code == 403
    assert list_sign_ins(door.school.district) == []


def test_a_bad_answer_is_refused_and_told(door: SamlDoor) -> None:
    client = Client()
    assert door.enter(client, audience="https://other.example").status_code == 403
    (noted,) = list_sign_ins(door.school.district)
    assert noted.outcome == "failed"
    assert "was refused" in noted.says


def test_a_stranger_is_refused_by_the_roster(door: SamlDoor) -> None:
    assert door.enter(Client(), number="N-4711").status_code == 403
    assert list_sign_ins(door.school.district)[0].says == "Nobody on the roster has it."


def test_another_districts_answer_opens_nothing_here(door: SamlDoor) -> None:
    other = new_school("Hilltop")
    terms = Terms("Theirs", Key.IDENTIFIER, "number")
    theirs = add_connection(other.district, PRESETS["saml"], {METADATA: metadata()}, terms, by=OPERATOR)
    switch_on(other.district, theirs, by=OPERATOR)
    there, client = SamlDoor(other, theirs), Client()
    state, request_id = there.go(client)
    assert door.post(client, there.said(request_id), state).status_code == 403
    assert Client().get(f"/signin/{other.district.code}/by/{door.connection.pk}/saml/metadata/").status_code == 404


def test_the_provider_gets_our_metadata(door: SamlDoor) -> None:
    told = Client().get(door.path("saml/metadata/"))
    assert told["Content-Type"] == "application/samlmetadata+xml"
    assert f"http://testserver{door.path('saml/')}".encode() in told.content


def test_a_test_shows_the_attributes(door: SamlDoor) -> None:
    client = signed_in(member(door.school.district, "ada", "district_administrator"))
    page = f"/d/{door.school.district.code}/sign-in/{door.connection.pk}/"
    state, request_id = door.go(client, path=f"{page}test/")
    answer = door.post(client, door.said(request_id), state)
    assert answer["Location"] == f"{page}tested/"
    shown = client.get(answer["Location"]).content.decode()
    assert "It works" in shown
    assert "Amy Whitfield" in shown
    assert "NameID" in shown


def test_metadata_that_are_none_are_not_taken_and_a_certificate_that_ends_is_told(door: SamlDoor) -> None:
    terms = Terms("Another", Key.IDENTIFIER, "number")
    for bad in ("", "<hello/>"):
        with pytest.raises(NotSo):
            add_connection(door.school.district, PRESETS["saml"], {METADATA: bad}, terms, by=OPERATOR)
    soon = metadata(certificate(new_key(), days=10))
    made = add_connection(door.school.district, PRESETS["saml"], {METADATA: soon}, terms, by=OPERATOR)
    office = signed_in(member(door.school.district, "ada", "district_administrator"))
    page = office.get(f"/d/{door.school.district.code}/sign-in/{made.pk}/").content.decode()
    assert "certificate ends on" in page
    page = office.get(f"/d/{door.school.district.code}/sign-in/{door.connection.pk}/").content.decode()
    assert "certificate ends on" not in page
