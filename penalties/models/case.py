"""Penalty cases (行政处罚案件): what a case is about, who handles it, and where it stands.

An order to correct is not a penalty (行政处罚法 9, 28): the two are separate acts with separate
papers. A case takes an order over; an order never starts a case.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from vault.fields import SealedTextField


class CaseState(models.TextChoices):
    """What people did. What the calendar did is asked, not stored."""

    OPENED = "opened", _("待立案审批")
    DECLINED = "declined", _("不予立案")
    FILED = "filed", _("已立案")
    DECIDED = "decided", _("已决定")
    CLOSED = "closed", _("已结案")


class Step(models.TextChoices):
    """Where the procedure stands. Follows from the file (`penalties.steps`); kept on the row for
    lists and the board, written by `cases._row.settle` alone."""

    FILING = "filing", _("立案审批")
    INQUIRY = "inquiry", _("调查取证")
    TELLING = "telling", _("告知")
    HEARING = "hearing", _("听证")
    DECIDING = "deciding", _("审核决定")
    SERVING = "serving", _("送达")
    PERFORMING = "performing", _("执行")
    CLOSING = "closing", _("结案")
    DONE = "done", _("已办结")


class Route(models.TextChoices):
    """Which procedure applies."""

    ORDINARY = "ordinary", _("普通程序")
    SPOT = "spot", _("简易程序（当场处罚）")


class Origin(models.TextChoices):
    """What the case was opened upon."""

    INSPECTION = "inspection", _("检查发现，与责令改正并行")
    UNMET_ORDER = "unmet_order", _("责令改正未按要求完成")
    COMPLAINT = "complaint", _("群众报案、举报")
    TRANSFER = "transfer", _("其他部门移送")
    INCIDENT = "incident", _("网络安全事件")
    ASSIGNED = "assigned", _("上级交办")


class Outcome(models.TextChoices):
    """How the case was decided, for all respondents together."""

    PENALTY = "penalty", _("行政处罚")
    NO_PENALTY = "no_penalty", _("不予行政处罚")


class Measure(models.TextChoices):
    """Kinds of penalty (行政处罚法 9), and what a publication may leave open."""

    WARNING = "warning", _("警告")
    CRITICISM = "criticism", _("通报批评")
    FINE = "fine", _("罚款")
    CONFISCATION = "confiscation", _("没收违法所得")
    GOODS = "goods", _("没收非法财物")
    SUSPENSION = "suspension", _("责令停产停业")
    RESTRICTION = "restriction", _("限制开展生产经营活动")
    CLOSURE = "closure", _("责令关闭")
    REVOCATION = "revocation", _("吊销许可证件")
    DOWNGRADE = "downgrade", _("降低资质等级")
    BAN = "ban", _("限制从业")
    UNSTATED = "unstated", _("行政处罚（公布的材料未写明种类）")


class ClosingGround(models.TextChoices):
    """Why a case ends: 公安机关办理行政案件程序规定 258, items one to five, and 259."""

    UNPUNISHED = "unpunished", _("作出不予行政处罚决定")
    SETTLED = "settled", _("达成调解、和解协议并已履行")
    PERFORMED = "performed", _("作出行政处罚等处理决定且已执行")
    CRIME = "crime", _("转为刑事案件办理")
    IMPOSSIBLE = "impossible", _("作出处理决定后无法执行或者无需执行")
    TERMINATED = "terminated", _("终止案件调查")


class CaseQuerySet(ScopedQuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.exclude(state__in=[CaseState.CLOSED, CaseState.DECLINED])

    def for_list(self) -> CaseQuerySet:
        return self.select_related(
            "enterprise", "unit", "inspection", "order__notice", "filed_by"
        ).defer("order__notice__words", "order__notice__snapshot", "order__notice__fingerprint")


class Case(models.Model):
    """One case. Its main party is `enterprise`; all parties are `respondents`.

    `decided_on`, `document_number`, `measures`, `fine` and `outcome` repeat what stands in the
    decisions (of the main party, the earliest first), for lists and for rooms above.
    """

    State = CaseState
    MOVES: ClassVar[dict[str, set[str]]] = {
        CaseState.OPENED: {CaseState.FILED, CaseState.DECLINED},
        CaseState.DECLINED: set(),
        CaseState.FILED: {CaseState.DECIDED, CaseState.CLOSED},
        # a decision revoked, or withdrawn by its own organ, puts the case back to work
        CaseState.DECIDED: {CaseState.CLOSED, CaseState.FILED},
        CaseState.CLOSED: {CaseState.FILED, CaseState.DECIDED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="cases")
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="cases", verbose_name=_("企业")
    )
    #: The first visit that the case rests on; none where it came from a complaint or a transfer.
    inspection = models.ForeignKey(
        "inspections.Inspection",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("检查"),
    )
    order = models.ForeignKey(
        "rectification.Order",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("责令改正"),
    )
    findings = models.ManyToManyField(
        "inspections.Finding", through="penalties.CaseFinding", related_name="cases"
    )
    origin = models.CharField(_("案件来源"), max_length=12, choices=Origin)
    origin_note = models.TextField(_("来源情况"), max_length=1000, blank=True)
    #: Who reported it, or which organ handed it over. An informant's name is personal data.
    informant = SealedTextField(_("报案人或者移送单位"), max_length=200, blank=True, default="")
    found_on = models.DateField(_("发现日期"), null=True, blank=True)
    #: Why this unit is competent for a party of another region: where the act took place, the
    #: server stands or the network connects (程序规定 10, 11).
    jurisdiction = models.CharField(_("管辖依据"), max_length=300, blank=True)
    cause = models.CharField(_("案由"), max_length=200)
    summary = models.TextField(_("简要案情"), max_length=2000, blank=True)
    route = models.CharField(_("办理程序"), max_length=10, choices=Route, default=Route.ORDINARY)
    state = models.CharField(_("状态"), max_length=12, choices=CaseState, default=CaseState.OPENED)
    step = models.CharField(_("阶段"), max_length=12, choices=Step, default=Step.FILING)
    step_since = models.DateField(_("进入阶段日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    form_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    #: Whether the parts that the law leaves to judgement apply (行政处罚法 57(2), 58(1)).
    is_grave = models.BooleanField(_("情节复杂或者重大违法行为"), default=False)
    is_of_public_interest = models.BooleanField(_("涉及重大公共利益"), default=False)
    is_intricate = models.BooleanField(_("案情疑难复杂、涉及多个法律关系"), default=False)
    #: The five years of 行政处罚法 36(1): life, health or financial safety, and harm done.
    is_long_limitation = models.BooleanField(
        _("涉及公民生命健康安全、金融安全且有危害后果"), default=False
    )

    #: The day of filing (立案), from which the ninety days count; before it the day of opening.
    filed_on = models.DateField(_("立案日期"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("承办人")
    )
    approved_at = models.DateTimeField(_("立案审批时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approval_note = models.TextField(_("立案审批意见"), max_length=500, blank=True)
    filing_notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_due_on = models.DateField(_("办案期限"), null=True, blank=True)
    decision_derivation = models.JSONField(default=dict)

    outcome = models.CharField(_("处理结果"), max_length=12, choices=Outcome, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    document_number = models.CharField(_("决定书文号"), max_length=60, blank=True)
    measures = ArrayField(
        models.CharField(max_length=12, choices=Measure), verbose_name=_("处罚种类"), default=list
    )
    fine = models.DecimalField(
        _("罚款（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    decision_note = models.TextField(_("说明"), max_length=1000, blank=True)
    decision_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField(_("结案日期"), null=True, blank=True)
    closing_ground = models.CharField(
        _("结案理由"), max_length=12, choices=ClosingGround, blank=True
    )
    closing_reason = models.TextField(_("结案说明"), max_length=500, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("处罚案件")
        verbose_name_plural = _("处罚案件")
        ordering = ["-filed_on", "-id"]
        indexes = [
            models.Index(fields=["unit", "state", "-filed_on"], name="case_worklist"),
            # everything that the board counts: it reads the index alone
            models.Index(
                fields=["unit", "step", "decision_due_on"],
                include=["state", "filed_on", "filed_by"],
                name="case_board",
                condition=~Q(state__in=["closed", "declined"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~Q(document_number=""),
                name="case_document_number_once",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(state="declined"),
                name="case_order_in_one_live_case",
            ),
            models.CheckConstraint(
                name="case_decided_whole",
                condition=Q(
                    decided_on__isnull=True,
                    decision_entered_by__isnull=True,
                    measures=[],
                    fine__isnull=True,
                    outcome="",
                )
                | (
                    Q(
                        decided_on__isnull=False,
                        decision_entered_by__isnull=False,
                        decided_on__gte=F("filed_on"),
                    )
                    & (
                        (Q(outcome="penalty") & ~Q(measures=[]))
                        | Q(outcome="no_penalty", measures=[], fine__isnull=True)
                    )
                ),
            ),
            models.CheckConstraint(
                name="case_fine_when_fined",
                condition=Q(fine__isnull=True)
                | Q(fine__isnull=False, fine__gt=0, measures__contains=["fine"]),
            ),
            models.CheckConstraint(
                name="case_state_has_its_facts",
                condition=Q(state__in=["opened", "declined"], decided_on__isnull=True)
                | Q(state="filed", decided_on__isnull=True, decision_due_on__isnull=False)
                | Q(state="decided", decided_on__isnull=False)
                | (Q(state="closed", closed_on__isnull=False) & ~Q(closing_reason="")),
            ),
            models.CheckConstraint(
                name="case_approved_pair",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="case_from_unmet_order_has_order",
                condition=~Q(origin="unmet_order") | Q(order__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.document_number or f"{self.enterprise} {self.cause}"

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])

    @property
    def is_demonstration(self) -> bool:
        return self.unit.is_demonstration or self.enterprise.is_demonstration

    @property
    def phase(self) -> tuple[str, Any]:
        """(badge group, word)."""
        group = {
            "opened": "wait",
            "declined": "void",
            "filed": "wait",
            "decided": "live",
            "closed": "met",
        }[self.state]
        return group, CaseState(self.state).label

    @property
    def measure_words(self) -> list[str]:
        return [str(Measure(m).label) for m in self.measures]


class OfCaseQuerySet(ScopedQuerySet):
    """Rows of a case, seen by whoever sees the case."""

    scope_path = "case__unit"


class OfCase(models.Model):
    """Base of every record in the file of a case: whose it is, who entered it and when.

    `entered_at` is the moment of the act as the verb was told (`at=`); the record (audit) keeps
    when it was typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)ss")
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def get_absolute_url(self) -> str:
        """The tab of the case on which the record stands."""
        return reverse(f"cases:{self._meta.model_name}", args=[self.pk])


class CaseFinding(models.Model):
    """A finding that the case is about. `live` is False once the case ended without deciding it
    (declined, handed over), or its decision was revoked for good: only then may another case take
    the finding (一事不二罚, 行政处罚法 29)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="casefindings")
    finding = models.ForeignKey("inspections.Finding", models.PROTECT, related_name="casefindings")
    live = models.BooleanField(default=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("案件涉及的发现")
        verbose_name_plural = _("案件涉及的发现")
        ordering = ["case", "finding__inspection", "finding__ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["case", "finding"], name="case_finding_once"),
            models.UniqueConstraint(
                fields=["finding"], condition=Q(live=True), name="case_finding_in_one_live_case"
            ),
        ]

    def __str__(self) -> str:
        return str(self.finding)


class CaseOfficer(OfCase):
    """An officer who handles the case, with the certificate that was valid then (行政处罚法 42).

    `until_on` is set when the officer leaves the case (recusal, transfer)."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    police_number = models.CharField(_("警号"), max_length=8, blank=True)
    certificate_number = models.CharField(_("执法证号"), max_length=40, blank=True)
    certificate_expires_on = models.DateField(_("执法证有效期至"), null=True, blank=True)
    from_on = models.DateField(_("参与日期"))
    until_on = models.DateField(_("退出日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("办案民警")
        verbose_name_plural = _("办案民警")
        ordering = ["from_on", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "officer"],
                condition=Q(until_on__isnull=True),
                name="case_officer_once",
            ),
            models.CheckConstraint(
                name="case_officer_days_in_order",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Exclusion(OfCase):
    """Days that do not count in the ninety: from `from_on` to `to_on`, open while it is None.

    The grounds are configurable (`settings.CASE_EXCLUSIONS`): the law leaves them to rules of
    procedure, and only the time of an appraisal is certain (行政处罚法 60, MPSP 165)."""

    class Ground(models.TextChoices):
        APPRAISAL = "appraisal", _("鉴定、检测期间")
        HEARING = "hearing", _("听证期间")
        PUBLICATION = "publication", _("公告期间")
        OTHER = "other", _("依法不计入的其他期间")

    ground = models.CharField(_("事由"), max_length=12, choices=Ground)
    from_on = models.DateField(_("开始日期"))
    to_on = models.DateField(_("结束日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("不计入办案期限的期间")
        verbose_name_plural = _("不计入办案期限的期间")
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="case_exclusion_days_in_order",
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
            ),
            models.UniqueConstraint(
                fields=["case", "ground"],
                condition=Q(to_on__isnull=True),
                name="case_exclusion_one_open",
            ),
        ]
