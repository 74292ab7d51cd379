"""The decision to print one paper without the signature that its unit gives."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet


class WaiverQuerySet(ScopedQuerySet):
    scope_path = "notice__unit"


class Waiver(models.Model):
    """Somebody answers for it that this paper leaves unsigned. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, related_name="waiver", verbose_name=_("文书")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("决定人")
    )
    at = models.DateTimeField(_("决定时间"))
    reason = models.CharField(_("原因"), max_length=500)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = _("不签名打印")
        verbose_name_plural = _("不签名打印")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_says_why"),
        ]

    def __str__(self) -> str:
        return str(self.notice)
