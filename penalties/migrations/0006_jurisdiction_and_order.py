"""Why a unit is competent elsewhere; an order whose case was declined may have another one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_email"),
        ("enterprises", "0003_contact_email"),
        ("inspections", "0006_withholding"),
        ("notices", "0008_preview_pictures"),
        ("penalties", "0005_effect_of_results"),
        ("rectification", "0005_hold_what_is_answered"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="jurisdiction",
            field=models.CharField(blank=True, max_length=300, verbose_name="管辖依据"),
        ),
        migrations.AlterField(
            model_name="case",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="rectification.order",
                verbose_name="责令改正",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "declined"), _negated=True),
                fields=("order",),
                name="case_order_in_one_live_case",
            ),
        ),
    ]
