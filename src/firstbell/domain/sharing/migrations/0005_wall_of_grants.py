"""The walls around grants, what is shown by them, and who is withheld."""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0004_grants")]
    operations: ClassVar = [
        TenantTable("Grant"),
        TenantTable("Shown"),
        TenantTable("Withheld"),
        TenantTable("Disclosure"),
    ]
