"""A list that somebody of some schools brought changes nothing beyond them."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0006_replaces")]

    operations: ClassVar = [
        migrations.AddField("run", "schools", models.JSONField(null=True)),
    ]
