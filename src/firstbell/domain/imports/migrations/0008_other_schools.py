"""Of a held run, all schools but those that look wrong may go."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0007_lists_of_some_schools")]

    operations: ClassVar = [
        migrations.AddField("run", "others", models.JSONField(default=dict)),
        migrations.AddField("run", "only_others", models.BooleanField(default=False)),
    ]
