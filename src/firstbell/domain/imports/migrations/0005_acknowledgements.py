"""What is known of a source's findings, inside its district's wall."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from firstbell.domain.districts.operations import TenantReference, TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0004_open_columns"), ("roster", "0002_wall")]
    operations: ClassVar = [
        migrations.CreateModel(
            "Acknowledgement",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("code", models.CharField(max_length=64)),
                ("file", models.TextField(default="")),
                ("column", models.TextField(default="")),
                ("sourced_id", models.CharField(default="", max_length=255)),
                ("reason", models.CharField(max_length=500)),
                ("until", models.DateField()),
                ("given_by", models.CharField(max_length=200)),
                ("given_at", models.DateTimeField(auto_now_add=True)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="roster.source",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("district_id", "source", "code", "file", "column", "sourced_id"),
                        name="imports_known_once",
                    )
                ]
            },
        ),
        TenantTable("Acknowledgement"),
        TenantReference("Acknowledgement", "source_id", "roster.Source"),
    ]
