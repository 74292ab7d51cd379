"""The index of the board holds everything that it counts."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("penalties", "0006_jurisdiction_and_order")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_board"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["unit", "step", "decision_due_on"],
                include=["state", "filed_on", "filed_by"],
                name="case_board",
                condition=~Q(state__in=["closed", "declined"]),
            ),
        ),
    ]
