"""Sweeps, letters, and what a sweep over a million deadlines needs.

Nothing wrote a reminder before, so the new columns of that table need no value for old rows.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

USER = settings.AUTH_USER_MODEL
PROTECT = django.db.models.deletion.PROTECT


def copied(to: str, word: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        default=None,
        editable=False,
        on_delete=PROTECT,
        related_name="+",
        to=to,
        verbose_name=word,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_letterhead"),
        ("deadlines", "0004_rules_in_effect_stay"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.CreateModel(
            name="Sweep",
            fields=[
                (
                    "at",
                    models.DateTimeField(primary_key=True, serialize=False, verbose_name="时间"),
                ),
                ("today", models.DateField(verbose_name="按哪一天")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="新提醒")),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "提醒扫描",
                "verbose_name_plural": "提醒扫描",
                "get_latest_by": "at",
            },
        ),
        migrations.AddField("reminder", "owner", copied(USER, "承办人"), preserve_default=False),
        migrations.AddField(
            "reminder", "unit", copied("accounts.unit", "单位"), preserve_default=False
        ),
        migrations.AlterField(
            "reminder",
            "by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to=USER,
                verbose_name="上报人",
            ),
        ),
        migrations.AlterField(
            "reminder",
            "deadline",
            models.ForeignKey(
                db_index=False,
                on_delete=PROTECT,
                related_name="reminders",
                to="deadlines.deadline",
                verbose_name="期限",
            ),
        ),
        migrations.AddIndex(
            "deadline",
            models.Index(
                condition=models.Q(("state", "running")),
                fields=["kind", "due_on", "id"],
                include=("unit", "owner", "trigger_on", "started_at", "replaces"),
                name="deadlines_to_remind",
            ),
        ),
        migrations.AddIndex(
            "reminder",
            models.Index(fields=["owner", "-entered_at", "id"], name="deadlines_said_to_owner"),
        ),
        migrations.AddIndex(
            "reminder",
            models.Index(fields=["unit", "-entered_at", "id"], name="deadlines_said_in_unit"),
        ),
        migrations.AddIndex(
            "reminder",
            models.Index(
                condition=models.Q(("by__isnull", False)),
                fields=["deadline"],
                name="deadlines_reported",
            ),
        ),
        migrations.AddIndex(
            "reminder",
            django.contrib.postgres.indexes.BrinIndex(
                fields=["entered_at"], name="deadlines_said_at"
            ),
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message_id",
                    models.CharField(max_length=200, unique=True, verbose_name="Message-ID"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to=USER,
                        verbose_name="收件民警",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        blank=True,
                        help_text="发给企业的，或者上报；汇总的邮件没有。",
                        null=True,
                        on_delete=PROTECT,
                        related_name="letters",
                        to="deadlines.reminder",
                        verbose_name="提醒",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        help_text="只存部分字符。", max_length=254, verbose_name="收件地址"
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="主题")),
                ("sent_at", models.DateTimeField(verbose_name="发出时间")),
            ],
            options={
                "verbose_name": "提醒邮件",
                "verbose_name_plural": "提醒邮件",
                "ordering": ["-sent_at", "-id"],
                "indexes": [
                    models.Index(fields=["-sent_at", "-id"], name="deadlines_letters_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", False), ("reminder__isnull", False), _connector="OR"
                        ),
                        name="deadlines_letter_to_somebody",
                    )
                ],
            },
        ),
    ]
