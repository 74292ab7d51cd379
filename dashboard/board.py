"""The supervisor's board: counts over a subtree of units, in five queries.

1. `_by_unit`: one row a unit with every figure of today, of the period and of the year before;
   totals are their sums, so that a column always adds up to its head.
2. `_by_month`: one row a unit and month, for the trend and the small lines.
3. `_by_type`: one row a violation type.
4. `_days`: how long corrections took.
5. the units themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import (
    Aggregate,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncMonth

from accounts.models import Unit
from dashboard import figures
from dashboard.figures import Age, Figure, Period, Rate
from legal.models import ViolationType
from rectification.models import ASSESSABLE, MET_IN_TIME, Extension, ExtensionState, Item

#: Months of the trend, and of the small line beside each unit.
MONTHS, FEW_MONTHS = 12, 7


@dataclass
class Row:
    """A unit, with everything below it unless `own`."""

    unit: Unit
    own: bool = False
    has_children: bool = False
    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    months: dict[date, Rate] = field(default_factory=lambda: defaultdict(lambda: Rate(0, 0)))
    oldest: date | None = None
    next_due: date | None = None
    #: When the oldest request for more time that is still undecided was made.
    asked: datetime | None = None

    def rate(self, prefix: str = "") -> Rate:
        return Rate(self.numbers[f"{prefix}in_time"], self.numbers[f"{prefix}assessable"])

    def take(self, numbers: Mapping[str, Any], months: Mapping[date, Rate]) -> None:
        for key, value in numbers.items():
            if key not in ("oldest", "next_due", "asked"):
                self.numbers[key] += value
            elif value is not None:
                setattr(self, key, min(value, getattr(self, key) or value))
        for month, rate in months.items():
            self.months[month] = self.months[month] + rate


@dataclass(frozen=True)
class TypeRow:
    type: ViolationType
    orders: int
    rate: Rate


@dataclass(frozen=True)
class Board:
    """Everything the page shows. `median` and `ninety` are calendar days, None without data."""

    total: Row
    units: list[Row]
    types: list[TypeRow]
    median: int | None
    ninety: int | None


def board(
    orders: Any,
    root: Unit,
    *,
    period: Period,
    counted: Sequence[Figure],
    ages: Sequence[Age],
) -> Board:
    """Count `orders`, which are those of `root` and below, for one board."""
    total, units = _tree(root, _by_unit(orders, period, counted, ages), _by_month(orders, period))
    median, ninety = _days(orders.filter(period.where))
    return Board(total, units, _by_type(orders, period), median, ninety)


# --- By unit ------------------------------------------------------------------------------------


def _by_unit(
    orders: Any, period: Period, counted: Sequence[Figure], ages: Sequence[Age]
) -> dict[int, dict[str, Any]]:
    conditions = {figure.key: figure.where for figure in counted}
    late = conditions["overdue"]
    conditions |= {f"age_{place}": late & age.span for place, age in enumerate(ages)}
    before = period.year_before().where
    conditions |= {
        "before_assessable": before & Q(verdict__in=ASSESSABLE),
        "before_in_time": before & Q(verdict__in=MET_IN_TIME),
    }
    asked = Subquery(
        Extension.objects.filter(order=OuterRef("pk"), state=ExtensionState.REQUESTED)
        .order_by()
        .values("asked_at")[:1]
    )
    rows = (
        orders.order_by()
        .values("unit_id")
        .annotate(
            oldest=Min("due_on", filter=late),
            asked=Min(asked, filter=conditions["extension"]),
            next_due=Min("due_on", filter=conditions["term"]),
            **{key: Count("pk", filter=where) for key, where in conditions.items()},
        )
    )
    return {row.pop("unit_id"): row for row in rows}


def _tree(
    root: Unit,
    by_unit: Mapping[int, Mapping[str, Any]],
    by_month: Mapping[int, Mapping[date, Rate]],
) -> tuple[Row, list[Row]]:
    """The root with its sums, and one row for each unit directly below it (and for itself)."""
    total = Row(root)
    branches: dict[int, Row] = {}
    for unit in Unit.objects.subtree(root).order_by("path"):
        numbers, months = by_unit.get(unit.pk, {}), by_month.get(unit.pk, {})
        total.take(numbers, months)
        if unit.pk == root.pk:
            branch = Row(unit, own=True)
            branches[unit.pk] = branch
        elif unit.parent_id == root.pk:
            branch = branches[unit.pk] = Row(unit)
        else:
            branch = branches[unit.ancestor_ids()[root.depth + 1]]
            branch.has_children = True
        branch.take(numbers, months)
    total.has_children = len(branches) > 1
    rows = [row for row in branches.values() if not row.own or row.numbers.get("all") or row.oldest]
    if not total.has_children:
        rows = []
    rows.sort(key=lambda row: (-row.numbers["overdue"], -row.numbers["open"], row.unit.path))
    return total, rows


# --- By month -----------------------------------------------------------------------------------


def months_until(last: date, count: int) -> list[date]:
    """The first days of the `count` months that end with the month of `last`."""
    number = last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - count + 1, number + 1)]


def _by_month(orders: Any, period: Period) -> dict[int, dict[date, Rate]]:
    first = months_until(period.last, 2 * MONTHS)[0]
    span = Period("trend", first, period.last, period.by)
    day = "due_on" if period.by == "due" else "issued_at"
    rows = (
        orders.filter(span.where, verdict__in=ASSESSABLE)
        .order_by()
        .annotate(month=TruncMonth(day))
        .values("unit_id", "month")
        .annotate(assessable=Count("pk"), in_time=Count("pk", filter=Q(verdict__in=MET_IN_TIME)))
        .values_list("unit_id", "month", "in_time", "assessable")
    )
    found: dict[int, dict[date, Rate]] = defaultdict(dict)
    for unit_id, month, in_time, assessable in rows:
        key = month if type(month) is date else month.date()
        found[unit_id][key] = Rate(in_time, assessable)
    return found


# --- By violation type --------------------------------------------------------------------------


def _by_type(orders: Any, period: Period) -> list[TypeRow]:
    """Orders of the period by the types of their findings; an order counts once for each type."""
    found, params = (
        Item.objects.filter(order__in=orders.filter(period.where).order_by().values("pk"))
        .order_by()
        .values_list("finding__violation_type_id", "order__verdict", "order_id")
        .distinct()
        .query.sql_with_params()
    )
    # Counted over what is distinct: to count the distinct ones would sort them all by their words.
    sql = f"""
        SELECT t.code, t.zh, t.en, counted.verdict, counted.n FROM (
            SELECT code, verdict, count(*) AS n
            FROM ({found}) found (code, verdict, order_id) GROUP BY code, verdict
        ) counted JOIN legal_violationtype t USING (code)
    """  # noqa: S608 - the inner words are those of the query above
    numbers: dict[str, int] = defaultdict(int)
    rates: dict[str, Rate] = defaultdict(lambda: Rate(0, 0))
    types: dict[str, ViolationType] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for code, zh, en, verdict, n in cursor.fetchall():
            types[code] = ViolationType(pk=code, zh=zh, en=en)
            numbers[code] += n
            rates[code] += Rate(n * (verdict in MET_IN_TIME), n * (verdict in ASSESSABLE))
    ranked = sorted(types, key=lambda code: (-numbers[code], code))
    return [TypeRow(types[code], numbers[code], rates[code]) for code in ranked]


# --- How long -----------------------------------------------------------------------------------


class Percentile(Aggregate):
    """The smallest value that at least the given share of the rows does not exceed."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "percentile"

    def __init__(self, expression: Any, share: float) -> None:
        super().__init__(expression, share=float(share))


def _days(orders: Any) -> tuple[int | None, int | None]:
    """Median and ninth decile of the days from service to completion, of what was corrected."""
    took = ExpressionWrapper(
        Cast(KeyTextTransform("decided_by", "verdict_basis"), DateField()) - F("served_on"),
        DurationField(),
    )
    found = (
        orders.filter(verdict__in=figures.CORRECTED)
        .order_by()
        .annotate(took=took)
        .aggregate(median=Percentile("took", 0.5), ninety=Percentile("took", 0.9))
    )
    return tuple(value.days if value is not None else None for value in found.values())  # type: ignore[return-value]


# --- Words from numbers -------------------------------------------------------------------------


def concentrated(units: Iterable[Row], total: int, most: int = 3) -> list[Row]:
    """The few units that hold at least half of what is overdue; none when it is spread out."""
    worst = [row for row in units if row.numbers["overdue"]][:most]
    if len(worst) < 2 or total < figures.ENOUGH:
        return []
    held = sum(row.numbers["overdue"] for row in worst)
    return worst if 2 * held >= total else []
