"""Laws, their texts through time, their articles and penalty clauses."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from legal.numerals import label, locator


def in_chinese() -> bool:
    """Whether the page at hand is read in Chinese (the default)."""
    return (get_language() or "zh-hans").startswith("zh")


class Confidence(models.TextChoices):
    """How well an entry is sourced; shown wherever it is less than high."""

    HIGH = "high", _("已核对原文")
    MEDIUM = "medium", _("单一来源")
    LOW = "low", _("无来源")


class Entry(models.Model):
    """What every entry of the register carries: how sure it is, and who keeps it."""

    confidence = models.CharField(
        _("可信程度"), max_length=6, choices=Confidence.choices, default=Confidence.HIGH
    )
    note = models.TextField(_("说明"), blank=True)
    by_hand = models.BooleanField(
        _("手工维护"),
        default=False,
        help_text=_("在管理后台修改过的条目，load_law 不再覆盖。"),
    )

    class Meta:
        abstract = True


class Law(Entry):
    """A law, regulation or ministry rule, whatever its version."""

    class Level(models.TextChoices):
        LAW = "law", _("法律")
        REGULATION = "administrative_regulation", _("行政法规")
        RULE = "ministry_rule", _("部门规章")

    code = models.CharField(_("代码"), max_length=12, primary_key=True)
    name_zh = models.CharField(_("全称"), max_length=80, unique=True)
    short_zh = models.CharField(_("简称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=160)
    level = models.CharField(_("效力层级"), max_length=32, choices=Level.choices)
    issuer = models.CharField(_("制定机关"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("法律法规")
        verbose_name_plural = _("法律法规")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name in the language of the page."""
        return self.name_zh if in_chinese() else self.name_en

    @property
    def short(self) -> str:
        """The short name in the language of the page."""
        return self.short_zh if in_chinese() else self.short_en

    @property
    def title_zh(self) -> str:
        """The title as texts abbreviate it, without 中华人民共和国; `short` may be a nickname."""
        return self.name_zh.removeprefix("中华人民共和国")

    @property
    def short_en(self) -> str:
        return self.name_en.removesuffix(" of the PRC")


class LawVersionQuerySet(models.QuerySet):
    def in_force_on(self, day: date) -> LawVersionQuerySet:
        """The versions in force on this day (both end dates included)."""
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=day), effective_from__lte=day
        )


class LawVersion(Entry):
    """One text of a law and the days on which it was in force (both included)."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("现行有效")
        VERIFY = "in_force_verify", _("现行有效，待核对")
        SUPERSEDED = "superseded", _("已被修订")
        REPEALED = "repealed", _("已废止")

    law = models.ForeignKey(
        Law, models.PROTECT, related_name="versions", verbose_name=_("法律法规")
    )
    version = models.CharField(_("版本"), max_length=8)
    ref = models.CharField(_("编号"), max_length=24, unique=True)
    doc_no = models.CharField(_("公布文号"), max_length=40, blank=True)
    promulgated_on = models.DateField(_("公布日期"), null=True, blank=True)
    effective_from = models.DateField(_("施行日期"))
    effective_to = models.DateField(_("失效前最后一日"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=16, choices=Status.choices)
    article_count = models.PositiveSmallIntegerField(_("条数"), null=True, blank=True)
    # Another law in its place, as Order 176 in that of Order 151; the next text of the same law
    # follows from the dates.
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("由何法取代"),
    )
    source = models.TextField(_("来源"), blank=True)

    objects = LawVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("法律版本")
        verbose_name_plural = _("法律版本")
        ordering = ["law", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["law", "version"], name="legal_version_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="legal_version_ends_after_it_begins",
                violation_error_message=_("失效日期不能早于施行日期。"),
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                name="legal_version_not_replaced_by_itself",
                violation_error_message=_("一个文本不能取代自己。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.law.short}（{self.version}）" if in_chinese() else self.name_en

    @property
    def name_en(self) -> str:
        return f"{self.law.short_en} ({self.version})"

    def in_force_on(self, day: date) -> bool:
        """Whether this text was in force on the day (both end dates included)."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )


class ArticleQuerySet(models.QuerySet):
    def with_law(self) -> ArticleQuerySet:
        """Everything that `cite` needs, in the same query."""
        return self.select_related("version__law")

    def in_force_on(self, day: date) -> ArticleQuerySet:
        """Articles of the versions in force on this day."""
        return self.filter(
            Q(version__effective_to__isnull=True) | Q(version__effective_to__gte=day),
            version__effective_from__lte=day,
        )

    def by_ref(self, ref: str) -> Article:
        """The article behind a reference such as CSL@2016:21(1)[4], CSL@2016:59 or PIPL@2021.

        Raises Article.DoesNotExist.
        """
        return self.with_law().get(ref=ref)


class Article(Entry):
    """A place in one text of a law: the law as a whole, an article, a paragraph or an item.

    `ref` is its permanent name: CSL@2016:21(1)[4] is item 4 of paragraph 1 of article 21 of the
    text of 2016; CSL@2016:59 the whole article; PIPL@2021 the law as a whole. Rows with `whole`
    set carry no rule of their own; they exist because notices cite a whole article or law.
    """

    class Kind(models.TextChoices):
        OBLIGATION = "obligation", _("义务")
        PENALTY = "penalty", _("罚则")
        PROCEDURE = "procedure", _("程序")
        GENERAL = "general", _("总则")

    version = models.ForeignKey(
        LawVersion, models.PROTECT, related_name="articles", verbose_name=_("法律版本")
    )
    ref = models.CharField(_("编号"), max_length=40, unique=True)
    number = models.PositiveSmallIntegerField(_("条"), null=True, blank=True)
    suffix = models.PositiveSmallIntegerField(_("之"), default=0)
    para = models.PositiveSmallIntegerField(_("款"), null=True, blank=True)
    item = models.PositiveSmallIntegerField(_("项"), null=True, blank=True)
    kind = models.CharField(_("性质"), max_length=12, choices=Kind.choices)
    whole = models.BooleanField(
        _("概括引用"), default=False, help_text=_("整条或整部法律，本身不载规则。")
    )
    gist_zh = models.TextField(_("要义"), blank=True, help_text=_("自拟概括，不是法律原文。"))
    gist_en = models.TextField(_("要义（英文）"), blank=True)
    source = models.TextField(_("来源"), blank=True)
    sanctioned_by = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="sanctions",
        blank=True,
        verbose_name=_("对应罚则"),
    )
    maps_to = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="mapped_from",
        blank=True,
        verbose_name=_("新版对应条款"),
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("条款")
        verbose_name_plural = _("条款")
        ordering = [
            "version",
            F("number").asc(nulls_first=True),
            "suffix",
            F("para").asc(nulls_first=True),
            F("item").asc(nulls_first=True),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number", "suffix", "para", "item"],
                name="legal_article_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                # An item stands in a paragraph and a paragraph in an article.
                condition=(Q(item__isnull=True) | Q(para__isnull=False))
                & (Q(para__isnull=True) | Q(number__isnull=False))
                & (Q(suffix=0) | Q(number__isnull=False)),
                name="legal_article_place",
                violation_error_message=_("项须在款内，款须在条内。"),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(whole=True),
                name="legal_article_law_is_whole",
                violation_error_message=_("没有条号的引用只能是整部法律。"),
            ),
        ]

    def __str__(self) -> str:
        return self.cite()

    def get_absolute_url(self) -> str:
        return reverse("law:article", args=[self.ref])

    @property
    def label_zh(self) -> str:
        """第二十一条第一款第四项; "" for a law as a whole."""
        return label(self.number, self.suffix, self.para, self.item)

    @property
    def label_en(self) -> str:
        """art. 21(1)[4]; "" for a law as a whole."""
        place = locator(self.number, self.suffix, self.para, self.item)
        return f"art. {place}" if place else ""

    @property
    def label(self) -> str:
        """The place within the law, in the language of the page."""
        return self.label_zh if in_chinese() else self.label_en

    @property
    def inner_label(self) -> str:
        """The place within the article: 第一款第四项, (1)[4]; "" for a whole article."""
        if in_chinese():
            return self.label_zh.removeprefix(label(self.number, self.suffix))
        place = locator(self.number, self.suffix, self.para, self.item)
        return place.removeprefix(locator(self.number, self.suffix))

    @property
    def gist(self) -> str:
        """The gist in the language of the page."""
        return self.gist_zh if in_chinese() else self.gist_en

    def cite_zh(self, *, short: bool = False, version: bool = False) -> str:
        """《中华人民共和国网络安全法》第二十一条第一款第四项, the form that papers print.

        `short` leaves out 中华人民共和国, `version` adds the year: 《网络安全法》（2016）….
        """
        name = self.version.law.title_zh if short else self.version.law.name_zh
        year = f"（{self.version.version}）" if version else ""
        return f"《{name}》{year}{self.label_zh}"

    def cite_en(self, *, short: bool = True, version: bool = True) -> str:
        """Cybersecurity Law (2016) art. 21(1)[4]."""
        name = self.version.law.short_en if short else self.version.law.name_en
        year = f" ({self.version.version})" if version else ""
        return f"{name}{year} {self.label_en}".rstrip()

    def cite(self, *, short: bool = False, version: bool = False) -> str:
        """The citation in the language of the page; see `cite_zh` and `cite_en`."""
        if in_chinese():
            return self.cite_zh(short=short, version=version)
        return self.cite_en(short=short, version=version)

    @property
    def cite_short(self) -> str:
        """《网络安全法》（2016）第二十一条, for pages (templates cannot pass arguments)."""
        return self.cite(short=True, version=True)

    def in_force_on(self, day: date) -> bool:
        """Whether the text that this article belongs to was in force on the day."""
        return self.version.in_force_on(day)

    def covers(self, other: Article) -> bool:
        """Whether citing this article includes the other: 21 covers 21(1)[4], and itself."""
        if self.version_id != other.version_id:
            return False
        mine = (self.number, self.suffix or None, self.para, self.item)
        theirs = (other.number, other.suffix or None, other.para, other.item)
        if self.number is not None and mine[:2] != theirs[:2]:
            return False
        return all(a is None or a == b for a, b in zip(mine, theirs, strict=True))


class PenaltyTier(models.Model):
    """One rung of a penalty clause: its condition, measures and the range of the fine (CNY)."""

    class Tier(models.TextChoices):
        BASE = "base", _("一般")
        AGGRAVATED = "aggravated", _("加重")
        SERIOUS = "serious", _("严重")
        SEVERE = "severe", _("严重后果")
        EXTREME = "extreme", _("特别严重后果")
        UNLICENSED = "unlicensed", _("未经许可")
        UNFILED = "unfiled", _("未备案")
        UNFILED_REFUSAL = "unfiled_refusal", _("未备案且拒不改正")
        REFERRAL = "referral", _("转致")

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="tiers", verbose_name=_("罚则")
    )
    position = models.PositiveSmallIntegerField(_("顺序"))
    tier = models.CharField(_("档次"), max_length=16, choices=Tier.choices)
    condition_zh = models.TextField(_("适用情形"), blank=True)
    condition_en = models.TextField(_("适用情形（英文）"), blank=True)
    measures = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("措施"))
    other_measures = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("其他措施")
    )
    other_mode = models.CharField(_("其他措施性质"), max_length=8, blank=True)
    unit_fine = models.JSONField(_("单位罚款"), null=True, blank=True)
    unit_fine_alt = models.JSONField(_("单位罚款另一标准"), null=True, blank=True)
    unit_fine_mode = models.CharField(_("单位罚款性质"), max_length=8, blank=True)
    person_fine = models.JSONField(_("个人罚款"), null=True, blank=True)
    person_fine_mode = models.CharField(_("个人罚款性质"), max_length=8, blank=True)
    person_roles = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("受罚人员")
    )
    authority = models.CharField(_("限由何机关作出"), max_length=80, blank=True)
    referral = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("依照何法处罚"),
    )
    note_zh = models.TextField(_("说明"), blank=True)
    note_en = models.TextField(_("说明（英文）"), blank=True)

    class Meta:
        verbose_name = _("处罚档次")
        verbose_name_plural = _("处罚档次")
        ordering = ["article", "position"]
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="legal_tier_once")
        ]

    def __str__(self) -> str:
        return f"{self.article} {self.get_tier_display()}"

    @property
    def condition(self) -> str:
        return self.condition_zh if in_chinese() else self.condition_en
