"""Copies of a source's records, and the trigger that takes them away when they would no longer be right."""

from typing import ClassVar

from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable

# Parquet is compressed already; PostgreSQL need not try.
AS_IT_IS = "alter table roster_recordcopy alter column body set storage external"

FORGET = """
create function roster_forget_record_copies() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('firstbell.copies_follow', true), '') <> 'on' then
    delete from roster_recordcopy
     where nullif(current_setting('firstbell.district', true), '') is null
        or district_id = nullif(current_setting('firstbell.district', true), '')::bigint;
  end if;
  return null;
end $$;
create trigger forget_record_copies after insert or update or delete or truncate on roster_record
  for each statement execute function roster_forget_record_copies()
"""
REMEMBER = "drop trigger forget_record_copies on roster_record; drop function roster_forget_record_copies()"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("roster", "0003_search_keys")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="RecordCopy",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "district_id",
                        "source_id",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("source_id", models.BigIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("body", models.BinaryField()),
            ],
        ),
        TenantTable("RecordCopy"),
        migrations.RunSQL(AS_IT_IS, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET, REMEMBER),
    ]
