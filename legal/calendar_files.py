"""Reading a year's days off from a file: holiday-cn's JSON, CSV, or an .ics calendar. No database.

`read(data, name)` finds out which it is. Nothing is half-read: what cannot be understood raises
BadCalendar, with the line and what to do. Accepted text: UTF-8 with or without a mark, UTF-16 with
one, and GBK as spreadsheets on Chinese systems write it.

CSV: columns 日期, 名称, 类型 in any order, in Chinese or English, separated by comma, semicolon or
tab; 类型 is 放假 or 上班. Either only the days that differ from the plain week are listed, or all
days of the year: then none may be missing.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import icalendar
from django.utils.translation import gettext as _

from legal.published import (
    NEXT_NOTICE,
    OFFICIAL,
    PROVISIONAL,
    BadCalendar,
    Published,
    belongs,
    check,
)

AT_MOST = 500_000  # bytes; a year is a few thousand, a collection of thirty years under 200,000
_LONGEST_NAME = 40
_LONGEST_EVENT = 40  # days
_NUL = "\x00"

_COLUMNS = {
    "day": {"日期", "日子", "date", "day"},
    "name": {"名称", "节日", "假日", "节假日", "说明", "备注", "name", "holiday", "festival"},
    "kind": {"类型", "种类", "安排", "状态", "kind", "type", "status"},
}
_OFF = {"放假", "休", "休息", "休息日", "假日", "节假日", "法定节假日", "周末", "公休"} | {
    "off",
    "holiday",
    "rest",
    "weekend",
}
_WORK = {"上班", "班", "补班", "调休上班", "调休", "工作日", "平日"} | {
    "work",
    "working",
    "workday",
    "weekday",
}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d\d)(\d\d)")
_MARKED = re.compile(r"[（(【\[]\s*([休班])\s*[）)】\]]|\s([休班])$")
_SPECIAL = {"WORK-HOLIDAY": True, "ALTERNATE-WORKDAY": False}


class _Line(NamedTuple):
    """One day as a file has it, and where it stands there (for a refusal)."""

    day: date
    is_off: bool
    name: str
    where: str


def read(
    data: bytes | str,
    name: str = "",
    *,
    year: int | None = None,
    status: str = "",
    source: str = "",
) -> Published:
    """The days off of one year from a file; `name` helps to tell the kinds apart.

    `year` chooses from a collection of several years. `source` is the notice, where the file does
    not name it; `status` is "official" or "provisional": without it, a calendar that names its
    source is official and one that does not is provisional. Raises BadCalendar.
    """
    text = decode(data) if isinstance(data, bytes) else data.removeprefix("\ufeff")
    if not text.strip():
        raise BadCalendar(_("文件是空的。"))
    head = text.lstrip()[:200].upper()
    if head.startswith("BEGIN:VCALENDAR"):
        return _of_lines(_ics_lines(text), year, status, source)
    if name.lower().endswith(".ics"):
        raise BadCalendar(_("不是 .ics 日历文件：第 1 行应为 BEGIN:VCALENDAR。"))
    if name.lower().endswith((".csv", ".tsv", ".txt")) or _looks_like_csv(text):
        return _of_lines(_csv_lines(text), year, status, source)
    return read_json(text, year=year, status=status, source=source)


def decode(data: bytes) -> str:
    """The text of a file, whichever of the usual encodings it has. Raises BadCalendar."""
    if len(data) > AT_MOST:
        raise BadCalendar(
            _("文件过大（%(size)d 字节）：一年的日历只有几千字节。请确认选对了文件。")
            % {"size": len(data)}
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NUL not in text:
            return text
    raise BadCalendar(_("不是文本文件，或者编码不是 UTF-8、GBK。请另存为 UTF-8 再导入。"))


# --- JSON --------------------------------------------------------------------------------------


def read_json(
    text: str, *, year: int | None = None, status: str = "", source: str = ""
) -> Published:
    """The shape of holiday-cn: {"year", "papers", "days": [{"name", "date", "isOffDay"}]}."""
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise BadCalendar(
            _("不是 holiday-cn 格式的日历文件：第 %(line)d 行不是 JSON。") % {"line": error.lineno}
        ) from error
    except RecursionError as error:
        raise BadCalendar(_("不是 holiday-cn 格式的日历文件：嵌套过深。")) from error
    if not isinstance(data, dict) or not isinstance(data.get("days"), list):
        raise BadCalendar(
            _("不是 holiday-cn 格式的日历文件：应为 %(shape)s。")
            % {"shape": '{"year": …, "papers": […], "days": […]}'}
        )
    found = data.get("year")
    if isinstance(found, bool) or not isinstance(found, int):
        raise BadCalendar(_("不是 holiday-cn 格式的日历文件：没有年份（year）。"))
    if year is not None and found != year:
        raise BadCalendar(
            _("文件是%(found)s年的，不是%(year)s年的。") % {"found": found, "year": year}
        )
    papers = data.get("papers")
    named = " ".join(str(paper) for paper in papers) if isinstance(papers, list) else ""
    if not data["days"]:
        raise BadCalendar(_("%(year)s年的文件里没有日期，通知可能还没有公布。") % {"year": found})
    return _published(_json_lines(data["days"]), found, status, source or named)


def _json_lines(days: list[Any]) -> Iterator[_Line]:
    for number, entry in enumerate(days, 1):
        where = _("第 %(number)d 项") % {"number": number}
        try:
            day, is_off, name = entry["date"], entry["isOffDay"], entry["name"]
        except (KeyError, TypeError, IndexError):
            raise BadCalendar(
                _("不是 holiday-cn 格式的日历文件：%(where)s缺少 date、name 或 isOffDay。")
                % {"where": where}
            ) from None
        if not isinstance(is_off, bool):
            raise BadCalendar(_("%(where)s的 isOffDay 应为 true 或 false。") % {"where": where})
        yield _Line(_day(str(day), where), is_off, str(name).strip(), where)


# --- CSV ---------------------------------------------------------------------------------------


def _looks_like_csv(text: str) -> bool:
    first = text.lstrip("\ufeff").lstrip().splitlines()[0]
    return not first.startswith(("{", "[")) and any(mark in first for mark in ",;\t，")


def _csv_lines(text: str) -> Iterator[_Line]:
    lines = text.removeprefix("\ufeff").replace("，", ",").splitlines()
    first = next((line for line in lines if line.strip()), "")
    mark = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)
    columns: dict[str, int] | None = None
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if columns is None:
                columns = _columns(cells, rows.line_num)
            else:
                yield _csv_line(cells, columns, rows.line_num)
    except csv.Error as error:
        raise BadCalendar(
            _("第 %(line)d 行不是 CSV：引号没有成对。") % {"line": rows.line_num}
        ) from error


def _columns(cells: list[str], line: int) -> dict[str, int]:
    found = {}
    for key, words in _COLUMNS.items():
        places = [place for place, cell in enumerate(cells) if cell.lower() in words]
        if len(places) == 1:
            found[key] = places[0]
    if len(found) < len(_COLUMNS):
        raise BadCalendar(
            _("第 %(line)d 行应为列名“日期,名称,类型”（类型写放假或上班），读到的是“%(found)s”。")
            % {"line": line, "found": ",".join(cells)[:60]}
        )
    return found


def _csv_line(cells: list[str], columns: dict[str, int], number: int) -> _Line:
    where = _("第 %(line)d 行") % {"line": number}
    if len(cells) <= max(columns.values()):
        raise BadCalendar(
            _("%(where)s只有 %(count)d 列，少于列名行。请补全。")
            % {"where": where, "count": len(cells)}
        )
    kind = cells[columns["kind"]].lower()
    if kind not in _OFF | _WORK:
        raise BadCalendar(
            _("%(where)s的类型“%(kind)s”看不懂，请写放假或上班。")
            % {"where": where, "kind": kind[:20]}
        )
    return _Line(_day(cells[columns["day"]], where), kind in _OFF, cells[columns["name"]], where)


# --- .ics --------------------------------------------------------------------------------------


def _ics_lines(text: str) -> Iterator[_Line]:
    try:
        calendar = icalendar.Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise BadCalendar(
            _("不是完整的 .ics 日历文件：%(why)s。") % {"why": str(error)[:80]}
        ) from error
    found = False
    for number, event in enumerate(calendar.walk("VEVENT"), 1):
        where = _("第 %(number)d 个事件") % {"number": number}
        summary = str(event.get("SUMMARY", "")).strip()
        is_off = _ics_kind(event, summary)
        if is_off is None:
            # A mark without rest or work (七夕, 立春) says nothing about working days.
            continue
        found = True
        first, last = _ics_days(event, where)
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            yield _Line(day, is_off, _ics_name(summary), where)
    if not found:
        raise BadCalendar(
            _("没有一个事件写明休息或上班；事件名称应如“春节假期”“春节（休）”“上班(补春节假期)”。")
        )


def _ics_kind(event: Any, summary: str) -> bool | None:
    special = str(event.get("X-APPLE-SPECIAL-DAY", "")).upper()
    if special in _SPECIAL:
        return _SPECIAL[special]
    mark = _MARKED.search(summary)
    if mark:
        return "休" in mark[0]
    if any(word in summary for word in ("上班", "补班", "调休班")):
        return False
    if any(word in summary for word in ("假期", "放假", "休假")):
        return True
    return None


def _ics_days(event: Any, where: str) -> tuple[date, date]:
    if "RRULE" in event:
        raise BadCalendar(_("%(where)s是重复事件；节假日须逐年写明。") % {"where": where})
    start = getattr(event.get("DTSTART"), "dt", None)
    end = getattr(event.get("DTEND"), "dt", None)
    if any(isinstance(each, datetime) for each in (start, end)) or not isinstance(start, date):
        raise BadCalendar(_("%(where)s不是全天事件（DTSTART;VALUE=DATE）。") % {"where": where})
    # The end of an all-day event is the day after it (RFC 5545, 3.6.1).
    last = end - timedelta(days=1) if isinstance(end, date) and end > start else start
    if (last - start).days >= _LONGEST_EVENT:
        raise BadCalendar(
            _("%(where)s长达 %(count)d 天，不会是节假日。")
            % {"where": where, "count": (last - start).days + 1}
        )
    return start, last


def _ics_name(summary: str) -> str:
    """春节 out of 春节假期, 春节（休）, 上班(补春节假期)."""
    name = _MARKED.sub("", summary)
    for word in ("上班", "补班", "假期", "放假", "调休", "补"):
        name = name.replace(word, "")
    return name.strip(" ()（）:：-—·")


# --- Days into a year --------------------------------------------------------------------------


def _day(text: str, where: str) -> date:
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        return date(*(int(part) for part in match.groups() if part is not None))
    except ValueError:
        raise BadCalendar(
            _("%(where)s的日期“%(text)s”看不懂，请写成 2027-01-31。")
            % {"where": where, "text": text[:20]}
        ) from None


def _of_lines(lines: Iterable[_Line], year: int | None, status: str, source: str) -> Published:
    """One year out of the lines of a table or a calendar that may hold several."""
    every = list(lines)
    if not every:
        raise BadCalendar(_("文件里没有日期，通知可能还没有公布。"))
    if year is None:
        year = _only_year(every)
    chosen = [line for line in every if belongs(line.day, year)]
    if any(line.day.year > year for line in every):
        # In a collection the last days of December are set by the notice of the year after.
        late = date(year, *NEXT_NOTICE)
        chosen = [line for line in chosen if line.day < late]
    if not chosen:
        raise BadCalendar(_("文件里没有%(year)s年的日期。") % {"year": year})
    return _published(chosen, year, status, source)


def _only_year(lines: list[_Line]) -> int:
    found = sorted({line.day.year for line in lines})
    if len(found) == 2 and all(
        belongs(line.day, found[1]) for line in lines if line.day.year == found[0]
    ):
        found = found[1:]
    if len(found) > 1:
        raise BadCalendar(
            _("文件有 %(first)s 至 %(last)s 多个年份，请指定要导入哪一年。")
            % {"first": found[0], "last": found[-1]}
        )
    return found[0]


def _published(lines: Iterable[_Line], year: int, status: str, source: str) -> Published:
    off: dict[date, str] = {}
    work: dict[date, str] = {}
    seen: dict[date, str] = {}
    whole = False
    for day, is_off, name, where in lines:
        if day in seen:
            raise BadCalendar(
                _("%(day)s 出现了两次（%(first)s、%(second)s），请删去一个。")
                % {"day": day.isoformat(), "first": seen[day], "second": where}
            )
        seen[day] = where
        if len(name) > _LONGEST_NAME:
            raise BadCalendar(_("%(where)s的名称超过 40 字。") % {"where": where})
        rests = day.weekday() >= 5
        if not name and is_off == rests:
            # A plain day of the week, as tables of all days list them.
            whole = whole or not rests
        elif not name:
            raise BadCalendar(
                _("%(where)s（%(day)s）没有节日名称。") % {"where": where, "day": day.isoformat()}
            )
        else:
            (off if is_off else work)[day] = name
    if whole:
        _refuse_gaps(seen, year)
    for day in [day for day in work if day.weekday() < 5]:
        # "Work starts again on 3 February" is said of an ordinary day; anything else is a mistake.
        if day - timedelta(days=1) in off:
            del work[day]
    published = Published(
        year=year,
        source=source.strip()[:300],
        off=off,
        work=work,
        status=status or (OFFICIAL if source.strip() else PROVISIONAL),
    )
    check(published)
    return published


def _refuse_gaps(seen: Iterable[date], year: int) -> None:
    """A table of all days must have all days."""
    present = set(seen)
    missing = [
        day
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        if (day := date.fromordinal(ordinal)) not in present
    ]
    if missing:
        raise BadCalendar(
            _("逐日的表缺 %(count)d 天，从 %(day)s 起；请补全，或者只列出放假和调休上班的日子。")
            % {"count": len(missing), "day": missing[0].isoformat()}
        )
