"""What allauth keeps of a program goes with the way it is opened, however that goes: ended, shut out, or with its district.

Its tables are of everybody, so nothing that empties a district's tables would find them.
"""

from typing import ClassVar

from django.db import migrations

FUNCTION = """
create function launch_client_goes() returns trigger language plpgsql as $$
begin
  delete from allauth_idp_oidc_token where client_id = old.client_id;
  delete from allauth_idp_oidc_client where id = old.client_id;
  return null;
end $$
"""
TRIGGER = """
create trigger client_goes after delete on launch_launch for each row execute function launch_client_goes()
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("launch", "0001_initial"), ("allauth_idp_oidc", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(FUNCTION, "drop function launch_client_goes()"),
        migrations.RunSQL(TRIGGER, "drop trigger client_goes on launch_launch"),
    ]
