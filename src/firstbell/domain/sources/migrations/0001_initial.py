"""Connections and their syncs inside their district's wall; what is due next is everyone's."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from firstbell.domain.districts.operations import TenantReference, TenantTable


def of_source() -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="roster.source"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0006_replaces"), ("roster", "0006_tombstones")]
    operations: ClassVar = [
        migrations.CreateModel(
            "Connection",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("source", of_source()),
                ("settings", models.JSONField(default=dict)),
                ("secrets", models.BinaryField(default=b"")),
                ("memory", models.TextField(default="")),
                ("whole_at", models.DateTimeField(null=True)),
                ("password_digest", models.CharField(default="", max_length=64)),
                ("password_at", models.DateTimeField(null=True)),
                ("public_keys", models.TextField(default="")),
                ("rehearsed_at", models.DateTimeField(null=True)),
                ("paused", models.TextField(default="")),
                ("times", django.contrib.postgres.fields.ArrayField(models.CharField(max_length=5), default=list)),
                ("weekdays", django.contrib.postgres.fields.ArrayField(models.SmallIntegerField(), default=list)),
                ("pauses", models.JSONField(default=list)),
                ("last_tried_at", models.DateTimeField(null=True)),
                ("last_good_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(default="")),
                ("remedy", models.TextField(default="")),
                ("trouble_since", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("district_id", "source"), name="sources_connection_of")]
            },
        ),
        migrations.CreateModel(
            "Sync",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("source", of_source()),
                ("slot", models.DateTimeField()),
                ("asked_by", models.CharField(default="", max_length=200)),
                ("whole", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("run", "A run began"),
                            ("nothing_new", "Nothing new"),
                            ("paused", "Paused there"),
                            ("trouble", "Did not work"),
                            ("dropped", "Left out"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("run_id", models.BigIntegerField(null=True)),
                ("completeness", models.CharField(default="", max_length=16)),
                ("memory", models.TextField(default="")),
                ("says", models.TextField(default="")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("district_id", "source", "slot"), name="sources_sync_once")
                ],
                "indexes": [models.Index(fields=["district_id", "source", "-slot"], name="sources_sync_newest")],
            },
        ),
        migrations.CreateModel(
            "Due",
            [
                ("source_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("district_id", models.BigIntegerField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        TenantTable("Connection"),
        TenantTable("Sync"),
        TenantReference("Connection", "source_id", "roster.Source"),
        TenantReference("Sync", "source_id", "roster.Source"),
        TenantReference("Sync", "run_id", "imports.Run"),
    ]
