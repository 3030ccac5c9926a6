"""Tokens end with their client in the database too: a practice space goes by SQL alone, which asks no model.

Django's own way of saying so (``DB_CASCADE``) takes a whole chain of models that all say it.
"""

from typing import ClassVar

from django.db import migrations

CASCADES = """
do $$
declare
  named text;
begin
  select conname into strict named from pg_constraint
  where conrelid = 'sharing_accesstoken'::regclass and contype = 'f';
  execute format('alter table sharing_accesstoken drop constraint %I', named);
  execute format(
    'alter table sharing_accesstoken add constraint %I foreign key (client_id) references sharing_apiclient (id)'
    ' on delete cascade deferrable initially deferred', named);
end $$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0002_wall")]

    operations: ClassVar = [migrations.RunSQL(CASCADES, migrations.RunSQL.noop)]
