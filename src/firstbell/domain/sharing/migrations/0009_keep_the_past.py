"""The wall around what rows said before, and the triggers that keep it: one look at a statement's rows together.

Nothing is kept for a district whose roster no program reads. What goes with a row goes here with it.
"""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantTable
from firstbell.domain.districts.wall import CURRENT_DISTRICT

KINDS = {
    "roster_org": 0,
    "roster_academicsession": 1,
    "roster_course": 2,
    "roster_class": 3,
    "roster_user": 4,
    "roster_userprofile": 5,
    "roster_role": 6,
    "roster_enrollment": 7,
    "roster_demographics": 8,
}
"""``roster.columns.KINDS`` by the names of tables."""
FUNCTIONS = """
create function sharing_keep_past() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from sharing_apiclient where district_id = WALL and revoked_at is null) then
    return null;
  end if;
  insert into sharing_past (district_id, kind, row_id, stamp, said, at)
  select n.district_id, tg_argv[0]::smallint, n.id, n.stamp, b.said, now()
  from old_rows o join new_rows n on n.district_id = o.district_id and n.id = o.id
  cross join lateral (
    select jsonb_object_agg(e.key, e.value) as said from jsonb_each(to_jsonb(o)) e
    where to_jsonb(n) -> e.key is distinct from e.value and e.key !~ '_key$'
      and e.key <> all (array['stamp', 'created_stamp', 'date_last_modified', 'source_id'])
  ) b
  where b.said is not null;
  return null;
end $$;
create function sharing_forget_past() returns trigger language plpgsql as $$
begin
  delete from sharing_past p using old_rows o
  where p.district_id = o.district_id and p.kind = tg_argv[0]::smallint and p.row_id = o.id;
  return null;
end $$
""".replace("WALL", CURRENT_DISTRICT)
TRIGGERS = """
create trigger past_is_kept after update on {table} referencing old table as old_rows new table as new_rows
  for each statement execute function sharing_keep_past({kind});
create trigger past_goes after delete on {table} referencing old table as old_rows
  for each statement execute function sharing_forget_past({kind})
"""
UNDO_TRIGGERS = "drop trigger past_is_kept on {table}; drop trigger past_goes on {table}"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0008_past"), ("roster", "0011_tallies")]
    operations: ClassVar = [
        TenantTable("Past"),
        migrations.RunSQL(FUNCTIONS, "drop function sharing_keep_past(); drop function sharing_forget_past()"),
        *[
            migrations.RunSQL(TRIGGERS.format(table=table, kind=kind), UNDO_TRIGGERS.format(table=table))
            for table, kind in KINDS.items()
        ],
    ]
