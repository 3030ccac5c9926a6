"""Days for which a student who is missing from the roster can still sign in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0009_tallied"),
    ]

    operations = [
        migrations.AddField(
            model_name="district",
            name="student_grace_days",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
