"""A run may look at next year: it is only checked, by the scope that its source will have."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0008_other_schools")]

    operations: ClassVar = [migrations.AddField("run", "staged", models.BooleanField(default=False))]
