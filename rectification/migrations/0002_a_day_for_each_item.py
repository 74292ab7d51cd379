"""Each item has its due day; requests for more time name their items; a suspension its ground."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_frozen"),
        ("rectification", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Asked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("granted", models.BooleanField(default=False, verbose_name="准予")),
            ],
            options={
                "verbose_name": "申请延期的事项",
                "verbose_name_plural": "申请延期的事项",
                "ordering": ["item__ordinal"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="attachment",
            name="attachment_of_one_thing",
        ),
        migrations.RemoveConstraint(
            model_name="extension",
            name="extension_decided_pair",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_clock_runs_after_service",
        ),
        migrations.AddField(
            model_name="attachment",
            name="extension",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="rectification.extension",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="suspension",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="rectification.suspension",
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="asked_at",
            field=models.DateTimeField(null=True, verbose_name="提出时间"),
        ),
        migrations.AddField(
            model_name="extension",
            name="granted_until",
            field=models.DateField(blank=True, null=True, verbose_name="准予延至"),
        ),
        migrations.AddField(
            model_name="extension",
            name="late",
            field=models.BooleanField(default=False, verbose_name="逾期提出"),
        ),
        migrations.AddField(
            model_name="extension",
            name="notice",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extension",
                to="notices.notice",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="改正期限"),
        ),
        migrations.AddField(
            model_name="item",
            name="extension",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rectification.extension",
                verbose_name="延期",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="late_request",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="suspension",
            name="document_number",
            field=models.CharField(blank=True, max_length=100, verbose_name="依据文书文号"),
        ),
        migrations.AddField(
            model_name="suspension",
            name="ground",
            field=models.CharField(
                choices=[
                    ("force_majeure", "不可抗力"),
                    ("reconsideration", "行政复议"),
                    ("litigation", "行政诉讼"),
                    ("authority", "法院或者其他机关的决定"),
                    ("other", "其他"),
                ],
                default="other",
                max_length=16,
                verbose_name="中止事由",
            ),
        ),
        migrations.AddField(
            model_name="asked",
            name="extension",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="asked",
                to="rectification.extension",
            ),
        ),
        migrations.AddField(
            model_name="asked",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="asked",
                to="rectification.item",
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="items",
            field=models.ManyToManyField(
                related_name="requests", through="rectification.Asked", to="rectification.item"
            ),
        ),
    ]
