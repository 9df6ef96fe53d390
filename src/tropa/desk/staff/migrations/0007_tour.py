from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0006_abilities"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="tour_closed",
            field=models.BooleanField(default=False),
        ),
    ]
