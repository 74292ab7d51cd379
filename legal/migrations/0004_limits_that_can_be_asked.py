"""Time limits in both languages, with the days from and to which they hold; the stamp covers them.

A register that was loaded before gets the Chinese words at the next `load_law`, which is part of
every start.
"""

from django.db import migrations, models

TABLES = ["legal_timelimit", "legal_timelimit_bases", "legal_timelimit_overrides"]
TRIGGER = """
CREATE TRIGGER stamp_register AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION legal_stamp_register()
"""
NO_TRIGGER = "DROP TRIGGER stamp_register ON {table}"

RESPONSIBLE = [
    ("agency", "公安机关"),
    ("officer", "执法人员"),
    ("party", "当事人"),
    ("entity", "网络运营者"),
    ("government", "行政复议机关"),
]


class Migration(migrations.Migration):
    dependencies = [("legal", "0003_provisions")]

    operations = [
        migrations.RenameField("timelimit", "trigger_event", "trigger_en"),
        migrations.RenameField("timelimit", "at_expiry", "at_expiry_en"),
        migrations.AlterField(
            "timelimit",
            "trigger_en",
            models.CharField(max_length=120, verbose_name="起算事由（英文）"),
        ),
        migrations.AlterField(
            "timelimit",
            "at_expiry_en",
            models.TextField(blank=True, verbose_name="届满后果（英文）"),
        ),
        migrations.AlterField(
            "timelimit",
            "responsible",
            models.CharField(choices=RESPONSIBLE, max_length=12, verbose_name="责任方"),
        ),
        migrations.AddField(
            "timelimit",
            "trigger_zh",
            models.CharField(blank=True, default="", max_length=120, verbose_name="起算事由"),
            preserve_default=False,
        ),
        migrations.AddField(
            "timelimit",
            "at_expiry_zh",
            models.TextField(blank=True, default="", verbose_name="届满后果"),
            preserve_default=False,
        ),
        migrations.AddField(
            "timelimit",
            "note_zh",
            models.TextField(blank=True, default="", verbose_name="适用说明"),
            preserve_default=False,
        ),
        migrations.AddField(
            "timelimit",
            "note_en",
            models.TextField(blank=True, default="", verbose_name="适用说明（英文）"),
            preserve_default=False,
        ),
        migrations.AddField(
            "timelimit",
            "effective_from",
            models.DateField(blank=True, null=True, verbose_name="适用自"),
        ),
        migrations.AddField(
            "timelimit",
            "effective_to",
            models.DateField(blank=True, null=True, verbose_name="适用至"),
        ),
        migrations.AddField(
            "timelimit",
            "position",
            models.PositiveSmallIntegerField(default=0, verbose_name="顺序"),
        ),
        migrations.AlterModelOptions(
            "timelimit",
            {
                "ordering": ["position", "code"],
                "verbose_name": "法定期限",
                "verbose_name_plural": "法定期限",
            },
        ),
        migrations.AddConstraint(
            "timelimit",
            models.CheckConstraint(
                condition=models.Q(effective_to__isnull=True)
                | models.Q(effective_from__isnull=True)
                | models.Q(effective_to__gte=models.F("effective_from")),
                name="legal_time_limit_in_order",
                violation_error_message="“适用至”不能早于“适用自”。",
            ),
        ),
        # The English remark moves beside its Chinese twin; `note` is the keeper's own from here.
        migrations.RunSQL(
            "UPDATE legal_timelimit SET note_en = note, note = '' WHERE NOT by_hand",
            migrations.RunSQL.noop,
        ),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), NO_TRIGGER.format(table=table))
            for table in TABLES
        ],
    ]
