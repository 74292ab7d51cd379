"""A test of an enterprise's system over the network (远程检测), from the plan on."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from inspections.models.inspection import Inspection


class RemoteTestQuerySet(ScopedQuerySet):
    """Seen by the unit that tests and by those above it."""

    scope_path = "unit"

    def ahead(self) -> RemoteTestQuerySet:
        """Planned or notified: not held yet."""
        return self.filter(state__in=[RemoteTest.State.PLANNED, RemoteTest.State.NOTIFIED])


class RemoteTest(models.Model):
    """One planned test of one system.

    Order 176 art. 4(2), from 2026-10-01: from city level upwards; never of critical
    infrastructure; the operator is told at least three working days before, the cyberspace
    administration and the sector's regulator are told as well.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("待告知")
        NOTIFIED = "notified", _("已告知")
        HELD = "held", _("已实施")
        CANCELLED = "cancelled", _("已取消")

    class How(models.TextChoices):
        PAPER = "paper", _("书面送交")
        ELECTRONIC = "electronic", _("电子方式")
        POST = "post", _("邮寄")
        PHONE = "phone", _("电话")

    MOVES: dict[str, set[str]] = {
        "planned": {"notified", "cancelled"},
        # Put off after the notice it needs a new notice.
        "notified": {"planned", "held", "cancelled"},
        "held": set(),
        "cancelled": set(),
    }
    BADGES = {"planned": "wait", "notified": "live", "held": "met", "cancelled": "void"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="remote_tests", verbose_name=_("检测单位")
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise",
        models.PROTECT,
        related_name="remote_tests",
        verbose_name=_("被检测单位"),
    )
    system = models.ForeignKey(
        "enterprises.System",
        models.PROTECT,
        related_name="remote_tests",
        verbose_name=_("被检测系统"),
    )
    starts_on = models.DateField(_("检测日期"))
    scope = models.TextField(_("检测范围和方式"))
    planned_at = models.DateTimeField(_("计划时间"))
    planned_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("计划人")
    )
    notified_on = models.DateField(_("告知日期"), null=True, blank=True)
    notified_how = models.CharField(_("告知方式"), max_length=12, choices=How.choices, blank=True)
    notified_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("告知人"),
    )
    #: When the cyberspace administration was told.
    cac_told_on = models.DateField(_("通报网信部门日期"), null=True, blank=True)
    #: The regulator of the sector; empty where it has none.
    regulator = models.CharField(_("行业主管部门"), max_length=100, blank=True)
    regulator_told_on = models.DateField(_("通报行业主管部门日期"), null=True, blank=True)
    inspection = models.OneToOneField(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="remote_test",
        verbose_name=_("检查"),
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    objects = RemoteTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("远程检测")
        verbose_name_plural = _("远程检测")
        ordering = ["-starts_on", "-id"]
        indexes = [
            models.Index(fields=["unit", "-starts_on", "-id"], name="remotetest_unit_starts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "notified", "held", "cancelled"]),
                name="remotetest_state_known",
            ),
            models.CheckConstraint(condition=~Q(scope=""), name="remotetest_says_its_scope"),
            # Order 176 art. 4(2): told before, and not the operator alone.
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"])
                | Q(
                    notified_on__isnull=False,
                    notified_by__isnull=False,
                    cac_told_on__isnull=False,
                )
                & ~Q(notified_how=""),
                name="remotetest_notified_is_told",
            ),
            models.CheckConstraint(
                condition=Q(notified_on__isnull=True) | Q(notified_on__lt=F("starts_on")),
                name="remotetest_told_before",
            ),
            models.CheckConstraint(
                condition=Q(regulator="", regulator_told_on__isnull=True)
                | (~Q(regulator="") & Q(regulator_told_on__isnull=False)),
                name="remotetest_regulator_pair",
            ),
            models.CheckConstraint(
                condition=Q(state="held", inspection__isnull=False)
                | (~Q(state="held") & Q(inspection__isnull=True)),
                name="remotetest_held_has_inspection",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(enterprise)s %(system)s") % {
            "enterprise": self.enterprise.name,
            "system": self.system.name,
        }

    def get_absolute_url(self) -> str:
        return reverse("inspections:remote", args=[self.pk])

    @property
    def badge(self) -> tuple[str, str]:
        """(group, word) for the state's badge."""
        return self.BADGES[self.state], str(self.get_state_display())

    @property
    def is_ahead(self) -> bool:
        """Not held and not given up."""
        return self.state in (self.State.PLANNED, self.State.NOTIFIED)
