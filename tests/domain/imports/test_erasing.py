"""Retention erases who left longer ago than the district keeps them, wherever something of them is; others stay."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from tests.conftest import new_district
from tests.domain.imports.rosters import PRINCIPAL, Door, changes, open_door, reasons, row_id
from tests.domain.imports.test_secrets import _readable
from tests.engine.district import lakeside

from firstbell.cli.main import main
from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import apply_safe_part
from firstbell.domain.imports.erasing import erase_due
from firstbell.domain.imports.folder import INPUT, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.states import NotNow
from firstbell.domain.imports.tasks import erase_people_who_are_due
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person, restore_person
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.models import Org, User

LATER = timedelta(days=91)
TRACES = ("Family3", "user.s3", "900003", "e-s3", "r-s3", "2015-01-04")
"""What a district holds of s3, but for her own id, which is one of many words in other ids."""
TABLES = (
    "roster_user",
    "roster_role",
    "roster_enrollment",
    "roster_demographics",
    "roster_userprofile",
    "roster_record",
    "roster_edit",
    "roster_keptfield",
    "roster_tombstone",
    "imports_run",
    "imports_touch",
    "accounts_credential",
    "audit_event",
)


def _in_the_database(owner: BaseDatabaseWrapper, district: District) -> str:
    texts = []
    with owner.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select to_jsonb(t)::text from {table} t where district_id = %s", [district.pk])
            texts += [row for (row,) in cursor.fetchall()]
    return "\n".join(texts)


def _left(door: Door) -> list[Run]:
    """A roster with s3, about whom there is a finding; then without her."""
    roster = lakeside()
    roster.row("users", "s3")["email"] = "Family3 at home"
    return [door.bring(roster), door.bring(lakeside().without("s3"))]


def test_nothing_of_them_is_left_anywhere_and_the_others_stay(sis: Door, owner: BaseDatabaseWrapper) -> None:
    first, second = _left(sis)
    person = row_id(sis, "users", "s3")
    kept = sis.bring(lakeside().without("s3"))
    with within(sis.district):
        Run.objects.filter(pk=kept.pk).update(created_at=timezone.now() + LATER)
        set_credential(sis.district, person, "user.s3", "pass", name="Dee Family3", by=OPERATOR)
    everything = (
        _in_the_database(owner, sis.district) + _readable(sis.district, first) + _readable(sis.district, second)
    )
    assert all(trace in everything for trace in TRACES)
    accounts = Account.objects.count()

    erased = erase_due(sis.district, at=timezone.now() + LATER)

    assert (erased.people, erased.runs) == (1, [first.pk, second.pk])
    left = _in_the_database(owner, sis.district)
    left += "".join(_readable(sis.district, run) for run in (first, second, kept))
    assert [trace for trace in TRACES if trace in left] == []
    assert Account.objects.count() == accounts - 1
    with within(sis.district):
        assert User.objects.filter(removed_at=None).count() == 5
        assert not RunFolder(sis.district, first.pk).has(INPUT)
        assert RunFolder(sis.district, kept.pk).has(INPUT), "its files hold nobody who is gone"
    assert "Family1" in left


def test_what_somebody_else_may_have_meant_by_them_is_forgotten_too(sis: Door) -> None:
    roster = lakeside()
    roster.row("users", "s0")["agentSourcedIds"] = "S3"
    first = sis.bring(roster)
    sis.bring(lakeside().without("s3"))
    assert "Did you mean s3?" in _readable(sis.district, first)
    erase_due(sis.district, at=timezone.now() + LATER)
    assert "Did you mean" not in _readable(sis.district, first)


def test_a_receipt_stays_that_names_nobody(sis: Door) -> None:
    first, second = _left(sis)
    person = row_id(sis, "users", "s3")
    erase_due(sis.district, at=timezone.now() + LATER, by=PRINCIPAL)
    with within(sis.district):
        event = next(event for event in list_events(sis.district.pk) if event.verb == "user.erased")
    assert (event.subject_id, event.actor_name) == (str(person), "Paula Principal")
    assert event.detail["rows"] == {"users": 1, "roles": 1, "enrollments": 1, "demographics": 1}
    assert event.detail["runs"] == [first.pk, second.pk]
    assert event.detail["left"] == timezone.now().date().isoformat()


def test_a_file_that_came_later_and_holds_them_goes_too(sis: Door, tmp_path: Path) -> None:
    _left(sis)
    other = open_door(sis.district, tmp_path / "other", "other", contributes={"users": ["email"]})
    late = other.bring(lakeside())
    with within(sis.district):
        Run.objects.filter(pk=late.pk).update(created_at=timezone.now() + LATER)
        assert RunFolder(sis.district, late.pk).has(INPUT)
    assert late.pk in erase_due(sis.district, at=timezone.now() + LATER).runs
    assert not RunFolder(sis.district, late.pk).has(INPUT)


def test_who_is_not_due_and_who_came_back_stay(sis: Door) -> None:
    _left(sis)
    assert erase_due(sis.district, at=timezone.now() + timedelta(days=89)).people == 0
    sis.bring(lakeside())
    assert erase_due(sis.district, at=timezone.now() + LATER).people == 0
    with within(sis.district):
        assert User.objects.filter(removed_at=None).count() == 6


def test_no_undo_and_no_restoring_brings_them_back_and_a_file_makes_them_anew(sis: Door) -> None:
    _, second = _left(sis)
    person = row_id(sis, "users", "s3")
    erase_due(sis.district, at=timezone.now() + LATER)
    sis.undo(second)
    with within(sis.district):
        assert not User.objects.filter(id=person).exists()
        assert User.objects.filter(family_name="Family3").count() == 0
    with pytest.raises(NotThere):
        restore_person(sis.district, person, by=BY)
    with within(sis.district):
        sis.source.refresh_from_db()
    held = sis.bring(lakeside())
    again = sis.approve(held)
    assert changes(again)["users"] == {"added": 1}, "seen in the preview as somebody new"
    assert row_id(sis, "users", "s3") != person


def test_a_file_that_brings_them_again_waits_until_somebody_has_decided(sis: Door, tmp_path: Path) -> None:
    _left(sis)
    erase_due(sis.district, at=timezone.now() + LATER)
    assert sis.bring(lakeside().without("s3")).state == "applied"
    held = sis.bring(lakeside())
    assert (held.state, reasons(held)) == ("held", {"erased-returns"})
    assert "1 person who was erased comes again with this file (s3)" in str(held.reasons)
    with pytest.raises(NotNow, match="erased"):
        apply_safe_part(sis.district, held, by=PRINCIPAL)
    with within(sis.district):
        assert not User.objects.filter(family_name="Family3").exists()
    other = open_door(sis.district, tmp_path / "other", "other", match_keys={})
    renamed = lakeside().only("orgs", "users", "roles")
    renamed.row("users", "s3")["sourcedId"] = "x3"
    renamed.row("roles", "r-s3")["userSourcedId"] = "x3"
    assert "erased-returns" in reasons(other.bring(renamed)), "known by the username and the ID"
    assert sis.approve(held).state == "applied"
    assert "erased-returns" not in reasons(other.bring(renamed)), "somebody has decided"
    sis.bring(lakeside().without("s3"))
    assert sis.bring(lakeside()).state == "applied", "nobody is asked again"


def test_who_was_made_by_hand_is_erased_with_the_history_and_the_username_is_free(
    district: District, owner: BaseDatabaseWrapper
) -> None:
    with within(district):
        school = add_org(district, {"name": "Maple", "type": "school"}, by=BY)
        role = [{"role": "student", "orgSourcedId": str(school)}]
        parent = add_person(district, {"givenName": "Rosa", "familyName": "Byronmother"}, role, by=BY)
        said = {"givenName": "Ada", "familyName": "Byronesque", "username": "adabyron", "agentSourcedIds": str(parent)}
        child = add_person(district, said, role, by=BY)
        edit_person(
            district, child, {"preferredGivenName": "Adabyronita"}, seen=User.objects.get(id=child).stamp, by=BY
        )
    remove_person(district, parent, by=BY)
    with within(district):
        User.objects.filter(id=parent).update(removed_at=timezone.now() - LATER)
    with pytest.raises(Refused, match="being erased"):
        restore_person(district, parent, by=BY)
    assert erase_due(district).people == 1
    assert "Byronmother" not in _in_the_database(owner, district)
    with within(district):
        assert User.objects.get(id=child).agent_ids is None
    remove_person(district, child, by=BY)
    assert erase_due(district, at=timezone.now() + LATER).people == 1
    assert "yron" not in _in_the_database(owner, district)
    with within(district):
        assert Org.objects.filter(id=school).exists()
    add_person(district, said | {"agentSourcedIds": ""}, role, by=BY)


def test_another_district_keeps_its_own(sis: Door, tmp_path: Path) -> None:
    other = open_door(new_district("Hilltop Charter School"), tmp_path / "other")
    runs = _left(other)
    _left(sis)
    erase_due(sis.district, at=timezone.now() + LATER)
    with within(other.district):
        assert User.objects.filter(family_name="Family3").count() == 1
    assert "Family3" in _readable(other.district, runs[0])


def test_the_command_and_the_worker_do_it(sis: Door) -> None:
    _left(sis)
    with within(sis.district):
        User.objects.filter(family_name="Family3").update(removed_at=timezone.now() - LATER)
    said = CliRunner().invoke(main, ["erase", "--district", sis.district.code])
    assert said.exit_code == 0, said.output
    assert said.output == "1 person is erased in Lakeside Unified; the folders of 2 runs held something of them.\n"
    sis.bring(lakeside().without("s2", "s3"))
    with within(sis.district):
        User.objects.filter(family_name="Family2").update(removed_at=timezone.now() - LATER)
    erase_people_who_are_due(0)
    with within(sis.district):
        assert not User.objects.filter(family_name__in=["Family2", "Family3"]).exists()
    assert CliRunner().invoke(main, ["erase", "--district", "no-such-district"]).exit_code == 2
