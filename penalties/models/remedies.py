"""After the decision: reconsideration and suits, a stay of execution, and measures with their own
term that are watched like orders."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from penalties.models.case import OfCase


class Remedy(OfCase):
    """A reconsideration (行政复议) or a suit (行政诉讼) against one decision."""

    class Kind(models.TextChoices):
        RECONSIDERATION = "reconsideration", _("行政复议")
        SUIT = "suit", _("行政诉讼一审")
        APPEAL = "appeal", _("行政诉讼二审")

    class Result(models.TextChoices):
        UPHELD = "upheld", _("维持、驳回请求")
        CHANGED = "changed", _("变更")
        REVOKED = "revoked", _("撤销")
        REVOKED_REDO = "revoked_redo", _("撤销并责令重新作出")
        VOID = "void", _("确认违法或者无效")
        DISMISSED = "dismissed", _("不予受理、驳回申请")
        WITHDRAWN = "withdrawn", _("撤回申请或者起诉")
        SETTLED = "settled", _("调解、和解")

    decision = models.ForeignKey("penalties.Decision", models.PROTECT, related_name="remedies")
    kind = models.CharField(_("途径"), max_length=16, choices=Kind)
    body = models.CharField(_("受理机关"), max_length=100)
    #: The party, or somebody else whom the decision touches (ARL 2, ALL 25).
    applicant = models.CharField(_("申请人或者原告"), max_length=200, blank=True)
    applied_on = models.DateField(_("申请或者起诉日期"))
    #: The day on which the copy reached this organ: the answer is due from it.
    copy_received_on = models.DateField(_("收到副本日期"), null=True, blank=True)
    answer_due_on = models.DateField(_("答复、答辩期限"), null=True, blank=True)
    answered_on = models.DateField(_("答复、答辩日期"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=12, choices=Result, blank=True)
    result_on = models.DateField(_("结果日期"), null=True, blank=True)
    result_received_on = models.DateField(_("收到结果日期"), null=True, blank=True)
    #: The day from which the result holds: a first judgment only when nobody appeals.
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)
    document_number = models.CharField(_("结果文书文号"), max_length=60, blank=True)
    note = models.TextField(_("说明"), max_length=2000, blank=True)
    #: The fine that a change left: None leaves it as it was, 0 takes it away.
    new_fine = models.DecimalField(
        _("变更后的罚款（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("复议和诉讼")
        verbose_name_plural = _("复议和诉讼")
        ordering = ["applied_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="remedy_result_pair",
                condition=Q(result="", result_on__isnull=True)
                | (~Q(result="") & Q(result_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="remedy_days_in_order",
                condition=Q(result_on__isnull=True) | Q(result_on__gte=F("applied_on")),
            ),
            models.CheckConstraint(
                name="remedy_effective_after_result",
                condition=Q(effective_on__isnull=True)
                | (~Q(result="") & Q(effective_on__gte=F("result_on"))),
            ),
            models.CheckConstraint(
                name="remedy_new_fine_not_negative",
                condition=Q(new_fine__isnull=True) | Q(new_fine__gte=0),
            ),
            models.UniqueConstraint(
                fields=["decision", "kind"],
                condition=Q(result=""),
                name="remedy_one_open_of_a_kind",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether nobody has the last word yet: no result, or one that can still be appealed."""
        return self.effective_on is None


class Stay(OfCase):
    """Execution stands still (停止执行, ARL 42): by order of a court, a reconsideration body, or
    the organ itself."""

    decision = models.ForeignKey("penalties.Decision", models.PROTECT, related_name="stays")
    by_whom = models.CharField(_("决定机关"), max_length=100)
    ground = models.CharField(_("理由"), max_length=500)
    from_on = models.DateField(_("开始日期"))
    until_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("停止执行")
        verbose_name_plural = _("停止执行")
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="stay_days_in_order",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(until_on__isnull=True), name="stay_one_open"
            ),
        ]


class StopMeasure(OfCase):
    """A measure of a decision that runs for a time (停业整顿一个月) and is watched."""

    decision = models.ForeignKey("penalties.Decision", models.PROTECT, related_name="stop_measures")
    measure = models.CharField(_("处罚种类"), max_length=12)
    detail = models.CharField(_("内容"), max_length=500)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("届满日期"), null=True, blank=True)
    derivation = models.JSONField(default=dict)
    lifted_on = models.DateField(_("解除日期"), null=True, blank=True)
    lifted_reason = models.CharField(_("解除理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("限期措施")
        verbose_name_plural = _("限期措施")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="stop_measure_days_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="stop_measure_lifted_pair",
                condition=Q(lifted_on__isnull=True, lifted_reason="")
                | (Q(lifted_on__isnull=False) & ~Q(lifted_reason="")),
            ),
        ]


class StopCheck(OfCase):
    """Somebody went to see whether the measure is kept."""

    class Result(models.TextChoices):
        KEPT = "kept", _("已执行")
        BROKEN = "broken", _("未执行")

    measure = models.ForeignKey(StopMeasure, models.PROTECT, related_name="checks")
    held_on = models.DateField(_("检查日期"))
    officers = ArrayField(models.CharField(max_length=100), verbose_name=_("检查民警"))
    result = models.CharField(_("结果"), max_length=8, choices=Result)
    note = models.CharField(_("情况"), max_length=500)

    class Meta:
        verbose_name = _("执行情况检查")
        verbose_name_plural = _("执行情况检查")
        ordering = ["held_on", "id"]
