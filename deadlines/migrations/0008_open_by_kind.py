"""What is open of one kind, counted on every desk, without reading all that is open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0007_an_index_for_each_seat")]

    operations = [
        migrations.AddIndex(
            "deadline",
            models.Index(
                condition=models.Q(("state__in", ["running", "suspended"])),
                fields=["kind", "unit", "due_on"],
                name="deadlines_open_by_kind",
            ),
        ),
    ]
