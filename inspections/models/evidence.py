"""Files that show what was found."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections.models.finding import Finding
from inspections.models.inspection import Inspection, OfInspectionQuerySet


class Evidence(models.Model):
    """A file that shows what was found; its bytes lie encrypted in the vault."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("照片")
        SCREENSHOT = "screenshot", _("截图")
        DOCUMENT = "document", _("文件")
        LOG = "log", _("日志")
        OTHER = "other", _("其他")

    ordinal: int | None  # of its finding, set by the page
    late: bool  # came after the signature, set by the page

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="evidence")
    finding = models.ForeignKey(
        Finding,
        on_delete=models.PROTECT,
        related_name="evidence",
        null=True,
        blank=True,
        verbose_name=_("发现"),
    )
    file = models.ForeignKey("vault.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices, default=Kind.PHOTO)
    title = models.CharField(_("名称"), max_length=200)
    captured_at = models.DateTimeField(_("拍摄、取得时间"), null=True, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    added_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("提交人")
    )

    objects = OfInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("证据")
        verbose_name_plural = _("证据")
        ordering = ["inspection", "received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["photo", "screenshot", "document", "log", "other"]),
                name="evidence_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(captured_at__isnull=True) | Q(captured_at__lte=F("received_at")),
                name="evidence_captured_before_received",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="evidence_has_title"),
        ]

    def __str__(self) -> str:
        return self.title
