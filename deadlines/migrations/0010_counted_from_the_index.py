"""The regulator's duties are counted from an index alone, beside a million rows as well."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0009_held")]

    operations = [
        migrations.RemoveIndex(model_name="deadline", name="deadlines_open_by_kind"),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                fields=["kind", "unit", "due_on"],
                include=["state"],
                condition=Q(state__in=["running", "suspended"]),
                name="deadlines_open_by_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                fields=["kind", "unit", "due_on"],
                include=["ended_on"],
                condition=Q(state="met"),
                name="deadlines_met_by_kind",
            ),
        ),
    ]
