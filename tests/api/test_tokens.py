"""A program with a token: in the name of its member, and of what they may only what was ticked."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.api.test_runs import ensure_problem, held_run
from tests.web.rooms.conftest import member

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.models import Account, ApiToken, Membership
from firstbell.domain.accounts.permissions import EVERYTHING, Permission
from firstbell.domain.accounts.tokens import BadToken, NewToken, make_token, revoke_token
from firstbell.domain.accounts.viewer import Viewer, view_as
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

ROOT = "/api/manage/v1"


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("roster") / "roster.zip"
    write(sample(30), path, version="1.2")
    return path


@pytest.fixture
def viewer(district: District) -> Viewer:
    """Who runs the district."""
    account = member(district, "administrator", "district_administrator")
    return view_as(Membership.objects.select_related("account").get(account=account, district=district))


def token_of(district: District, viewer: Viewer, *permissions: Permission) -> NewToken:
    return make_token(district, viewer, "Nightly", permissions or sorted(EVERYTHING), days=7)


class Program:
    """Asks with a token; nobody checks CSRF, since no browser sends a token by itself."""

    def __init__(self, token: NewToken, district: District) -> None:
        self.headers = {"authorization": f"Bearer {token.secret}"}
        self.here = f"{ROOT}/districts/{district.code}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> HttpResponse:
        return Client(enforce_csrf_checks=True).get(f"{self.here}{path}", headers={**self.headers, **(headers or {})})  # type: ignore[return-value]

    def post(self, path: str, data: Any = None, headers: dict[str, str] | None = None) -> HttpResponse:
        client = Client(enforce_csrf_checks=True)
        return client.post(f"{self.here}{path}", data or {}, headers={**self.headers, **(headers or {})})  # type: ignore[return-value]


def said(response: HttpResponse, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()  # type: ignore[attr-defined]


def package(roster: Path) -> dict[str, Any]:
    return {"package": SimpleUploadedFile("roster.zip", roster.read_bytes()), "source": "SIS", "dry_run": "true"}


def test_a_token_does_what_was_ticked_and_no_more(district: District, viewer: Viewer, roster: Path) -> None:
    run = held_run(district, roster)
    looks = Program(token_of(district, viewer, Permission.VIEW_RUNS, Permission.VIEW_ROSTER), district)
    assert said(looks.get(f"/runs/{run.pk}"))["state"] == "held"
    assert said(looks.get(""))["may"] == ["view_roster", "view_runs"]
    ensure_problem(looks.post(f"/runs/{run.pk}/discard"), 403)
    ensure_problem(looks.get("/sources"), 403)
    ensure_problem(looks.post("/runs", package(roster)), 403)
    decides = Program(token_of(district, viewer, Permission.VIEW_RUNS, Permission.DECIDE_RUNS), district)
    assert said(decides.post(f"/runs/{run.pk}/discard"))["decided_by"] == f"{viewer.name}, by the token Nightly"


def test_a_token_opens_one_district(district: District, viewer: Viewer, other_district: District, roster: Path) -> None:
    there = member(other_district, "stranger", "district_administrator")
    strange = view_as(Membership.objects.select_related("account").get(account=there))
    program = Program(token_of(other_district, strange), district)
    run = held_run(district, roster)
    for path in ("", "/runs", f"/runs/{run.pk}", "/people", "/classes", "/sources", "/cases"):
        ensure_problem(program.get(path), 404)
    mine = Client().get(f"{ROOT}/districts", headers=program.headers).json()
    assert [one["code"] for one in mine["districts"]] == [other_district.code]


def test_a_token_ends(district: District, viewer: Viewer) -> None:
    for end in ("its day", "taken back", "membership", "account"):
        made = token_of(district, viewer)
        program = Program(made, district)
        assert program.get("").status_code == 200
        if end == "its day":
            ApiToken.objects.filter(pk=made.token.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
        elif end == "taken back":
            revoke_token(district, viewer, made.token.pk)
        elif end == "membership":
            Membership.objects.filter(pk=viewer.membership_id or 0).update(role="teacher")
            assert said(program.get(""))["may"] == ["set_own_credentials", "view_own_classes"]
            Membership.objects.filter(pk=viewer.membership_id or 0).update(role="district_administrator")
            continue
        else:
            Account.objects.filter(pk=viewer.account_id or 0).update(is_active=False)
        ensure_problem(program.get(""), 401)
    ensure_problem(Program(replace(made, secret="fbt_nonsense"), district).get(""), 401)


def test_nobody_makes_a_token_that_may_more_than_they(district: District, viewer: Viewer) -> None:
    it = member(district, "it", "it_administrator")
    less = view_as(Membership.objects.select_related("account").get(account=it))
    with pytest.raises(NotAllowed):
        make_token(district, less, "More", [Permission.VIEW_DEMOGRAPHICS], days=1)
    with pytest.raises(NotAllowed):
        make_token(district, replace(viewer, membership_id=None), "Visit", [Permission.VIEW_RUNS], days=1)
    for name, permissions, days in (("", [Permission.VIEW_RUNS], 1), ("x", [], 1), ("x", [Permission.VIEW_RUNS], 0)):
        with pytest.raises(BadToken):
            make_token(district, viewer, name, permissions, days=days)


def test_what_is_sent_twice_by_one_key_is_done_once(district: District, viewer: Viewer, roster: Path) -> None:
    program = Program(token_of(district, viewer), district)
    first = program.post("/runs", package(roster), headers={"Idempotency-Key": "one"})
    again = program.post("/runs", package(roster), headers={"Idempotency-Key": "one"})
    assert said(first, 202) == said(again, 202)
    assert (again["Location"], again["Idempotent-Replayed"]) == (first["Location"], "true")
    ensure_problem(
        program.post("/runs", {**package(roster), "source": "Other"}, headers={"Idempotency-Key": "one"}), 422
    )
    said(program.post("/runs", package(roster), headers={"Idempotency-Key": "two"}), 202)
    with within(district):
        assert Run.objects.filter(district_id=district.pk).count() == 2
    ensure_problem(program.post("/runs", package(roster), headers={"Idempotency-Key": "x" * 300}), 422)


def test_a_key_is_one_member_s_and_opens_nothing_that_was_closed(
    district: District, viewer: Viewer, roster: Path
) -> None:
    run = held_run(district, roster)
    made = token_of(district, viewer)
    program = Program(made, district)
    said(program.post(f"/runs/{run.pk}/discard", headers={"Idempotency-Key": "one"}))
    said(program.post(f"/runs/{run.pk}/discard", headers={"Idempotency-Key": "one"}))
    ensure_problem(program.post(f"/runs/{run.pk}/discard"), 409)
    less = Program(token_of(district, viewer, Permission.VIEW_RUNS), district)
    ensure_problem(less.post(f"/runs/{run.pk}/discard", headers={"Idempotency-Key": "one"}), 403)
    revoke_token(district, viewer, made.token.pk)
    ensure_problem(program.post(f"/runs/{run.pk}/discard", headers={"Idempotency-Key": "one"}), 401)


def test_what_is_still_at_work_is_not_begun_again(
    district: District, viewer: Viewer, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = held_run(district, roster)
    program = Program(token_of(district, viewer), district)
    kept: list[str] = []
    monkeypatch.setattr(cache, "add", lambda place, value, seconds: kept.append(value["said"]))  # somebody was first
    monkeypatch.setattr(cache, "get", lambda place: {"said": kept[-1]})
    ensure_problem(program.post(f"/runs/{run.pk}/discard", headers={"Idempotency-Key": "one"}), 409)
    with within(district):
        assert Run.objects.get(pk=run.pk).state == RunState.HELD


def test_who_has_it_already_is_not_sent_it_and_who_saw_another_run_does_not_decide(
    district: District, viewer: Viewer, roster: Path
) -> None:
    run = held_run(district, roster)
    program = Program(token_of(district, viewer), district)
    seen = program.get(f"/runs/{run.pk}")
    again = program.get(f"/runs/{run.pk}", headers={"If-None-Match": seen["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", seen["ETag"])
    ensure_problem(program.post(f"/runs/{run.pk}/discard", headers={"If-Match": '"another"'}), 412)
    discarded = program.post(f"/runs/{run.pk}/discard", headers={"If-Match": seen["ETag"]})
    assert said(discarded)["state"] == "discarded"
    assert program.get(f"/runs/{run.pk}", headers={"If-None-Match": seen["ETag"]}).status_code == 200
