"""What people change by hand, and the fields that a district keeps for itself on rows of a source."""

from typing import ClassVar

from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("roster", "0004_record_copies")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Edit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("event_id", models.BigIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("row_id", models.BigIntegerField()),
                ("action", models.CharField(max_length=10)),
                ("stamp", models.BigIntegerField()),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["district_id", "kind", "row_id"], name="roster_edit_row"),
                    models.Index(fields=["district_id", "event_id"], name="roster_edit_event"),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptField",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "district_id",
                        "kind",
                        "row_id",
                        "column",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("row_id", models.BigIntegerField()),
                ("column", models.CharField(max_length=64)),
            ],
        ),
        TenantTable("Edit"),
        TenantTable("KeptField"),
    ]
