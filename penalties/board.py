"""Cases by step and age, for whoever answers for several units: counts in three queries.

The age is counted in days from filing (before it: from the opening of the case), since that is
where the ninety days begin. What is counted is open: neither closed nor declined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case as When_
from django.db.models import CharField, Count, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from penalties.forms import listing
from penalties.models import Case, CaseState, Step

#: The steps at which an open case can stand.
STEPS = tuple(step for step in Step if step != Step.DONE)


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included; None where it has no end."""

    key: str
    word: str | Promise
    first: int | None
    last: int | None


#: Days since filing.
AGES = (
    Span("7", _("0–7 天"), None, 7),
    Span("30", _("8–30 天"), 8, 30),
    Span("60", _("31–60 天"), 31, 60),
    Span("90", _("61–90 天"), 61, 90),
    Span("more", _("90 天以上"), 91, None),
)
#: Days left of the ninety, of cases that are not decided.
LEFT = (
    Span("over", _("已超期"), None, -1),
    Span("7", _("0–7 天"), 0, 7),
    Span("15", _("8–15 天"), 8, 15),
    Span("30", _("16–30 天"), 16, 30),
    Span("more", _("30 天以上"), 31, None),
)


def filed_between(span: Span, today: date) -> tuple[date | None, date | None]:
    """The days of filing of that age: first, last."""
    first = today - timedelta(days=span.last) if span.last is not None else None
    last = today - timedelta(days=span.first) if span.first is not None else None
    return first, last


def due_between(span: Span, today: date) -> tuple[date | None, date | None]:
    """The last days of the ninety that are so far away: first, last."""
    first = today + timedelta(days=span.first) if span.first is not None else None
    last = today + timedelta(days=span.last) if span.last is not None else None
    return first, last


@dataclass
class Row:
    """A unit with everything below it; `own` is the unit that is asked for, by itself."""

    unit: Unit
    own: bool = False
    open: int = 0
    over: int = 0
    near: int = 0
    has_children: bool = False


@dataclass(frozen=True)
class Load:
    """How many open cases one officer handles."""

    officer: Any
    name: str
    open: int
    over: int
    near: int


@dataclass
class Board:
    """Everything that the page counts."""

    total: int = 0
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    units: list[Row] = field(default_factory=list)
    officers: list[Load] = field(default_factory=list)

    def of_step(self, step: str) -> int:
        return sum(number for (at, _age), number in self.cells.items() if at == step)

    def of_age(self, age: str) -> int:
        return sum(number for (_at, old), number in self.cells.items() if old == age)


def board(cases: QuerySet[Case], root: Unit, today: date, *, officers: int = 20) -> Board:
    """Count `cases`, which are those of `root` and below."""
    found = Board()
    opened = cases.open().order_by()  # type: ignore[attr-defined]
    by_unit: dict[int, Counter[str]] = {}
    rows = (
        opened.annotate(age=_in_spans(AGES, today, "filed_on", filed_between))
        .annotate(left=_left(today))
        .values_list("unit_id", "step", "age", "left")
        .annotate(n=Count("filed_on"))
    )
    for unit_id, step, age, left, number in rows:
        found.total += number
        found.cells[step, age] += number
        numbers = by_unit.setdefault(unit_id, Counter())
        numbers["open"] += number
        if left:
            found.left[left] += number
            numbers["over"] += number if left == "over" else 0
            numbers["near"] += number if left in ("7", "15") else 0
    found.units = _tree(root, by_unit)
    found.officers = _load(opened, today, officers)
    return found


def _in_spans(spans: Iterable[Span], today: date, column: str, days: Any) -> When_:
    """The key of the span that the column lies in."""
    whens = []
    for span in spans:
        first, last = days(span, today)
        where = Q()
        if first is not None:
            where &= Q(**{f"{column}__gte": first})
        if last is not None:
            where &= Q(**{f"{column}__lte": last})
        whens.append(When(where, then=Value(span.key)))
    return When_(*whens, default=Value(""), output_field=CharField())


def _left(today: date) -> When_:
    spans = _in_spans(LEFT, today, "decision_due_on", due_between)
    running = Q(state=CaseState.FILED, decision_due_on__isnull=False)
    return When_(When(running, then=spans), default=Value(""), output_field=CharField())


def _tree(root: Unit, by_unit: dict[int, Counter[str]]) -> list[Row]:
    """One row for each unit directly below the root, and one for the root itself."""
    rows: dict[int, Row] = {}
    for unit in Unit.objects.subtree(root).order_by("path"):
        if unit.pk == root.pk:
            row = rows[unit.pk] = Row(unit, own=True)
        elif unit.parent_id == root.pk:
            row = rows[unit.pk] = Row(unit)
        else:
            row = rows[unit.ancestor_ids()[root.depth + 1]]
            row.has_children = True
        numbers = by_unit.get(unit.pk, Counter())
        row.open += numbers["open"]
        row.over += numbers["over"]
        row.near += numbers["near"]
    found = [row for row in rows.values() if row.open or not row.own]
    if len(rows) < 2:
        return []
    return sorted(found, key=lambda row: (-row.over, -row.near, -row.open, row.unit.path))


def _load(opened: QuerySet[Case], today: date, most: int) -> list[Load]:
    """Who handles most of what is open; the handler is the one who opened the case."""
    rows = (
        opened.values_list("filed_by_id", "filed_by__name")
        .annotate(
            n=Count("filed_on"),
            over=Count("filed_on", filter=listing.overdue(today)),
            near=Count("filed_on", filter=listing.near(today)),
        )
        .order_by("-n", "filed_by__name")
    )
    return [Load(*row) for row in rows[:most]]
