"""Scans of what came back signed, filed beside the paper with their own hash."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notices.models.notice import Notice


class Scan(models.Model):
    """One scan or photograph. Never changed, never removed; the file carries the hash."""

    class Kind(models.TextChoices):
        SIGNED_COPY = "signed_copy", _("签收的附卷联")
        RECEIPT = "receipt", _("送达回证")
        STUB = "stub", _("存根")
        OTHER = "other", _("其他")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="scans", verbose_name=_("文书"))
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    file = models.OneToOneField("vault.StoredFile", models.PROTECT, related_name="+")
    note = models.CharField(_("备注"), max_length=200, blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(_("归档时间"))

    class Meta:
        verbose_name = _("扫描件")
        verbose_name_plural = _("扫描件")
        ordering = ("filed_at", "id")

    def __str__(self) -> str:
        return f"{self.notice} {self.get_kind_display()}"
