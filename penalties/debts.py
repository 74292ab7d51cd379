"""What many decisions are owed at once: the same reckoning as `owing`, fed by six queries.

The list of money owed, the matching of bank lines and whoever needs a sum over many decisions ask
here; one decision on its own page is reckoned from its `File`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from penalties import owing
from penalties.models import (
    CourtApplication,
    Decision,
    Demand,
    Instalment,
    Measure,
    Payment,
    Plan,
    Remedy,
    Stay,
)
from penalties.owing import Account, Terms

_SUM = DecimalField(max_digits=14, decimal_places=2)


class _Decision(NamedTuple):
    pk: UUID
    fine: Any
    payment_due_on: date | None
    standing: str


class _Payment(NamedTuple):
    paid_on: date
    amount: Any
    void_on: None = None


class _Remedy(NamedTuple):
    applied_on: date
    result_on: date | None
    result_received_on: date | None
    effective_on: date | None
    new_fine: Any


class _Stay(NamedTuple):
    from_on: date
    until_on: date | None


class _Plan(NamedTuple):
    pk: UUID
    decided_on: date


class _Part(NamedTuple):
    due_on: date
    amount: Any


def terms(decisions: QuerySet[Any]) -> Iterator[tuple[UUID, Terms]]:
    """The terms of each decision of the queryset, by id."""
    ids = decisions.order_by().values("pk")
    payments: dict[UUID, list[_Payment]] = defaultdict(list)
    paid = Payment.objects.filter(decision__in=ids, void_on=None).order_by("paid_on")
    row: Any
    of: Any
    for of, *row in paid.values_list("decision", "paid_on", "amount"):
        payments[of].append(_Payment(*row))
    remedies: dict[UUID, list[_Remedy]] = defaultdict(list)
    for of, *row in Remedy.objects.filter(decision__in=ids).values_list(
        "decision", "applied_on", "result_on", "result_received_on", "effective_on", "new_fine"
    ):
        remedies[of].append(_Remedy(*row))
    stays: dict[UUID, list[_Stay]] = defaultdict(list)
    for of, *row in Stay.objects.filter(decision__in=ids).values_list(
        "decision", "from_on", "until_on"
    ):
        stays[of].append(_Stay(*row))
    plans: dict[UUID, _Plan] = {}
    for row in Plan.objects.filter(decision__in=ids, granted=True).values_list(
        "decision", "pk", "decided_on"
    ):
        plans[row[0]] = _Plan(*row[1:])
    parts: dict[UUID, list[_Part]] = defaultdict(list)
    if plans:
        for of, *row in Instalment.objects.filter(
            plan__decision__in=ids, plan__granted=True
        ).values_list("plan__decision", "due_on", "amount"):
            parts[of].append(_Part(*row))
    none: list[Any] = []
    rows: Any = decisions.values_list("pk", "fine", "payment_due_on", "standing")
    for row in rows.iterator(chunk_size=5000):
        pk = row[0]
        yield (
            pk,
            owing.gathered(
                _Decision(*row),
                payments.get(pk, none),
                remedies.get(pk, none),
                stays.get(pk, none),
                plans.get(pk),
                parts.get(pk, none),
            ),
        )


def accounts(decisions: QuerySet[Any], day: date) -> Iterator[tuple[UUID, Account]]:
    """The account of each decision at the end of that day, by id."""
    for pk, each in terms(decisions):
        yield pk, owing.reckon(each, day)


# --- Chosen by the database ----------------------------------------------------------------------


def with_money() -> QuerySet[Any]:
    """Decisions on a fine, with what the database knows of them: `asked` (the fine that holds, None
    where it is not known), `paid` (all that came in), `plan_id` of a granted plan, the `next_on`
    that the plan or the decision names, `demanded` and `at_court`."""
    newest = (
        Remedy.objects.filter(
            decision=OuterRef("pk"), effective_on__isnull=False, new_fine__isnull=False
        )
        .order_by("-applied_on", "-id")
        .values("new_fine")[:1]
    )
    paid = (
        Payment.objects.filter(decision=OuterRef("pk"), void_on=None)
        .order_by()
        .values("decision")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    plan = Plan.objects.filter(decision=OuterRef("pk"), granted=True).values("pk")[:1]
    return Decision.objects.filter(measures__contains=[Measure.FINE]).annotate(
        asked=Coalesce(Subquery(newest), F("fine"), output_field=_SUM),
        paid=Coalesce(Subquery(paid), Value(0), output_field=_SUM),
        plan_id=Subquery(plan),
    )


OWING = (Decision.Standing.VALID, Decision.Standing.CHANGED)


def unpaid(decisions: QuerySet[Any]) -> QuerySet[Any]:
    """Those whose fine is not paid in full, or not known."""
    return decisions.filter(standing__in=OWING).filter(
        Q(asked__isnull=True) | Q(paid__lt=F("asked"))
    )


def overdue(decisions: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Unpaid, without a plan, and the last day has passed."""
    return unpaid(decisions).filter(plan_id=None, payment_due_on__lt=today)


def running(decisions: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Unpaid, without a plan, and the last day has not passed (or is not known yet)."""
    return unpaid(decisions).filter(
        Q(payment_due_on__isnull=True) | Q(payment_due_on__gte=today), plan_id=None
    )


def in_plan(decisions: QuerySet[Any]) -> QuerySet[Any]:
    """Unpaid, under a granted plan."""
    return unpaid(decisions).filter(plan_id__isnull=False)


def demanded(decisions: QuerySet[Any]) -> QuerySet[Any]:
    """Unpaid, and demanded in writing."""
    made = Demand.objects.filter(notice__isnull=False).values("decision")
    return unpaid(decisions).filter(pk__in=made)


def at_court(decisions: QuerySet[Any]) -> QuerySet[Any]:
    """Brought to court, without an end yet."""
    open_ones = ("", CourtApplication.Result.ACCEPTED)
    asked = CourtApplication.objects.filter(result__in=open_ones).values("decision")
    return decisions.filter(pk__in=asked)


def paid_late(decisions: QuerySet[Any]) -> QuerySet[Any]:
    """The fine is paid, but something came after the last day: surcharge may be left."""
    late = Payment.objects.filter(
        decision=OuterRef("pk"), void_on=None, paid_on__gt=OuterRef("payment_due_on")
    )
    return decisions.filter(standing__in=OWING, paid__gte=F("asked")).filter(
        pk__in=Subquery(late.values("decision"))
    )


def labels(ids: Iterable[UUID]) -> dict[UUID, Decision]:
    """Decisions with what a list names them by, by id; one query."""
    rows = Decision.objects.filter(pk__in=list(ids)).select_related(
        "respondent", "case__unit", "case__enterprise", "notice"
    )
    return {row.pk: row for row in rows.defer("notice__words", "notice__snapshot")}
