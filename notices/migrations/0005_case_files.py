"""A batch may be the file of a case: it says of which record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("notices", "0004_papers"),
        ("vault", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="originals",
            field=models.BooleanField(default=False, verbose_name="附原件"),
        ),
        migrations.AddField(
            model_name="batch",
            name="subject_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="subject_type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("form", "bundle"),
                    ("subject_id__isnull", False),
                    ("subject_type__isnull", False),
                )
                | (
                    ~models.Q(form="bundle")
                    & models.Q(
                        ("originals", False),
                        ("subject_id__isnull", True),
                        ("subject_type__isnull", True),
                    )
                ),
                name="batch_case_file_has_subject",
            ),
        ),
    ]
