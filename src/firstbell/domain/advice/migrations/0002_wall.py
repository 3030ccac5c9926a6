"""The wall around set-up plans."""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("advice", "0001_initial"), ("districts", "0002_wall")]
    operations: ClassVar = [TenantTable("SetupPlan")]
