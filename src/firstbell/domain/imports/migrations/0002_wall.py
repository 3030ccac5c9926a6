"""The walls around runs."""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantReference, TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0001_initial"), ("roster", "0002_wall")]
    operations: ClassVar = [
        TenantTable("Run", referable=True),
        TenantTable("Touch"),
        TenantReference("Run", "source_id", "roster.Source"),
        TenantReference("Touch", "run_id", "imports.Run"),
    ]
