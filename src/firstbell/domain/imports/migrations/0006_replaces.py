"""A run of a list may replace the roster of the schools that it names."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0005_acknowledgements")]

    operations: ClassVar = [
        migrations.AddField("run", "replaces", models.BooleanField(default=False)),
    ]
