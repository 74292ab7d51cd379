"""What the statutes set in numbers: periods, thresholds, the parts of papers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from legal import periods
from legal.derivations import length_words
from legal.models.laws import Article, Entry, in_chinese


class TimeLimit(Entry):
    """A period that a statute sets: from what, how long, which days, on what basis.

    Code asks `legal.limits` for it, never this table. `note` is the keeper's own remark; what
    readers must know stands in `note_zh` and `note_en`.
    """

    class Responsible(models.TextChoices):
        AGENCY = "agency", _("公安机关")
        OFFICER = "officer", _("执法人员")
        PARTY = "party", _("当事人")
        ENTITY = "entity", _("网络运营者")
        GOVERNMENT = "government", _("行政复议机关")

    code = models.CharField(_("代码"), max_length=40, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120)
    trigger_zh = models.CharField(_("起算事由"), max_length=120, blank=True)
    trigger_en = models.CharField(_("起算事由（英文）"), max_length=120)
    length = models.PositiveSmallIntegerField(_("长度"), null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=8)
    day_type = models.CharField(_("日的种类"), max_length=8)
    count_back = models.BooleanField(_("倒推"), default=False)
    responsible = models.CharField(_("责任方"), max_length=12, choices=Responsible.choices)
    at_expiry_zh = models.TextField(_("届满后果"), blank=True)
    at_expiry_en = models.TextField(_("届满后果（英文）"), blank=True)
    note_zh = models.TextField(_("适用说明"), blank=True)
    note_en = models.TextField(_("适用说明（英文）"), blank=True)
    effective_from = models.DateField(_("适用自"), null=True, blank=True)
    effective_to = models.DateField(_("适用至"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    bases = models.ManyToManyField(
        Article, related_name="time_limits", blank=True, verbose_name=_("依据")
    )
    overrides = models.ManyToManyField(
        Article,
        related_name="overridden_by",
        blank=True,
        verbose_name=_("被排除的规定"),
    )
    external_basis = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("其他依据")
    )

    class Meta:
        verbose_name = _("法定期限")
        verbose_name_plural = _("法定期限")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(length__isnull=True) | Q(length__gt=0),
                name="legal_time_limit_positive",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(effective_to__gte=F("effective_from")),
                name="legal_time_limit_in_order",
                violation_error_message=_("“适用至”不能早于“适用自”。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_zh if in_chinese() else self.name_en

    @property
    def period_unit(self) -> str:
        """The unit in the words of `legal.periods`: a day is a working or a calendar day."""
        if self.unit == "day":
            working = self.day_type == "working"
            return periods.WORKING_DAY if working else periods.CALENDAR_DAY
        return self.unit

    @property
    def length_text(self) -> str:
        """5个工作日 / 5 working days; "" where the law sets no length."""
        if self.length is None:
            return ""
        words = length_words(self.length, self.period_unit)
        return words.zh if in_chinese() else words.en


class Threshold(Entry):
    """A number or a kind at which another procedure applies (hearing, on the spot, …)."""

    code = models.CharField(_("代码"), max_length=40, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    op = models.CharField(_("比较"), max_length=4)
    number = models.DecimalField(_("数值"), max_digits=14, decimal_places=2, null=True, blank=True)
    kinds = models.TextField(_("种类"), blank=True)
    bases = models.ManyToManyField(
        Article, related_name="thresholds", blank=True, verbose_name=_("依据")
    )

    class Meta:
        verbose_name = _("法定界限")
        verbose_name_plural = _("法定界限")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=False) | ~Q(kinds=""),
                name="legal_threshold_says_something",
            )
        ]

    def __str__(self) -> str:
        return self.name_zh


class PaperForm(Entry):
    """The parts that an official paper must print, in order, and what they rest on."""

    code = models.CharField(_("代码"), max_length=40, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120)
    ministry_form = models.CharField(_("公安部式样"), max_length=200, blank=True)
    number_format = models.CharField(_("文号格式"), max_length=120, blank=True)
    copies = models.CharField(_("份数"), max_length=40, blank=True)
    elements = models.JSONField(_("要素"), default=list)
    signature_and_seal = models.CharField(_("签名用印"), max_length=200, blank=True)
    external_basis = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("其他依据")
    )
    bases = models.ManyToManyField(
        Article, related_name="paper_forms", blank=True, verbose_name=_("依据")
    )

    class Meta:
        verbose_name = _("文书式样")
        verbose_name_plural = _("文书式样")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh
