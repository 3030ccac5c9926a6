"""Ids of other systems beside the connections that go by them, so that one is found by an index."""

import django.db.models.deletion
from django.db import migrations, models

from firstbell.domain.districts.operations import TenantReference, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("roster", "0002_wall"),
        ("signon", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="carried_as_of",
            field=models.BigIntegerField(default=-1),
        ),
        migrations.CreateModel(
            name="Carried",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "district_id",
                        "connection_id",
                        "user_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("user_id", models.BigIntegerField()),
                ("value", models.CharField(max_length=200)),
                (
                    "connection",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="signon.connection",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["district_id", "connection", "value"], name="signon_carried_value")],
            },
        ),
        TenantTable("Carried"),
        TenantReference("Carried", "connection_id", "signon.Connection", on_delete="cascade"),
        TenantReference("Carried", "user_id", "roster.User", on_delete="cascade"),
    ]
