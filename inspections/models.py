"""Visits and what was found: Inspection, its officers, findings, citations and evidence.

Rows are changed by `inspections.fieldwork` alone. A draft may be edited by every officer of the
unit; what was recorded (signed) is final, and only a finding's disposition moves on after that.
"""

import uuid
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Deferrable, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from enterprises.models import PiiKind
from legal.models import Article
from vault.fields import SealedTextField


class InspectionQuerySet(ScopedQuerySet):
    """Inspections by the words people use for them."""

    scope_path = "unit"

    def open(self) -> "InspectionQuerySet":
        """Still being filled in, or signed but not closed."""
        return self.filter(state__in=[Inspection.State.DRAFT, Inspection.State.RECORDED])

    def with_found(self) -> "InspectionQuerySet":
        """Each row with `found`, how many findings it has; counted for the rows shown only."""
        counted = (
            Finding.objects.filter(inspection=OuterRef("pk"))
            .order_by()
            .values("inspection")
            .annotate(count=Count("pk"))
            .values("count")
        )
        return self.annotate(found=Coalesce(Subquery(counted), 0))

    def with_names(self) -> "InspectionQuerySet":
        """Each row with `named`, its officers as they were then: [{"name", "number"}]."""
        rows = (
            InspectionOfficer.objects.filter(inspection=OuterRef("pk"))
            .order_by("position")
            .values(row=JSONObject(name="name", number="police_number"))
        )
        return self.annotate(named=ArraySubquery(rows))

    def final(self) -> "InspectionQuerySet":
        """Signed: the record that an order may rest on."""
        return self.filter(state__in=[Inspection.State.RECORDED, Inspection.State.CLOSED])


class Inspection(models.Model):
    """One supervision and inspection (监督检查) of one enterprise."""

    class Kind(models.TextChoices):
        ROUTINE = "routine", _("日常检查")
        COMPLAINT = "complaint", _("举报投诉")
        CAMPAIGN = "campaign", _("专项检查")
        INCIDENT = "incident", _("事件核查")

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("现场检查")
        REMOTE = "remote", _("远程检测")

    class Signature(models.TextChoices):
        NONE = "none", _("未签名")
        SIGNED = "signed", _("已签名")
        REFUSED = "refused", _("拒绝签名")

    class State(models.TextChoices):
        DRAFT = "draft", _("登记中")
        RECORDED = "recorded", _("已完成")
        CLOSED = "closed", _("已办结")
        DISCARDED = "discarded", _("已作废")

    MOVES: dict[str, set[str]] = {
        "draft": {"recorded", "discarded"},
        "recorded": {"closed"},
        "closed": set(),
        "discarded": set(),
    }
    BADGES = {"draft": "wait", "recorded": "live", "closed": "met", "discarded": "void"}

    found: int  # how many findings, after `with_found`
    named: list[dict[str, str]]  # the officers, after `with_names`

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        "accounts.Unit",
        on_delete=models.PROTECT,
        related_name="inspections",
        verbose_name=_("检查单位"),
    )
    number = models.CharField(_("检查编号"), max_length=20)
    kind = models.CharField(
        _("检查类型"), max_length=12, choices=Kind.choices, default=Kind.ROUTINE
    )
    mode = models.CharField(_("检查方式"), max_length=8, choices=Mode.choices, default=Mode.ON_SITE)
    trigger_text = models.CharField(_("检查缘由"), max_length=300, blank=True)
    notice_number = models.CharField(_("监督检查通知书文号"), max_length=60, blank=True)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise",
        on_delete=models.PROTECT,
        related_name="inspections",
        verbose_name=_("被检查单位"),
    )
    system = models.ForeignKey(
        "enterprises.System",
        on_delete=models.PROTECT,
        related_name="inspections",
        null=True,
        blank=True,
        verbose_name=_("被检查系统"),
    )
    place = models.CharField(_("检查地点"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    met_name = models.CharField(_("陪同人员"), max_length=100, blank=True)
    met_title = models.CharField(_("陪同人员职务"), max_length=100, blank=True)
    met_phone = SealedTextField(_("陪同人员电话"), blank=True)
    objections = models.TextField(_("说明或者异议"), blank=True)
    signature = models.CharField(
        _("被检查单位签名"), max_length=8, choices=Signature.choices, default=Signature.NONE
    )
    refusal_note = models.TextField(_("拒绝签名的情况"), blank=True)
    witness = models.CharField(_("见证人"), max_length=100, blank=True)
    summary = models.TextField(_("检查情况"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("登记时间"))
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("完成人"),
    )

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("检查")
        verbose_name_plural = _("检查")
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "-started_at", "-id"], name="inspection_unit_started"),
            models.Index(fields=["enterprise", "-started_at"], name="inspection_enterprise"),
            models.Index(
                fields=["unit", "-started_at"],
                condition=Q(state="draft"),
                name="inspection_drafts",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="inspection_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "recorded", "closed", "discarded"]),
                name="inspection_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["routine", "complaint", "campaign", "incident"]),
                name="inspection_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["on_site", "remote"]), name="inspection_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(signature__in=["none", "signed", "refused"]),
                name="inspection_signature_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="inspection_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="inspection_recorded_pair",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"], recorded_at__isnull=True)
                | Q(
                    state__in=["recorded", "closed"],
                    recorded_at__isnull=False,
                    ended_at__isnull=False,
                    recorded_at__gte=F("ended_at"),
                ),
                name="inspection_recorded_has_times",
            ),
            # Order 176 art. 15(1), before it Order 151 art. 18: a refusal is noted in the record.
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"])
                | Q(signature="signed")
                | (Q(signature="refused") & ~Q(refusal_note=""))
                | Q(signature="none", mode="remote"),
                name="inspection_recorded_signature",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="inspection_version_positive"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("inspections:detail", args=[self.pk])

    @property
    def day(self) -> date:
        """The civil date of the visit, by which certificates are judged and law is chosen."""
        return timezone.localdate(self.started_at)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_final(self) -> bool:
        """Signed, so that an order may rest on it."""
        return self.state in (self.State.RECORDED, self.State.CLOSED)

    @property
    def is_demonstration(self) -> bool:
        """Papers made from this carry 演示样例."""
        return self.enterprise.is_demonstration or self.unit.is_demonstration

    @property
    def badge(self) -> tuple[str, str]:
        """(group, word) for the state's badge."""
        return self.BADGES[self.state], self.get_state_display()


class OfInspectionQuerySet(ScopedQuerySet):
    """Rows of an inspection, seen by whoever sees the inspection."""

    scope_path = "inspection__unit"


class FindingQuerySet(OfInspectionQuerySet):
    """Findings, seen by whoever sees the inspection."""

    def with_citations(self) -> "FindingQuerySet":
        """Each row with its citations in the same query; `Finding.cited` reads them."""
        rows = Citation.objects.filter(finding=OuterRef("pk")).order_by("role", "position", "id")
        columns = {name: name for name in Finding.CITED}
        return self.annotate(cited_rows=ArraySubquery(rows.values(row=JSONObject(**columns))))


class InspectionOfficer(models.Model):
    """An officer who took part, with name and certificate as they were then."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="officers")
    officer = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("检查民警")
    )
    position = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("姓名"), max_length=100)
    police_number = models.CharField(_("警号"), max_length=20, blank=True)
    certificate_number = models.CharField(_("执法证号"), max_length=40, blank=True)
    certificate_expires_on = models.DateField(_("执法证有效期至"), null=True, blank=True)

    objects = OfInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("检查民警")
        verbose_name_plural = _("检查民警")
        ordering = ["inspection", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "officer"], name="inspectionofficer_once"
            ),
            models.UniqueConstraint(
                fields=["inspection", "position"],
                name="inspectionofficer_position_once",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        if not self.police_number:
            return self.name
        return gettext("%(name)s（%(number)s）") % {"name": self.name, "number": self.police_number}


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
        in force on neither day needs the officer's reason.
        """
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


class Evidence(models.Model):
    """A file that shows what was found; its bytes lie encrypted in the vault."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("照片")
        SCREENSHOT = "screenshot", _("截图")
        DOCUMENT = "document", _("文件")
        LOG = "log", _("日志")
        OTHER = "other", _("其他")

    ordinal: int | None  # of its finding, set by the page
    late: bool  # came after the signature, set by the page

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="evidence")
    finding = models.ForeignKey(
        Finding,
        on_delete=models.PROTECT,
        related_name="evidence",
        null=True,
        blank=True,
        verbose_name=_("发现"),
    )
    file = models.ForeignKey("vault.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices, default=Kind.PHOTO)
    title = models.CharField(_("名称"), max_length=200)
    captured_at = models.DateTimeField(_("拍摄、取得时间"), null=True, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    added_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("提交人")
    )

    objects = OfInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("证据")
        verbose_name_plural = _("证据")
        ordering = ["inspection", "received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["photo", "screenshot", "document", "log", "other"]),
                name="evidence_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(captured_at__isnull=True) | Q(captured_at__lte=F("received_at")),
                name="evidence_captured_before_received",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="evidence_has_title"),
        ]

    def __str__(self) -> str:
        return self.title
