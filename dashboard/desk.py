"""My desk: what waits for this person, in the order of urgency.

A group is one word of a QuerySet ("overdue", "to serve"), limited to what the person may do. All
groups of orders are read by one query that gives the first rows of each and the whole number, and
the rows themselves by a second one, so that the page costs the same however much waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboard import suggestions
from inspections.models import Finding, Inspection, InspectionOfficer
from legal import periods
from notices.models import Service
from rectification.models import (
    UNMET,
    Correction,
    Extension,
    ExtensionState,
    Item,
    Order,
    OrderState,
    Reinspection,
    where,
)

#: Rows shown of one group; the rest is one link away.
ROWS = 10
#: What a row tells of an order, and its column. Plain values, since to make objects of an order and
#: of all that it refers to took longer than to find them.
TOLD = {
    **{name: name for name in (
        "pk", "state", "term_kind", "term_date", "term_days", "return_reason", "issued_at",
        "served_on", "due_on", "reported_on", "reinspected_on", "verdict", "judged_at",
    )},
    "visited_at": "inspection__started_at",
    "upper": "unit__parent",
    "enterprise": "enterprise__name",
    "number": "notice__number",
    "printed_at": "notice__printed_at",
    "drafter": "drafted_by__name",
}  # fmt: skip
#: Everything that can be in a group, said in a way that an index answers.
CANDIDATES = Q(
    state__in=[
        OrderState.SUBMITTED,
        OrderState.RETURNED,
        OrderState.APPROVED,
        OrderState.ISSUED,
        OrderState.SERVED,
    ]
) | Q(state=OrderState.JUDGED, verdict__in=UNMET)
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
    """A group with its first rows and their whole number. Rows of orders are what `TOLD` and
    `suggestions.facts` name; those of visits are visits."""

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
    offered: list[tuple[str | tuple[str, ...], Group]] = [
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
            ("cases.file", "orders.escalate"),
            Group("unmet", _("未改正，待处理"), where.unmet(), "judged_at", {"view": "unmet"}),
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
    return [
        group
        for verbs, group in offered
        if any(user.may(verb) for verb in ([verbs] if isinstance(verbs, str) else verbs))
    ]


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
    """The groups with their first rows: one query for which orders, one for each kind of row."""
    picked: dict[str, list[Any]] = {}
    totals: dict[str, int] = {}
    for key, total, pk in _picked([g for g in found if g.key != "visits"], user):
        picked.setdefault(key, []).append(pk)
        totals[key] = total
    orders = _orders({pk for pks in picked.values() for pk in pks})
    answer = []
    for group in found:
        if group.key == "visits":
            answer.append(_visits(group, user))
            continue
        rows = [orders[pk] for pk in picked.get(group.key, []) if pk in orders]
        answer.append(Waiting(group, totals.get(group.key, 0), rows))
    return answer


def _picked(groups: Sequence[Group], user: User) -> list[tuple[str, int, Any]]:
    """(key of the group, its whole number, order) of the first rows of each, in their order."""
    if not groups:
        return []
    columns = sorted({group.first for group in groups})
    inner, params = (
        Order.objects.visible_to(user)
        .filter(CANDIDATES)
        .order_by()
        .annotate(
            desk_key=Case(
                *(When(group.where, then=Value(group.key)) for group in groups),
                output_field=CharField(),
            )
        )
        .values_list("pk", "desk_key", *columns)
        .query.sql_with_params()
    )
    # In our own words, since the ORM would write the long condition anew in every window.
    first = " ".join(f"WHEN '{each.key}' THEN {each.first}::timestamptz" for each in groups)
    sql = f"""
        SELECT desk_key, total, id FROM (
            SELECT desk_key, id, count(*) OVER (PARTITION BY desk_key) AS total,
                   row_number() OVER (
                       PARTITION BY desk_key ORDER BY CASE desk_key {first} END, id
                   ) AS place
            FROM ({inner}) waiting (id, desk_key, {", ".join(columns)})
            WHERE desk_key IS NOT NULL
        ) placed
        WHERE place <= %s ORDER BY desk_key, place
    """  # noqa: S608 - keys and columns are those of this module
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, ROWS])
        return cursor.fetchall()


def _orders(pks: set[Any]) -> dict[Any, SimpleNamespace]:
    """What a row of the desk tells of these orders, in one query."""
    if not pks:
        return {}
    of_order = {"order": OuterRef("pk")}

    def number_of(rows: QuerySet[Any]) -> Coalesce:
        return Coalesce(
            Subquery(rows.order_by().values("order").annotate(n=Count("pk")).values("n")), Value(0)
        )

    items = Item.objects.filter(**of_order)
    request = Extension.objects.filter(**of_order, state=ExtensionState.REQUESTED).order_by()
    asked = JSONObject(by="requested_by_id", at="asked_at", until="until")
    more = {
        "n_items": number_of(items),
        "n_reported": number_of(
            items.filter(Exists(Correction.objects.filter(items=OuterRef("pk"))))
        ),
        "n_rounds": number_of(Reinspection.objects.filter(**of_order)),
        "came_back": Exists(Service.objects.filter(notice=OuterRef("notice"), effective=False)),
        "request": Subquery(request.values(told=asked)[:1]),
        **suggestions.facts(),
    }
    names = (*TOLD, *more)
    rows = Order.objects.filter(pk__in=pks).order_by().annotate(**more)
    return {
        row[0]: SimpleNamespace(**dict(zip(names, row, strict=True)))
        for row in rows.values_list(*TOLD.values(), *more)
    }


def _visits(group: Group, user: User) -> Waiting:
    """The visits not completed, with their whole number, in one query."""
    rows = list(
        group.rows(user)
        .select_related("enterprise", "unit")
        .annotate(
            n_findings=Subquery(
                Finding.objects.filter(inspection=OuterRef("pk"))
                .order_by()
                .values("inspection")
                .annotate(n=Count("pk"))
                .values("n")
            ),
            desk_total=Window(Count("pk")),
        )
        .order_by(group.first, "pk")[:ROWS]
    )
    return Waiting(group, rows[0].desk_total if rows else 0, rows)


# --- The coming working days --------------------------------------------------------------------


def coming(user: User, horizon: Horizon) -> tuple[list[tuple[date, int]], dict[str, int]]:
    """How many corrections fall due on each day from today to the end of the strip; and how many
    of the unit's own duties are owed, by their code. One query."""
    days = (
        Order.objects.visible_to(user)
        .due_between(horizon.today, horizon.end)
        .order_by()
        .values(told=Cast("due_on", CharField()))
        .annotate(n=Count("pk"))
        .values_list("told", "n")
    )
    numbers = dict(days.union(*suggestions.duties_owed(user, horizon.today), all=True))
    owed = {code: numbers.pop(code, 0) for code in suggestions.DUTIES}
    codes = {code: number for code, number in owed.items() if number}
    return sorted((date.fromisoformat(day), n) for day, n in numbers.items()), codes
