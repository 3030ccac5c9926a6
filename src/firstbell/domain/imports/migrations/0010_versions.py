"""A run of files that were brought before knows of which run they are another version."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0009_staged")]

    operations: ClassVar = [
        migrations.AddField("run", "version_of", models.BigIntegerField(null=True)),
    ]
