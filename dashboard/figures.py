"""What the board counts: each figure is a condition, and the address of the rows it holds for.

The board counts the condition in bulk (`board.py`); the list of orders shows the same rows under
`Figure.params`. A test opens the list of every figure and compares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from legal import periods
from rectification.models import (
    ASSESSABLE,
    MET_IN_TIME,
    UNMET,
    Extension,
    ExtensionState,
    OrderState,
    Verdict,
    where,
)

#: Below this number of assessable orders no rate is shown: one order more or less would decide it.
ENOUGH = 5
#: Upper ends of the classes of lateness, in working days (in days where the calendar is missing).
AGES = (5, 10, 20, 40)


#: Verdicts of orders that were corrected in the end.
CORRECTED = (*MET_IN_TIME, Verdict.MET_LATE)


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included, by the day of issue or by the day due."""

    key: str
    first: date
    last: date
    by: str  # "due" or "issued"

    @property
    def where(self) -> Q:
        """The orders of the period; withdrawn ones do not count."""
        return self.span & where.live()  # asked in this order: the days leave most of them out

    @property
    def span(self) -> Q:
        if self.by == "due":
            return Q(due_on__gte=self.first, due_on__lte=self.last)
        return Q(
            issued_at__gte=_midnight(self.first), issued_at__lt=_midnight(self.last + timedelta(1))
        )

    @property
    def params(self) -> dict[str, Any]:
        """The same condition in the address of the list of orders."""
        return {
            f"{self.by}_from": self.first.isoformat(),
            f"{self.by}_to": self.last.isoformat(),
        }

    def year_before(self) -> Period:
        return Period(self.key, same_day(self.first, -1), same_day(self.last, -1), self.by)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


def same_day(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True)
class Figure:
    """One number of the board: orders for which `where` holds, listed under `params`."""

    key: str
    name: Any
    where: Q
    params: dict[str, Any] = field(default_factory=dict)


def now(today: date, later: date) -> list[Figure]:
    """What is open today, whatever the period."""
    return [
        Figure("open", _("未办结"), where.open_(), {"view": "open"}),
        Figure("overdue", _("逾期"), where.overdue(today), {"view": "overdue"}),
        Figure(
            "due",
            _("7 个工作日内到期"),
            where.due_between(today, later),
            {"view": "due", "due_from": today.isoformat(), "due_to": later.isoformat()},
        ),
        Figure("term", _("改正期限内"), where.in_term(today), {"view": "term"}),
        Figure("serve", _("待送达"), where.to_serve(), {"view": "serve"}),
        Figure("reinspect", _("待复查"), where.to_reinspect(today), {"view": "reinspect"}),
        Figure("judge", _("待结论"), where.to_judge(), {"view": "judge"}),
        Figure("extension", _("延期待审批"), where.extension_to_decide(), {"view": "extension"}),
        Figure("suspension", _("期限中止"), where.suspended(), {"view": "suspended"}),
    ]


def of_period(period: Period) -> list[Figure]:
    """What became of the orders of the period."""
    counted, given = period.where, period.params
    extended = Extension.objects.filter(state=ExtensionState.GRANTED).values("order_id")
    return [
        Figure("all", _("本期件数"), counted, given),
        _by_verdict("assessable", _("可评定"), ASSESSABLE, period),
        _by_verdict("in_time", _("按期改正"), MET_IN_TIME, period),
        _by_verdict("corrected", _("改正完毕"), CORRECTED, period),
        _by_verdict("unmet", _("未改正、部分改正"), UNMET, period),
        Figure("extended", _("准予延期"), counted & Q(pk__in=extended), given | {"extended": "1"}),
        Figure(
            "escalated",
            _("转后续处理"),
            counted & Q(state=OrderState.ESCALATED),
            given | {"state": OrderState.ESCALATED.value},
        ),
        *(_by_verdict(f"verdict_{v}", v.label, (v,), period) for v in Verdict),
    ]


def _by_verdict(key: str, name: Any, verdicts: tuple[Verdict, ...], period: Period) -> Figure:
    return Figure(
        key,
        name,
        period.where & Q(verdict__in=verdicts),
        period.params | {"verdict": [v.value for v in verdicts]},
    )


# --- How late -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Age:
    """A class of lateness: due from `first` (None: no lower end) to `last`."""

    first: date | None
    last: date
    name: str

    @property
    def span(self) -> Q:
        span = Q(due_on__lte=self.last)
        return span if self.first is None else span & Q(due_on__gte=self.first)

    @property
    def params(self) -> dict[str, Any]:
        given = {"view": "overdue", "due_to": self.last.isoformat()}
        return given if self.first is None else given | {"due_from": self.first.isoformat()}


def ages(today: date, calendar: periods.Calendar) -> list[Age]:
    """The classes of lateness as spans of due days, the youngest first.

    An order due on D is n working days late when n working days lie after D, up to today.
    """
    try:
        bounds = [_earliest(today, number, calendar) for number in AGES]
        names = _age_names(
            _("%(n)d 个工作日以内"), _("%(m)d 至 %(n)d 个工作日"), _("超过 %(n)d 个工作日")
        )
    except periods.CalendarMissing:
        bounds = [today - timedelta(number) for number in AGES]
        names = _age_names(_("%(n)d 天以内"), _("%(m)d 至 %(n)d 天"), _("超过 %(n)d 天"))
    firsts = [*bounds, None]
    lasts = [today - timedelta(1), *(bound - timedelta(1) for bound in bounds)]
    return [Age(first, last, name) for first, last, name in zip(firsts, lasts, names, strict=True)]


def _earliest(today: date, number: int, calendar: periods.Calendar) -> date:
    """The earliest due day that is at most `number` working days late."""
    if calendar.is_working_day(today):
        return calendar.nth_working_day_before(today, number)
    return calendar.nth_working_day_before(today, number + 1)


def _age_names(first: str, middle: str, last: str) -> list[str]:
    names = [first % {"n": AGES[0]}]
    names += [middle % {"m": low + 1, "n": high} for low, high in pairwise(AGES)]
    return [*names, last % {"n": AGES[-1]}]


# --- Rates --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """In time ÷ assessable. `percent` is None under ENOUGH assessable orders."""

    in_time: int
    assessable: int

    @property
    def percent(self) -> int | None:
        if self.assessable < ENOUGH:
            return None
        return round(100 * self.in_time / self.assessable)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.in_time + other.in_time, self.assessable + other.assessable)
