"""A source may be fetched from to look at next year."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sources", "0003_questions")]

    operations: ClassVar = [migrations.AddField("sync", "staged", models.BooleanField(default=False))]
