"""What a question may say: filters, sorting, fields, and what is refused with its place."""

import pytest
from tests.api.oneroster.conftest import V1P1, V1P2, Product, product_of, said

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE
from firstbell.domain.roster.editing.terms import add_term

ROOTS = pytest.mark.parametrize("root", [V1P1, V1P2])


def test_a_teacher_is_found_by_e_mail_in_any_case(product: Product) -> None:
    teacher = next(one for one in product.walk("teachers") if one.get("email"))
    found = product.read("teachers", filter=f"email='{str(teacher['email']).upper()}'")
    assert [one["sourcedId"] for one in found] == [teacher["sourcedId"]]


def test_the_active_classes_of_a_teacher(product: Product) -> None:
    teachers = product.read("teachers", limit=10_000)
    taught = {
        one["sourcedId"]: product.read(f"teachers/{one['sourcedId']}/classes", filter="status='active'")
        for one in teachers
    }
    assert any(taught.values())
    for teacher, classes in taught.items():
        for one in classes:
            people = product.read(f"classes/{one['sourcedId']}/teachers")
            assert teacher in {person["sourcedId"] for person in people}


def test_the_grading_periods_of_a_term_and_a_limit_of_ten_thousand(district: District) -> None:
    product, dates = product_of(district), {"startDate": "2026-08-17", "endDate": "2026-12-18"}
    for title in ("Fall", "Other"):
        parent = str(add_term(district, {"title": title, "type": "term", **dates}, by=AT_THE_COMMAND_LINE))
        period = {"title": f"{title} 1", "type": "gradingPeriod", "parentSourcedId": parent, **dates}
        add_term(district, period, by=AT_THE_COMMAND_LINE)
    told = {}
    for term in product.read("terms", limit=10_000):
        periods = product.read(f"terms/{term['sourcedId']}/gradingPeriods", limit=10_000)
        assert [period["parent"]["sourcedId"] for period in periods] == [term["sourcedId"]]
        told[term["title"]] = [period["title"] for period in periods]
    assert told == {"Fall": ["Fall 1"], "Other": ["Other 1"]}


@pytest.mark.parametrize(
    ("path", "filter_", "holds"),
    [
        ("users", "givenName='{givenName}'", lambda one, like: one["givenName"].lower() == like["givenName"].lower()),
        ("users", "givenName!='{givenName}'", lambda one, like: one["givenName"].lower() != like["givenName"].lower()),
        ("users", "familyName~'a'", lambda one, _: "a" in one["familyName"].lower()),
        ("users", "enabledUser='true'", lambda one, _: one["enabledUser"] == "true"),
        ("users", "grades~'0'", lambda one, _: any("0" in grade for grade in one.get("grades", []))),
        ("users", "roles.role='teacher'", lambda one, _: any(role["role"] == "teacher" for role in one["roles"])),
        ("users", "roles.role!='teacher'", lambda one, _: all(role["role"] != "teacher" for role in one["roles"])),
        ("enrollments", "class.sourcedId='{class[sourcedId]}'", lambda one, like: one["class"] == like["class"]),
        ("enrollments", "class.sourcedId!='{class[sourcedId]}'", lambda one, like: one["class"] != like["class"]),
        ("enrollments", "role='student'", lambda one, _: one["role"] == "student"),
        ("academicSessions", "startDate<='{startDate}'", lambda one, like: one["startDate"] <= like["startDate"]),
        ("academicSessions", "endDate>'{endDate}'", lambda one, like: one["endDate"] > like["endDate"]),
        ("classes", "terms.sourcedId='{terms[0][sourcedId]}'", lambda one, like: like["terms"][0] in one["terms"]),
        ("classes", "sourcedId>'{sourcedId}'", lambda one, like: one["sourcedId"] > like["sourcedId"]),
        ("classes", "status='tobedeleted'", lambda one, _: one["status"] == "tobedeleted"),
    ],
)  # fmt: skip
def test_a_filter_gives_what_fits_and_all_of_it(product: Product, path: str, filter_: str, holds) -> None:  # type: ignore[no-untyped-def]
    everything = product.walk(path, limit=500)
    like = everything[len(everything) // 2]
    wanted = [one["sourcedId"] for one in everything if holds(one, like)]
    found = product.walk(path, limit=7 if len(wanted) < 200 else 100, filter=filter_.format(**like))
    assert [one["sourcedId"] for one in found] == wanted


def test_and_narrows_and_or_widens_only_what_the_filter_says(product: Product) -> None:
    everything = product.walk("enrollments", limit=500)
    one, other = everything[3], everything[-3]
    either = f"sourcedId='{one['sourcedId']}' OR sourcedId='{other['sourcedId']}'"
    assert [found["sourcedId"] for found in product.read("enrollments", filter=either)] == sorted(
        [str(one["sourcedId"]), str(other["sourcedId"])]
    )
    both = f"sourcedId='{one['sourcedId']}' AND sourcedId='{other['sourcedId']}'"
    assert product.read("enrollments", filter=both) == []
    school, elsewhere = one["school"], other["school"]
    widened = product.walk(f"schools/{school['sourcedId']}/enrollments", filter="role='student' OR role='teacher'")
    assert {found["school"]["sourcedId"] for found in widened} == {school["sourcedId"]}
    assert elsewhere is not None


@ROOTS
@pytest.mark.parametrize("sort", ["familyName", "dateLastModified", "status", "grades", "email"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_walk_in_any_order_has_every_record_once(product: Product, root: str, sort: str, order: str) -> None:
    everything = {one["sourcedId"] for one in product.walk("users", root, limit=500)}
    walked = product.walk("users", root, limit=17, sort=sort, orderBy=order)
    assert len(walked) == len(everything)
    assert {one["sourcedId"] for one in walked} == everything
    if sort in {"familyName", "email"}:
        values = [str(one.get(sort, "")) for one in walked]
        assert values == sorted(values, reverse=order == "desc")


def test_pages_by_offset_are_the_pages_of_the_links(product: Product) -> None:
    walked = [one["sourcedId"] for one in product.walk("users", limit=20)]
    for offset in (0, 20, 33, len(walked) - 45, len(walked) - 20, len(walked) - 1):
        page = product.read("users", limit=20, offset=offset)
        assert [one["sourcedId"] for one in page] == walked[offset : offset + 20]
    response = product.ask("users", limit=20, offset=len(walked) + 5)
    assert (response.status_code, said(response)) == (200, {"users": []})
    assert response["X-Total-Count"] == str(len(walked))


def test_only_the_fields_that_were_asked_for(product: Product) -> None:
    assert all(
        {"sourcedId"} <= set(one) <= {"sourcedId", "email"}
        for one in product.read("students", fields="email,sourcedId")
    )
    one = product.read("classes", limit=1)[0]["sourcedId"]
    assert set(said(product.ask(f"classes/{one}", fields="title"))["class"]) == {"title"}


@ROOTS
@pytest.mark.parametrize(
    ("parameter", "value", "says"),
    [
        ("limit", "0", "limit"),
        ("limit", "-1", "limit"),
        ("limit", "1e3", "limit"),
        ("limit", "٣", "limit"),
        ("limit", "9" * 4000, "limit"),
        ("offset", "-1", "offset"),
        ("offset", "9" * 30, "offset"),
        ("sort", "shoeSize", "shoeSize"),
        ("sort", "", "sort"),
        ("orderBy", "down", "orderBy"),
        ("fields", "", "(blank)"),
        ("fields", "sourcedId,shoeSize", "shoeSize"),
        ("fields", "password", "password"),
        ("filter", "", "character 1"),
        ("filter", "shoeSize='3'", "shoeSize"),
        ("filter", "password='x'", "password"),
        ("filter", "familyName=Lee", "character 1"),
        ("filter", "familyName='Lee", "character 1"),
        ("filter", "familyName='Lee' XOR givenName='Mina'", "character 17"),
        ("filter", "familyName='a' AND familyName='b' AND familyName='c'", "two clauses"),
        ("filter", "dateLastModified>'yesterday'", "dateLastModified"),
        ("filter", "dateLastModified>'2026-13-01'", "dateLastModified"),
        ("filter", "dateLastModified>'2026-02-30T00:00:00Z'", "dateLastModified"),
        ("filter", "dateLastModified~'2026'", "dateLastModified"),
        ("filter", "dateLastModified>'0001-01-01T00:00:00+14:00'", "dateLastModified"),
        ("filter", "enabledUser>'true'", "enabledUser"),
        ("filter", "familyName='a\0'", "NUL"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_its_name(
    product: Product, root: str, parameter: str, value: str, says: str
) -> None:
    response = product.ask("users", root, **{parameter: value})
    assert response.status_code == 400
    body = said(response)
    told = body["imsx_description"] if root == V1P2 else body["statusInfoSet"][0]["imsx_description"]
    assert told.startswith(parameter)
    assert says in told


def test_repeated_parameters_and_broken_encodings_are_refused(product: Product) -> None:
    for query in ("limit=1&limit=2", "filter=%FF", "filter=%ED%A0%80", "&".join(f"limit{n}=1" for n in range(200))):
        assert product.ask_raw(f"{V1P2}/users", query).status_code == 400


def test_an_apostrophe_in_a_name_is_doubled(reader: Product) -> None:
    from firstbell.domain.districts.wall import within
    from firstbell.domain.roster.models import User

    one = reader.read("students", limit=1)[0]["sourcedId"]
    with within(reader.district):
        User.objects.filter(district_id=reader.district.pk, sourced_id=one).update(family_name="O'Brien")
    assert [found["sourcedId"] for found in reader.read("students", filter="familyName='O''Brien'")] == [one]
