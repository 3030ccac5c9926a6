"""What Google Classroom asks of a OneRoster 1.2 provider before it connects, as far as rostering is concerned."""

from tests.api.oneroster.conftest import Product, said

from firstbell.domain.sharing.oneroster.version import Scope, Version, scope_uri


def test_a_teacher_is_found_by_their_email_and_is_the_only_one(product: Product) -> None:
    for teacher in product.walk("teachers", filter="status='active'"):
        response = product.ask("teachers", filter=f"email='{teacher['email']}'", limit=10_000)
        assert [one["sourcedId"] for one in said(response)["users"]] == [teacher["sourcedId"]]
        assert response["X-Total-Count"] == "1"
    assert product.read("teachers", filter="email='nobody@example.org'", limit=10_000) == []


def test_a_students_email_finds_no_teacher(product: Product) -> None:
    student = next(one for one in product.walk("students") if "email" in one)
    assert product.read("teachers", filter=f"email='{student['email']}'") == []


def test_the_classes_of_a_teacher_are_asked_for_with_a_status(product: Product) -> None:
    teaching = product.read("enrollments", filter="role='teacher'", limit=1)[0]
    teacher = teaching["user"]["sourcedId"]
    classes = product.read(f"teachers/{teacher}/classes", filter="status='active'", limit=10_000)
    assert teaching["class"]["sourcedId"] in {one["sourcedId"] for one in classes}
    for one in classes:
        assert one["status"] == "active"
        assert one["title"]
        assert one["terms"]
        assert one["course"]["sourcedId"]
        assert one["school"]["sourcedId"]
    assert product.read(f"teachers/{teacher}/classes", filter="status='tobedeleted'", limit=10_000) == []


def test_the_students_of_a_class_come_with_names_and_addresses(product: Product) -> None:
    class_ = product.read("enrollments", filter="role='student'", limit=1)[0]["class"]["sourcedId"]
    students = product.read(f"classes/{class_}/students", limit=10_000)
    enrolled = product.walk("enrollments", filter=f"class.sourcedId='{class_}' AND role='student'")
    assert {one["sourcedId"] for one in students} == {one["user"]["sourcedId"] for one in enrolled}
    assert all(one["givenName"] and one["familyName"] and one["status"] == "active" for one in students)
    assert all("student" in {role["role"] for role in one["roles"]} for one in students)


def test_the_grading_periods_of_a_term_are_its_own(product: Product) -> None:
    periods = product.walk("gradingPeriods")
    for term in product.walk("terms"):
        asked = product.read(f"terms/{term['sourcedId']}/gradingPeriods", limit=10_000)
        own = [one["sourcedId"] for one in periods if one.get("parent", {}).get("sourcedId") == term["sourcedId"]]
        assert [one["sourcedId"] for one in asked] == own
        assert all(one["type"] == "gradingPeriod" for one in asked)


def test_ten_thousand_are_given_at_once(product: Product) -> None:
    response = product.ask("users", limit=10_000)
    assert len(said(response)["users"]) == int(response["X-Total-Count"])
    assert 'rel="next"' not in response["Link"]


def test_the_scope_that_google_asks_for_opens_all_of_it(product: Product) -> None:
    from tests.api.oneroster.conftest import product_of

    reader = product_of(product.district, "Classroom", scopes=[scope_uri(Version.V1P2, Scope.ROSTER)])
    for path in ("teachers", "classes", "terms", "users", "enrollments"):
        assert reader.ask(path, limit=10_000).status_code == 200
