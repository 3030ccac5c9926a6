"""Every table of the database has the wall or is named as one of everyone's."""

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from firstbell.domain.districts.wall import APPEND_ONLY_TABLES, CURRENT_DISTRICT, GLOBAL_TABLES

WALLED = """
select c.relname from pg_class c join pg_policy p on p.polrelid = c.oid
where c.relrowsecurity and p.polname = 'district_wall' and p.polpermissive and p.polcmd = '*' and p.polroles = '{0}'
  and pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)
  and pg_get_expr(p.polqual, c.oid) like '%%district_id = (NULLIF(current_setting(''firstbell.district''::text, true)%%'
  and (select count(*) from pg_policy other where other.polrelid = c.oid) = 1
"""
TABLES = (
    "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
    " and not relispartition"
)


def _names(connection: BaseDatabaseWrapper, statement: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [])
        return {name for (name,) in cursor.fetchall()}


def test_every_table_is_walled_or_named_as_everyones(owner: BaseDatabaseWrapper) -> None:
    tables, walled = _names(owner, TABLES), _names(owner, WALLED)
    assert tables - walled - GLOBAL_TABLES == set(), "has neither the wall nor a place in GLOBAL_TABLES"
    assert walled & GLOBAL_TABLES == set(), "is walled, and named as everyone's"
    assert GLOBAL_TABLES - tables == set(), "is named, and not there"


def test_the_policy_compares_with_the_setting_that_within_makes() -> None:
    assert "firstbell.district" in CURRENT_DISTRICT


def test_every_walled_table_knows_its_district(owner: BaseDatabaseWrapper) -> None:
    with_district = "select table_name from information_schema.columns where column_name = 'district_id'"
    assert _names(owner, WALLED) - _names(owner, with_district) == set()


def test_no_unique_key_of_a_walled_table_reaches_across_districts(owner: BaseDatabaseWrapper) -> None:
    """But for ids, which the database gives, a key that spans districts would tell one what another has."""
    across = """
    select t.relname || '.' || i.relname from pg_index x
    join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    where x.indisunique and t.relnamespace = 'public'::regnamespace and t.relrowsecurity and not x.indisprimary
      and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attnum = any(x.indkey::int2[])
        and a.attname in ('district_id', 'account_id'))
    """
    assert _names(owner, across) == set()


def test_every_foreign_key_between_walled_tables_holds_the_district(owner: BaseDatabaseWrapper) -> None:
    """PostgreSQL checks foreign keys past every policy."""
    loose = """
    select k.conname from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and f.relrowsecurity and t.relrowsecurity
      and not exists (select from pg_attribute a where a.attrelid = f.oid and a.attnum = any(k.conkey)
        and a.attname = 'district_id')
    """
    assert _names(owner, loose) == set()


def test_the_application_role_can_use_every_table(database: None) -> None:
    wanted = {
        table: "select, insert" if table in APPEND_ONLY_TABLES else "select, insert, update, delete"
        for table in (model._meta.db_table for model in apps.get_models())
    }
    with connection.cursor() as cursor:
        for table, privileges in wanted.items():
            for privilege in privileges.split(", "):
                cursor.execute("select has_table_privilege(current_user, %s, %s)", [table, privilege])
                assert cursor.fetchone() == (True,), f"{privilege} on {table}"
