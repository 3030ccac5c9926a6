"""What recognises somebody who was erased, and tells nobody who they were."""

from typing import ClassVar

from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("roster", "0005_edits")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "district_id", "fingerprint", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("event_id", models.BigIntegerField()),
            ],
        ),
        TenantTable("Tombstone"),
    ]
