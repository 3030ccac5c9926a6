import django.db.models.deletion
from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_spaces"),
        ("districts", "0005_password_lengths"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrintedCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("password", "Username and a new password"),
                            ("badge", "A badge to scan"),
                            ("username", "Username only"),
                        ],
                        max_length=16,
                    ),
                ),
                ("printed_at", models.DateTimeField()),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="districts.district"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("district", "user_id", "kind"), name="accounts_printedcard_once"),
                ],
            },
        ),
        TenantTable("PrintedCard"),
    ]
