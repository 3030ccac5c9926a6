"""A practice space: one click there, one click gone, nothing like the real one, no letter, never counted."""

import uuid
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from tests.api.oneroster.conftest import product_of
from tests.web.editing.conftest import Village, administrator, village
from tests.web.rooms.conftest import signed_in
from tests.working import work_until_idle

from firstbell.domain.accounts.actions import forget_members, set_credential
from firstbell.domain.accounts.inviting import CannotInvite, invite
from firstbell.domain.accounts.mail import send
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.emptying import NotPractice, erase_practice, tables_of_districts
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_practice, list_districts, search_districts
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import files_of
from firstbell.domain.imports.practice import CannotPractise, begin_practice, end_practice, fill
from firstbell.domain.roster.models import Role, Source, User

pytestmark = pytest.mark.usefixtures("database", "static_files")

__all__ = ["administrator", "village"]


def _begun(village: Village, client: Client) -> District:
    """The practice space, filled by a worker."""
    answer = client.post(village.path("practice/begin/"))
    practice = find_practice(village.district)
    assert practice is not None
    assert answer["Location"] == f"/d/{practice.code}/"
    work_until_idle()
    return practice


def _students(district: District) -> list[int]:
    with within(district):
        return [role.user_id or 0 for role in Role.objects.filter(role="student", removed_at=None)]


def test_one_click_leads_to_made_up_people_that_can_all_be_changed(village: Village, administrator: Client) -> None:
    assert "Open a practice space" in administrator.get(village.path("guides/")).content.decode()
    practice = _begun(village, administrator)
    page = administrator.get(f"/d/{practice.code}/").content.decode()
    assert practice.name == "Practice: Maple Hill School"
    assert 'class="is-practice"' in page
    assert "Nobody here is real" in page
    assert len(_students(practice)) == 60
    with within(practice):
        assert not User.objects.filter(source_id__isnull=False).exists()
    person = f"/d/{practice.code}/people/{_students(practice)[0]}/remove/"
    assert administrator.post(person).status_code == 302
    assert len(_students(practice)) == 59


def test_until_a_worker_has_filled_it_the_page_says_so(village: Village, administrator: Client) -> None:
    administrator.post(village.path("practice/begin/"))
    practice = find_practice(village.district)
    assert practice is not None
    assert "is being filled" in administrator.get(f"/d/{practice.code}/").content.decode()
    work_until_idle()
    assert "is being filled" not in administrator.get(f"/d/{practice.code}/").content.decode()


def test_a_worker_that_died_half_way_is_followed_by_one_that_ends_it(village: Village, administrator: Client) -> None:
    practice = _begun(village, administrator)
    with within(practice):
        source = Source.objects.get(district_id=practice.pk)
        User.objects.filter(district_id=practice.pk).update(source_id=source.pk)  # it died before letting go
    fill(practice, by=OPERATOR)
    fill(practice, by=OPERATOR)
    assert len(_students(practice)) == 60
    with within(practice):
        assert not User.objects.filter(source_id__isnull=False).exists()


def test_the_real_district_is_as_it_was_and_never_says_practice(village: Village, administrator: Client) -> None:
    before = village.live("users")
    practice = _begun(village, administrator)
    assert village.live("users") == before
    for path in ("", "people/", "guides/"):
        assert 'class="is-practice"' not in administrator.get(village.path(path)).content.decode()
    assert administrator.get(f"/d/{practice.code}/people/{village.rows['STUDENT']}/").status_code == 404


def test_a_second_time_and_a_colleague_come_to_the_same_space(village: Village, administrator: Client) -> None:
    first = _begun(village, administrator)
    assert _begun(village, administrator).pk == first.pk
    assert len(_students(first)) == 60


def test_whoever_signs_in_comes_to_the_real_one(village: Village, administrator: Client) -> None:
    _begun(village, administrator)
    assert signed_in(village.accounts["administrator"]).get("/")["Location"] == village.path()


def test_nobody_else_comes_in_and_nobody_else_ends_it(village: Village, administrator: Client) -> None:
    practice = _begun(village, administrator)
    for name in ("principal", "registrar", "teacher", "student"):
        client = signed_in(village.accounts[name])
        assert client.get(f"/d/{practice.code}/").status_code == 404, name
        assert client.post(village.path("practice/end/")).status_code == 403, name
    assert find_practice(village.district) is not None


def test_it_is_not_counted_and_has_no_practice_space_of_its_own(village: Village, administrator: Client) -> None:
    practice = _begun(village, administrator)
    assert practice not in list_districts()
    assert village.district in list_districts()
    assert search_districts(practice.code, limit=5) == []
    with pytest.raises(CannotPractise):
        begin_practice(practice, village.accounts["administrator"], code="practice-of-practice", by=OPERATOR)
    assert administrator.post(f"/d/{practice.code}/practice/begin/")["Location"] == f"/d/{practice.code}/"


def test_no_letter_leaves_it(village: Village, administrator: Client, settings: Iterator[None]) -> None:
    practice = _begun(village, administrator)
    settings.FIRSTBELL_SENDS_MAIL = True  # type: ignore[attr-defined]
    with pytest.raises(CannotInvite):
        invite(practice, f"{uuid.uuid4().hex}@example.org", "Ina Vited", "teacher", by=OPERATOR)
    with within(practice):
        assert send("somebody@example.org", "Hello", "Hello") is False
    assert mail.outbox == []
    with within(village.district):
        assert send("somebody@example.org", "Hello", "Hello") is True


def test_one_click_takes_all_of_it_away(village: Village, administrator: Client, owner: BaseDatabaseWrapper) -> None:
    practice = _begun(village, administrator)
    student = _students(practice)[0]
    account = set_credential(practice, student, "made.up", "blue fox tent", name="Made Up", by=OPERATOR).account
    assert any(files_of(practice))
    product_of(practice)  # a program reads it, and has a token
    assert administrator.post(village.path("practice/end/"))["Location"] == village.path("guides/")
    assert find_practice(village.district) is None
    assert not District.objects.filter(pk=practice.pk).exists()
    assert not Account.objects.filter(pk=account.pk).exists()
    assert Account.objects.filter(pk=village.accounts["administrator"].pk).exists()
    assert not any(default_storage.exists(name) for name in files_of(practice))
    with owner.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns"
            " where column_name = 'district_id' and table_schema = 'public'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*) from "{table}" where district_id = %s', [practice.pk])
            left = cursor.fetchone()[0]
            assert left == 0 or table == "audit_event", table
    assert administrator.get(f"/d/{practice.code}/").status_code == 404
    with within(village.district):
        assert {"practice.begun", "practice.ended"} <= {event.verb for event in list_events(village.district.pk)}
    assert end_practice(village.district, by=OPERATOR) is False


def test_a_real_district_is_never_emptied(village: Village) -> None:
    before = village.live("users")
    for deed in (erase_practice, forget_members):
        with pytest.raises(NotPractice):
            deed(village.district)
    pretended = District.objects.get(pk=village.district.pk)
    pretended.practice_of_id = village.district.pk  # somebody's mistake in memory
    with pytest.raises(NotPractice):
        erase_practice(pretended)
    assert village.live("users") == before
    assert "districts_district" not in tables_of_districts()
    assert "audit_event" not in tables_of_districts()


def test_its_students_are_told_at_the_door_and_on_the_card(village: Village, administrator: Client) -> None:
    practice = _begun(village, administrator)
    assert "no way into your school" in Client().get(f"/signin/{practice.code}/").content.decode()
    assert "no way into your school" not in Client().get(f"/signin/{village.district.code}/").content.decode()
