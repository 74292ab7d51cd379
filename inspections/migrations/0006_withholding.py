"""Evidence that stays closed: who reported, and personal data."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0005_particulars"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Withholding",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="withholding",
                        serialize=False,
                        to="inspections.evidence",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[("informant", "涉及举报人身份"), ("personal", "含个人信息")],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "保密的证据",
                "verbose_name_plural": "保密的证据",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["informant", "personal"])),
                        name="withholding_why_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="withholding_says_why",
                    ),
                ],
            },
        ),
    ]
