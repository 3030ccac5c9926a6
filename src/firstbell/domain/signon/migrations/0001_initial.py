"""Connections to identity providers, sign-ins by them and ties: each behind the wall."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from firstbell.domain.districts.operations import TenantReference, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("districts", "0002_wall"), ("imports", "0002_wall")]

    operations = [
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("preset", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=60)),
                ("settings", models.JSONField(default=dict)),
                ("secrets", models.BinaryField(default=b"")),
                ("secret_ends_on", models.DateField(null=True)),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("sourced_id", "The id that the SIS gives the person (sourcedId)"),
                            ("identifier", "The person’s number (identifier)"),
                            ("user_id", "An id of another system (userIds)"),
                            ("username", "The username"),
                            ("email", "The e-mail address, where the provider has verified it"),
                        ],
                        max_length=16,
                    ),
                ),
                ("key_type", models.CharField(blank=True, default="", max_length=60)),
                ("claim", models.CharField(max_length=200)),
                (
                    "serves",
                    models.CharField(
                        choices=[("everyone", "Students and staff"), ("students", "Students"), ("staff", "Staff")],
                        default="everyone",
                        max_length=16,
                    ),
                ),
                (
                    "email_domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), default=list
                    ),
                ),
                (
                    "school_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list),
                ),
                ("is_on", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("tested_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("district_id", "name"), name="signon_connection_name")],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("in", "Signed in"), ("refused", "Refused"), ("failed", "Did not work")], max_length=16
                    ),
                ),
                ("value", models.CharField(default="", max_length=200)),
                ("person_id", models.BigIntegerField(null=True)),
                ("says", models.TextField(default="")),
                ("remedy", models.TextField(default="")),
                ("another_subject", models.CharField(default="", max_length=255)),
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
                "indexes": [
                    models.Index(fields=["district_id", "connection", "-id"], name="signon_signin_newest"),
                    models.Index(fields=["district_id", "person_id"], name="signon_signin_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("subject", models.CharField(max_length=255)),
                ("person_id", models.BigIntegerField()),
                ("since", models.DateTimeField(auto_now_add=True)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("district_id", "connection", "subject"), name="signon_tie_subject"),
                    models.UniqueConstraint(
                        fields=("district_id", "connection", "person_id"), name="signon_tie_person"
                    ),
                ],
            },
        ),
        TenantTable("Connection", referable=True),
        TenantTable("SignIn"),
        TenantTable("Tie"),
        TenantReference("SignIn", "connection_id", "signon.Connection", on_delete="cascade"),
        TenantReference("Tie", "connection_id", "signon.Connection", on_delete="cascade"),
    ]
