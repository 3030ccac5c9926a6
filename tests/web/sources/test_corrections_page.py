"""The page on which corrections are declared: by those who may, step by step, and nothing holds before it is saved."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, expect
from tests.conftest import new_district
from tests.domain.imports.rosters import Door, open_door
from tests.engine.corrections.spelling import renamed
from tests.engine.district import as_1p1, lakeside, write_files
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, member, signed_in
from tests.web.runs.conftest import Office, office, work

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import policy_of
from firstbell.engine.corrections.parsing import as_settings

__all__ = ["office", "work"]

CANARY = "Canary-7f3a-secret"
OWN = {"sourcedId": "Student ID", "givenName": "First", "password": "Kode"}
type Members = dict[str, object]

RENAME: Members = {"kind": "rename-column", "file": "users.csv", "column": "Student ID", "to": "sourcedId"}
TRY = {"try": "yes"}
PAD: Members = {"kind": "pad-ids", "table": "users", "width": 6}


def _files() -> dict[str, str | bytes]:
    district = as_1p1(lakeside())
    for user in district["users"]:
        user["password"] = CANARY
    contents = renamed(dict(district.contents()), "users.csv", OWN)
    contents["kids.csv"] = contents.pop("users.csv")
    return contents


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    """A source whose first export came to nothing, since its headers are unknown."""
    source = open_door(office.district, tmp_path / "sis", "SIS")
    assert source.bring(write_files(tmp_path / "kids", _files())).state in {"refused", "applied", "held"}
    return source


def _saved(door: Door) -> list[Members]:
    with within(door.district):
        return as_settings(policy_of(Source.objects.get(pk=door.source.pk)).corrections)


def _path(office: Office, door: Door) -> str:
    return office.path(f"sources/{door.source.pk}/corrections/")


def _sent(draft: list[Members], base: list[Members] | None = None) -> dict[str, str]:
    return {"draft": json.dumps(draft), "base": json.dumps(base or [])}


def test_a_correction_is_added_looked_at_saved_and_removed(office: Office, door: Door) -> None:
    client, path = signed_in(office.accounts["administrator"]), _path(office, door)
    entered = {"rename-column-file": "users.csv", "rename-column-column": "Student ID", "rename-column-to": "sourcedId"}
    page = client.post(path, {**_sent([]), "add": "rename-column", **entered})
    assert page.status_code == 200
    assert json.loads(page.context["draft"]) == [RENAME]
    assert page.context["unsaved"]
    assert _saved(door) == [], "nothing holds before it is saved"
    saved = client.post(path, {**_sent([RENAME]), "save": "yes"}, follow=True)
    assert "are saved" in saved.content.decode()
    assert _saved(door) == [RENAME]
    without = client.post(path, {**_sent([RENAME, PAD], [RENAME]), "remove": "0"})
    assert json.loads(without.context["draft"]) == [PAD]
    assert _saved(door) == [RENAME]


@pytest.mark.parametrize(
    ("kind", "entered", "members"),
    [
        ("rename-file", {"file": "kids.csv", "to": "users.csv"}, {"file": "kids.csv", "to": "users.csv"}),
        ("pad-ids", {"table": "users", "width": "6"}, {"table": "users", "width": 6}),
        (
            "pad-column",
            {"file": "users.csv", "column": "identifier", "width": "9"},
            {"file": "users.csv", "column": "identifier", "width": 9},
        ),
        (
            "split-name",
            {"file": "users.csv", "column": "Name", "order": "last, first"},
            {"file": "users.csv", "column": "Name", "order": "last, first"}
            | {"given": "givenName", "family": "familyName"},
        ),
        (
            "replace-values",
            {"file": "users.csv", "column": "role", "values": "STU = student\r\n\r\nn/a ="},
            {"file": "users.csv", "column": "role", "values": {"STU": "student", "n/a": ""}},
        ),
        (
            "fill-blanks",
            {"file": "classes.csv", "column": "classType", "value": "scheduled"},
            {"file": "classes.csv", "column": "classType", "value": "scheduled"},
        ),
        ("date-form", {"form": "D/M/YYYY"}, {"form": "D/M/YYYY", "file": "", "column": ""}),
        (
            "join-text",
            {"file": "users.csv", "column": "email", "template": "{username}@school.org"},
            {"file": "users.csv", "column": "email", "template": "{username}@school.org"},
        ),
    ],
)
def test_every_kind_has_its_form(
    office: Office, door: Door, kind: str, entered: dict[str, str], members: dict[str, object]
) -> None:
    prefixed = {f"{kind}-{name}": value for name, value in entered.items()}
    page = signed_in(office.accounts["administrator"]).post(_path(office, door), {**_sent([]), "add": kind, **prefixed})
    assert page.status_code == 200, page.context["forms"]
    assert json.loads(page.context["draft"]) == [{"kind": kind, **members}]


@pytest.mark.parametrize(
    ("kind", "entered", "says"),
    [
        ("fill-blanks", {"file": "users.csv", "column": "password", "value": "welcome"}, "names a password"),
        ("rename-column", {"file": "users.csv", "column": "", "to": "sourcedId"}, "This field is required"),
        ("rename-file", {"file": "a/kids.csv", "to": "users.csv"}, "without folders"),
        ("replace-values", {"file": "users.csv", "column": "role", "values": "STU student"}, "There is no ="),
        ("replace-values", {"file": "users.csv", "column": "role", "values": "A=b\nA=c"}, "A stands there twice."),
        (
            "pad-ids",
            {"table": "users", "width": "6"},
            "There is one of the same kind about the same already. Ids of people",
        ),
    ],
)
def test_a_wrong_entry_is_answered_beside_its_form_and_the_draft_stays(
    office: Office, door: Door, kind: str, entered: dict[str, str], says: str
) -> None:
    prefixed = {f"{kind}-{name}": value for name, value in entered.items()}
    page = signed_in(office.accounts["administrator"]).post(
        _path(office, door), {**_sent([PAD]), "add": kind, **prefixed}
    )
    assert page.status_code == 422
    assert says in page.content.decode()
    assert json.loads(page.context["draft"]) == [PAD]


def test_what_was_saved_by_somebody_else_meanwhile_is_not_overwritten(office: Office, door: Door) -> None:
    client, path = signed_in(office.accounts["administrator"]), _path(office, door)
    client.post(path, {**_sent([PAD]), "save": "yes"})
    late = client.post(path, {**_sent([RENAME]), "save": "yes"}, follow=True)
    assert "Somebody else changed the corrections meanwhile" in late.content.decode()
    assert _saved(door) == [PAD]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"draft": "[", "base": "[]"},
        {"draft": '[{"kind": "x"}]', "base": "[]", "save": "yes"},
        {"draft": "[]", "base": "[]", "use": '{"kind": "x"}'},
        {"draft": "[]", "base": "[]", "remove": "x"},
        {"draft": "[]", "base": "[]", "add": "guess"},
    ],
)
def test_a_page_that_was_tampered_with_changes_nothing(office: Office, door: Door, sent: dict[str, str]) -> None:
    page = signed_in(office.accounts["administrator"]).post(_path(office, door), sent, follow=True)
    assert "nothing was changed" in page.content.decode()
    assert _saved(door) == []


def test_files_are_tried_and_not_kept(office: Office, door: Door) -> None:
    client, path = signed_in(office.accounts["administrator"]), _path(office, door)
    text = "Student ID,First,Last,Kode\n42,Ada,Hopper," + CANARY + "\n"
    tried = SimpleUploadedFile("users.csv", text.encode())
    page = client.post(path, {**_sent([RENAME, PAD]), "package": tried, **TRY})
    body = page.content.decode()
    assert page.status_code == 200
    assert "users.csv, which was looked at and not kept" in body
    assert "<ins>000042</ins>" in body
    assert CANARY not in body
    several = [SimpleUploadedFile("users.csv", text.encode()), SimpleUploadedFile("orgs.csv", b"sourcedId\n1\n")]
    assert client.post(path, {**_sent([RENAME]), "package": several, **TRY}).status_code == 200
    picture = SimpleUploadedFile("roster.png", b"PNG")
    assert client.post(path, {**_sent([RENAME]), "package": picture, **TRY}).status_code == 422


def test_no_page_shows_a_password_of_the_files(office: Office, door: Door) -> None:
    client, path = signed_in(office.accounts["administrator"]), _path(office, door)
    kids: Members = {"kind": "rename-file", "file": "kids.csv", "to": "users.csv"}
    kode: Members = {"kind": "rename-column", "file": "users.csv", "column": "Kode", "to": "password"}
    drafts: list[list[Members]] = [[], [kids], [kids, kode], [kids, kode, RENAME, PAD]]
    for draft in drafts:
        page = client.post(path, {**_sent(draft), "remove": "99"})
        assert page.status_code == 200
        assert page.context["preview"] is not None
        assert CANARY not in page.content.decode()


def test_those_who_may_not_set_sources_do_not_set_corrections(office: Office, door: Door) -> None:
    path = _path(office, door)
    for who in ("principal", "teacher"):
        client = signed_in(office.accounts[who])
        assert client.get(path).status_code == 403
        assert client.post(path, {**_sent([PAD]), "save": "yes"}).status_code == 403
    it = signed_in(member(office.district, "it", "it_administrator"))
    assert it.get(path).status_code == 200
    assert _saved(door) == []


def test_for_a_stranger_the_source_is_not_there(office: Office, door: Door) -> None:
    elsewhere = new_district("Hilltop Charter School")
    client = signed_in(member(elsewhere, "stranger", "district_administrator"))
    for path in (_path(office, door), f"/d/{elsewhere.code}/sources/{door.source.pk}/corrections/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {**_sent([PAD]), "save": "yes"}).status_code == 404
    assert _saved(door) == []


def test_saving_needs_its_token(office: Office, door: Door) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.accounts["administrator"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(_path(office, door), {**_sent([PAD]), "save": "yes"}).status_code == 403
    assert _saved(door) == []


def _is_sound(page: Page) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [], f"{page.url} at {width} px"
        assert sideways(page) <= 0, f"{page.url} at {width} px"


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_an_unknown_export_to_a_roster_in_a_browser(
    open_page: OpenPage, office: Office, door: Door, work: Callable[[], None], *, scripts: bool
) -> None:
    page = open_page("/account/login/", scripts=scripts)
    page.get_by_label("Email").fill(office.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(office.path(f"sources/{door.source.pk}/"))
    page.get_by_role("link", name="Corrections").click()
    expect(page.get_by_text("Files are taken as they come")).to_be_visible()
    if scripts:
        _is_sound(page)
    page.get_by_role("button", name="Use The file kids.csv is read as users.csv").click()
    for name, own in OWN.items():
        page.get_by_role("button", name=f"Use In users.csv, the column {own} is read as {name}").click()
    page.locator("summary").filter(has_text="A column can be made of others").click()
    form = page.locator("form").filter(has_text="Column to fill where it is blank")
    form.get_by_label("File").fill("users.csv")
    form.get_by_label("Column to fill").fill("email")
    form.get_by_label("Made as").fill("{username}@lakeside.example")
    form.get_by_role("button", name="Add and look").click()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    expect(page.get_by_text("user.s0@lakeside.example").first).to_be_visible()
    if scripts:
        _is_sound(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("are saved")).to_be_visible()
    run = door.bring(write_files(door.folder / "again", _files()))
    assert run.state == "applied"
    assert run.counts["users"]["added"] == 6
