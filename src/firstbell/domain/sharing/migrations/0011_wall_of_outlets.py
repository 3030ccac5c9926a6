"""The wall around where files of programs are left."""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0010_outlets")]
    operations: ClassVar = [TenantTable("Outlet")]
