"""How programs are opened, and districts' signing keys: both behind the wall."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("districts", "0002_wall"), ("sharing", "0004_grants")]

    operations = [
        migrations.CreateModel(
            name="Launch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("client_id", models.CharField(max_length=100)),
                ("start_url", models.URLField(max_length=2000)),
                (
                    "redirect_uris",
                    django.contrib.postgres.fields.ArrayField(base_field=models.URLField(max_length=2000), size=None),
                ),
                (
                    "serves",
                    models.CharField(
                        choices=[("everyone", "Students and staff"), ("students", "Students"), ("staff", "Staff")],
                        default="everyone",
                        max_length=16,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sharing.apiclient"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("district_id", "program"), name="launch_launch_once"),
                    models.UniqueConstraint(fields=("district_id", "client_id"), name="launch_launch_client"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField(unique=True)),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        TenantTable("Launch"),
        TenantTable("SigningKey"),
    ]
