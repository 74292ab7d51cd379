"""Kinds of findings and the articles that they breach."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from legal.models.laws import Article, Entry, in_chinese


class ViolationType(Entry):
    """A kind of finding, in the regulator's words, with the articles that it breaches."""

    class Family(models.TextChoices):
        NETWORK = "network", _("网络安全")
        PERSONAL = "pii", _("个人信息")
        DATA = "data", _("数据安全")
        FILING = "filing", _("备案")

    code = models.CharField(_("代码"), max_length=40, primary_key=True)
    zh = models.CharField(_("名称"), max_length=80, unique=True)
    en = models.CharField(_("英文名称"), max_length=120)
    family = models.CharField(_("类别"), max_length=12, choices=Family.choices)
    phrases = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name=_("常见表述"),
    )
    advice_zh = models.TextField(_("适用提示"), blank=True)
    advice_en = models.TextField(_("适用提示（英文）"), blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("可选用"), default=True)

    class Meta:
        verbose_name = _("违法行为类型")
        verbose_name_plural = _("违法行为类型")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("law:violation", args=[self.code])

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.zh if in_chinese() else self.en

    @property
    def advice(self) -> str:
        """What to mind when citing, in the language of the page."""
        return self.advice_zh if in_chinese() else self.advice_en


class Role(models.TextChoices):
    """As what an article is cited: the duty that was breached, or the penalty clause."""

    DUTY = "duty", _("违反（义务）")
    PENALTY = "penalty", _("罚则")


class ViolationBasis(models.Model):
    """One article that an act of this type breaches (duty) or that sanctions it (penalty).

    The regime is the article's version: whichever text was in force on the day of the act.
    """

    violation_type = models.ForeignKey(
        ViolationType, models.CASCADE, related_name="bases", verbose_name=_("违法行为类型")
    )
    article = models.ForeignKey(
        Article, models.PROTECT, related_name="bases", verbose_name=_("条款")
    )
    role = models.CharField(_("作用"), max_length=8, choices=Role.choices)
    primary = models.BooleanField(
        _("主要依据"), default=True, help_text=_("《网络安全法》为主，其他法律为补充。")
    )
    rank = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("违法行为依据")
        verbose_name_plural = _("违法行为依据")
        ordering = ["violation_type", "role", "-primary", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["violation_type", "article", "role"], name="legal_basis_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.violation_type_id} {self.role} {self.article_id}"
