"""What the house has set for itself: caps, house rules and the ladder of reminders.

None of it is law; wherever a page shows such a rule it says so. A policy holds from its day on and
is then fixed by the database: a change is a new row with a later day, so nothing that was issued
under the old one is touched.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet


class PolicyQuerySet(ScopedQuerySet):
    """Policies by the tree of units; those for all units are everybody's."""

    def visible_to(self, user: Any) -> PolicyQuerySet:
        own = super().visible_to(user)
        if own.query.is_empty():
            return own
        return self.filter(Q(unit__path__startswith=user.unit.path) | Q(unit__isnull=True))


class Policy(models.Model):
    """The rules of one unit and those below it (of all units where `unit` is empty)."""

    class VerdictBasis(models.TextChoices):
        COMPLETION = "completion", _("企业完成之日")
        VERIFICATION = "verification", _("民警核实之日")

    unit = models.ForeignKey(
        "accounts.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="policies",
        verbose_name=_("单位"),
        help_text=_("留空为所有单位。下级单位没有自己的规则时，用上级的。"),
    )
    effective_from = models.DateField(_("施行日期"), help_text=_("最早为明天。"))
    entered_on = models.DateField(_("录入日期"), editable=False)
    max_extensions = models.PositiveSmallIntegerField(_("最多延期次数"), default=2)
    max_extension_days = models.PositiveSmallIntegerField(
        _("最多延长天数"),
        null=True,
        blank=True,
        help_text=_("各次延期合计的自然日，留空不限。"),
    )
    accept_late_requests = models.BooleanField(
        _("受理逾期提出的延期申请"),
        default=False,
        help_text=_("逾期提出的申请会标明，不影响逾期的计算。"),
    )
    reinspect_within = models.PositiveSmallIntegerField(
        _("复查期限（工作日）"),
        default=3,
        validators=[MinValueValidator(1)],
        help_text=_("自改正期限届满或者收到改正报告起。176号令没有规定，属本单位规定。"),
    )
    decide_extension_within = models.PositiveSmallIntegerField(
        _("延期审批期限（工作日）"), default=3, validators=[MinValueValidator(1)]
    )
    report_up_after = models.PositiveSmallIntegerField(
        _("逾期多少天建议上报"), default=10, validators=[MinValueValidator(1)]
    )
    verdict_basis = models.CharField(
        _("按期与否的判定依据"),
        max_length=12,
        choices=VerdictBasis.choices,
        default=VerdictBasis.COMPLETION,
    )
    note = models.TextField(_("说明"), blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("本单位规定")
        verbose_name_plural = _("本单位规定")
        ordering = ["unit__path", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "effective_from"],
                name="deadlines_policy_once_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(effective_from__gt=F("entered_on")),
                name="deadlines_policy_looks_ahead",
                violation_error_message=_("施行日期最早为明天：已经签发的不受影响。"),
            ),
            models.CheckConstraint(
                condition=Q(reinspect_within__gte=1)
                & Q(decide_extension_within__gte=1)
                & Q(report_up_after__gte=1)
                & (Q(max_extension_days__isnull=True) | Q(max_extension_days__gte=1)),
                name="deadlines_policy_positive",
            ),
            models.CheckConstraint(
                condition=Q(verdict_basis__in=["completion", "verification"]),
                name="deadlines_policy_basis_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or _('所有单位')} {self.effective_from}"


class Audience(models.TextChoices):
    """Who is reminded."""

    OFFICER = "officer", _("承办人")
    SUPERVISOR = "supervisor", _("本单位领导")
    UPPER = "upper", _("上级单位")
    ENTERPRISE = "enterprise", _("企业")


class Rung(models.Model):
    """One rung of the ladder: how long before or after the due day who is reminded."""

    class Measure(models.TextChoices):
        CALENDAR_DAY = "calendar_day", _("自然日")
        WORKING_DAY = "working_day", _("工作日")
        SHARE = "share", _("期限的百分之几")

    policy = models.ForeignKey(
        Policy, models.CASCADE, related_name="rungs", verbose_name=_("本单位规定")
    )
    kind = models.CharField(
        _("期限种类"), max_length=40, blank=True, help_text=_("留空用于没有另行规定的各种期限。")
    )
    offset = models.SmallIntegerField(
        _("何时"),
        help_text=_("天数：届满之前为负，当天为 0，届满之后为正。百分比：1 至 100。"),
    )
    measure = models.CharField(
        _("单位"), max_length=12, choices=Measure.choices, default=Measure.CALENDAR_DAY
    )
    repeat_every = models.PositiveSmallIntegerField(
        _("此后每隔多少天"), null=True, blank=True, help_text=_("自然日，留空不重复。")
    )
    audience = ArrayField(
        models.CharField(max_length=10, choices=Audience.choices), verbose_name=_("提醒谁")
    )

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        ordering = ["policy", "kind", "measure", "offset"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "kind", "measure", "offset"], name="deadlines_rung_once"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["calendar_day", "working_day"])
                | Q(measure="share", offset__gte=1, offset__lte=100),
                name="deadlines_rung_measure",
                violation_error_message=_("百分比须在 1 至 100 之间。"),
            ),
            models.CheckConstraint(
                # Only what comes after the due day may go on and on.
                condition=Q(repeat_every__isnull=True)
                | (Q(repeat_every__gte=1, offset__gte=0) & ~Q(measure="share")),
                name="deadlines_rung_repeats_after",
                violation_error_message=_("只有届满之后的提醒可以重复。"),
            ),
            models.CheckConstraint(
                condition=Q(audience__len__gte=1), name="deadlines_rung_reminds_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.offset} {self.get_measure_display()}"
