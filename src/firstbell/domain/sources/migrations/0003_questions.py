"""Letters to whoever keeps the student information system, inside their district's wall."""

from typing import ClassVar

from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sources", "0002_notices")]
    operations: ClassVar = [
        migrations.CreateModel(
            "Question",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district_id", models.BigIntegerField()),
                ("source_id", models.BigIntegerField()),
                ("run_id", models.BigIntegerField()),
                ("to", models.EmailField(max_length=254)),
                ("body", models.TextField()),
                ("asked_by", models.CharField(max_length=200)),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("sent_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(fields=["district_id", "source_id", "-id"], name="sources_question_newest")]
            },
        ),
        TenantTable("Question"),
    ]
