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
from django.utils.translation import ngettext

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


def _days(entries: Iterable[Any]) -> dict[date, dict[str, Any]]:
    """The entries of a list in the derivation (dates or {"date": …, …}) by their day."""
    return {
        dates.as_date(entry["date"] if isinstance(entry, dict) else entry): (
            entry if isinstance(entry, dict) else {}
        )
        for entry in entries
    }


def _is_weekend(entry: dict[str, Any]) -> bool:
    return str(entry.get("why", "")).startswith("weekend")


def _name(entry: dict[str, Any]) -> str:
    """The word for a skipped day: its holiday, or 周末."""
    if _is_weekend(entry) or not entry.get("name"):
        return _("周末") if _is_weekend(entry) else _("休息日")
    return str(entry["name"])


def is_working(derivation: dict[str, Any]) -> bool:
    return str(derivation["unit"]).startswith("working")


def weeks(derivation: dict[str, Any], *, today: date | None, event: str) -> list[list[Cell]]:
    """The calendar of the term, Monday first; empty when it is longer than ten weeks.

    `event` is the word for the day from which the term runs (送达). Days after `today` are
    drawn as still to come; without `today` all are drawn as counted.
    """
    trigger, due = dates.as_date(derivation["trigger"]), dates.as_date(derivation["due"])
    start = trigger - timedelta(days=trigger.weekday())
    if (due - start).days >= WEEKS_SHOWN * 7:
        return []
    skipped, makeup = _days(derivation["skipped"]), _days(derivation["made_up"])
    rolled = _days(derivation["rolled"])
    first = dates.as_date(derivation["first_day"])
    number, day, rows = 0, start, []
    while day <= due:
        row = []
        for _weekday in range(7):
            counts = first <= day <= due and not (is_working(derivation) and day in skipped)
            number += counts
            if day < min(trigger, first) or day > due:
                row.append(BLANK)
            else:
                label = dates.short(day) if day in (trigger, start) or day.day == 1 else _day(day)
                row.append(_cell(day, label, number, counts, derivation, today, event, rolled))
            day += ONE_DAY
        rows.append(row)
    return _with_makeup(rows, start, makeup)


def _day(day: date) -> str:
    return f"{day.day}日" if dates.is_chinese() else str(day.day)


def _cell(
    day: date,
    label: str,
    number: int,
    counts: bool,
    derivation: dict[str, Any],
    today: date | None,
    event: str,
    rolled: dict[date, dict[str, Any]],
) -> Cell:
    is_today = day == today
    mark_today = " t" if is_today else ""
    if day == dates.as_date(derivation["due"]):
        figure = str(number) if not rolled and _is_numbered(derivation) else ""
        return Cell("d", label, figure, _("期限"), is_today)
    if day in rolled:
        return Cell("h" + mark_today, label, _("顺延"), is_today=is_today)
    if counts:
        css = "f" if today is not None and day > today else "n"
        figure = str(number) if _is_numbered(derivation) else ""
        return Cell(css + mark_today, label, figure, is_today=is_today)
    skipped = _days(derivation["skipped"])
    if day in skipped:
        css = "w" if _is_weekend(skipped[day]) else "h"
        return Cell(css + mark_today, label, _name(skipped[day]), is_today=is_today)
    if day == dates.as_date(derivation["trigger"]):
        return Cell("s" + mark_today, label, event, is_today=is_today)
    return Cell("x", label)


def _is_numbered(derivation: dict[str, Any]) -> bool:
    return str(derivation["unit"]).endswith("day")


def _with_makeup(
    rows: list[list[Cell]], start: date, makeup: dict[date, dict[str, Any]]
) -> list[list[Cell]]:
    """The same rows with 班 on each make-up working day that counts."""
    marked = []
    for week, row in enumerate(rows):
        marked.append(
            [
                Cell(f"{cell.css} m", cell.label, cell.mark, cell.extra, cell.is_today, True)
                if start + timedelta(days=week * 7 + place) in makeup and cell is not BLANK
                else cell
                for place, cell in enumerate(row)
            ]
        )
    return marked


def length(derivation: dict[str, Any]) -> str:
    """20 个工作日, 15 日, 3 个月."""
    number, unit = int(derivation["length"]), str(derivation["unit"])
    if unit.startswith("working"):
        return ngettext("%(number)d 个工作日", "%(number)d 个工作日", number) % {"number": number}
    if unit.startswith("month"):
        return ngettext("%(number)d 个月", "%(number)d 个月", number) % {"number": number}
    if unit.startswith("year"):
        return ngettext("%(number)d 年", "%(number)d 年", number) % {"number": number}
    if unit.startswith("hour"):
        return ngettext("%(number)d 小时", "%(number)d 小时", number) % {"number": number}
    return ngettext("%(number)d 日", "%(number)d 日", number) % {"number": number}


def summary(derivation: dict[str, Any], *, event: str) -> str:
    """送达次日起 20 个工作日，跳过 14 天，计入 2 个调休上班日."""
    words = {
        "event": event,
        "length": length(derivation),
        "skipped": len(derivation["skipped"]),
        "made_up": len(derivation["made_up"]),
    }
    if is_working(derivation) and words["made_up"]:
        return (
            _("%(event)s次日起 %(length)s，跳过 %(skipped)d 天，计入 %(made_up)d 个调休上班日")
            % words
        )
    if is_working(derivation):
        return _("%(event)s次日起 %(length)s，跳过 %(skipped)d 天") % words
    if derivation["rolled"]:
        return _("%(event)s次日起 %(length)s，最后一日不是工作日，顺延") % words
    return _("%(event)s次日起 %(length)s") % words


def sentences(derivation: dict[str, Any], *, event: str) -> list[dict[str, str]]:
    """The derivation in steps, each {"strong": …, "text": …}."""
    trigger, due = dates.as_date(derivation["trigger"]), dates.as_date(derivation["due"])
    first = dates.as_date(derivation["first_day"])
    steps = []
    if first > trigger:
        steps.append(
            _step(
                _("%(day)s%(event)s，当日不计入")
                % {"day": dates.with_weekday(trigger, year=False), "event": event}
            )
        )
    steps.append(_step(_("%(day)s为第 1 日") % {"day": dates.with_weekday(first, year=False)}))
    if is_working(derivation) and derivation["skipped"]:
        count = len(derivation["skipped"])
        steps.append(
            _step(
                ngettext("跳过 %(count)d 天", "跳过 %(count)d 天", count) % {"count": count},
                _groups(_days(derivation["skipped"])),
            )
        )
    if is_working(derivation) and derivation["made_up"]:
        count = len(derivation["made_up"])
        days = sorted(_days(derivation["made_up"]))
        steps.append(
            _step(
                ngettext("计入 %(count)d 个调休上班日", "计入 %(count)d 个调休上班日", count)
                % {"count": count},
                _listed(dates.with_weekday(day, year=False) for day in days),
            )
        )
    steps.append(_last(derivation, due))
    return steps


def _step(strong: str, text: str = "") -> dict[str, str]:
    return {"strong": strong, "text": text}


def _last(derivation: dict[str, Any], due: date) -> dict[str, str]:
    strong = _("满 %(length)s：%(day)s") % {
        "length": length(derivation),
        "day": dates.with_weekday(due),
    }
    if derivation["rolled"]:
        days = sorted(_days(derivation["rolled"]))
        return _step(
            strong,
            _("最后一日不是工作日，%(days)s不计，顺延到这一天。") % {"days": _runs(days)},
        )
    if is_working(derivation):
        return _step(strong, _("是工作日，不顺延。当日 24 时前均为按期。"))
    return _step(strong, _("不需要顺延。当日 24 时前均为按期。"))


def calendars(derivation: dict[str, Any]) -> list[dict[str, Any]]:
    """The yearly calendars that were used, as frozen: year, status, short checksum."""
    return [
        {
            "year": calendar["year"],
            "status": calendar.get("status", ""),
            "checksum": dates.hash_short(str(calendar.get("checksum", ""))),
        }
        for calendar in derivation.get("calendar") or ()
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
