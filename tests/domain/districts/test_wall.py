"""The wall, as the application role meets it: real log-in, real transactions."""

import re
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from firstbell.domain.accounts.models import Account, Credential
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import (
    OtherDistrict,
    OutsideTheWall,
    answering_within,
    current_district_id,
    ensure_within,
    only_by_index,
    within,
)


def _fetch(statement: str, *values: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _run(statement: str, *values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _add_credential(district: District, user_id: int = 1) -> Credential:
    account = Account.objects.create_user(name="A student")
    return Credential.objects.create(
        district=district, user_id=user_id, username="ada", username_key="ada", password="!", account=account
    )


def test_rows_of_another_district_are_hidden_with_no_filter_at_all(
    district: District, other_district: District
) -> None:
    with within(other_district):
        theirs = _add_credential(other_district)
    with within(district):
        ours = _add_credential(district)
        assert list(Credential.objects.all()) == [ours]
        assert not Credential.objects.filter(pk=theirs.pk).exists()


def test_raw_sql_sees_no_further_than_the_wall(district: District, other_district: District) -> None:
    with within(other_district):
        _add_credential(other_district)
    with within(district):
        _add_credential(district)
        assert _fetch("select distinct district_id from accounts_credential") == [(district.pk,)]
        assert _fetch("select count(*) from accounts_credential where district_id = %s", other_district.pk) == [(0,)]


def test_outside_every_district_no_row_is_seen(district: District) -> None:
    with within(district):
        _add_credential(district)
    assert _fetch("select count(*) from accounts_credential") == [(0,)]
    assert Credential.objects.count() == 0


def test_a_row_of_another_district_cannot_be_added(district: District, other_district: District) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), within(district):
        _add_credential(other_district)


def test_a_row_of_another_district_cannot_be_added_unseen(district: District, other_district: District) -> None:
    """With nothing to return, only the policy's check on what is written stands in the way."""
    account = Account.objects.create_user(name="A student")
    statement = (
        "insert into accounts_credential (district_id, user_id, username, username_key, password, account_id, set_at)"
        " values (%s, 1, 'ada', 'ada', '!', %s, now())"
    )
    with pytest.raises(ProgrammingError, match="row-level security"), within(district):
        _run(statement, other_district.pk, account.pk)


def test_a_row_cannot_be_added_outside_every_district(district: District) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        _add_credential(district)


def test_rows_of_another_district_cannot_be_changed_or_removed(district: District, other_district: District) -> None:
    with within(other_district):
        theirs = _add_credential(other_district)
    with within(district):
        assert _run("update accounts_credential set password = 'mine' where id = %s", theirs.pk) == 0
        assert _run("delete from accounts_credential where id = %s", theirs.pk) == 0
    with within(other_district):
        theirs.refresh_from_db()
    assert theirs.password == "!"


def test_a_row_cannot_be_moved_to_another_district(district: District, other_district: District) -> None:
    with within(district):
        ours = _add_credential(district)
    with pytest.raises(ProgrammingError, match="row-level security"), within(district):
        _run("update accounts_credential set district_id = %s where id = %s", other_district.pk, ours.pk)


def test_the_setting_ends_with_its_transaction(district: District) -> None:
    with within(district):
        assert current_district_id() == district.pk
    assert current_district_id() is None


def test_the_setting_ends_with_a_failure_too(district: District) -> None:
    with pytest.raises(LookupError), within(district):
        raise LookupError
    assert current_district_id() is None


def test_within_nests_for_the_same_district_and_the_inner_end_leaves_the_outer_standing(district: District) -> None:
    with within(district):
        with within(district):
            pass
        with pytest.raises(LookupError), within(district):
            raise LookupError
        assert current_district_id() == district.pk


def test_within_refuses_another_district_inside_one(district: District, other_district: District) -> None:
    with within(district):
        with pytest.raises(OtherDistrict), within(other_district):
            pytest.fail("inside another district")
        assert current_district_id() == district.pk


def test_within_leaves_an_outer_transaction_as_it_was(district: District, other_district: District) -> None:
    with transaction.atomic():
        with within(district):
            pass
        assert current_district_id() is None
        with pytest.raises(LookupError), within(district):
            raise LookupError
        assert current_district_id() is None
        with within(other_district):
            assert current_district_id() == other_district.pk


def test_what_needs_the_wall_says_so(district: District, other_district: District) -> None:
    with pytest.raises(OutsideTheWall):
        ensure_within(district)
    with within(other_district), pytest.raises(OutsideTheWall):
        ensure_within(district)


@pytest.mark.parametrize(
    "statement",
    [
        "alter table accounts_credential disable row level security",
        "drop policy district_wall on accounts_credential",
        "alter policy district_wall on accounts_credential using (true)",
        "create policy open_door on accounts_credential using (true)",
        "alter table accounts_credential owner to current_user",
        "truncate accounts_credential",
        "create table mine (id bigint)",
        "create role a_friend bypassrls",
        "alter role current_user bypassrls",
        "create function peek() returns bigint language sql security definer as 'select 1'",
    ],
)
def test_the_application_role_cannot_take_the_wall_down(database: None, statement: str) -> None:
    with pytest.raises(
        (ProgrammingError, InternalError), match=re.compile("must be|permission denied|bypassrls", re.IGNORECASE)
    ):
        _run(statement)


def test_the_application_role_cannot_become_the_owner(owner: BaseDatabaseWrapper) -> None:
    for statement in ("set role", "set session authorization"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            _run(f'{statement} "{owner.settings_dict["USER"]}"')


def test_turning_row_security_off_is_an_error_and_no_way_round(database: None) -> None:
    with transaction.atomic():
        _run("set local row_security = off")
        with pytest.raises(ProgrammingError, match="row-level security"):
            _fetch("select * from accounts_credential")
        transaction.set_rollback(True)


def test_the_application_role_has_no_powers(database: None) -> None:
    powers = "rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication"
    assert _fetch(f"select {powers} from pg_roles where rolname = current_user") == [(False,)]


def test_the_application_role_owns_nothing_and_is_a_member_of_nothing(database: None) -> None:
    assert _fetch("select relname from pg_class where relowner = current_user::regrole") == []
    assert _fetch("select proname from pg_proc where proowner = current_user::regrole") == []
    assert _fetch("select roleid from pg_auth_members where member = current_user::regrole") == []


def test_the_application_role_can_copy_into_a_table_of_its_own_for_a_moment(district: District) -> None:
    with within(district), connection.cursor() as cursor:
        cursor.execute("create temporary table arriving (id bigint) on commit drop")
        with cursor.copy("copy arriving from stdin") as copy:
            copy.write("1\n2\n")
        cursor.execute("select count(*) from arriving")
        assert cursor.fetchone() == (2,)


def test_a_row_seen_through_an_error_of_a_unique_key_names_no_value_of_another_district(
    district: District, other_district: District
) -> None:
    """Unique keys look past every policy, so each begins with the district."""
    with within(other_district):
        _add_credential(other_district, user_id=7)
    with within(district):
        assert _add_credential(district, user_id=7).username_key == "ada"


def test_pages_ask_by_an_index_and_work_as_it_likes(district: District) -> None:
    people = "explain select count(*) from roster_user where district_id = %s and removed_at is null"
    for wall in (within, answering_within):
        with only_by_index(), wall(district):
            plan = str(_fetch(people, district.pk))
            assert "Seq Scan" not in plan
            assert _fetch("show enable_seqscan") == [("off",)]
        with wall(district):
            assert _fetch("show enable_seqscan") == [("on",)]
    assert _fetch("show enable_seqscan") == [("on",)]
