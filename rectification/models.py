"""What is known of an order to correct (责令限期改正), and of everything done about it.

    Inspection ──< Finding ──< Item >── Order ──< Extension, Suspension, Correction, Reinspection
                                         │
                                         ├── notices.Notice      the paper, frozen at issue
                                         └── deadlines.Deadline  the day on which it falls due

States say what people did; lateness is asked of the calendar (`Order.is_overdue`). `due_on`,
`served_on` and `reported_on` repeat facts that other rows own, so that lists can sort by them:
`orders.py` writes them in the transaction that writes the fact, and nothing else does.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet

if TYPE_CHECKING:
    from accounts.models import User


class OrderState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待审批")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("待签发")
    ISSUED = "issued", _("待送达")
    SERVED = "served", _("改正期限内")
    JUDGED = "judged", _("已有结论")
    ESCALATED = "escalated", _("已转后续处理")
    WITHDRAWN = "withdrawn", _("已撤回")
    DISCARDED = "discarded", _("已作废")


class TermKind(models.TextChoices):
    """How the paper states the time: no statute fixes its length (行政处罚法 28(1) asks for a
    correction "within a time limit" only), so the officer chooses."""

    DATE = "date", _("写明日期")
    WORKING_DAYS = "working_day", _("自送达之日起若干个工作日")
    CALENDAR_DAYS = "calendar_day", _("自送达之日起若干日")
    IMMEDIATE = "immediate", _("立即改正（现场整改）")


class Verdict(models.TextChoices):
    MET_EARLY = "met_early", _("提前改正")
    MET_ON_TIME = "met_on_time", _("按期改正")
    MET_LATE = "met_late", _("逾期改正")
    PARTLY = "partly", _("部分改正")
    NOT_MET = "not_met", _("未改正")
    MOOT = "moot", _("无须评定")


MET_IN_TIME = (Verdict.MET_EARLY, Verdict.MET_ON_TIME)
UNMET = (Verdict.PARTLY, Verdict.NOT_MET)
#: Verdicts that count in the compliance rate: what was waived as a whole does not.
ASSESSABLE = tuple(v for v in Verdict if v is not Verdict.MOOT)


class OrderQuerySet(ScopedQuerySet["Order"]):
    """The words people say of orders."""

    def live(self) -> OrderQuerySet:
        """Neither discarded nor withdrawn."""
        return self.exclude(state__in=[OrderState.DISCARDED, OrderState.WITHDRAWN])

    def to_sign(self, user: User) -> OrderQuerySet:
        """Waiting for a decision that this person may take: not the own draft."""
        return self.filter(state__in=[OrderState.SUBMITTED, OrderState.APPROVED]).exclude(
            state=OrderState.SUBMITTED, drafted_by=user
        )

    def returned_to(self, user: User) -> OrderQuerySet:
        return self.filter(state=OrderState.RETURNED, drafted_by=user)

    def to_serve(self) -> OrderQuerySet:
        return self.filter(state=OrderState.ISSUED)

    def in_term(self, today: date) -> OrderQuerySet:
        return self.filter(state=OrderState.SERVED, due_on__gte=today, reported_on__isnull=True)

    def due_between(self, first: date, last: date) -> OrderQuerySet:
        """In term and due from `first` to `last`, both included."""
        return self.filter(
            state=OrderState.SERVED,
            due_on__gte=first,
            due_on__lte=last,
            reported_on__isnull=True,
            suspended=False,
        )

    def overdue(self, today: date) -> OrderQuerySet:
        """The term has ended, and neither a correction of everything nor a request for more
        time lies before the regulator."""
        return self.with_pending_extension().filter(
            state=OrderState.SERVED,
            due_on__lt=today,
            reported_on__isnull=True,
            suspended=False,
            extension_pending=False,
        )

    def to_reinspect(self, today: date) -> OrderQuerySet:
        """The enterprise has reported, or the term has ended: the regulator must look."""
        return self.filter(state=OrderState.SERVED, suspended=False).filter(
            Q(reported_on__isnull=False) | Q(due_on__lt=today)
        )

    def open(self) -> OrderQuerySet:
        """Issued, and no verdict yet."""
        return self.filter(state__in=[OrderState.ISSUED, OrderState.SERVED])

    def judged(self) -> OrderQuerySet:
        return self.exclude(verdict="").exclude(state=OrderState.WITHDRAWN)

    def assessable(self) -> OrderQuerySet:
        return self.judged().filter(verdict__in=ASSESSABLE)

    def met_in_time(self) -> OrderQuerySet:
        return self.judged().filter(verdict__in=MET_IN_TIME)

    def with_pending_extension(self) -> OrderQuerySet:
        return self.annotate(
            extension_pending=Exists(
                Extension.objects.filter(order=OuterRef("pk"), state=ExtensionState.REQUESTED)
            )
        )

    def for_list(self) -> OrderQuerySet:
        """Everything a row of a list shows, in one query."""
        return self.with_pending_extension().select_related(
            "enterprise", "unit", "notice", "drafted_by", "system"
        )


class Order(models.Model):
    """One order to correct. Its life is written in `orders.py`; read that first."""

    State = OrderState
    MOVES: ClassVar[dict[str, set[str]]] = {
        OrderState.DRAFT: {OrderState.SUBMITTED, OrderState.DISCARDED},
        OrderState.SUBMITTED: {OrderState.APPROVED, OrderState.RETURNED},
        OrderState.RETURNED: {OrderState.SUBMITTED, OrderState.DISCARDED},
        OrderState.APPROVED: {OrderState.ISSUED, OrderState.RETURNED},
        OrderState.ISSUED: {OrderState.SERVED, OrderState.WITHDRAWN},
        # back to issued: the mail that was thought delivered came back
        OrderState.SERVED: {
            OrderState.ISSUED,
            OrderState.JUDGED,
            OrderState.WITHDRAWN,
        },
        OrderState.JUDGED: {OrderState.ESCALATED, OrderState.WITHDRAWN},
        OrderState.ESCALATED: {OrderState.WITHDRAWN},
        OrderState.WITHDRAWN: set(),
        OrderState.DISCARDED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="orders")
    inspection = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, related_name="orders", verbose_name=_("检查")
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="orders", verbose_name=_("企业")
    )
    system = models.ForeignKey(
        "enterprises.System", models.PROTECT, null=True, blank=True, related_name="orders"
    )
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    form_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    # the term
    term_kind = models.CharField(_("期限方式"), max_length=12, choices=TermKind)
    term_date = models.DateField(_("改正期限"), null=True, blank=True)
    term_days = models.PositiveSmallIntegerField(_("天数"), null=True, blank=True)
    interim_measures = models.TextField(_("期限届满前必须采取的措施"), max_length=500, blank=True)

    # who and when, in the order in which it happens
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders_drafted"
    )
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    return_reason = models.TextField(_("退回理由"), max_length=500, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="order"
    )

    # the clock (see the module's docstring)
    served_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    suspended = models.BooleanField(default=False)
    reported_on = models.DateField(null=True, blank=True)

    # the answer
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    verdict_basis = models.JSONField(default=dict, blank=True)
    days_late = models.PositiveSmallIntegerField(null=True, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdraw_reason = models.TextField(_("撤回理由"), max_length=500, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    escalated_to = models.CharField(_("转入"), max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("责令改正")
        verbose_name_plural = _("责令改正")
        ordering = ["-drafted_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="order_worklist"),
            models.Index(
                fields=["due_on", "unit"],
                name="order_running",
                condition=Q(state="served"),
            ),
            models.Index(fields=["-drafted_at", "-id"], name="order_newest"),
            models.Index(fields=["verdict", "judged_at"], name="order_verdicts"),
        ]
        constraints = [
            *(
                models.CheckConstraint(
                    name=f"order_{pair}_pair",
                    condition=Q(**{f"{pair}_at__isnull": True, f"{pair}_by__isnull": True})
                    | Q(**{f"{pair}_at__isnull": False, f"{pair}_by__isnull": False}),
                )
                for pair in ("submitted", "approved", "issued", "judged", "withdrawn", "escalated")
            ),
            models.CheckConstraint(
                name="order_term_is_one_kind",
                condition=Q(
                    term_kind=TermKind.DATE, term_date__isnull=False, term_days__isnull=True
                )
                | Q(
                    term_kind__in=[TermKind.WORKING_DAYS, TermKind.CALENDAR_DAYS],
                    term_date__isnull=True,
                    term_days__isnull=False,
                    term_days__gte=1,
                    term_days__lte=365,
                )
                | Q(term_kind=TermKind.IMMEDIATE, term_date__isnull=True, term_days__isnull=True),
            ),
            models.CheckConstraint(
                name="order_approver_is_not_drafter",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="order_issued_has_paper",
                condition=Q(issued_at__isnull=True, notice__isnull=True)
                | Q(issued_at__isnull=False, notice__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="order_served_falls_due",
                condition=Q(served_on__isnull=True, due_on__isnull=True)
                | Q(
                    served_on__isnull=False,
                    due_on__isnull=False,
                    issued_at__isnull=False,
                    due_on__gte=F("served_on"),
                ),
            ),
            models.CheckConstraint(
                name="order_state_has_its_facts",
                condition=(
                    Q(state__in=["draft", "discarded"])
                    | Q(state="returned", submitted_at__isnull=False)
                    | Q(state="submitted", submitted_at__isnull=False)
                    | Q(state="approved", approved_at__isnull=False, issued_at__isnull=True)
                    | Q(state="issued", issued_at__isnull=False, served_on__isnull=True)
                    | Q(state="served", served_on__isnull=False)
                    | Q(state="judged", judged_at__isnull=False)
                    | Q(state="escalated", escalated_at__isnull=False)
                    | Q(state="withdrawn", withdrawn_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="order_verdict_has_judge",
                condition=Q(verdict="", judged_at__isnull=True)
                | (~Q(verdict="") & Q(judged_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="order_late_says_how_much",
                condition=Q(verdict="met_late", days_late__isnull=False, days_late__gte=1)
                | (~Q(verdict="met_late") & Q(days_late__isnull=True)),
            ),
            models.CheckConstraint(
                name="order_withdrawn_says_why",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdraw_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.notice.number if self.notice_id and self.notice else str(self.enterprise)

    def get_absolute_url(self) -> str:
        return reverse("orders:detail", args=[self.pk])

    @property
    def is_demonstration(self) -> bool:
        return self.unit.is_demonstration or self.enterprise.is_demonstration

    @property
    def in_draft(self) -> bool:
        return self.state in (OrderState.DRAFT, OrderState.RETURNED)

    @property
    def is_running(self) -> bool:
        """Served, and not judged, withdrawn or suspended."""
        return self.state == OrderState.SERVED and not self.suspended

    @property
    def has_pending_extension(self) -> bool:
        annotated: bool | None = getattr(self, "extension_pending", None)
        if annotated is not None:
            return annotated
        return any(e.state == ExtensionState.REQUESTED for e in self.extensions.all())

    def is_overdue(self, today: date) -> bool:
        """Asked of the calendar, never stored: a scheduler that stood still loses nothing."""
        return (
            self.is_running
            and self.due_on is not None
            and self.due_on < today
            and self.reported_on is None
            and not self.has_pending_extension
        )

    def phase(self, today: date) -> tuple[str, Any]:
        """(badge group, word) of this order on that day: the one map from state to words."""
        if self.verdict and self.state == OrderState.JUDGED:
            group = "met" if self.verdict in (*MET_IN_TIME, Verdict.MET_LATE) else "refused"
            group = "void" if self.verdict == Verdict.MOOT else group
            return group, Verdict(self.verdict).label
        if self.state != OrderState.SERVED:
            return _GROUPS[self.state], OrderState(self.state).label
        if self.suspended:
            return "wait", _("期限中止")
        if self.reported_on is not None:
            return "wait", _("待复查")
        if self.has_pending_extension:
            return "wait", _("延期待审批")
        if self.due_on is not None and self.due_on < today:
            return "over", _("已逾期")
        return "live", OrderState.SERVED.label


_GROUPS = {
    OrderState.DRAFT: "wait",
    OrderState.SUBMITTED: "wait",
    OrderState.RETURNED: "refused",
    OrderState.APPROVED: "wait",
    OrderState.ISSUED: "wait",
    OrderState.JUDGED: "met",
    OrderState.ESCALATED: "refused",
    OrderState.WITHDRAWN: "void",
    OrderState.DISCARDED: "void",
}


class Item(models.Model):
    """One finding that the order requires to be corrected."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="items")
    finding = models.ForeignKey("inspections.Finding", models.PROTECT, related_name="order_items")
    ordinal = models.PositiveSmallIntegerField()
    required_correction = models.TextField(_("要求改正"), max_length=500)
    #: Withdrawn and discarded orders let their findings go, so that another order can take them.
    released = models.BooleanField(default=False)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["order", "ordinal"], name="item_ordinal_once"),
            models.UniqueConstraint(
                fields=["finding"], condition=Q(released=False), name="finding_in_one_live_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}"


class ExtensionState(models.TextChoices):
    REQUESTED = "requested", _("待审批")
    GRANTED = "granted", _("准予延期")
    REFUSED = "refused", _("不予延期")
    LAPSED = "lapsed", _("已失效")


class Extension(models.Model):
    """More time, asked for before the term ends and decided by somebody else."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        ExtensionState.REQUESTED: {
            ExtensionState.GRANTED,
            ExtensionState.REFUSED,
            ExtensionState.LAPSED,
        },
        ExtensionState.GRANTED: set(),
        ExtensionState.REFUSED: set(),
        ExtensionState.LAPSED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="extensions")
    state = models.CharField(
        max_length=12, choices=ExtensionState, default=ExtensionState.REQUESTED
    )
    version = models.PositiveIntegerField(default=1)
    by_enterprise = models.BooleanField(_("企业申请"), default=True)
    reason = models.TextField(_("延期理由"), max_length=500)
    until = models.DateField(_("申请延至"))
    old_due_on = models.DateField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_note = models.TextField(_("审批意见"), max_length=500, blank=True)

    class Meta:
        ordering = ["requested_at"]
        verbose_name = _("延期")
        verbose_name_plural = _("延期")
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state="requested"),
                name="extension_one_request_at_a_time",
            ),
            models.CheckConstraint(
                name="extension_decided_pair",
                condition=Q(
                    state__in=["requested", "lapsed"],
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | Q(
                    state__in=["granted", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="extension_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="extension_goes_forward", condition=Q(until__gt=F("old_due_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} → {self.until}"


class Suspension(models.Model):
    """A span that does not count: the clock stands until `resumed_on`."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="suspensions")
    reason = models.TextField(_("中止理由"), max_length=500)
    from_on = models.DateField(_("中止日期"))
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    resumed_on = models.DateField(_("恢复日期"), null=True, blank=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(resumed_on__isnull=True), name="suspended_once"
            ),
            models.CheckConstraint(
                name="suspension_resumed_pair",
                condition=Q(resumed_on__isnull=True, resumed_by__isnull=True)
                | Q(
                    resumed_on__isnull=False,
                    resumed_by__isnull=False,
                    resumed_on__gte=F("from_on"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.from_on}"


class Correction(models.Model):
    """What the enterprise says that it has corrected, with its evidence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="corrections")
    items = models.ManyToManyField(Item, related_name="corrections")
    completed_on = models.DateField(_("完成日期"))
    received_on = models.DateField(_("收到报告日期"))
    note = models.TextField(_("改正情况"), max_length=1000)
    on_the_spot = models.BooleanField(_("现场整改"), default=False)
    evidence = models.ManyToManyField("inspections.Evidence", blank=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entered_at"]
        constraints = [
            models.CheckConstraint(
                name="correction_reported_after_done",
                condition=Q(received_on__gte=F("completed_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.received_on}"


class Reinspection(models.Model):
    """One round of looking again, by two officers (行政处罚法 42)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="reinspections")
    round = models.PositiveSmallIntegerField(_("轮次"))
    held_on = models.DateField(_("复查日期"))
    officer_1 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    officer_2 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(_("复查情况"), max_length=1000, blank=True)
    evidence = models.ManyToManyField("inspections.Evidence", blank=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["order", "round"], name="reinspection_round_once"),
            models.CheckConstraint(
                name="reinspection_two_officers",
                condition=~Q(officer_1=F("officer_2")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} #{self.round}"


class Outcome(models.TextChoices):
    CORRECTED = "corrected", _("已改正")
    PARTLY = "partly", _("部分改正")
    UNCHANGED = "unchanged", _("未改正")
    WORSE = "worse", _("加重")
    WAIVED = "waived", _("不再要求")


class Result(models.Model):
    """What a round found of one item, beside the original finding."""

    reinspection = models.ForeignKey(Reinspection, models.CASCADE, related_name="results")
    item = models.ForeignKey(Item, models.PROTECT, related_name="results")
    outcome = models.CharField(_("复查结果"), max_length=12, choices=Outcome)
    #: The day on which the enterprise finished, as accepted by the officers who looked.
    completed_on = models.DateField(_("认定完成日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        ordering = ["item__ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["reinspection", "item"], name="result_once"),
            models.CheckConstraint(
                name="result_corrected_has_date",
                condition=Q(outcome="corrected", completed_on__isnull=False)
                | (~Q(outcome="corrected") & Q(completed_on__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.outcome}"
