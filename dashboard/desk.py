"""My desk: what waits for this person, in the order of urgency.

A group is one word of a QuerySet ("overdue", "to serve"), limited to what the person may do. All
groups are read by one query that gives the first rows of each and the whole number, and the rows
themselves by a second one, so that the page costs the same however much waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inspections.models import Inspection, InspectionOfficer
from legal import periods
from notices.models import Service
from rectification.models import (
    Correction,
    Extension,
    ExtensionState,
    Item,
    Order,
    Reinspection,
    where,
)

#: Rows shown of one group; the rest is one link away.
ROWS = 10
#: Columns that a row tells; the rest of an enterprise is sealed or long.
SHOWN = (
    "state", "term_kind", "term_date", "term_days", "return_reason", "issued_at", "served_on",
    "due_on", "reported_on", "reinspected_on", "enterprise__name", "notice__number",
    "notice__printed_at", "drafted_by__name",
)  # fmt: skip
NOTHING = Q(pk__in=[])
SOON, LATER, STRIP = periods.SOON, 7, 10


@dataclass(frozen=True)
class Group:
    """One kind of thing that waits: a condition on orders (on visits for the key "visits"), most
    urgent first by the column `first`. `params` name the same rows in the list."""

    key: str
    title: Any
    where: Q
    first: str
    params: dict[str, str] = field(default_factory=dict)
    tone: str = ""
    hint: Any = ""
    exact: bool = True  # the list shows these rows and no others

    def rows(self, user: User) -> QuerySet[Any]:
        model = Inspection if self.key == "visits" else Order
        return model.objects.visible_to(user).filter(self.where)


@dataclass
class Waiting:
    """A group with its first rows and their whole number."""

    group: Group
    total: int
    rows: list[Any]


@dataclass(frozen=True)
class Horizon:
    """The days by which "soon", "later" and the strip of coming days end. Where the calendar of
    a year is missing (`missing`), they are calendar days, and are called so."""

    today: date
    soon: date
    later: date
    end: date
    missing: int | None = None

    @property
    def working(self) -> bool:
        return self.missing is None

    @classmethod
    def of(cls, today: date, calendar: periods.Calendar) -> Horizon:
        try:
            return cls(
                today,
                calendar.nth_working_day(today, SOON),
                calendar.nth_working_day(today, LATER),
                calendar.nth_working_day(today, STRIP),
            )
        except periods.CalendarMissing as gap:
            soon, later, end = (today + timedelta(days) for days in (SOON, LATER, 2 * LATER))
            return cls(today, soon, later, end, missing=gap.year)


def groups(user: User, horizon: Horizon) -> list[Group]:
    """What may wait for this person, most urgent first; only what the person may do or see."""
    today = horizon.today
    offered = [
        *(("orders.view", group) for group in _by_date(horizon)),
        (
            "orders.reinspect",
            Group(
                "reinspect",
                _("待复查"),
                where.to_reinspect(today) & Q(reported_on__isnull=False),
                "reported_on",
                {"view": "reinspect"},
                exact=False,  # there with those overdue, which stand further up here
            ),
        ),
        (
            "orders.judge",
            Group("judge", _("待作出结论"), where.to_judge(), "reinspected_on", {"view": "judge"}),
        ),
        (
            "orders.decide_extension",
            Group(
                "extension",
                _("延期待审批"),
                extension_of_others(user),
                "due_on",
                {"view": "extension"},
                exact=False,  # there with the reader's own requests
            ),
        ),
        (
            "orders.approve",
            Group("sign", _("待签批"), where.to_sign(user), "submitted_at", {"view": "sign"}),
        ),
        (
            "orders.draft",
            Group(
                "returned",
                _("退回我修改"),
                where.returned_to(user),
                "submitted_at",
                {"view": "returned"},
            ),
        ),
        (
            "orders.serve",
            Group(
                "serve",
                _("待送达"),
                where.to_serve(),
                "issued_at",
                {"view": "serve"},
                hint=_("期限自送达次日起算"),
            ),
        ),
        (
            "inspections.record",
            Group("visits", _("我未完成的检查"), my_drafts(user), "started_at", {"state": "draft"}),
        ),
    ]
    return [group for verb, group in offered if user.may(verb)]


def _by_date(horizon: Horizon) -> list[Group]:
    today, tomorrow = horizon.today, horizon.today + timedelta(1)
    soon = _("3 个工作日内到期") if horizon.working else _("3 天内到期")
    later = _("7 个工作日内到期") if horizon.working else _("7 天内到期")
    overdue = where.overdue(today)
    return [
        Group("over", _("逾期"), overdue, "due_on", {"view": "overdue"}, tone="over"),
        _due("today", _("今天到期"), today, today),
        _due("soon", soon, tomorrow, horizon.soon),
        _due("later", later, horizon.soon + timedelta(1), horizon.later),
    ]


def _due(key: str, title: Any, first: date, last: date) -> Group:
    return Group(
        key,
        title,
        where.due_between(first, last),
        "due_on",
        {"view": "due", "due_from": first.isoformat(), "due_to": last.isoformat()},
        tone="" if key == "later" else "soon",
    )


def my_drafts(user: User) -> Q:
    """Visits not completed that this person opened or took part in."""
    part = InspectionOfficer.objects.filter(inspection=OuterRef("pk"), officer=user)
    return Q(state=Inspection.State.DRAFT) & (Q(created_by=user) | Q(Exists(part)))


def extension_of_others(user: User) -> Q:
    """A request for more time that somebody else entered (nobody decides the own)."""
    own = Extension.objects.filter(
        order=OuterRef("pk"), state=ExtensionState.REQUESTED, requested_by=user
    )
    return where.extension_to_decide() & ~Q(Exists(own))


# --- Reading ------------------------------------------------------------------------------------


def any_of(found: Iterable[Group]) -> Q:
    """One condition for all groups of orders together; no order is in two of them."""
    return reduce(or_, (group.where for group in found if group.key != "visits"), NOTHING)


def waiting(found: Sequence[Group], user: User) -> list[Waiting]:
    """The groups with their first rows: one query for which rows, one for each kind of row."""
    parts = [
        group.rows(user)
        .order_by(group.first, "pk")
        .annotate(
            desk_key=Value(group.key, CharField()),
            desk_total=Window(Count("pk")),
            desk_place=Window(RowNumber(), order_by=[F(group.first).asc(), F("pk").asc()]),
        )
        .values_list("desk_key", "desk_total", "desk_place", "pk")[:ROWS]
        for group in found
    ]
    picked: dict[str, list[Any]] = {}
    totals: dict[str, int] = {}
    for key, total, _place, pk in sorted(_together(parts), key=lambda row: (row[0], row[2])):
        picked.setdefault(key, []).append(pk)
        totals[key] = total
    orders = _orders({pk for key, pks in picked.items() if key != "visits" for pk in pks})
    visits = _visits(picked.get("visits", []))
    answer = []
    for group in found:
        rows = visits if group.key == "visits" else orders
        answer.append(
            Waiting(
                group,
                totals.get(group.key, 0),
                [rows[pk] for pk in picked.get(group.key, []) if pk in rows],
            )
        )
    return answer


def _together(parts: Sequence[Any]) -> list[Any]:
    if not parts:
        return []
    first, *rest = parts
    return list(first.union(*rest, all=True) if rest else first)


def _orders(pks: set[Any]) -> dict[Any, Order]:
    """Orders with all that a row of the desk says, in two queries."""
    if not pks:
        return {}
    of_order = {"order": OuterRef("pk")}

    def number_of(rows: QuerySet[Any], by: str = "order") -> Coalesce:
        return Coalesce(
            Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), Value(0)
        )

    rows = (
        Order.objects.filter(pk__in=pks)
        .select_related("enterprise", "notice", "drafted_by")
        .only(*SHOWN)
        .annotate(
            n_items=number_of(Item.objects.filter(**of_order)),
            n_reported=number_of(
                Item.objects.filter(**of_order).filter(
                    Exists(Correction.objects.filter(items=OuterRef("pk")))
                )
            ),
            n_rounds=number_of(Reinspection.objects.filter(**of_order)),
            came_back=Exists(Service.objects.filter(notice=OuterRef("notice"), effective=False)),
        )
        .prefetch_related(
            Prefetch(
                "extensions",
                Extension.objects.filter(state=ExtensionState.REQUESTED),
                to_attr="requests",
            )
        )
    )
    return {order.pk: order for order in rows}


def _visits(pks: Sequence[Any]) -> dict[Any, Inspection]:
    if not pks:
        return {}
    rows = (
        Inspection.objects.filter(pk__in=pks)
        .select_related("enterprise", "unit")
        .annotate(n_findings=Count("findings"))
    )
    return {row.pk: row for row in rows}


# --- The coming working days --------------------------------------------------------------------


def coming(user: User, horizon: Horizon) -> list[tuple[date, int]]:
    """How many corrections fall due on each day from today to the end of the strip."""
    rows = (
        Order.objects.visible_to(user)
        .due_between(horizon.today, horizon.end)
        .order_by()
        .values("due_on")
        .annotate(n=Count("pk"))
        .values_list("due_on", "n")
        .order_by("due_on")
    )
    return [(day, number) for day, number in rows if day is not None]
