"""What is proposed for each respondent: kinds of penalty with their clauses, circumstances, and the
discretion table (裁量基准, 行政处罚法 34) that suggests an amount."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from penalties.models.case import Measure, OfCase


class Effect(models.TextChoices):
    """What a circumstance does to the penalty (行政处罚法 32, 33; MPSP 159, 160)."""

    LIGHTER = "lighter", _("从轻")
    REDUCED = "reduced", _("减轻")
    HEAVIER = "heavier", _("从重")


class Circumstance(OfCase):
    """A circumstance of one respondent, with the article that gives it weight."""

    respondent = models.ForeignKey(
        "penalties.Respondent", models.PROTECT, related_name="circumstances"
    )
    effect = models.CharField(_("作用"), max_length=10, choices=Effect)
    text = models.CharField(_("情节"), max_length=500)
    article = models.ForeignKey(
        "legal.Article", models.PROTECT, related_name="+", verbose_name=_("依据")
    )

    class Meta:
        verbose_name = _("裁量情节")
        verbose_name_plural = _("裁量情节")
        ordering = ["entered_at", "id"]


class Item(OfCase):
    """One penalty of one respondent: kind, clause and tier, amount or length, and why.

    The clause is repeated in `clause` as it was when the item was saved: `ref`, `cite`, `tier`,
    `condition`, `low`, `high` (yuan, null where the law sets none), `alt` (another measure of the
    fine, as the register has it), `mode`.
    """

    respondent = models.ForeignKey("penalties.Respondent", models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("序号"), default=1)
    measure = models.CharField(_("处罚种类"), max_length=12, choices=Measure)
    tier = models.ForeignKey(
        "legal.PenaltyTier", models.PROTECT, related_name="+", verbose_name=_("处罚档次")
    )
    clause = models.JSONField(default=dict)
    findings = models.ManyToManyField("inspections.Finding", blank=True, related_name="+")
    #: Why the tier applies: what was ticked, and the reason in the officer's words.
    condition_met = models.BooleanField(_("符合该档次的适用情形"), default=False)
    condition_reason = models.TextField(_("适用理由"), max_length=1000)
    #: Yuan and fen: fine, or gains confiscated. Empty where the kind has no sum. Unknown is not 0.
    amount = models.DecimalField(
        _("金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    #: The base of a range that is a multiple or a share (unlawful gains, turnover).
    base_amount = models.DecimalField(
        _("计算基数（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    #: What else the kind needs said: the goods, the licence, the business.
    detail = models.CharField(_("内容"), max_length=500, blank=True)
    #: A measure with its own term (停业整顿一个月).
    length = models.PositiveSmallIntegerField(_("期限"), null=True, blank=True)
    length_unit = models.CharField(
        _("期限单位"),
        max_length=6,
        choices=[("day", _("日")), ("month", _("个月")), ("year", _("年"))],
        blank=True,
    )
    #: What the discretion table said, with its reasoning: {"low", "high", "amount", "zh", "table"}.
    suggestion = models.JSONField(null=True, blank=True)
    deviation_reason = models.TextField(_("偏离裁量基准的理由"), max_length=1000, blank=True)
    #: A superior's written decision that explains a sum outside the range; loud everywhere.
    override_organ = models.CharField(_("批准突破法定幅度的上级机关"), max_length=100, blank=True)
    override_number = models.CharField(_("批准文书文号"), max_length=60, blank=True)
    override_on = models.DateField(_("批准日期"), null=True, blank=True)
    override_reason = models.TextField(_("突破法定幅度的理由"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("处罚项目")
        verbose_name_plural = _("处罚项目")
        ordering = ["respondent", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="item_amount_positive", condition=Q(amount__isnull=True) | Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="item_fine_has_amount",
                condition=~Q(measure__in=["fine", "confiscation"]) | Q(amount__isnull=False),
            ),
            models.CheckConstraint(
                name="item_length_pair",
                condition=Q(length__isnull=True, length_unit="")
                | (Q(length__gt=0) & ~Q(length_unit="")),
            ),
            models.CheckConstraint(
                name="item_override_whole",
                condition=Q(
                    override_organ="",
                    override_number="",
                    override_on__isnull=True,
                    override_reason="",
                )
                | (
                    ~Q(override_organ="")
                    & ~Q(override_number="")
                    & Q(override_on__isnull=False)
                    & ~Q(override_reason="")
                ),
            ),
        ]

    @property
    def is_overridden(self) -> bool:
        return self.override_organ != ""

    @property
    def sum_words(self) -> str:
        """150,000.00, in yuan; "" where the kind has no sum."""
        return f"{self.amount:,.2f}" if self.amount is not None else ""


class DiscretionTableQuerySet(ScopedQuerySet["DiscretionTable"]):
    pass


class DiscretionTable(models.Model):
    """A published table of discretion (裁量基准) with the days on which it holds.

    `unit` is whose table it is: it holds for that unit and all below it; a nearer one goes before.
    """

    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name=_("制定或者适用单位")
    )
    title = models.CharField(_("名称"), max_length=120)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    effective_from = models.DateField(_("施行日期"))
    effective_to = models.DateField(_("失效日期"), null=True, blank=True)
    note = models.TextField(_("说明"), max_length=1000, blank=True)
    is_example = models.BooleanField(_("示例，不作为依据"), default=False)

    objects = DiscretionTableQuerySet.as_manager()

    class Meta:
        verbose_name = _("裁量基准")
        verbose_name_plural = _("裁量基准")
        ordering = ["-effective_from", "title"]
        constraints = [
            models.CheckConstraint(
                name="discretion_days_in_order",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                violation_error_message=_("失效日期不能早于施行日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DiscretionGrade(models.Model):
    """One rung of a table: for a clause and tier, whom, in what situation, from what to what."""

    class Whom(models.TextChoices):
        UNIT = "unit", _("单位")
        PERSON = "person", _("个人")

    class Rung(models.TextChoices):
        REDUCED = "reduced", _("减轻")
        LIGHTER = "lighter", _("从轻")
        USUAL = "usual", _("一般")
        HEAVIER = "heavier", _("从重")

    table = models.ForeignKey(DiscretionTable, models.CASCADE, related_name="grades")
    tier = models.ForeignKey(
        "legal.PenaltyTier", models.PROTECT, related_name="+", verbose_name=_("处罚档次")
    )
    whom = models.CharField(_("对象"), max_length=8, choices=Whom)
    rung = models.CharField(_("裁量等级"), max_length=8, choices=Rung)
    conditions = ArrayField(
        models.CharField(max_length=200), verbose_name=_("适用条件"), default=list, blank=True
    )
    low = models.DecimalField(_("下限（元）"), max_digits=14, decimal_places=2)
    high = models.DecimalField(_("上限（元）"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("裁量等级")
        verbose_name_plural = _("裁量等级")
        ordering = ["table", "tier", "whom", "low"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "tier", "whom", "rung"], name="discretion_grade_once"
            ),
            models.CheckConstraint(
                name="discretion_grade_in_order",
                condition=Q(low__gte=0) & Q(high__gte=F("low")),
                violation_error_message=_("上限不能低于下限。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.get_rung_display()}"


class Reviewer(models.Model):
    """Who may do legal review (行政处罚法 58(2): 法律职业资格), kept by administrators."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviewer", verbose_name=_("人员")
    )
    qualification_number = models.CharField(_("法律职业资格证号"), max_length=40, blank=True)
    #: Whoever reviewed before the law asked for the certificate may go on (MPSP 171).
    reviewing_since = models.DateField(_("从事审核起始日期"))

    class Meta:
        verbose_name = _("法制审核人员")
        verbose_name_plural = _("法制审核人员")
        ordering = ["user__username"]

    def __str__(self) -> str:
        return str(self.user)
