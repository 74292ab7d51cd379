"""Money owed upon a decision: what was paid, put off, demanded and brought to court. Yuan and fen,
decimal; unknown is not zero."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from penalties.models.case import OfCase


class Payment(OfCase):
    """Money that came in for a decision. First it pays the fine, then the surcharge."""

    class Way(models.TextChoices):
        BANK = "bank", _("银行或者电子缴款")
        CASH = "cash", _("当场收缴")
        ENFORCED = "enforced", _("强制执行")
        REFUND = "refund", _("退还")

    decision = models.ForeignKey("penalties.Decision", models.PROTECT, related_name="payments")
    paid_on = models.DateField(_("缴款日期"))
    #: Negative for a refund alone.
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    way = models.CharField(_("方式"), max_length=10, choices=Way, default=Way.BANK)
    receipt_number = models.CharField(_("票据号"), max_length=60, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    void_on = models.DateField(_("作废日期"), null=True, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("缴款")
        verbose_name_plural = _("缴款")
        ordering = ["paid_on", "entered_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="payment_sign_fits",
                condition=(Q(way="refund") & Q(amount__lt=0))
                | (~Q(way="refund") & Q(amount__gt=0)),
            ),
            models.UniqueConstraint(
                fields=["receipt_number"],
                condition=~Q(receipt_number="") & Q(void_on__isnull=True),
                name="payment_receipt_once",
            ),
            models.CheckConstraint(
                name="payment_void_pair",
                condition=Q(void_on__isnull=True, void_reason="")
                | (Q(void_on__isnull=False) & ~Q(void_reason="")),
            ),
        ]


class Plan(OfCase):
    """More time to pay (暂缓或者分期缴纳, 行政处罚法 66(2)), asked for and decided."""

    class Kind(models.TextChoices):
        DEFERRAL = "deferral", _("暂缓缴纳")
        INSTALMENTS = "instalments", _("分期缴纳")

    decision = models.ForeignKey("penalties.Decision", models.PROTECT, related_name="plans")
    kind = models.CharField(_("方式"), max_length=12, choices=Kind)
    asked_on = models.DateField(_("申请日期"))
    reason = models.TextField(_("申请理由"), max_length=500)
    granted = models.BooleanField(_("批准"), null=True, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_note = models.CharField(_("决定理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("暂缓、分期缴纳")
        verbose_name_plural = _("暂缓、分期缴纳")
        ordering = ["asked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(granted__isnull=True), name="plan_one_request"
            ),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(granted=True), name="plan_one_granted"
            ),
            models.CheckConstraint(
                name="plan_decided_whole",
                condition=Q(granted__isnull=True, decided_on__isnull=True, decided_by__isnull=True)
                | Q(granted__isnull=False, decided_on__isnull=False, decided_by__isnull=False),
            ),
        ]


class Instalment(models.Model):
    """One part of a plan: how much, by when. A deferral has one."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="instalments")
    position = models.PositiveSmallIntegerField(_("期次"))
    due_on = models.DateField(_("缴纳期限"))
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("分期")
        verbose_name_plural = _("分期")
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="instalment_once"),
            models.CheckConstraint(name="instalment_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.due_on} {self.amount}"


class Demand(OfCase):
    """A written demand before the court is asked (催告书, 行政强制法 35, 54)."""

    decision = models.ForeignKey("penalties.Decision", models.PROTECT, related_name="demands")
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_on = models.DateField(_("催告日期"))
    principal = models.DecimalField(_("应缴罚款（元）"), max_digits=14, decimal_places=2)
    surcharge = models.DecimalField(_("加处罚款（元）"), max_digits=14, decimal_places=2)
    served_on = models.DateField(_("送达日期"), null=True, blank=True)
    #: The day after which the court may be asked.
    ready_on = models.DateField(_("催告期满日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("催告")
        verbose_name_plural = _("催告")
        ordering = ["made_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="demand_sums",
                condition=Q(principal__gte=0) & Q(surcharge__gte=0),
            ),
        ]


class CourtApplication(OfCase):
    """The court is asked to enforce (申请强制执行, 行政强制法 53), within three months."""

    class Result(models.TextChoices):
        ACCEPTED = "accepted", _("准予强制执行")
        REFUSED = "refused", _("不予受理或者不准予")
        FINISHED = "finished", _("执行完毕")
        TERMINATED = "terminated", _("终结本次执行")

    decision = models.ForeignKey(
        "penalties.Decision", models.PROTECT, related_name="court_applications"
    )
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    court = models.CharField(_("法院"), max_length=100)
    applied_on = models.DateField(_("申请日期"))
    principal = models.DecimalField(_("未缴罚款（元）"), max_digits=14, decimal_places=2)
    surcharge = models.DecimalField(_("加处罚款（元）"), max_digits=14, decimal_places=2)
    result = models.CharField(_("结果"), max_length=12, choices=Result, blank=True)
    result_on = models.DateField(_("结果日期"), null=True, blank=True)
    document_number = models.CharField(_("裁定文号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("申请强制执行")
        verbose_name_plural = _("申请强制执行")
        ordering = ["applied_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="court_result_pair",
                condition=Q(result="", result_on__isnull=True)
                | (~Q(result="") & Q(result_on__isnull=False)),
            ),
        ]


class Cash(OfCase):
    """Cash taken on the spot (当场收缴): handed in within two working days, and brought to the bank
    within two more (行政处罚法 71)."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="cash")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(_("上交期限"))
    handed_in_on = models.DateField(_("上交日期"), null=True, blank=True)
    banked_on = models.DateField(_("缴付银行日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("当场收缴")
        verbose_name_plural = _("当场收缴")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="cash_days_in_order",
                condition=Q(banked_on__isnull=True)
                | Q(handed_in_on__isnull=False, banked_on__gte=F("handed_in_on")),
            ),
        ]


class StatementQuerySet(ScopedQuerySet):
    """Bank statements of the units in reach."""


class OfStatementQuerySet(ScopedQuerySet):
    scope_path = "statement__unit"


class BankStatement(models.Model):
    """A file of lines from the bank, read once (the same file is refused by its hash)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    entered_at = models.DateTimeField(_("导入时间"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("银行流水")
        verbose_name_plural = _("银行流水")
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sha256"], name="bank_statement_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('cases:bank_lines')}?statement={self.pk}"


class BankLine(models.Model):
    """One line: matched to a payment, set aside with a reason, or waiting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+")
    reference = models.CharField(_("流水号"), max_length=80)
    booked_on = models.DateField(_("入账日期"))
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    payer = models.CharField(_("付款人"), max_length=200, blank=True)
    text = models.CharField(_("摘要"), max_length=300, blank=True)
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="bank_line"
    )
    set_aside = models.CharField(_("不作缴款的理由"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("银行流水明细")
        verbose_name_plural = _("银行流水明细")
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "reference"], name="bank_line_once"),
            models.CheckConstraint(
                name="bank_line_one_fate", condition=Q(payment__isnull=True) | Q(set_aside="")
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:bank_line", args=[self.pk])

    @property
    def fate(self) -> str:
        """matched, aside or open."""
        return "matched" if self.payment_id else "aside" if self.set_aside else "open"
