"""What was found, and the articles that the officer cites for it."""

import uuid
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from enterprises.models import PiiKind
from inspections.models.inspection import Inspection, OfInspectionQuerySet
from legal.models import Article


class FindingQuerySet(OfInspectionQuerySet):
    """Findings, seen by whoever sees the inspection."""

    def with_citations(self) -> "FindingQuerySet":
        """Each row with its citations in the same query; `Finding.cited` reads them."""
        rows = Citation.objects.filter(finding=OuterRef("pk")).order_by("role", "position", "id")
        columns = {name: name for name in Finding.CITED}
        return self.annotate(cited_rows=ArraySubquery(rows.values(row=JSONObject(**columns))))


class Finding(models.Model):
    """One thing found that is not as the law asks."""

    class Severity(models.TextChoices):
        MINOR = "minor", _("轻微")
        MODERATE = "moderate", _("一般")
        SERIOUS = "serious", _("严重")

    class Disposition(models.TextChoices):
        NONE = "none", _("未处置")
        ON_THE_SPOT = "on_the_spot", _("当场改正")
        ORDER = "order", _("责令改正")
        PENALTY = "penalty", _("立案处罚")
        ADVICE = "advice", _("督促指导")
        TRANSFERRED = "transferred", _("移送")

    CITED = ("id", "article_id", "role", "origin", "position", "override_reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    ordinal = models.PositiveSmallIntegerField(_("序号"))
    violation_type = models.ForeignKey(
        "legal.ViolationType",
        on_delete=models.PROTECT,
        related_name="findings",
        verbose_name=_("违法类型"),
    )
    seen = models.TextField(_("检查所见"))
    required_correction = models.TextField(_("要求改正"), blank=True)
    severity = models.CharField(
        _("严重程度"), max_length=10, choices=Severity.choices, default=Severity.MODERATE
    )
    act_from = models.DateField(_("行为开始日期"))
    act_to = models.DateField(_("行为终了日期"), null=True, blank=True)
    pii_kinds = ArrayField(
        models.CharField(max_length=20, choices=PiiKind.choices),
        verbose_name=_("涉及的个人信息"),
        default=list,
        blank=True,
    )
    records_affected = models.PositiveBigIntegerField(_("涉及数量（条）"), null=True, blank=True)
    records_text = models.CharField(_("数量的说法"), max_length=60, blank=True)
    disposition = models.CharField(
        _("处置"), max_length=12, choices=Disposition.choices, default=Disposition.NONE
    )
    disposition_note = models.TextField(_("处置说明"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("发现")
        verbose_name_plural = _("发现")
        ordering = ["inspection", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "ordinal"],
                name="finding_ordinal_once",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["id", "inspection"], name="finding_with_inspection"),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="finding_ordinal_positive"),
            models.CheckConstraint(condition=~Q(seen=""), name="finding_seen_not_empty"),
            models.CheckConstraint(
                condition=Q(act_to__isnull=True) | Q(act_to__gte=F("act_from")),
                name="finding_act_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["minor", "moderate", "serious"]),
                name="finding_severity_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    disposition__in=[
                        "none",
                        "on_the_spot",
                        "order",
                        "penalty",
                        "advice",
                        "transferred",
                    ]
                ),
                name="finding_disposition_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal} {self.violation_type}"

    @property
    def act_on(self) -> date:
        """The date by which the law is chosen: the day the act ended, else the day of the visit.

        An act still going on when it was found falls under the text in force that day, also when
        it began under an older one, so the end decides.
        """
        return self.act_to or self.inspection.day

    def may_cite(self, article: Article) -> bool:
        """Whether the article was in force at the end of the act, or at least at its beginning.

        One in force at the beginning only is allowed with a note (`legal.citations.notes`); one
        in force on neither day needs the officer's reason. A rule of procedure (Orders 151 and 176
        of the Ministry) is judged by the day of the visit.
        """
        if article.kind == article.Kind.PROCEDURE:
            return article.in_force_on(self.inspection.day)
        return article.in_force_on(self.act_on) or article.in_force_on(self.act_from)

    @property
    def pii_words(self) -> list[str]:
        """The kinds of personal information in words, in the order of the list."""
        return [str(kind.label) for kind in PiiKind if kind.value in self.pii_kinds]

    @property
    def quantity(self) -> str:
        """How many records, as the record says it (400余条), else the number (1,860 条)."""
        if self.records_text or self.records_affected is None:
            return self.records_text
        return gettext("%(number)s 条") % {"number": f"{self.records_affected:,}"}

    def cited(self) -> list["Citation"]:
        """The citations in their order; without a query after `with_citations` or a prefetch."""
        rows = self.__dict__.get("cited_rows")
        if rows is None:
            return list(self.citations.all())
        return [Citation(finding=self, **row) for row in rows]

    @property
    def duty_articles(self) -> list[Article]:
        """Articles cited as the duty breached, in the order cited (uses a prefetch if there)."""
        return [c.article for c in self.citations.all() if c.role == Citation.Role.DUTY]

    @property
    def penalty_articles(self) -> list[Article]:
        """Articles cited as the penalty, in the order cited (uses a prefetch if there)."""
        return [c.article for c in self.citations.all() if c.role == Citation.Role.PENALTY]


class CitationQuerySet(ScopedQuerySet):
    """Citations, seen by whoever sees the inspection."""

    scope_path = "finding__inspection__unit"


class Citation(models.Model):
    """An article cited for a finding, in one role; the officer's choice, never rewritten."""

    class Role(models.TextChoices):
        DUTY = "duty", _("违反（义务）")
        PENALTY = "penalty", _("罚则")

    class Origin(models.TextChoices):
        SUGGESTED = "suggested", _("系统建议")
        CHOSEN = "chosen", _("民警选择")
        PUBLISHED = "published", _("按公开通报")

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="citations")
    article = models.ForeignKey(
        "legal.Article", on_delete=models.PROTECT, related_name="citations", verbose_name=_("条款")
    )
    role = models.CharField(_("作用"), max_length=8, choices=Role.choices)
    origin = models.CharField(
        _("来源"), max_length=10, choices=Origin.choices, default=Origin.CHOSEN
    )
    position = models.PositiveSmallIntegerField(_("序号"), default=1)
    override_reason = models.CharField(_("引用当日未施行条款的理由"), max_length=300, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("引用条款")
        verbose_name_plural = _("引用条款")
        ordering = ["finding", "role", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "article", "role"], name="citation_once"),
            models.CheckConstraint(
                condition=Q(role__in=["duty", "penalty"]), name="citation_role_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["suggested", "chosen", "published"]),
                name="citation_origin_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.article}"
