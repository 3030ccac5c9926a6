"""Two rows that turned out to be one person, and pairs of which somebody decided that they are two."""

from typing import ClassVar

from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("roster", "0007_stamps_found")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("event_id", models.BigIntegerField()),
                ("gone_id", models.BigIntegerField()),
                ("kept_id", models.BigIntegerField()),
                ("moved", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["district_id", "kept_id"], name="roster_merge_kept"),
                    models.Index(fields=["district_id", "event_id"], name="roster_merge_event"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["district_id", "gone_id"], name="roster_merge_gone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotTheSame",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "district_id",
                        "one_id",
                        "other_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("one_id", models.BigIntegerField()),
                ("other_id", models.BigIntegerField()),
                ("event_id", models.BigIntegerField()),
            ],
        ),
        TenantTable("Merge"),
        TenantTable("NotTheSame"),
    ]
