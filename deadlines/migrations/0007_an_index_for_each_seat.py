"""Each seat of the inbox reads its own stretch of an index."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0006_put_aside")]

    operations = [
        migrations.RemoveIndex("reminder", "deadlines_said_in_unit"),
        migrations.AddIndex(
            "reminder",
            models.Index(
                condition=Q(("audience__contains", ["supervisor"])),
                fields=["unit", "-entered_at", "id"],
                name="deadlines_said_to_leaders",
            ),
        ),
        migrations.AddIndex(
            "reminder",
            models.Index(
                condition=Q(("audience__contains", ["upper"])),
                fields=["unit", "-entered_at", "id"],
                name="deadlines_said_upwards",
            ),
        ),
        migrations.AddIndex(
            "reminder",
            models.Index(fields=["unit", "owner"], name="deadlines_said_of_owner"),
        ),
    ]
