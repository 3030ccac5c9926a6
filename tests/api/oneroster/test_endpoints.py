"""Every read of rostering answers, in both versions, with what the standard says a record has."""

import pytest
from tests.api.oneroster.conftest import V1P1, V1P2, Product, Record, said

from firstbell.domain.sharing.oneroster.collection import COLLECTIONS

ROOTS = pytest.mark.parametrize("root", [V1P1, V1P2])
MANDATORY = {
    "academicSessions": {"title", "startDate", "endDate", "type", "schoolYear"},
    "orgs": {"name", "type"},
    "courses": {"title", "courseCode"},
    "classes": {"title", "course", "school", "terms"},
    "users": {"enabledUser", "givenName", "familyName"},
    "enrollments": {"user", "class", "school", "role"},
    "demographics": set(),
}
IN_1P1 = {"users": {"username", "role", "orgs"}}
IN_1P2 = {"users": {"roles"}, "orgs": {"identifier"}}


def test_there_are_the_forty_one_reads_of_the_standard() -> None:
    lists = len(COLLECTIONS)
    single = sum("{" not in path for path in COLLECTIONS)
    assert lists + single == 41


@ROOTS
@pytest.mark.parametrize("path", COLLECTIONS)
def test_every_list_has_records_with_what_is_mandatory(product: Product, path: str, root: str) -> None:
    records = product.read(_filled(product, path), root)
    table = COLLECTIONS[path].table
    mandatory = {"sourcedId", "status", "dateLastModified"} | MANDATORY[table]
    mandatory |= (IN_1P1 if root == V1P1 else IN_1P2).get(table, set())
    if path != "terms/{term}/gradingPeriods":
        assert records
    for record in records:
        assert mandatory <= set(record), record
        assert None not in record.values()


@ROOTS
@pytest.mark.parametrize("path", [path for path in COLLECTIONS if "{" not in path])
def test_every_record_of_a_list_is_read_by_its_id(product: Product, path: str, root: str) -> None:
    record = product.read(path, root, limit=1)[0]
    response = product.ask(f"{path}/{record['sourcedId']}", root)
    assert response.status_code == 200
    assert list(said(response).values()) == [record]


def _filled(product: Product, path: str) -> str:
    """The path with the ids of records that belong together."""
    if "{" not in path:
        return path
    enrollment = product.read("enrollments", filter="role='student'", limit=1)[0]
    taught = product.read(f"classes/{_id(enrollment, 'class')}/teachers")[0]
    one = said(product.ask(f"classes/{_id(enrollment, 'class')}"))["class"]
    user = taught["sourcedId"] if path.startswith("teachers") else _id(enrollment, "user")
    ids = {
        "school": _id(enrollment, "school"),
        "class": _id(enrollment, "class"),
        "course": one["course"]["sourcedId"],
        "term": one["terms"][0]["sourcedId"],
        "user": user,
    }
    return path.format(**ids)


def _id(record: Record, name: str) -> str:
    reference = record[name]
    assert isinstance(reference, dict)
    return str(reference["sourcedId"])
