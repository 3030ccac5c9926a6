"""Runs by the API: who may do what, and every refusal a problem."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.api.conftest import sign_in
from tests.engine.district import lakeside

from firstbell.domain.accounts.models import Role
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.sources import add_source, change_settings, hold_source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

TOKEN = "a" * 32
STEPS = ("approve", "safe-part", "other-schools", "discard", "undo")


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("roster") / "roster.zip"
    write(sample(30), path, version="1.2")
    return path


def runs_of(district: District) -> str:
    return f"/api/manage/v1/districts/{district.code}/runs"


def post(client: Client, address: str, data: dict[str, Any] | None = None, *, json: bool = False) -> Any:
    """With a CSRF token, as the page's own script would send it."""
    client.cookies["csrftoken"] = TOKEN
    content = {"content_type": "application/json"} if json else {}
    return client.post(address, data or {}, headers={"X-CSRFToken": TOKEN}, **content)  # type: ignore[arg-type]


def upload(roster: Path, **fields: str) -> dict[str, Any]:
    return {"package": SimpleUploadedFile("roster.zip", roster.read_bytes()), "source": "SIS", **fields}


def applied_run(district: District, roster: Path) -> Run:
    source = add_source(district, "SIS", by=OPERATOR)
    return carry_out(district, receive_path(district, source, roster, by=OPERATOR), by=OPERATOR)


def held_run(district: District, roster: Path) -> Run:
    source = add_source(district, "SIS", by=OPERATOR)
    hold_source(district, source, "The register is being repaired.", by=OPERATOR)
    return carry_out(district, receive_path(district, source, roster, by=OPERATOR), by=OPERATOR)


def ensure_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:firstbell:problem:")
    assert problem["detail"]
    return problem


def test_an_uploaded_package_starts_a_run_that_waits_for_a_worker(
    district: District, administrator: Client, roster: Path
) -> None:
    response = post(administrator, runs_of(district), upload(roster))
    assert response.status_code == 202
    run = response.json()
    assert (run["state"], run["source"], run["package"], run["started_by"]) == (
        "received",
        "SIS",
        "roster.zip",
        "Ada Owner",
    )
    assert administrator.get(response["Location"]).json() == run


def test_a_dry_run_is_started_as_one(district: District, administrator: Client, roster: Path) -> None:
    assert post(administrator, runs_of(district), upload(roster, dry_run="true")).json()["dry_run"] is True


def test_the_same_name_means_the_same_source(district: District, administrator: Client, roster: Path) -> None:
    for _ in range(2):
        assert post(administrator, runs_of(district), upload(roster)).status_code == 202
    with within(district):
        assert Run.objects.filter(district_id=district.pk).values("source").distinct().count() == 1


def test_an_applied_run_tells_what_it_changed(district: District, principal: Client, roster: Path) -> None:
    run = applied_run(district, roster)
    told = principal.get(f"{runs_of(district)}/{run.pk}").json()
    assert told["state"] == "applied"
    assert told["changes"]["users"]["added"] > 30
    assert told["seconds"]["apply"] > 0
    assert told["can_be_undone"] is True


def test_runs_are_listed_newest_first_in_pages_that_lead_on(
    district: District, administrator: Client, roster: Path
) -> None:
    made = [post(administrator, runs_of(district), upload(roster)).json()["id"] for _ in range(5)]
    address: str | None = f"{runs_of(district)}?limit=2"
    seen: list[list[int]] = []
    while address:
        page = administrator.get(address).json()
        seen.append([run["id"] for run in page["runs"]])
        address = page["next"]
    newest = made[::-1]
    assert seen == [newest[:2], newest[2:4], newest[4:]]


def test_a_held_run_is_approved_in_the_name_of_who_did(district: District, administrator: Client, roster: Path) -> None:
    run = held_run(district, roster)
    assert run.state == RunState.HELD
    told = administrator.get(f"{runs_of(district)}/{run.pk}").json()
    assert told["can_be_decided"] is True
    assert told["reasons"]
    response = post(administrator, f"{runs_of(district)}/{run.pk}/approve", {"rekey": False}, json=True)
    assert response.status_code == 202
    assert (response.json()["state"], response.json()["decided_by"]) == ("approved", "Ada Owner")
    with within(district):
        assert Run.objects.get(pk=run.pk, district_id=district.pk).rekey is False


def test_the_safe_part_of_a_held_run_goes_first(
    district: District, administrator: Client, roster: Path, tmp_path: Path
) -> None:
    run = applied_run(district, roster)
    change_settings(district, run.source, {"safe_part_goes": False, "removed_share": 0}, by=OPERATOR)
    write(sample(30, day=1, churn=0.3), tmp_path / "night.zip", version="1.2")
    held = carry_out(district, receive_path(district, run.source, tmp_path / "night.zip", by=OPERATOR), by=OPERATOR)
    told = administrator.get(f"{runs_of(district)}/{held.pk}").json()
    assert (told["state"], told["safe_part_applied"]) == ("held", False)
    assert told["safe_part"]["users"]["removed"] == 0
    response = post(administrator, f"{runs_of(district)}/{held.pk}/safe-part")
    assert (response.status_code, response.json()["state"]) == (202, "approved")
    carry_out(district, held)
    told = administrator.get(f"{runs_of(district)}/{held.pk}").json()
    assert (told["state"], told["safe_part_applied"], told["decided_by"]) == ("held", True, "Ada Owner")
    problem = ensure_problem(post(administrator, f"{runs_of(district)}/{held.pk}/safe-part"), 409)
    assert "already" in problem["detail"]


def test_all_schools_but_the_one_that_looks_wrong_go_first(
    district: District, administrator: Client, tmp_path: Path
) -> None:
    run = applied_run(district, lakeside(120).write(tmp_path / "whole"))
    night = lakeside(120).without(*(f"s{number}" for number in range(0, 120, 2)), "s1", "s3").write(tmp_path / "night")
    held = carry_out(district, receive_path(district, run.source, night, by=OPERATOR), by=OPERATOR)
    told = administrator.get(f"{runs_of(district)}/{held.pk}").json()
    assert (told["state"], told["other_schools"]["users"]["removed"]) == ("held", 2)
    assert set(told["waiting_schools"]) == {reason["school"] for reason in told["reasons"]} - {None}
    response = post(administrator, f"{runs_of(district)}/{held.pk}/other-schools")
    assert (response.status_code, response.json()["state"]) == (202, "approved")
    carry_out(district, held)
    told = administrator.get(f"{runs_of(district)}/{held.pk}").json()
    assert (told["state"], told["other_schools"], told["decided_by"]) == ("held", {}, "Ada Owner")
    problem = ensure_problem(post(administrator, f"{runs_of(district)}/{held.pk}/other-schools"), 409)
    assert "divided by schools" in problem["detail"]


def test_two_who_decide_at_once_are_told_who_was_first(district: District, administrator: Client, roster: Path) -> None:
    run = held_run(district, roster)
    assert post(administrator, f"{runs_of(district)}/{run.pk}/discard").json()["state"] == "discarded"
    problem = ensure_problem(post(administrator, f"{runs_of(district)}/{run.pk}/approve", json=True), 409)
    assert "discarded" in problem["detail"]


def test_an_applied_run_is_undone_by_a_run_of_its_own_and_once_only(
    district: District, administrator: Client, roster: Path
) -> None:
    run = applied_run(district, roster)
    response = post(administrator, f"{runs_of(district)}/{run.pk}/undo")
    assert response.status_code == 201
    assert (response.json()["kind"], response.json()["undoes"]) == ("undo", run.pk)
    assert administrator.get(f"{runs_of(district)}/{run.pk}").json()["state"] == "undone"
    ensure_problem(post(administrator, f"{runs_of(district)}/{run.pk}/undo"), 409)


def test_a_stranger_and_a_number_that_nobody_has_get_the_same_answer(
    district: District, administrator: Client, stranger: Client, roster: Path
) -> None:
    run = applied_run(district, roster)
    nobody = f"{runs_of(district)}/{run.pk + 1_000_000}"
    not_there = ensure_problem(administrator.get(nobody), 404)
    assert ensure_problem(stranger.get(f"{runs_of(district)}/{run.pk}"), 404) == not_there
    for step in STEPS:
        json = step == "approve"
        assert ensure_problem(post(administrator, f"{nobody}/{step}", json=json), 404) == not_there
        assert ensure_problem(post(stranger, f"{runs_of(district)}/{run.pk}/{step}", json=json), 404) == not_there
    assert ensure_problem(stranger.get(runs_of(district)), 404) == not_there
    assert ensure_problem(post(stranger, runs_of(district), upload(roster)), 404) == not_there


def test_a_run_of_another_district_is_not_found_under_ones_own(
    district: District, other_district: District, stranger: Client, roster: Path
) -> None:
    run = applied_run(district, roster)
    ensure_problem(stranger.get(f"{runs_of(other_district)}/{run.pk}"), 404)
    ensure_problem(post(stranger, f"{runs_of(other_district)}/{run.pk}/undo"), 404)


def test_a_principal_looks_and_decides_nothing(district: District, principal: Client, roster: Path) -> None:
    run = held_run(district, roster)
    assert len(principal.get(runs_of(district)).json()["runs"]) == 1
    ensure_problem(post(principal, runs_of(district), upload(roster)), 403)
    for step in STEPS:
        ensure_problem(post(principal, f"{runs_of(district)}/{run.pk}/{step}", json=step == "approve"), 403)
    run.refresh_from_db(using="owner")
    assert run.state == RunState.HELD


def test_a_teacher_sees_no_runs(district: District) -> None:
    teacher = sign_in(district, Role.TEACHER, "Tom Teacher")
    ensure_problem(teacher.get(runs_of(district)), 403)


def test_nobody_gets_anything_without_signing_in(district: District, database: None) -> None:
    for response in (Client().get(runs_of(district)), post(Client(), runs_of(district))):
        ensure_problem(response, 401)


def test_a_form_of_another_site_changes_nothing(district: District, administrator: Client, roster: Path) -> None:
    run = held_run(district, roster)
    for step in STEPS:
        ensure_problem(administrator.post(f"{runs_of(district)}/{run.pk}/{step}"), 403)
    ensure_problem(administrator.post(runs_of(district), upload(roster)), 403)
    run.refresh_from_db(using="owner")
    assert run.state == RunState.HELD


def test_a_wrong_request_is_told_where_it_is_wrong(district: District, administrator: Client, roster: Path) -> None:
    problem = ensure_problem(administrator.get(f"{runs_of(district)}?limit=1000"), 422)
    assert "limit" in problem["errors"][0]
    problem = ensure_problem(post(administrator, runs_of(district), {"source": "SIS"}), 422)
    assert "package" in problem["errors"][0]
    ensure_problem(post(administrator, runs_of(district), upload(roster, source="  ")), 422)


def test_a_package_over_the_limit_is_refused_before_it_is_read(
    district: District, administrator: Client, roster: Path, settings: Any
) -> None:
    settings.FIRSTBELL_MAX_UPLOAD_BYTES = -1024 * 1024
    ensure_problem(post(administrator, runs_of(district), upload(roster)), 413)


def test_an_address_that_does_not_exist_is_a_problem_too(administrator: Client) -> None:
    ensure_problem(administrator.get("/api/manage/v1/nothing"), 404)
    ensure_problem(administrator.get("/api/elsewhere"), 404)


def test_a_fault_of_ours_tells_nothing_of_what_it_was_about(
    district: District, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*args: object, **kwargs: object) -> None:
        raise RuntimeError("Maria Lopez")

    monkeypatch.setattr("firstbell.api.manage_v1.runs.access_runs", fall_over)
    assert "Lopez" not in ensure_problem(administrator.get(runs_of(district)), 500)["detail"]


def test_findings_come_as_json_or_csv_and_only_to_their_district(
    district: District, administrator: Client, stranger: Client, roster: Path
) -> None:
    run = applied_run(district, roster)
    address = f"{runs_of(district)}/{run.pk}/findings"
    assert set(administrator.get(f"{address}.json").json()) == {"counts", "acknowledged", "files", "causes", "findings"}
    assert administrator.get(f"{address}.csv").content.decode().startswith("code,severity,file")
    ensure_problem(administrator.get(f"{address}.pdf"), 422)
    ensure_problem(stranger.get(f"{address}.json"), 404)
