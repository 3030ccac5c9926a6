"""What of a held run may go before the rest, and whether a person asked for that part alone."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0002_wall")]
    operations: ClassVar = [
        migrations.AddField("run", "safe_counts", models.JSONField(default=dict)),
        migrations.AddField("run", "only_safe_part", models.BooleanField(default=False)),
    ]
