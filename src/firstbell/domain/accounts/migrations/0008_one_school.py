from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_printed_cards"),
    ]

    operations = [
        migrations.AddField("spacerequest", "is_one_school", models.BooleanField(default=False)),
        migrations.AddField("spacerequest", "grades", models.JSONField(default=list)),
    ]
