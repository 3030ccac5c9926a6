"""The walls around addresses that are told of changes, and what they were told."""

from typing import ClassVar

from django.db import migrations

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0006_webhooks")]
    operations: ClassVar = [TenantTable("Webhook"), TenantTable("Delivery")]
