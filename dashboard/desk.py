"""My desk: what waits for this person, in the order of urgency.

A group is one word of a QuerySet ("overdue", "to serve"), limited to what the person may do. All
groups are read by one query that gives the first rows of each and the whole number, and the rows
themselves by a second one, so that the page costs the same however much waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
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
from inspections.models import Inspection
from legal import periods
from notices.models import Service
from rectification.models import (
    Correction,
    Extension,
    ExtensionState,
    Item,
    Order,
    Reinspection,
)

#: Rows shown of one group; the rest is one link away.
ROWS = 20
SOON, LATER, STRIP = periods.SOON, 7, 10


@dataclass(frozen=True)
class Group:
    """One kind of thing that waits. `view` and `params` name the same rows in the list."""

    key: str
    title: Any
    rows: QuerySet[Any]
    order: tuple[str, ...]
    params: dict[str, str] = field(default_factory=dict)
    tone: str = ""
    hint: Any = ""
    exact: bool = True  # the list shows these rows and no others


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
    orders = Order.objects.visible_to(user)
    found: list[Group] = []
    if user.may("orders.view"):
        found += _by_date(orders, horizon)
    if user.may("orders.reinspect"):
        found.append(
            Group(
                "reinspect",
                _("待复查"),
                orders.to_reinspect(today).filter(reported_on__isnull=False),
                ("reported_on", "pk"),
                {"view": "reinspect"},
                exact=False,  # there with those overdue, which stand further up here
            )
        )
    if user.may("orders.judge"):
        found.append(
            Group(
                "judge",
                _("待作出结论"),
                orders.to_judge(),
                ("reinspected_on", "pk"),
                {"view": "judge"},
            )
        )
    if user.may("orders.decide_extension"):
        found.append(
            Group(
                "extension",
                _("延期待审批"),
                extensions_to_decide(orders, user),
                ("due_on", "pk"),
                {"view": "extension"},
                exact=False,  # there with the reader's own requests
            )
        )
    if user.may("orders.approve"):
        found.append(
            Group(
                "sign", _("待签批"), orders.to_sign(user), ("submitted_at", "pk"), {"view": "sign"}
            )
        )
    if user.may("orders.draft"):
        found.append(
            Group(
                "returned",
                _("退回我修改"),
                orders.returned_to(user),
                ("submitted_at", "pk"),
                {"view": "returned"},
            )
        )
    if user.may("orders.serve"):
        found.append(
            Group(
                "serve",
                _("待送达"),
                orders.to_serve(),
                ("issued_at", "pk"),
                {"view": "serve"},
                hint=_("期限自送达次日起算"),
            )
        )
    if user.may("inspections.record"):
        found.append(
            Group(
                "visits",
                _("我未完成的检查"),
                Inspection.objects.visible_to(user)
                .filter(state=Inspection.State.DRAFT)
                .filter(Q(created_by=user) | Exists(_takes_part(user))),
                ("started_at", "pk"),
                {"state": "draft"},
            )
        )
    return found


def _by_date(orders: Any, horizon: Horizon) -> list[Group]:
    today, tomorrow = horizon.today, horizon.today + timedelta(1)
    soon = _("3 个工作日内到期") if horizon.working else _("3 天内到期")
    later = _("7 个工作日内到期") if horizon.working else _("7 天内到期")
    return [
        Group(
            "over",
            _("逾期"),
            orders.overdue(today),
            ("due_on", "pk"),
            {"view": "overdue"},
            tone="over",
        ),
        _due("today", _("今天到期"), orders, today, today),
        _due("soon", soon, orders, tomorrow, horizon.soon),
        _due("later", later, orders, horizon.soon + timedelta(1), horizon.later),
    ]


def _due(key: str, title: Any, orders: Any, first: date, last: date) -> Group:
    return Group(
        key,
        title,
        orders.due_between(first, last),
        ("due_on", "pk"),
        {"view": "due", "due_from": first.isoformat(), "due_to": last.isoformat()},
        tone="" if key == "later" else "soon",
    )


def _takes_part(user: User) -> QuerySet[Any]:
    return Inspection.officers.rel.related_model.objects.filter(
        inspection=OuterRef("pk"), officer=user
    )


def extensions_to_decide(orders: Any, user: User) -> Any:
    """Orders with a request for more time that somebody else entered (nobody decides the own)."""
    own = Extension.objects.filter(
        order=OuterRef("pk"), state=ExtensionState.REQUESTED, requested_by=user
    )
    return orders.extension_to_decide().exclude(Exists(own))


# --- Reading ------------------------------------------------------------------------------------


def counted(found: Iterable[Group]) -> dict[str, int]:
    """How many rows each group has, in one query; a group without rows is missing."""
    parts = [
        group.rows.order_by()
        .annotate(desk_key=Value(group.key, CharField()))
        .values("desk_key")
        .annotate(desk_total=Count("pk"))
        .values_list("desk_key", "desk_total")
        for group in found
    ]
    return dict(_together(parts))


def waiting(found: Sequence[Group], today: date) -> list[Waiting]:
    """The groups with their first rows: one query for which rows, one for each kind of row."""
    parts = [
        group.rows.order_by(*group.order)
        .annotate(
            desk_key=Value(group.key, CharField()),
            desk_total=Window(Count("pk")),
            desk_place=Window(RowNumber(), order_by=[F(name).asc() for name in group.order]),
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
        .for_list()
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
    return list(rows)
