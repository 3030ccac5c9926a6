"""Findings and changes are told to those who may know them; uploads are limited; decisions forgive a second click."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from tests.web.rooms.conftest import House, signed_in
from tests.web.runs.conftest import Office

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run, list_runs, page_changes
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.imports.states import move
from firstbell.domain.roster.queries.scope import Scope
from firstbell.domain.roster.sources import add_source

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _received(office: Office) -> Run:
    source = add_source(office.district, "SIS", by=OPERATOR)
    return receive_path(office.district, source, office.roster, by=OPERATOR)


def _upload(client: Client, office: Office, *files: tuple[str, bytes]) -> tuple[int, str]:
    package = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client.post(office.path("runs/upload/"), {"package": package, "source": "", "new_source": "SIS"})
    return answer.status_code, answer.content.decode()


def test_changes_of_one_school_are_fewer_than_those_of_the_district(house: House) -> None:
    run = list_runs(house.district)[-1]
    everyone = page_changes(house.district, run, "users", limit=1).total
    school = house.schools["principal"]
    here = page_changes(house.district, run, "users", scope=Scope(frozenset({school})), limit=1).total
    assert 0 < here < everyone
    page = signed_in(house.accounts["administrator"]).get(
        house.path(f"runs/{run.pk}/changes/users/"), {"school": str(school)}
    )
    assert f"{here:,} change" in page.content.decode()


def test_a_principal_sees_changes_of_the_own_school_whatever_is_asked_for(house: House) -> None:
    run = list_runs(house.district)[-1]
    client, path = signed_in(house.accounts["principal"]), house.path(f"runs/{run.pk}/changes/users/")
    own = client.get(path).content
    elsewhere = client.get(path, {"school": str(house.schools["other principal"])}).content
    assert own.count(b"<tr>") == elsewhere.count(b"<tr>")
    own_school = Scope(frozenset({house.schools["principal"]}))
    total = page_changes(house.district, run, "users", scope=own_school, limit=1).total
    assert f"{total:,} change" in elsewhere.decode()


def test_changes_of_demographics_need_their_permission(house: House) -> None:
    run = list_runs(house.district)[-1]
    path = house.path(f"runs/{run.pk}/changes/demographics/")
    assert signed_in(house.accounts["administrator"]).get(path).status_code == 200
    assert signed_in(house.accounts["it"]).get(path).status_code == 404
    assert signed_in(house.accounts["it"]).get(house.path(f"runs/{run.pk}/input/")).status_code == 404


def test_several_files_become_one_run(office: Office, work: Callable[[], None]) -> None:
    client = signed_in(office.accounts["administrator"])
    assert _upload(client, office, ("orgs.csv", b"sourcedId\n"), ("users.csv", b"sourcedId\n"))[0] == 302
    run = list_runs(office.district)[0]
    assert run.package_name == "2 files.zip"
    work()
    done = find_run(office.district, run.pk)
    assert done is not None
    assert set(done.files) <= {"orgs.csv", "users.csv"}


@override_settings(FIRSTBELL_MAX_UPLOAD_BYTES=1024 * 1024)
def test_an_upload_that_is_too_large_is_answered_with_the_limit(office: Office) -> None:
    client = signed_in(office.accounts["administrator"])
    status, page = _upload(client, office, ("roster.zip", bytes(3 * 1024 * 1024)))
    assert status == 422
    assert "larger than 1.0" in page.replace("\xa0", " ")
    assert list_runs(office.district) == []


def test_a_run_that_nobody_has_taken_up_can_be_discarded(office: Office) -> None:
    run = _received(office)
    client = signed_in(office.accounts["administrator"])
    assert "Discard this run" in client.get(office.path(f"runs/{run.pk}/")).content.decode()
    again = [client.post(office.path(f"runs/{run.pk}/discard/"), follow=True).content.decode() for _ in range(2)]
    assert f"Run {run.pk} was discarded." in again[0]
    assert "is discarded by Administrator Whitfield already" in again[1]


def test_a_run_that_failed_can_be_tried_again(office: Office, work: Callable[[], None]) -> None:
    run = _received(office)
    with within(office.district):
        for state in (RunState.WORKING, RunState.FAILED):
            move(run, state, by=OPERATOR)
    client = signed_in(office.accounts["administrator"])
    page = client.get(office.path(f"runs/{run.pk}/")).content.decode()
    assert "Try again" in page
    assert "not of the files" in page
    assert "Nothing is wrong" not in page
    assert client.post(office.path(f"runs/{run.pk}/again/")).status_code == 302
    work()
    done = find_run(office.district, run.pk)
    assert done is not None
    assert done.state == "applied"


def test_while_no_worker_is_there_the_page_says_what_it_waits_for(office: Office) -> None:
    run = _received(office)
    page = signed_in(office.accounts["administrator"]).get(office.path(f"runs/{run.pk}/")).content.decode()
    assert "worker" in page
    assert "every 1s" in page


def test_the_part_that_looks_again_ends_with_the_run(office: Office) -> None:
    run = _received(office)
    client, path = signed_in(office.accounts["administrator"]), office.path(f"runs/{run.pk}/progress/")
    assert "HX-Refresh" not in client.get(path, headers={"HX-Request": "true"}).headers
    carry_out(office.district, run, by=OPERATOR)
    assert client.get(path, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
