"""The wall around marks, which nobody misses after a crash; and a sourcedId as a part of an address."""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantTable

URL_PART = r"""
create function sharing_url_part(value text) returns text language sql immutable parallel safe
return case
  when value ~ '^[A-Za-z0-9._~-]*$' then value
  else (
    select string_agg(
      case when piece ~ '^[A-Za-z0-9._~-]$' then piece
      else regexp_replace(upper(encode(convert_to(piece, 'UTF8'), 'hex')), '(..)', '%\1', 'g') end, '' order by place)
    from regexp_split_to_table(value, '') with ordinality as pieces(piece, place)
  )
end
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0001_initial"), ("districts", "0002_wall")]
    operations: ClassVar = [
        TenantTable("Mark"),
        migrations.RunSQL("alter table sharing_mark set unlogged", "alter table sharing_mark set logged"),
        migrations.RunSQL(URL_PART.replace("%", "%%"), "drop function sharing_url_part(text)"),
    ]
