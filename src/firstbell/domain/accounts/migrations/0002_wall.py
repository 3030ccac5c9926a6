"""The wall around credentials, and the table of Django's cache, where sign-in's rate limits are counted for all processes."""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantTable

CACHE = """
create table firstbell_cache (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index firstbell_cache_expires on firstbell_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0001_initial"), ("districts", "0002_wall")]
    operations: ClassVar = [
        TenantTable("Credential"),
        migrations.RunSQL(CACHE, "drop table firstbell_cache"),
    ]
