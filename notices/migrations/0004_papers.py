"""Standing texts, previews, certificates, scans, batches; a notice may be signed."""

import uuid

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import notices.kinds
import vault.fields

# The signature is part of what is printed once (0002 guards the rest).
FROZEN = """
CREATE OR REPLACE FUNCTION notices_notice_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a notice is never deleted: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.id, NEW.unit_id, NEW.kind, NEW.year, NEW.serial, NEW.number, NEW.addressee, NEW.words,
        NEW.words_sha256, NEW.template, NEW.template_version, NEW.seal_id, NEW.verify_code,
        NEW.is_demonstration, NEW.subject_type_id, NEW.subject_id, NEW.issued_at, NEW.issued_on,
        NEW.issued_by_id, NEW.snapshot)
       IS DISTINCT FROM
       (OLD.id, OLD.unit_id, OLD.kind, OLD.year, OLD.serial, OLD.number, OLD.addressee, OLD.words,
        OLD.words_sha256, OLD.template, OLD.template_version, OLD.seal_id, OLD.verify_code,
        OLD.is_demonstration, OLD.subject_type_id, OLD.subject_id, OLD.issued_at, OLD.issued_on,
        OLD.issued_by_id, OLD.snapshot)
    THEN
        RAISE EXCEPTION 'an issued notice never changes: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.printed_at IS NOT NULL AND
       (NEW.pdf_id, NEW.pdf_sha256, NEW.pages, NEW.size, NEW.printed_at, NEW.fingerprint,
        NEW.certificate_id, NEW.unsigned_sha256, NEW.signed_at)
       IS DISTINCT FROM
       (OLD.pdf_id, OLD.pdf_sha256, OLD.pages, OLD.size, OLD.printed_at, OLD.fingerprint,
        OLD.certificate_id, OLD.unsigned_sha256, OLD.signed_at)
    THEN
        RAISE EXCEPTION 'a notice is printed once: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'valid' AND
       (NEW.state, NEW.ended_on, NEW.ended_reason, NEW.superseded_by_id)
       IS DISTINCT FROM
       (OLD.state, OLD.ended_on, OLD.ended_reason, OLD.superseded_by_id)
    THEN
        RAISE EXCEPTION 'a notice ends once: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""

FROZEN_BACK = """
CREATE OR REPLACE FUNCTION notices_notice_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a notice is never deleted: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.id, NEW.unit_id, NEW.kind, NEW.year, NEW.serial, NEW.number, NEW.addressee, NEW.words,
        NEW.words_sha256, NEW.template, NEW.template_version, NEW.seal_id, NEW.verify_code,
        NEW.is_demonstration, NEW.subject_type_id, NEW.subject_id, NEW.issued_at, NEW.issued_on,
        NEW.issued_by_id, NEW.snapshot)
       IS DISTINCT FROM
       (OLD.id, OLD.unit_id, OLD.kind, OLD.year, OLD.serial, OLD.number, OLD.addressee, OLD.words,
        OLD.words_sha256, OLD.template, OLD.template_version, OLD.seal_id, OLD.verify_code,
        OLD.is_demonstration, OLD.subject_type_id, OLD.subject_id, OLD.issued_at, OLD.issued_on,
        OLD.issued_by_id, OLD.snapshot)
    THEN
        RAISE EXCEPTION 'an issued notice never changes: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.printed_at IS NOT NULL AND
       (NEW.pdf_id, NEW.pdf_sha256, NEW.pages, NEW.size, NEW.printed_at, NEW.fingerprint)
       IS DISTINCT FROM
       (OLD.pdf_id, OLD.pdf_sha256, OLD.pages, OLD.size, OLD.printed_at, OLD.fingerprint)
    THEN
        RAISE EXCEPTION 'a notice is printed once: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'valid' AND
       (NEW.state, NEW.ended_on, NEW.ended_reason, NEW.superseded_by_id)
       IS DISTINCT FROM
       (OLD.state, OLD.ended_on, OLD.ended_reason, OLD.superseded_by_id)
    THEN
        RAISE EXCEPTION 'a notice ends once: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""

# A wording that is in effect was printed, or may have been; a scan is evidence; a certificate is
# retired, never changed or deleted.
KEPT = """
CREATE FUNCTION notices_textblock_in_effect_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.effective_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION 'a wording in effect stays as it is; enter a new one with a later day'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER textblock_in_effect_stays BEFORE UPDATE OR DELETE ON notices_textblock
    FOR EACH ROW EXECUTE FUNCTION notices_textblock_in_effect_stays();

CREATE FUNCTION notices_scan_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a scan is kept as it was filed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER scan_kept BEFORE UPDATE OR DELETE ON notices_scan
    FOR EACH ROW EXECUTE FUNCTION notices_scan_kept();

CREATE FUNCTION notices_certificate_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.retired_on IS NOT NULL
       OR (to_jsonb(NEW) - 'retired_on' - 'key') IS DISTINCT FROM
          (to_jsonb(OLD) - 'retired_on' - 'key')
    THEN
        RAISE EXCEPTION 'a certificate is only retired, once: %', OLD.subject
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER certificate_kept BEFORE UPDATE OR DELETE ON notices_certificate
    FOR EACH ROW EXECUTE FUNCTION notices_certificate_kept();
"""

KEPT_BACK = """
DROP TRIGGER textblock_in_effect_stays ON notices_textblock;
DROP FUNCTION notices_textblock_in_effect_stays();
DROP TRIGGER scan_kept ON notices_scan;
DROP FUNCTION notices_scan_kept();
DROP TRIGGER certificate_kept ON notices_certificate;
DROP FUNCTION notices_certificate_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_email"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("notices", "0003_late_proof"),
        ("vault", "0002_stored_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Preview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=notices.kinds.choices, max_length=40, verbose_name="文书种类"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                ("words", models.TextField(verbose_name="文书原文")),
                ("subject_id", models.UUIDField()),
                ("pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="页数")),
                (
                    "printed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="打印时间"),
                ),
            ],
            options={
                "verbose_name": "文书预览",
                "verbose_name_plural": "文书预览",
                "ordering": ("-made_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed_copy", "签收的附卷联"),
                            ("receipt", "送达回证"),
                            ("stub", "存根"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="种类",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("filed_at", models.DateTimeField(verbose_name="归档时间")),
            ],
            options={
                "verbose_name": "扫描件",
                "verbose_name_plural": "扫描件",
                "ordering": ("filed_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="TextBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="段落")),
                ("effective_from", models.DateField(verbose_name="生效日期")),
                ("text", models.TextField(max_length=2000, verbose_name="文字")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "文书固定段落",
                "verbose_name_plural": "文书固定段落",
                "ordering": ("code", "unit", "-effective_from"),
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="signed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="签名时间"),
        ),
        migrations.AddField(
            model_name="notice",
            name="unsigned_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("pdf", "合并为一个 PDF"),
                            ("zip", "压缩包和目录"),
                            ("bundle", "案卷"),
                        ],
                        max_length=8,
                        verbose_name="形式",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                (
                    "entries",
                    models.JSONField(
                        default=list,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="内容",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="登记时间")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已完成")),
                ("total", models.PositiveIntegerField(verbose_name="共")),
                ("pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="页数")),
                ("ready_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.storedfile",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "批量打印",
                "verbose_name_plural": "批量打印",
                "ordering": ("-asked_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("local", "本机密钥"), ("outside", "外部签名服务")],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="持有者")),
                ("issuer", models.CharField(max_length=200, verbose_name="颁发者")),
                ("serial", models.CharField(max_length=60, verbose_name="序列号")),
                ("not_before", models.DateTimeField(verbose_name="生效时间")),
                ("not_after", models.DateTimeField(verbose_name="到期时间")),
                ("chain", models.TextField(verbose_name="证书链（PEM）")),
                ("key", vault.fields.SealedTextField(blank=True, verbose_name="私钥（PEM）")),
                ("address", models.URLField(blank=True, verbose_name="签名服务地址")),
                ("is_demonstration", models.BooleanField(default=False, verbose_name="演示证书")),
                ("added_at", models.DateTimeField(verbose_name="登记时间")),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "签名证书",
                "verbose_name_plural": "签名证书",
                "ordering": ("unit", "-not_after"),
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="certificate",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="notices.certificate",
                verbose_name="签名证书",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("certificate__isnull", True),
                        ("signed_at__isnull", True),
                        ("unsigned_sha256", ""),
                    ),
                    models.Q(
                        ("certificate__isnull", False),
                        ("printed_at__isnull", False),
                        ("signed_at__isnull", False),
                        models.Q(("unsigned_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="notice_signature_whole_or_none",
            ),
        ),
        migrations.AddField(
            model_name="preview",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="preview",
            name="pdf",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vault.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="preview",
            name="seal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vault.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="preview",
            name="subject_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.AddField(
            model_name="preview",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
            ),
        ),
        migrations.AddField(
            model_name="scan",
            name="file",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="scan",
            name="filed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scan",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scans",
                to="notices.notice",
                verbose_name="文书",
            ),
        ),
        migrations.AddField(
            model_name="textblock",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                help_text="不选则用于所有单位；下级单位没有自己的文字时也用它。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="text_blocks",
                to="accounts.unit",
                verbose_name="单位",
            ),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["by", "-asked_at"], name="batch_own_newest"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", True), ("ready_at__isnull", True)),
                    models.Q(("file__isnull", False), ("ready_at__isnull", False)),
                    _connector="OR",
                ),
                name="batch_file_whole_or_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__gte", 1)), name="batch_holds_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("total"))), name="batch_done_in_total"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_on__isnull", True)),
                fields=("unit",),
                name="certificate_one_in_use",
                violation_error_message="这个单位已有使用中的证书，请先停用。",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=("issuer", "serial"), name="certificate_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("not_after__gt", models.F("not_before"))),
                name="certificate_has_a_term",
            ),
        ),
        migrations.AddIndex(
            model_name="preview",
            index=models.Index(fields=["made_at"], name="preview_oldest"),
        ),
        migrations.AddConstraint(
            model_name="preview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("pages__isnull", True), ("pdf__isnull", True), ("printed_at__isnull", True)
                    ),
                    models.Q(
                        ("pages__isnull", False),
                        ("pdf__isnull", False),
                        ("printed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="preview_pdf_whole_or_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="textblock",
            constraint=models.UniqueConstraint(
                fields=("unit", "code", "effective_from"),
                name="textblock_once_a_day",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="textblock",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="textblock_has_text"
            ),
        ),
        migrations.RunSQL(FROZEN, FROZEN_BACK),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
