from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="expert",
            name="record",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
