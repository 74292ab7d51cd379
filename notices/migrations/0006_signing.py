"""Certificates say what they are and lose their key when retired; waivers of a signature."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vault.fields

# A row of its unit's kind; a paper of its certificate's. Other tables are asked, so triggers.
RULES = """
ALTER TABLE notices_certificate ADD CONSTRAINT certificate_key_while_in_use CHECK (
    (retired_on IS NOT NULL AND length(key) = 0)
    OR (retired_on IS NULL AND (source <> 'local' OR length(key) > 0)));

CREATE FUNCTION notices_certificate_of_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_demonstration IS DISTINCT FROM
       (SELECT is_demonstration FROM accounts_unit WHERE id = NEW.unit_id)
    THEN
        RAISE EXCEPTION 'a demonstration certificate is for demonstration units alone, and they '
                        'have no other: %', NEW.subject
            USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_of_its_unit';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER certificate_of_its_unit BEFORE INSERT ON notices_certificate
    FOR EACH ROW EXECUTE FUNCTION notices_certificate_of_its_unit();

CREATE FUNCTION notices_notice_signed_by_its_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.certificate_id IS NOT NULL AND NEW.is_demonstration IS DISTINCT FROM
       (SELECT is_demonstration FROM notices_certificate WHERE id = NEW.certificate_id)
    THEN
        RAISE EXCEPTION 'a demonstration certificate signs demonstration papers alone: %',
                        NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_signed_by_its_kind';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER notice_signed_by_its_kind BEFORE INSERT OR UPDATE OF certificate_id
    ON notices_notice FOR EACH ROW EXECUTE FUNCTION notices_notice_signed_by_its_kind();

CREATE FUNCTION notices_waiver_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a waiver stays as it was given' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER waiver_kept BEFORE UPDATE OR DELETE ON notices_waiver
    FOR EACH ROW EXECUTE FUNCTION notices_waiver_kept();
"""

RULES_BACK = """
DROP TRIGGER waiver_kept ON notices_waiver;
DROP FUNCTION notices_waiver_kept();
DROP TRIGGER notice_signed_by_its_kind ON notices_notice;
DROP FUNCTION notices_notice_signed_by_its_kind();
DROP TRIGGER certificate_of_its_unit ON notices_certificate;
DROP FUNCTION notices_certificate_of_its_unit();
ALTER TABLE notices_certificate DROP CONSTRAINT certificate_key_while_in_use;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0005_case_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="决定时间")),
                ("reason", models.CharField(max_length=500, verbose_name="原因")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiver",
                        to="notices.notice",
                        verbose_name="文书",
                    ),
                ),
            ],
            options={"verbose_name": "不签名打印", "verbose_name_plural": "不签名打印"},
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="waiver_says_why"
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="key",
            field=vault.fields.SealedTextField(blank=True, verbose_name="私钥或访问令牌"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("address", ""), ("source", "local")),
                    models.Q(("source", "outside"), models.Q(("address", ""), _negated=True)),
                    _connector="OR",
                ),
                name="certificate_address_of_outside_ones",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_demonstration", True),
                        ("issuer__contains", "演示"),
                        ("subject__contains", "演示"),
                    ),
                    models.Q(
                        ("is_demonstration", False),
                        models.Q(("issuer__contains", "演示"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="certificate_demonstration_says_so",
            ),
        ),
        migrations.RunSQL(RULES, RULES_BACK),
    ]
