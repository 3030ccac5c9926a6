"""When a district's roster was last in step, and whether a source is paused."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("portfolio", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField("standing", "in_step_at", models.DateTimeField(null=True)),
        migrations.AddField("standing", "is_paused", models.BooleanField(default=False)),
    ]
