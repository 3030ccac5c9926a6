"""The list of classes is sorted by code too."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("roster", "0008_merges")]
    operations: ClassVar = [
        migrations.AddIndex(
            "class",
            models.Index(fields=["district_id", "class_code_key", "title_key", "id"], name="roster_class_code"),
        ),
    ]
