"""How long somebody stays signed in, and whether single sign-on is the only way in for who has come by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0010_student_grace"),
    ]

    operations = [
        migrations.AddField(
            model_name="district",
            name="session_hours",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="district",
            name="sign_on_only",
            field=models.BooleanField(default=False),
        ),
    ]
