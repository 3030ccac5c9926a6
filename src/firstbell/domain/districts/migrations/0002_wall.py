"""The wall around the audit's events, which are of the app below this one."""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0001_initial"), ("districts", "0001_initial")]
    operations: ClassVar = [TenantTable("Event", app_label="audit", shared_nulls=True)]
