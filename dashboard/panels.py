"""How the board is told: numbers to words, each with the address of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import Unit
from dashboard import links
from dashboard.board import FEW_MONTHS, MONTHS, Board, Row, concentrated, months_until
from dashboard.figures import ENOUGH, Age, Figure, Period, Rate, same_day
from dashboard.rows import left_words
from deadlines import duties
from legal import periods
from rectification.models import Verdict

#: Violation types shown before "all of them" is asked for.
TYPES = 8
UNITS = 12


@dataclass(frozen=True)
class Panels:
    """Turns one `Board` into what the templates show. `scope` limits every address to a unit."""

    board: Board
    figures: Mapping[str, Figure]
    ages: Sequence[Age]
    period: Period
    today: date
    calendar: periods.Calendar
    scope: Unit | None

    def link(self, params: Mapping[str, Any], unit: Unit | None = None) -> str:
        unit = unit or self.scope
        return links.orders(**params, unit=unit.pk if unit else None)

    def number(self, key: str) -> int:
        return self.board.total.numbers[key]

    # --- The one sentence ---

    def sentence(self) -> dict[str, Any]:
        """What to know before anything else, with links to the units that hold most of it."""
        overdue = self.number("overdue")
        if not overdue:
            return {"overdue": 0, "next": self.board.total.next_due}
        worst = concentrated(self.board.units, overdue)
        return {
            "overdue": overdue,
            "url": self.link(self.figures["overdue"].params),
            "oldest": self._oldest(),
            "held": sum(row.numbers["overdue"] for row in worst),
            "units": [self._overdue_of(row) for row in worst],
        }

    def _oldest(self) -> str:
        day = self.board.total.oldest
        return left_words(periods.left(self.today, day, self.calendar)) if day else ""

    def _longest(self) -> str:
        """最久 45 个工作日."""
        if self.board.total.oldest is None:
            return ""
        left = periods.left(self.today, self.board.total.oldest, self.calendar)
        if left.unit == periods.WORKING_DAY:
            words = ngettext("最久 %(n)d 个工作日", "最久 %(n)d 个工作日", left.number)
        else:
            words = ngettext("最久 %(n)d 天", "最久 %(n)d 天", left.number)
        return words % {"n": left.number}

    def _overdue_of(self, row: Row) -> dict[str, Any]:
        return {
            "name": _unit_name(row),
            "number": row.numbers["overdue"],
            "url": self._of_unit(row, self.figures["overdue"].params),
        }

    # --- Figures ---

    def kpis(self) -> list[dict[str, Any]]:
        return [self._rate_kpi(), *self._now_kpis(), *self._period_kpis()]

    def _rate_kpi(self) -> dict[str, Any]:
        rate = self.board.total.rate()
        definition = (
            _("可评定：期限落在本期且已有结论；不含撤回、无须评定和还没有结论的。")
            if self.period.by == "due"
            else _("可评定：本期签发且已有结论；不含撤回、无须评定和还没有结论的。")
        )
        kpi = {
            "name": _("按期改正率"),
            "main": True,
            "url": self.link(self.figures["assessable"].params),
            "fraction": _("按期 %(in_time)d 件 ÷ 可评定 %(assessable)d 件。")
            % {"in_time": rate.in_time, "assessable": rate.assessable},
            "text": definition,
        }
        if rate.percent is None:
            few = _("可评定不足 %(n)d 件，不计算比率。") % {"n": ENOUGH}
            return kpi | {"value": "—", "few": few}
        return kpi | {"value": rate.percent, "unit": "%", "good": self._compared(rate)}

    def _compared(self, rate: Rate) -> str:
        before = self.board.total.rate("before_").percent
        if before is None or rate.percent is None:
            return ""
        change = rate.percent - before
        if change > 0:
            return _("比上年同期高 %(n)d 个百分点") % {"n": change}
        if change < 0:
            return _("比上年同期低 %(n)d 个百分点") % {"n": -change}
        return _("与上年同期持平")

    def _now_kpis(self) -> list[dict[str, Any]]:
        overdue = self.number("overdue")
        return [
            self._kpi(
                "overdue",
                tone="over" if overdue else "",
                text=self._longest() if overdue else "",
            ),
            self._kpi("due", tone="soon" if self.number("due") else "", text=_("含今天")),
            self._kpi("term", text=_("已送达，未报告改正")),
            self._kpi("serve", text=_("已签发，期限未起算")),
            self._kpi("reinspect", text=_("已报告改正或期限已过")),
        ]

    def _period_kpis(self) -> list[dict[str, Any]]:
        whole = self.number("all")
        return [
            self._kpi("open", text=_("已签发，还没有结论"), wide=True),
            self._days_kpi(),
            self._kpi("extended", text=_("本期 %(n)d 件中") % {"n": whole}, wide=True),
            self._kpi("unmet", text=_("本期结论"), wide=True),
            self._kpi("escalated", text=_("本期 %(n)d 件中") % {"n": whole}, wide=True),
        ]

    def _longest_asked(self) -> str:
        """The age of the oldest request that nobody decided yet."""
        asked = self.board.total.asked
        if asked is None:
            return _("没有等待审批的申请")
        days = (self.today - periods.local_date(asked)).days
        return ngettext("最久已等 %(n)d 天", "最久已等 %(n)d 天", days) % {"n": days}

    def _days_kpi(self) -> dict[str, Any]:
        kpi: dict[str, Any] = {"name": _("改正用时"), "wide": True}
        if self.board.median is None:
            return kpi | {"value": "—", "text": _("本期没有改正完毕的")}
        return kpi | {
            "value": self.board.median,
            "unit": ngettext("天", "天", self.board.median),
            "url": self.link(self.figures["corrected"].params),
            "text": _("送达至改正完成的中位数；九成在 %(n)d 天内") % {"n": self.board.ninety},
        }

    def _kpi(
        self, key: str, *, text: str = "", tone: str = "", wide: bool = False
    ) -> dict[str, Any]:
        figure = self.figures[key]
        kpi = {
            "name": figure.name,
            "value": self.number(key),
            "url": self.link(figure.params),
            "text": text,
            "wide": wide,
        }
        return kpi | {"tone": tone} if tone else kpi

    # --- Bars ---

    def ageing(self) -> dict[str, Any]:
        rows = [
            {
                "name": age.name,
                "value": self.number(f"age_{place}"),
                "tone": "red",
                "url": self.link(age.params),
            }
            for place, age in enumerate(self.ages)
        ]
        return {
            "rows": rows,
            "maximum": _top(rows),
            "total": self.number("overdue"),
            "head": [_("逾期"), _("件数")],
        }

    def verdicts(self) -> dict[str, Any]:
        tones = {
            Verdict.MET_EARLY: "green",
            Verdict.MET_ON_TIME: "green",
            Verdict.MET_LATE: "blue",
            Verdict.PARTLY: "red",
            Verdict.NOT_MET: "red",
        }
        rows = [
            {
                "name": verdict.label,
                "value": self.number(f"verdict_{verdict}"),
                "tone": tone,
                "url": self.link(self.figures[f"verdict_{verdict}"].params),
            }
            for verdict, tone in tones.items()
        ]
        return {
            "rows": rows,
            "maximum": _top(rows),
            "total": self.number("assessable"),
            "head": [_("结论"), _("件数")],
            "moot": self.number(f"verdict_{Verdict.MOOT}"),
            "moot_url": self.link(self.figures[f"verdict_{Verdict.MOOT}"].params),
        }

    # --- Tables ---

    def units(self, *, every: bool) -> dict[str, Any]:
        rows = [self._unit(row) for row in self.board.units]
        return {
            "total": self._unit(self.board.total) | {"total": True},
            "rows": rows if every else rows[:UNITS],
            "number": len(rows),
            "hidden": not every and len(rows) > UNITS,
            "most": max((row["overdue"] for row in rows), default=0),
        }

    def _unit(self, row: Row) -> dict[str, Any]:
        months = months_until(min(self.period.last, self.today), FEW_MONTHS)
        rates = [row.months[month].percent for month in months]
        said = _("、").join(f"{rate}%" if rate is not None else "—" for rate in rates)
        return {
            "name": _unit_name(row),
            "pk": row.unit.pk,
            "own": row.own,
            "has_children": row.has_children,
            "all": row.numbers["all"],
            "all_url": self._of_unit(row, self.period.params),
            "rate": row.rate(),
            "rates": rates,
            "said": _("近 %(n)d 个月按期率：%(rates)s") % {"n": FEW_MONTHS, "rates": said},
            "overdue": row.numbers["overdue"],
            "overdue_url": self._of_unit(row, self.figures["overdue"].params),
            "serve": row.numbers["serve"],
            "serve_url": self._of_unit(row, self.figures["serve"].params),
            "reinspect": row.numbers["reinspect"],
            "reinspect_url": self._of_unit(row, self.figures["reinspect"].params),
        }

    def _of_unit(self, row: Row, params: Mapping[str, Any]) -> str:
        """The list takes a unit with everything below it, or that unit alone."""
        return links.orders(**params, unit=row.unit.pk, unit_only="1" if row.own else "")

    def types(self, *, every: bool) -> dict[str, Any]:
        rows = [
            {
                "name": row.type.name,
                "code": row.type.pk,
                "orders": row.orders,
                "rate": row.rate,
                "url": self.link({**self.period.params, "type": row.type.pk}),
            }
            for row in self.board.types
        ]
        return {
            "rows": rows if every else rows[:TYPES],
            "number": len(rows),
            "more": not every and len(rows) > TYPES,
            "maximum": max((row.orders for row in self.board.types), default=0),
        }

    # --- Duties ---

    def standing(self) -> list[dict[str, Any]]:
        """Orders whose term waits for somebody: for a decision, or for the end of a suspension."""
        return [
            self._kpi("extension", text=self._longest_asked()),
            self._kpi("suspension", text=_("中止期间不计算期限")),
        ]

    def duties(self, counted: Sequence[duties.Counted]) -> list[dict[str, Any]]:
        """What the units owe themselves, each figure with the address of its rows."""
        return [
            {
                "name": each.duty.word,
                "what": each.duty.what,
                "house": each.duty.house,
                "page": each.url(),
                **{
                    state: {"value": getattr(each.counts, state), "url": each.urls[state]}
                    for state in duties.STATES
                },
            }
            for each in counted
        ]

    # --- The trend ---

    def trend(self) -> dict[str, Any]:
        """Rates by month against the year before; months under ENOUGH stay empty."""
        months = months_until(min(self.period.last, self.today), MONTHS)
        this = [self.board.total.months[month] for month in months]
        last = [self.board.total.months[same_day(month, -1)] for month in months]
        known = [rate.percent for rate in (*this, *last) if rate.percent is not None]
        table: list[dict[str, Any]] = [
            {"month": month, "this": now, "last": before}
            for month, now, before in zip(months, this, last, strict=True)
        ]
        if len([rate for rate in this if rate.percent is not None]) < 2:
            some = [row for row in table if row["this"].assessable or row["last"].assessable]
            return {"table": some, "chart": None}
        low = max(0, min(known) // 10 * 10 - 10)
        return {
            "table": table,
            "chart": {
                "labels": [_month(month) for month in months],
                "series": [
                    {
                        "name": _("本年"),
                        "values": [rate.percent for rate in this],
                        "last": _ending(this, _("%(n)d%%")),
                    },
                    {
                        "name": _("上年同期"),
                        "values": [rate.percent for rate in last],
                        "last": _ending(last, _("上年 %(n)d")),
                    },
                ],
                "low": low,
                "high": 100,
                "step": 10 if low >= 40 else 20,
                "unit": "%",
                "label": self._trend_words(months, this),
            },
        }

    def _trend_words(self, months: Sequence[date], rates: Sequence[Rate]) -> str:
        known = [
            (month, rate.percent)
            for month, rate in zip(months, rates, strict=True)
            if rate.percent is not None
        ]
        (first, start), (last, end) = known[0], known[-1]
        return _("按期改正率：%(first)s %(start)d%%，%(last)s %(end)d%%。数据表在图下。") % {
            "first": date_format(first, "YEAR_MONTH_FORMAT"),
            "start": start,
            "last": date_format(last, "YEAR_MONTH_FORMAT"),
            "end": end,
        }


def _ending(rates: Sequence[Rate], words: str) -> str:
    known = [rate.percent for rate in rates if rate.percent is not None]
    return words % {"n": known[-1]} if known else ""


def _month(month: date) -> str:
    return date_format(month, pgettext("Django 日期格式：只写月份", "n月"))


def _top(rows: Sequence[Mapping[str, Any]]) -> int:
    return max((row["value"] for row in rows), default=0)


def _unit_name(row: Row) -> str:
    name = row.unit.short_name or row.unit.name
    return _("%(unit)s（本级）") % {"unit": name} if row.own else name
