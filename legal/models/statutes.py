"""The full text of statutes where an office imported it, and the concordance of two texts.

The project ships no statute text. `import_law` and the back room take one in from a file; it is
shown as statute text with its source, never mixed with the gists.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from legal.models.laws import Article, LawVersion
from legal.numerals import chinese, label, locator

CHECKSUM = "^[0-9a-f]{64}$"


class Provision(models.Model):
    """The full text of one article of a version, as a published file gave it.

    `paragraphs` is a list of {"text": …, "items": [{"number": 1, "text": …}], "tail": …}: a 款
    with its 项, and the words that go on after the last item. `text` holds the same as plain
    lines, and `sha256` is the checksum of those.
    """

    version = models.ForeignKey(
        LawVersion, models.PROTECT, related_name="provisions", verbose_name=_("法律版本")
    )
    number = models.PositiveSmallIntegerField(_("条"))
    suffix = models.PositiveSmallIntegerField(_("之"), default=0)
    part = models.CharField(_("编"), max_length=120, blank=True)
    chapter = models.CharField(_("章"), max_length=120, blank=True)
    section = models.CharField(_("节"), max_length=120, blank=True)
    paragraphs = models.JSONField(_("款、项"))
    text = models.TextField(_("原文"))
    sha256 = models.CharField(_("校验值"), max_length=64)
    source = models.CharField(_("来源文件"), max_length=200)
    source_sha256 = models.CharField(_("来源文件校验值"), max_length=64)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("导入人"),
    )

    class Meta:
        verbose_name = _("法条原文")
        verbose_name_plural = _("法条原文")
        ordering = ["version", "number", "suffix"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number", "suffix"], name="legal_provision_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="legal_provision_numbered"),
            models.CheckConstraint(condition=~Q(text=""), name="legal_provision_says_something"),
            models.CheckConstraint(
                condition=Q(sha256__regex=CHECKSUM, source_sha256__regex=CHECKSUM),
                name="legal_provision_checksums",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.ref}:{self.place}"

    def get_absolute_url(self) -> str:
        return reverse("law:article", args=[f"{self.version.ref}:{self.place}"])

    @property
    def place(self) -> str:
        """21, or 287-1 for an inserted article."""
        return locator(self.number, self.suffix)

    @property
    def label_zh(self) -> str:
        """第二十一条, 第二百八十七条之一."""
        return label(self.number, self.suffix)

    def holds(self, para: int | None, item: int | None) -> bool:
        """Whether the text has this paragraph (款) and item (项)."""
        if para is None:
            return True
        if not 1 <= para <= len(self.paragraphs):
            return False
        return item is None or 1 <= item <= len(self.paragraphs[para - 1]["items"])

    @property
    def printed(self) -> list[dict[str, Any]]:
        """The paragraphs as they are printed: every item with its number, （一）."""
        return [
            {
                **paragraph,
                "items": [
                    {**item, "label": f"（{chinese(item['number'])}）"}
                    for item in paragraph["items"]
                ],
            }
            for paragraph in self.paragraphs
        ]

    def part_of(self, para: int | None, item: int | None) -> list[dict[str, Any]]:
        """The paragraphs of this place as printed: all of them, one, or one with a single item.

        An item keeps the opening words of its paragraph, without which it cannot be read. Empty
        where the text has no such place.
        """
        if para is None:
            return self.printed
        if not self.holds(para, item):
            return []
        paragraph = self.printed[para - 1]
        if item is None:
            return [paragraph]
        return [{**paragraph, "items": [paragraph["items"][item - 1]]}]


class MatchQuerySet(models.QuerySet):
    def open(self) -> MatchQuerySet:
        """Proposals that nobody has decided."""
        return self.filter(decision="")

    def confirmed(self) -> MatchQuerySet:
        """Proposals that a person confirmed: their articles are linked."""
        return self.filter(decision=Match.Decision.CONFIRMED)


class Match(models.Model):
    """A proposal that an article of an older text has its place in this one of a newer text.

    `likeness` is how alike the two imported texts are, in percent. Only a person's confirmation
    makes the link (`Article.maps_to`); one who rejects it is not asked again.
    """

    class Standing(models.TextChoices):
        NEW = "new", _("新发现")
        KNOWN = "known", _("已有对应")
        CONTRADICTS = "contradicts", _("与已有对应不一致")

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", _("已确认")
        REJECTED = "rejected", _("已否定")

    old = models.ForeignKey(
        Article, models.CASCADE, related_name="matches_forward", verbose_name=_("旧文本条款")
    )
    new = models.ForeignKey(
        Article, models.CASCADE, related_name="matches_back", verbose_name=_("新文本条款")
    )
    likeness = models.PositiveSmallIntegerField(_("相似度（%）"))
    standing = models.CharField(
        _("与已有对应"), max_length=12, choices=Standing.choices, default=Standing.NEW
    )
    decision = models.CharField(_("决定"), max_length=10, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("决定人"),
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("提出时间"))

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("新旧条文对应")
        verbose_name_plural = _("新旧条文对应")
        ordering = ["old", "-likeness"]
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="legal_match_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="legal_match_of_two"),
            models.CheckConstraint(
                condition=Q(likeness__gte=0, likeness__lte=100), name="legal_match_percent"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=["new", "known", "contradicts"]),
                name="legal_match_standing_known",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    decision__in=["confirmed", "rejected"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="legal_match_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
