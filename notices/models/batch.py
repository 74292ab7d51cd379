"""Many papers at once: one PDF, a zip with an index, or a whole case file (案卷)."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet

BATCH_JOB = "make_batch"


class Batch(models.Model):
    """What somebody asked to have put together. Only that person may open it."""

    class Form(models.TextChoices):
        PDF = "pdf", _("合并为一个 PDF")
        ZIP = "zip", _("压缩包和目录")
        BUNDLE = "bundle", _("案卷")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+")
    form = models.CharField(_("形式"), max_length=8, choices=Form.choices)
    title = models.CharField(_("名称"), max_length=200)
    # What it holds, in order, fixed when it was asked for, and what became of each part when it
    # was made: see notices.batches.rows.
    entries = models.JSONField(_("内容"), default=list, encoder=DjangoJSONEncoder)
    # Of a case file: the record that it is about (an order, a case).
    subject_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject_id = models.UUIDField(null=True, blank=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    originals = models.BooleanField(_("附原件"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("登记时间"))
    done = models.PositiveIntegerField(_("已完成"), default=0)
    total = models.PositiveIntegerField(_("共"))
    file = models.OneToOneField(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    ready_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量打印")
        verbose_name_plural = _("批量打印")
        ordering = ("-asked_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=True, ready_at__isnull=True)
                | Q(file__isnull=False, ready_at__isnull=False),
                name="batch_file_whole_or_none",
            ),
            models.CheckConstraint(condition=Q(total__gte=1), name="batch_holds_something"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="batch_done_in_total"),
            models.CheckConstraint(
                condition=Q(form="bundle", subject_type__isnull=False, subject_id__isnull=False)
                | (
                    ~Q(form="bundle")
                    & Q(subject_type__isnull=True, subject_id__isnull=True, originals=False)
                ),
                name="batch_case_file_has_subject",
            ),
        ]
        indexes = [models.Index(fields=("by", "-asked_at"), name="batch_own_newest")]

    def __str__(self) -> str:
        return self.title
