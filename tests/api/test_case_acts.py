"""Cases by the API: asked for, written on, given files and ended, as on the pages of the district."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.api.test_runs import TOKEN, ensure_problem, post

from firstbell.domain.assisted.models import Message
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


@pytest.fixture
def cases(district: District) -> str:
    return f"/api/manage/v1/districts/{district.code}/cases"


def opened(client: Client, cases: str, **said: Any) -> dict[str, Any]:
    answer = post(client, cases, said, json=True)
    assert answer.status_code == 201, answer.content
    case: dict[str, Any] = answer.json()
    assert client.get(answer["Location"]).json() == case
    return case


def test_a_case_is_asked_for_written_on_given_files_and_ended(
    administrator: Client, district: District, cases: str
) -> None:
    case = opened(administrator, cases, schools=[" Lincoln  Middle ", "Lincoln Middle"], needed_by="2031-08-10")
    assert (case["schools"], case["contact_name"], case["state"]) == (["Lincoln Middle"], "Ada Owner", "templates")
    here = f"{cases}/{case['id']}"
    assert post(administrator, f"{here}/messages", {"text": "Record 12 is a substitute."}, json=True).status_code == 200
    with within(district):
        assert Message.objects.get(district_id=district.pk).text == "Record 12 is a substitute."
    ensure_problem(post(administrator, f"{here}/send"), 409)
    ensure_problem(post(administrator, f"{here}/sign-off"), 409)
    brought = post(administrator, f"{here}/files", {"package": SimpleUploadedFile("users.csv", b"sourcedId\n1\n")})
    assert brought.status_code == 202, brought.content
    assert brought.json()["run_id"]
    assert post(administrator, f"{here}/cancel").json()["state"] == "cancelled"
    ensure_problem(post(administrator, f"{here}/cancel"), 409)
    with within(district):
        verbs = set(Event.objects.filter(district_id=district.pk, subject_kind="case").values_list("verb", flat=True))
    assert {"case.requested", "case.said"} <= verbs


def test_what_a_case_cannot_be_is_refused(administrator: Client, cases: str) -> None:
    for said in (
        {"needed_by": "2020-01-01"},
        {"products": ["no-such-product"]},
        {"contact_id": 2**61},
        {"contact_id": "x"},
        {"form": "napkin"},
        {"schools": ["x" * 300]},
        {"message": "x" * 6000},
        {"message": "a\0"},
        {"wish": "all"},
    ):
        ensure_problem(post(administrator, cases, said, json=True), 422)
    assert administrator.get(cases).json() == {"cases": []}
    here = f"{cases}/{opened(administrator, cases)['id']}/messages"
    ensure_problem(post(administrator, here, {"text": " "}, json=True), 422)


def test_who_saw_another_state_decides_nothing(administrator: Client, cases: str) -> None:
    here = f"{cases}/{opened(administrator, cases)['id']}"
    seen = administrator.get(here)["ETag"]
    post(administrator, f"{here}/files", {"package": SimpleUploadedFile("users.csv", b"sourcedId\n1\n")})
    late = administrator.post(f"{here}/cancel", headers={"X-CSRFToken": TOKEN, "If-Match": seen})
    ensure_problem(late, 412)
    assert administrator.get(here).json()["state"] != "cancelled"


def test_colleagues_may_not_and_strangers_find_nothing(
    administrator: Client, principal: Client, stranger: Client, cases: str
) -> None:
    here = f"{cases}/{opened(administrator, cases)['id']}"
    for address in (cases, f"{here}/messages", f"{here}/cancel"):
        ensure_problem(post(principal, address, {"text": "x"} if "messages" in address else {}, json=True), 403)
        ensure_problem(post(stranger, address, {"text": "x"} if "messages" in address else {}, json=True), 404)
