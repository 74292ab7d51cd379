"""Everything put aside at once; a sweep is finished or not."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0005_reminders_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InboxMark",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_until", models.DateTimeField()),
            ],
            options={"verbose_name": "提醒读到", "verbose_name_plural": "提醒读到"},
        ),
        migrations.RemoveField("sweep", "finished_at"),
        migrations.AddField("sweep", "finished", models.BooleanField(default=False)),
    ]
