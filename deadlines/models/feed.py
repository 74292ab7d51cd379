"""Private calendar addresses. Only a token's hash is kept: who reads the database cannot read
anybody's calendar."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Feed(models.Model):
    """A person's calendar: what the person sees, wherever in the unit and below."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="deadline_feed",
        verbose_name=_("用户"),
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")

    def __str__(self) -> str:
        return str(self.user_id)


class UnitFeed(models.Model):
    """A unit's calendar, for the screen in its office: what falls due in the unit and below."""

    unit = models.OneToOneField(
        "accounts.Unit",
        models.CASCADE,
        primary_key=True,
        related_name="deadline_feed",
        verbose_name=_("单位"),
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("创建时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("开通人")
    )

    class Meta:
        verbose_name = _("单位日历订阅")
        verbose_name_plural = _("单位日历订阅")

    def __str__(self) -> str:
        return str(self.unit_id)
