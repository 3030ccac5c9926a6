"""What of a run's files holds nothing that families reported. Of older runs nobody knows, so all of it may."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0003_safe_part_by_hand")]
    operations: ClassVar = [migrations.AddField("run", "open_columns", models.JSONField(default=dict))]
