"""Pictures of a preview's pages, and what its paper lacked."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("notices", "0007_ways_of_service"),
        ("vault", "0002_stored_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="preview",
            name="lacking",
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name="preview",
            index=models.Index(
                fields=["subject_type", "subject_id", "by"], name="preview_of_subject"
            ),
        ),
        migrations.CreateModel(
            name="PreviewPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("no", models.PositiveSmallIntegerField()),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.storedfile",
                    ),
                ),
                (
                    "preview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="notices.preview",
                    ),
                ),
            ],
            options={"ordering": ("preview", "no")},
        ),
        migrations.AddConstraint(
            model_name="previewpicture",
            constraint=models.UniqueConstraint(
                fields=("preview", "no"), name="preview_picture_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="previewpicture",
            constraint=models.CheckConstraint(
                condition=models.Q(("no__gte", 1)), name="preview_picture_from_one"
            ),
        ),
    ]
