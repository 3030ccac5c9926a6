"""Cases and all that hangs on them are walled by district, and what hangs on a case stays in its district."""

from django.db import migrations

from firstbell.domain.districts.operations import TenantReference, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("assisted", "0001_initial"),
    ]

    operations = [
        TenantTable("Case", referable=True),
        TenantTable("Message"),
        TenantTable("Upload"),
        TenantTable("Answer"),
        TenantReference("Message", "case_id", "assisted.Case", on_delete="cascade"),
        TenantReference("Upload", "case_id", "assisted.Case", on_delete="cascade"),
        TenantReference("Answer", "case_id", "assisted.Case", on_delete="cascade"),
    ]
