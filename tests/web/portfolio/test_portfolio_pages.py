"""The pages of those who look after districts: portfolio, requests, contacts, products. Each by its address."""

import html
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.conftest import new_district
from tests.web.cases.conftest import staff_account
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.models import Account, StaffRole
from firstbell.domain.accounts.viewer import view_as_operator
from firstbell.domain.advice.actions import Who, keep_prospect
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.asking import Asked, ask
from firstbell.domain.advice.catalogue import LicenceSaid
from firstbell.domain.advice.licensing import license_one, save_product
from firstbell.domain.advice.models import ContactRequest, ContactRole
from firstbell.domain.advice.queries import find_plan, find_products, find_request, list_contacts, list_licensed
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.advice.takes import Takes
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.schools import add_org

pytestmark = pytest.mark.usefixtures("static_files", "database")


@dataclass
class Care:
    """A district, and the three of the vendor: two who look after districts, one who does not."""

    district: District
    cal: Account
    avery: Account
    office: Account

    def path(self, rest: str = "") -> str:
        return f"/portfolio/d/{self.district.code}/{rest}"

    def name(self, by: Account, role: ContactRole, who: Account) -> None:
        answer = signed_in(by).post(self.path("contact/"), {"role": role.value, "who": str(who.staff.pk)})
        assert answer.status_code == 302

    def ask(self, message: str = "May we have 20 more seats for Ana?") -> ContactRequest:
        by = view_as_operator(self.district)
        return ask(self.district, Asked(message), AdviceSettings(), now=timezone.now(), by=by)


@pytest.fixture
def care(database: None) -> Care:
    district = new_district("Lakeside Unified")
    return Care(
        district,
        staff_account("Cal Sutter", StaffRole.CUSTOMER_SUCCESS),
        staff_account("Avery Ecker", StaffRole.ACCOUNT_EXECUTIVE),
        member(district, "dora", "district_administrator"),
    )


def _page(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def _new_product(seats_for: District | None = None, seats: int | None = None) -> str:
    code = f"math-{timezone.now().timestamp():.6f}".replace(".", "-")
    save_product(Takes(code, "Math", ("self_managed", "automated"), ("clever",)), by=OPERATOR)
    if seats_for is not None:
        license_one(seats_for, LicenceSaid(code, seats), by=OPERATOR)
    return code


def _add_students(district: District, count: int) -> None:
    school = add_org(district, {"name": "Elm", "type": "school"}, by=BY)
    for number in range(count):
        who = {"givenName": "Ana", "familyName": "Lopezfernandez", "username": f"ana{number}"}
        add_person(district, who, [{"role": "student", "orgSourcedId": str(school)}], by=BY)
    district.refresh_from_db()


def test_who_looks_after_a_district_begins_on_a_portfolio_that_names_no_child(care: Care) -> None:
    _add_students(care.district, 1)
    cal = signed_in(care.cal)
    assert "No district is yours yet" in _page(cal, "/")
    care.name(care.avery, ContactRole.CUSTOMER_SUCCESS, care.cal)
    assert [contact.name for contact in list_contacts(care.district)] == ["Cal Sutter"]
    mine = _page(cal, "/") + _page(cal, care.path())
    for said in ("Lakeside Unified", "Getting ready", "0 of 1 school ready", "1 student without a class"):
        assert said in mine
    assert "Lopez" not in mine
    assert "Lakeside Unified" not in _page(signed_in(care.avery), "/portfolio/").split("<table", 1)[0]
    with within(care.district):
        (event,) = [event for event in list_events(care.district.pk) if event.verb == "contact.named"]
    assert event.actor_name == "Avery Ecker (Account Executive)"


def test_nobody_is_named_for_what_they_are_not_and_a_contact_ends(care: Care) -> None:
    care.name(care.cal, ContactRole.CUSTOMER_SUCCESS, care.avery)
    assert list_contacts(care.district) == []
    care.name(care.cal, ContactRole.ACCOUNT_EXECUTIVE, care.avery)
    signed_in(care.cal).post(care.path("contact/"), {"role": "ae", "who": ""})
    assert list_contacts(care.district) == []
    assert signed_in(care.cal).post(care.path("contact/"), {"role": "king"}).status_code == 302


def test_a_request_is_answered_in_the_product_by_whom_it_was_sent_to(care: Care) -> None:
    care.name(care.cal, ContactRole.CUSTOMER_SUCCESS, care.cal)
    request = care.ask()
    path, cal, avery = care.path(f"requests/{request.pk}/"), signed_in(care.cal), signed_in(care.avery)
    assert "Districts wait for an answer" in _page(cal, "/")
    assert "for Ana" not in _page(cal, "/portfolio/requests/"), "lists hold nothing of what was written"
    assert "for Ana" in _page(cal, path)
    assert avery.get(path).status_code == avery.post(path, {"text": "No."}).status_code == 404
    assert avery.post(f"{path}take/").status_code == 404
    assert cal.post(path, {"text": "  "}).status_code == 422
    assert cal.post(path, {"text": "Yes, from Monday."}).status_code == 302
    assert "Yes, from Monday." in _page(signed_in(care.office), f"/d/{care.district.code}/contact/")
    assert "is answered already" in html.unescape(cal.post(path, {"text": "No."}, follow=True).content.decode())
    found = find_request(care.district, request.pk)
    assert found is not None
    assert (found.answer, found.answered_by) == ("Yes, from Monday.", "Cal Sutter (Customer Success)")
    assert f"Request {request.pk}" in _page(cal, "/portfolio/requests/?part=settled")


def test_a_colleague_who_looks_after_it_too_takes_a_request(care: Care) -> None:
    care.name(care.cal, ContactRole.CUSTOMER_SUCCESS, care.cal)
    care.name(care.cal, ContactRole.ACCOUNT_EXECUTIVE, care.avery)
    request = care.ask()
    signed_in(care.avery).post(care.path(f"requests/{request.pk}/take/"))
    found = find_request(care.district, request.pk)
    assert found is not None
    assert (found.owner_name, found.owner_email) == ("Avery Ecker", care.avery.email)


def test_nobody_of_a_district_comes_to_these_pages(care: Care) -> None:
    client, product = signed_in(care.office), _new_product()
    paths = ("/portfolio/", "/portfolio/requests/", care.path(), care.path(f"products/{product}/"))
    for path in (*paths, "/products/", "/products/new/", "/products/import/", f"/products/p/{product}/"):
        assert client.get(path).status_code == 404, path
    assert client.post(care.path(f"products/{product}/"), {"seats": "5"}).status_code == 404
    assert list_licensed(care.district) == []


def test_kept_advice_becomes_a_district_with_a_set_up_plan(care: Care) -> None:
    who = Who(f"Cedar {care.district.pk}", name="Ada Asks", email="ada@cedar.example")
    answers = Answers(accounts=120, mobility="rarely", frequency="yearly", current="manual")
    prospect = keep_prospect(who, answers, AdviceSettings(), today=timezone.localdate(), by=OPERATOR)
    cal, path = signed_in(care.cal), f"/portfolio/prospects/{prospect.reference}/"
    assert who.district_name in _page(cal, "/portfolio/prospects/")
    assert "One-Time Assisted" in _page(cal, path)
    entered = {"name": who.district_name, "code": "Not A Code", "time_zone": "America/Chicago"}
    assert cal.post(path, entered).status_code == 422
    opened = cal.post(path, {**entered, "code": f"cedar-{care.district.pk}"}, follow=True)
    assert "is open, and its set-up plan is there" in html.unescape(opened.content.decode())
    district = find_district(f"cedar-{care.district.pk}")
    assert district is not None
    plan = find_plan(district)
    assert plan is not None
    assert (district.method, plan.reference) == ("assisted", prospect.reference)
    assert cal.get(path).status_code == signed_in(care.office).get("/portfolio/prospects/").status_code == 404


def test_a_product_is_added_changed_and_retired_on_its_page(care: Care) -> None:
    cal, code = signed_in(care.cal), f"reading-{care.district.pk}"
    said = {"code": code, "name": "Reading", "methods": ["self_managed"], "formats": ["clever"]}
    refused = cal.post("/products/new/", said)
    assert refused.status_code == 422
    assert "ways of Automated" in html.unescape(refused.content.decode())
    assert cal.post("/products/new/", {**said, "code": "Not A Code"}).status_code == 422
    assert cal.post("/products/new/", {**said, "methods": ["automated"], "sso": ["saml"]}).status_code == 302
    assert cal.post("/products/new/", {**said, "formats": []}).status_code == 422  # the code is taken
    (product,) = find_products([code])
    assert (product.methods, product.formats, product.sso) == (("automated",), ("clever",), ("saml",))
    changed = {"name": "Reading 2", "methods": ["assisted"], "retired": "on", "roll_over": "Classes go."}
    assert cal.post(f"/products/p/{code}/", changed).status_code == 302
    (product,) = find_products([code])
    assert (product.name, product.methods, product.formats, product.retired) == ("Reading 2", ("assisted",), (), True)
    assert "Retired" in _page(cal, "/products/")


def test_a_catalogue_is_taken_whole_from_a_file_or_not_at_all(care: Care) -> None:
    cal, code = signed_in(care.cal), f"science-{care.district.pk}"
    _add_students(care.district, 2)

    def bring(text: str) -> tuple[int, str]:
        file = SimpleUploadedFile("catalogue.yaml", text.encode())
        answer = cal.post("/products/import/", {"file": file}, follow=True)
        return answer.status_code, html.unescape(answer.content.decode())

    good = f"products:\n- {{code: {code}, name: Science, methods: [automated]}}\n"
    status, said = bring(good + "districts: {no-such-district: []}\n")
    assert (status, find_products([code])) == (422, [])
    assert "there is no such district" in said
    assert "products[1].methods" in bring(f"products: [{{code: {code}, name: S, methods: [magic]}}]")[1]
    assert bring("products: [*all]")[0] == 422
    seats = f"districts: {{{care.district.code}: [{{product: {code}, seats: 1}}]}}\n"
    status, said = bring(good + seats)
    assert (status, [one.seats for one in list_licensed(care.district)]) == (200, [1])
    assert "would be shared with 2 students, and has 1 seats" in said


def test_too_few_seats_are_asked_about_before_they_are_saved(care: Care) -> None:
    _add_students(care.district, 3)
    code = _new_product()
    cal, path = signed_in(care.cal), care.path(f"products/{code}/")
    refused = cal.post(path, {"seats": "2"})
    assert refused.status_code == 422
    assert "would be shared with 3 students and has 2 seats" in html.unescape(refused.content.decode())
    assert list_licensed(care.district) == []
    assert cal.post(path, {"seats": "2", "sure": "on"}).status_code == 302
    (licensed,) = list_licensed(care.district)
    assert (licensed.seats, licensed.over) == (2, 1)
    office = signed_in(care.office)
    for page in ("method/", "programs/"):
        assert "More students than seats" in _page(office, f"/d/{care.district.code}/{page}"), page
    assert "More students than seats" in _page(cal, care.path())
    other = _new_product(care.district)
    assert cal.post(path, {"seats": "", "grades": ["03"], "classes": "cls-1\ncls-1\n"}).status_code == 302
    kept = {one.product.code: one for one in list_licensed(care.district)}
    assert (kept[code].seats, kept[code].grades, kept[code].classes) == (None, ("03",), ("cls-1",))
    assert cal.post(path, {"classes": "x" * 201}).status_code == 422
    cal.post(f"{path}end/")
    assert [one.product.code for one in list_licensed(care.district)] == [other]


def test_a_school_that_is_named_and_gone_stays_named_until_somebody_takes_it_out(care: Care) -> None:
    _add_students(care.district, 1)
    code = _new_product()
    license_one(care.district, LicenceSaid(code, schools=("gone-school",)), by=OPERATOR)
    cal, path = signed_in(care.cal), care.path(f"products/{code}/")
    assert "gone-school" in _page(cal, path)
    cal.post(path, {"schools": ["gone-school"], "seats": "5"})
    assert list_licensed(care.district)[0].schools == ("gone-school",)
    assert cal.post(path, {"schools": ["made-up"]}).status_code == 422
