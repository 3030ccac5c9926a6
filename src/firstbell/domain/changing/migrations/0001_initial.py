"""Changes of method that a day is set for, behind the wall."""

from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("districts", "0002_wall")]

    operations = [
        migrations.CreateModel(
            name="PlannedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField(unique=True)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("self_managed", "Self-Managed"),
                            ("assisted", "One-Time Assisted"),
                            ("automated", "Automated"),
                        ],
                        max_length=16,
                    ),
                ),
                ("on", models.DateField()),
                ("asked_by", models.CharField(max_length=200)),
                ("waits", models.TextField(default="")),
            ],
        ),
        TenantTable("PlannedChange"),
    ]
