"""Runs are seen by those who may, decided by administrators, and are not there for anybody else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.conftest import new_district
from tests.web.rooms.conftest import member, signed_in
from tests.web.runs.conftest import Office

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import find_run
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.models import User
from firstbell.domain.roster.sources import add_source, find_source

PAGES = ["", "findings/", "changes/users/", "findings.csv", "findings.json", "findings.xlsx", "input/"]
DECISIONS = ["approve/", "safe-part/", "discard/", "undo/"]


def _run(office: Office, package: Path) -> Run:
    source = find_source(office.district, "SIS") or add_source(office.district, "SIS", by=OPERATOR)
    return carry_out(office.district, receive_path(office.district, source, package, by=OPERATOR))


def _state(office: Office, run: Run) -> str:
    found = find_run(office.district, run.pk)
    assert found is not None
    return found.state


@pytest.fixture
def held(office: Office) -> Run:
    """A run that waits for a person."""
    _run(office, office.roster)
    run = _run(office, office.broken)
    assert run.state == "held"
    return run


def test_an_administrator_sees_every_page_of_a_run(office: Office) -> None:
    run = _run(office, office.roster)
    client = signed_in(office.accounts["administrator"])
    for page in PAGES:
        assert (
            client.get(office.path(f"runs/{run.pk}/{page}".replace("/findings.", "/findings."))).status_code == 200
        ), page


def test_for_a_stranger_a_run_is_not_there(office: Office, held: Run) -> None:
    other = member(new_district("Hilltop Charter School"), "stranger", "district_administrator")
    client = signed_in(other)
    for page in PAGES:
        assert client.get(office.path(f"runs/{held.pk}/{page}")).status_code == 404, page
    for decision in DECISIONS:
        assert client.post(office.path(f"runs/{held.pk}/{decision}")).status_code == 404, decision
    assert _state(office, held) == "held"


def test_a_run_of_another_district_is_not_there_in_ones_own(office: Office, held: Run) -> None:
    elsewhere = new_district("Hilltop Charter School")
    client = signed_in(member(elsewhere, "stranger", "district_administrator"))
    assert client.get(f"/d/{elsewhere.code}/runs/{held.pk}/").status_code == 404
    assert client.post(f"/d/{elsewhere.code}/runs/{held.pk}/approve/").status_code == 404
    assert _state(office, held) == "held"


def test_a_principal_sees_runs_and_decides_nothing(office: Office, held: Run) -> None:
    client = signed_in(office.accounts["principal"])
    assert client.get(office.path(f"runs/{held.pk}/")).status_code == 200
    for decision in DECISIONS:
        assert client.post(office.path(f"runs/{held.pk}/{decision}")).status_code == 403, decision
    assert client.get(office.path("runs/upload/")).status_code == 403
    assert _state(office, held) == "held"


def test_a_teacher_sees_no_runs(office: Office, held: Run) -> None:
    client = signed_in(office.accounts["teacher"])
    assert client.get(office.path("runs/")).status_code == 403
    assert client.get(office.path(f"runs/{held.pk}/")).status_code == 403


def test_a_decision_needs_its_token(office: Office, held: Run) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.accounts["administrator"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(office.path(f"runs/{held.pk}/approve/")).status_code == 403
    assert _state(office, held) == "held"


def test_of_two_who_decide_the_second_is_told_so(office: Office, held: Run, work: Callable[[], None]) -> None:
    first, second = (signed_in(office.accounts["administrator"]) for _ in range(2))
    assert first.post(office.path(f"runs/{held.pk}/approve/")).status_code == 302
    late = second.post(office.path(f"runs/{held.pk}/discard/"), follow=True)
    assert "already, so nothing more was done" in late.content.decode()
    work()
    assert _state(office, held) == "applied"


def test_a_source_lets_go_of_its_rows_by_those_who_may_only(office: Office, held: Run) -> None:
    path = office.path(f"sources/{held.source_id}/let-go/")
    elsewhere = new_district("Hilltop Charter School")
    stranger = signed_in(member(elsewhere, "stranger", "district_administrator"))
    assert stranger.post(path).status_code == 404
    assert stranger.post(f"/d/{elsewhere.code}/sources/{held.source_id}/let-go/").status_code == 404
    assert signed_in(office.accounts["principal"]).post(path).status_code == 403
    assert signed_in(office.accounts["administrator"]).get(path).status_code == 405
    assert _owned(office) > 0
    done = signed_in(office.accounts["administrator"]).post(path, follow=True)
    assert "has let go of" in done.content.decode()
    assert _owned(office) == 0


def _owned(office: Office) -> int:
    with within(office.district):
        return User.objects.filter(district_id=office.district.pk, source_id__isnull=False).count()


def test_the_guard_of_a_source_is_set_by_those_who_may(office: Office, held: Run) -> None:
    path = office.path(f"sources/{held.source_id}/")
    wanted = {"removed_share": "60", "removed_people": "500", "updated_share": "75", "role_gains": "3"}
    assert signed_in(office.accounts["principal"]).post(path, wanted).status_code == 403
    assert signed_in(office.accounts["administrator"]).post(path, wanted).status_code == 302
    assert _run(office, office.broken).state == "applied"
