"""Results of other departments that stand for the yearly inspection of a system."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet


class CheckedElsewhereQuerySet(ScopedQuerySet):
    """Seen by whoever sees the enterprise."""

    scope_path = "system__enterprise__unit"


class CheckedElsewhere(models.Model):
    """Another department inspected the system in that year: its result is used again.

    Order 176 art. 9(2): what another department has inspected in the same year is not inspected
    twice.
    """

    system = models.ForeignKey(
        "enterprises.System",
        models.PROTECT,
        related_name="checked_elsewhere",
        verbose_name=_("系统"),
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    authority = models.CharField(_("检查部门"), max_length=100)
    checked_on = models.DateField(_("检查日期"))
    note = models.TextField(_("结果"), max_length=500)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人")
    )

    objects = CheckedElsewhereQuerySet.as_manager()

    class Meta:
        verbose_name = _("其他部门的检查结果")
        verbose_name_plural = _("其他部门的检查结果")
        ordering = ["-checked_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "year"], name="checkedelsewhere_once_a_year"),
            models.CheckConstraint(
                condition=Q(checked_on__year=models.F("year")),
                name="checkedelsewhere_in_its_year",
            ),
            models.CheckConstraint(
                condition=~Q(authority="") & ~Q(note=""), name="checkedelsewhere_says_who_and_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.authority}"
