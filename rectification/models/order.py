"""An order to correct, and the items that it demands.

States say what people did; lateness is asked of the calendar (`Order.is_overdue`). The columns
under "the clock" repeat facts that other rows own, so that lists can filter and sort by them:
the verbs of `rectification.orders` write them in the transaction that writes the fact, and
nothing else does.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, GeneratedField, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from rectification.models import where
from rectification.models.words import OrderState, TermKind, Verdict

if TYPE_CHECKING:
    from accounts.models import User


MET_IN_TIME = (Verdict.MET_EARLY, Verdict.MET_ON_TIME)
UNMET = (Verdict.PARTLY, Verdict.NOT_MET)
#: Verdicts that count in the compliance rate: what was waived as a whole does not.
ASSESSABLE = tuple(v for v in Verdict if v is not Verdict.MOOT)

#: Sorts after every real due day, for orders whose day is not known yet.
NO_DAY = date(9999, 12, 31)


class OrderQuerySet(ScopedQuerySet["Order"]):
    """The words people say of orders; each is a condition of `rectification.models.where`."""

    def live(self) -> OrderQuerySet:
        """Neither discarded nor withdrawn."""
        return self.filter(where.live())

    def to_sign(self, user: User) -> OrderQuerySet:
        """Waiting for a decision that this person may take: not the own draft."""
        return self.filter(where.to_sign(user))

    def returned_to(self, user: User) -> OrderQuerySet:
        return self.filter(where.returned_to(user))

    def to_serve(self) -> OrderQuerySet:
        return self.filter(where.to_serve())

    def running(self) -> OrderQuerySet:
        """Served, the clock not suspended, and the enterprise's move: nothing lies before us."""
        return self.filter(where.running())

    def in_term(self, today: date) -> OrderQuerySet:
        """Served and not yet due, and the enterprise has not reported everything."""
        return self.filter(where.in_term(today))

    def due_between(self, first: date, last: date) -> OrderQuerySet:
        """Running and due from `first` to `last`, both included."""
        return self.filter(where.due_between(first, last))

    def overdue(self, today: date) -> OrderQuerySet:
        """The term has ended, and neither a correction of everything, nor a round that looked at
        it since, nor a request for more time lies before the regulator."""
        return self.filter(where.overdue(today))

    def to_reinspect(self, today: date) -> OrderQuerySet:
        """The enterprise has reported, or the term has ended: the regulator must look."""
        return self.filter(where.to_reinspect(today))

    def to_judge(self) -> OrderQuerySet:
        """Every item has a result that can stand: only the verdict is missing."""
        return self.filter(where.to_judge())

    def extension_to_decide(self) -> OrderQuerySet:
        """A request for more time waits."""
        return self.filter(where.extension_to_decide())

    def open(self) -> OrderQuerySet:
        """Issued, and no verdict yet."""
        return self.filter(where.open_())

    def judged(self) -> OrderQuerySet:
        return self.filter(where.judged())

    def assessable(self) -> OrderQuerySet:
        return self.judged().filter(verdict__in=ASSESSABLE)

    def met_in_time(self) -> OrderQuerySet:
        return self.judged().filter(verdict__in=MET_IN_TIME)

    def for_list(self) -> OrderQuerySet:
        """Everything a row of a list shows, in one query."""
        return self.select_related("enterprise", "unit", "notice", "drafted_by").defer(
            "notice__words", "notice__snapshot", "notice__fingerprint"
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
    #: The earliest day of the items that the enterprise still owes (`Item.due_on`); the latest of
    #: all when it owes none.
    due_on = models.DateField(null=True, blank=True)
    suspended = models.BooleanField(default=False)
    #: A request for more time that came in time waits: it holds lateness and what follows.
    extension_pending = models.BooleanField(default=False)
    #: A request that came after the last day waits: it holds nothing.
    late_request = models.BooleanField(default=False)
    #: When the enterprise reported the last item as corrected; empty again after a round that
    #: found something not corrected.
    reported_on = models.DateField(null=True, blank=True)
    #: The round after which every item has a result that can stand; empty while one is owed.
    reinspected_on = models.DateField(null=True, blank=True)
    #: `due_on` for sorting: never empty.
    due_key = GeneratedField(
        expression=Coalesce("due_on", Value(NO_DAY)),
        output_field=models.DateField(),
        db_persist=True,
    )

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
            models.Index(fields=["due_key", "id"], name="order_by_due_day"),
            models.Index(fields=["-drafted_at", "-id"], name="order_newest"),
            models.Index(fields=["enterprise", "-drafted_at"], name="order_of_enterprise"),
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
                name="order_clock_runs_after_service",
                condition=Q(served_on__isnull=False)
                | Q(
                    suspended=False,
                    extension_pending=False,
                    late_request=False,
                    reported_on__isnull=True,
                    reinspected_on__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="order_one_request_waits",
                condition=~Q(extension_pending=True, late_request=True),
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
    def request_waits(self) -> bool:
        """Whether a request for more time is undecided, in time or not."""
        return self.extension_pending or self.late_request

    @property
    def is_running(self) -> bool:
        """Served, and not judged, withdrawn or suspended."""
        return self.state == OrderState.SERVED and not self.suspended

    def awaits_service_day(self, today: date) -> bool:
        """Service by publication: it counts from a day that lies ahead (行政案件程序规定 36)."""
        return (
            self.state == OrderState.SERVED
            and self.served_on is not None
            and self.served_on > today
        )

    def is_overdue(self, today: date) -> bool:
        """Asked of the calendar, never stored: a scheduler that stood still loses nothing."""
        return (
            self.is_running
            and self.due_on is not None
            and self.due_on < today
            and self.reported_on is None
            and self.reinspected_on is None
            and not self.extension_pending
        )

    def phase(self, today: date) -> tuple[str, Any]:
        """(badge group, word) of this order on that day: the one map from state to words."""
        if self.verdict and self.state == OrderState.JUDGED:
            return _VERDICT_GROUPS[Verdict(self.verdict)], Verdict(self.verdict).label
        if self.state != OrderState.SERVED:
            return _GROUPS[OrderState(self.state)], OrderState(self.state).label
        if self.suspended:
            return "wait", _("期限中止")
        if self.reinspected_on is not None:
            return "wait", _("待作出结论")
        if self.reported_on is not None:
            return "wait", _("待复查")
        if self.extension_pending:
            return "wait", _("延期待审批")
        if self.is_overdue(today):
            return "over", _("已逾期")
        if self.awaits_service_day(today):
            return "wait", _("公告期内")
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


_VERDICT_GROUPS = {
    Verdict.MET_EARLY: "met",
    Verdict.MET_ON_TIME: "met",
    Verdict.MET_LATE: "met",
    Verdict.PARTLY: "refused",
    Verdict.NOT_MET: "refused",
    Verdict.MOOT: "void",
}


class ItemQuerySet(ScopedQuerySet["Item"]):
    scope_path = "order__unit"


class Item(models.Model):
    """One finding that the order requires to be corrected."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="items")
    finding = models.ForeignKey("inspections.Finding", models.PROTECT, related_name="order_items")
    ordinal = models.PositiveSmallIntegerField()
    required_correction = models.TextField(_("要求改正"), max_length=500)
    #: Each item is judged against its own day: set at service, moved by `extension`.
    due_on = models.DateField(_("改正期限"), null=True, blank=True)
    extension = models.ForeignKey(
        "rectification.Extension",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("延期"),
    )
    #: Withdrawn and discarded orders let their findings go, so that another order can take them.
    released = models.BooleanField(default=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("改正事项")
        verbose_name_plural = _("改正事项")
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["order", "ordinal"], name="item_ordinal_once"),
            models.UniqueConstraint(
                fields=["finding"], condition=Q(released=False), name="finding_in_one_live_order"
            ),
            models.CheckConstraint(
                name="item_extended_falls_due",
                condition=Q(extension__isnull=True) | Q(due_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}"
