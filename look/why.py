"""Why this day: the stored derivation of a period, laid out as a calendar and as sentences.

Nothing is computed anew: the cells and the sentences are read from the derivation that was
frozen with the date (`legal.periods` says what its keys mean), so that an old paper goes on to
explain itself with the calendar of its time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from look import dates

WEEKS_SHOWN = 10
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cell:
    """One day of the calendar table; `css` are the letters that the stylesheet knows."""

    css: str
    label: str = ""
    mark: str = ""
    extra: str = ""
    is_today: bool = False
    is_makeup: bool = False


BLANK = Cell("x")


def _days(entries: Iterable[dict[str, Any]]) -> dict[date, dict[str, Any]]:
    """The entries of a list in the derivation by their day."""
    return {dates.as_date(entry["date"]): entry for entry in entries}


def _name(entry: dict[str, Any]) -> str:
    """The word for a day that does not count: its holiday, the weekend, a suspension."""
    return str(entry["name"] if dates.is_chinese() else entry.get("name_en") or entry["name"])


def _said(words: dict[str, str]) -> str:
    """One of the derivation's pairs {"zh", "en"} in the reader's language."""
    return words["zh"] if dates.is_chinese() else words["en"]


def event(derivation: dict[str, Any]) -> str:
    """The word for what set the period going: 送达."""
    return _said(derivation["event"])


def sentence(derivation: dict[str, Any]) -> str:
    """The whole derivation as the law room wrote it, in one sentence."""
    return str(derivation["sentence_zh" if dates.is_chinese() else "sentence_en"])


def is_working(derivation: dict[str, Any]) -> bool:
    return derivation["unit"] == "working_day"


def _counted_forward(derivation: dict[str, Any]) -> bool:
    """Whether the days can be counted off one by one from the trigger to the due date."""
    if derivation["kind"] in ("named", "counted_back") or derivation["unit"] == "hour":
        return False
    return is_working(derivation) or derivation["kind"] != "resumed"


def weeks(derivation: dict[str, Any], *, today: date | None) -> list[list[Cell]]:
    """The calendar of the term, Monday first; empty when it is longer than ten weeks, or when
    the date was not counted day by day from its trigger (a named date, a term in hours).

    Days after `today` are drawn as still to come; without `today` all are drawn as counted.
    """
    if not _counted_forward(derivation):
        return []
    trigger, due = dates.as_date(derivation["trigger"]), dates.as_date(derivation["due"])
    start = trigger - timedelta(days=trigger.weekday())
    if (due - start).days >= WEEKS_SHOWN * 7:
        return []
    term = _Term(derivation, today)
    number, day, rows = 0, start, []
    while day <= due:
        row = []
        for _weekday in range(7):
            number += term.counts(day)
            row.append(term.cell(day, number) if trigger <= day <= due else BLANK)
            day += ONE_DAY
        rows.append(row)
    return rows


class _Term:
    """The stored days of one derivation, ready to be drawn."""

    def __init__(self, derivation: dict[str, Any], today: date | None) -> None:
        self.today = today
        self.trigger = dates.as_date(derivation["trigger"])
        self.first = dates.as_date(derivation["first_day"])
        self.due = dates.as_date(derivation["due"])
        self.skipped = _days(derivation["skipped"])
        self.made_up = _days(derivation["made_up"])
        self.rolled = _days(derivation["rolled"])
        self.is_numbered = derivation["unit"] in ("working_day", "calendar_day")
        self.event = event(derivation)

    def counts(self, day: date) -> bool:
        return self.first <= day <= self.due and day not in self.skipped

    def cell(self, day: date, number: int) -> Cell:
        css, mark, extra = self._drawn(day, str(number) if self.is_numbered else "")
        is_makeup, is_today = day in self.made_up, day == self.today
        begins = day == self.trigger or day.day == 1
        return Cell(
            css=css + " t" * is_today + " m" * is_makeup,
            label=dates.short(day) if begins else _day(day),
            mark=mark,
            extra=extra,
            is_today=is_today,
            is_makeup=is_makeup,
        )

    def _drawn(self, day: date, figure: str) -> tuple[str, str, str]:
        """Letter of the stylesheet, the word or number in the cell, and what stands behind it."""
        if day == self.due:
            return "d", "" if self.rolled else figure, pgettext("日历", "期限")
        if day in self.rolled:
            return "h", _("顺延"), ""
        if day in self.skipped:
            weekend = self.skipped[day]["why"] == "weekend"
            return "w" if weekend else "h", _name(self.skipped[day]), ""
        if self.counts(day):
            return "f" if self.today is not None and day > self.today else "n", figure, ""
        return "s", self.event, ""


def _day(day: date) -> str:
    return f"{day.day}日" if dates.is_chinese() else str(day.day)


def length(derivation: dict[str, Any]) -> str:
    """20 个工作日, 15 日, 3 个月."""
    number, unit = int(derivation["length"]), str(derivation["unit"])
    if unit == "working_day":
        return ngettext("%(number)d 个工作日", "%(number)d 个工作日", number) % {"number": number}
    if unit == "month":
        return ngettext("%(number)d 个月", "%(number)d 个月", number) % {"number": number}
    if unit == "year":
        return ngettext("%(number)d 年", "%(number)d 年", number) % {"number": number}
    if unit == "hour":
        return ngettext("%(number)d 小时", "%(number)d 小时", number) % {"number": number}
    return ngettext("%(number)d 日", "%(number)d 日", number) % {"number": number}


def summary(derivation: dict[str, Any]) -> str:
    """送达次日起 20 个工作日，跳过 14 天，计入 2 个调休上班日."""
    if derivation["kind"] == "named":
        return _("文书载明的就是这一天")
    words = {
        "event": event(derivation),
        "length": length(derivation),
        "skipped": len(derivation["skipped"]),
        "made_up": len(derivation["made_up"]),
    }
    if derivation["kind"] == "counted_back":
        return _("%(event)s之前 %(length)s") % words
    if derivation["unit"] == "hour":
        return _("%(event)s起 %(length)s") % words
    if is_working(derivation) and words["made_up"]:
        return (
            _("%(event)s次日起 %(length)s，跳过 %(skipped)d 天，计入 %(made_up)d 个调休上班日")
            % words
        )
    if words["skipped"]:
        return _("%(event)s次日起 %(length)s，跳过 %(skipped)d 天") % words
    if derivation["rolled"]:
        return _("%(event)s次日起 %(length)s，最后一日不是工作日，顺延") % words
    return _("%(event)s次日起 %(length)s") % words


def steps(derivation: dict[str, Any]) -> list[dict[str, str]]:
    """The derivation step by step, each {"strong": …, "text": …}.

    A date that was not counted day by day is told in the one sentence that was stored with it.
    """
    if not _counted_forward(derivation):
        strong = _("期限：%(day)s") % {"day": dates.with_weekday(dates.as_date(derivation["due"]))}
        return [{"strong": strong, "text": sentence(derivation)}]
    trigger, first = dates.as_date(derivation["trigger"]), dates.as_date(derivation["first_day"])
    told = []
    if first > trigger:
        words = {
            "day": dates.with_weekday(trigger, year=False),
            "event": event(derivation),
        }
        told.append(_step(_("%(day)s%(event)s，当日不计入") % words))
    told.append(_step(_("%(day)s为第 1 日") % {"day": dates.with_weekday(first, year=False)}))
    if derivation["skipped"]:
        count = len(derivation["skipped"])
        told.append(
            _step(
                ngettext("跳过 %(count)d 天", "跳过 %(count)d 天", count) % {"count": count},
                _groups(_days(derivation["skipped"])),
            )
        )
    if derivation["made_up"]:
        days = sorted(_days(derivation["made_up"]))
        told.append(
            _step(
                ngettext("计入 %(count)d 个调休上班日", "计入 %(count)d 个调休上班日", len(days))
                % {"count": len(days)},
                _listed(dates.with_weekday(day, year=False) for day in days),
            )
        )
    told.append(_last(derivation))
    return told


def warnings(derivation: dict[str, Any]) -> list[str]:
    """What the law room found worth saying about the date: 送达后只剩2个工作日。"""
    return [_said(warning) for warning in derivation["warnings"]]


def _step(strong: str, text: str = "") -> dict[str, str]:
    return {"strong": strong, "text": text}


def _last(derivation: dict[str, Any]) -> dict[str, str]:
    strong = _("满 %(length)s：%(day)s") % {
        "length": length(derivation),
        "day": dates.with_weekday(dates.as_date(derivation["due"])),
    }
    if derivation["rolled"]:
        days = sorted(_days(derivation["rolled"]))
        return _step(
            strong,
            _("最后一日不是工作日（%(days)s），顺延到这一天。当日 24 时前均为按期。")
            % {"days": _runs(days)},
        )
    if is_working(derivation):
        return _step(strong, _("是工作日，不顺延。当日 24 时前均为按期。"))
    return _step(strong, _("不需要顺延。当日 24 时前均为按期。"))


def calendars(derivation: dict[str, Any]) -> list[dict[str, Any]]:
    """The yearly calendars that were used, as frozen: year, status, short checksum."""
    return [
        {
            "year": calendar["year"],
            "status": calendar["status"],
            "checksum": dates.hash_short(str(calendar["checksum"])),
        }
        for calendar in derivation["calendar"]
    ]


def _groups(skipped: dict[date, dict[str, Any]]) -> str:
    """春节 1月28日至2月4日，8 天；周末 1月11日、1月12日，2 天."""
    by_name: dict[str, list[date]] = {}
    for day in sorted(skipped):
        by_name.setdefault(_name(skipped[day]), []).append(day)
    return _listed(
        (
            ngettext(
                "%(name)s %(days)s，%(count)d 天", "%(name)s %(days)s，%(count)d 天", len(days)
            )
            % {"name": name, "days": _runs(days), "count": len(days)}
            for name, days in by_name.items()
        ),
        chinese="；",
        english="; ",
    )


def _runs(days: list[date]) -> str:
    """Days in a row as 1月28日至2月4日, the others one by one."""
    written = []
    for _key, group in groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0]):
        run = [day for _place, day in group]
        if len(run) >= 3:
            written.append(
                _("%(first)s至%(last)s")
                % {"first": dates.short(run[0]), "last": dates.short(run[-1])}
            )
        else:
            written.extend(dates.short(day) for day in run)
    return _listed(written)


def _listed(words: Iterable[str], *, chinese: str = "、", english: str = ", ") -> str:
    return (chinese if dates.is_chinese() else english).join(words)
