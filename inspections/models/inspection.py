"""The visit itself, and who took part."""

import uuid
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Deferrable, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from vault.fields import SealedTextField


class InspectionQuerySet(ScopedQuerySet):
    """Inspections by the words people use for them."""

    scope_path = "unit"

    def open(self) -> "InspectionQuerySet":
        """Still being filled in, or signed but not closed."""
        return self.filter(state__in=[Inspection.State.DRAFT, Inspection.State.RECORDED])

    def with_found(self) -> "InspectionQuerySet":
        """Each row with `found`, how many findings it has; counted for the rows shown only."""
        findings: Any = Inspection._meta.get_field("findings").related_model
        counted = (
            findings.objects.filter(inspection=OuterRef("pk"))
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
