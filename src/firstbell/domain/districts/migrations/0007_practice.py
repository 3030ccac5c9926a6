import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0006_stamp_times"),
    ]

    operations = [
        migrations.AddField(
            "district",
            "practice_of",
            models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="districts.district"
            ),
        ),
    ]
