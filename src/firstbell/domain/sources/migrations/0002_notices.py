"""Who is told of what, inside their district's wall."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable

KINDS = [
    ("held", "A run waits for a person"),
    ("failed", "A roster could not be fetched or used"),
    ("recovered", "It works again"),
    ("first_done", "The first sync is done"),
    ("pause", "Days off begin tomorrow"),
    ("digest", "Every Monday: how the week went"),
]


def own_id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sources", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            "Notice",
            [
                ("id", own_id()),
                ("district_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=KINDS, max_length=16)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("path", models.CharField(max_length=200)),
                ("run_id", models.BigIntegerField(null=True)),
                ("source_id", models.BigIntegerField(null=True)),
                ("told", models.JSONField(default=list)),
                ("called", models.BooleanField(default=False)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("district_id", "key"), name="sources_notice_once")]
            },
        ),
        migrations.CreateModel(
            "NoticeChoice",
            [
                ("id", own_id()),
                ("district_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(models.CharField(max_length=16), default=list),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("district_id", "account_id"), name="sources_choice_once")
                ]
            },
        ),
        migrations.CreateModel(
            "Webhook",
            [
                ("id", own_id()),
                ("district_id", models.BigIntegerField(unique=True)),
                ("url", models.CharField(max_length=2000)),
                ("secret", models.BinaryField()),
                ("trouble", models.TextField(default="")),
            ],
        ),
        TenantTable("Notice"),
        TenantTable("NoticeChoice"),
        TenantTable("Webhook"),
    ]
