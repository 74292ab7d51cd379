"""The golden dates of docs/golden-dates.md, which lawyers read, run through the portal's counting.

They were derived without it: day by day, from the State Council's notices (the document says how).
"""

import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from legal import calendars, limits
from legal.models import Article
from legal.periods import SHANGHAI, Period, Span, count, count_back
from tests.legal import naive

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "golden-dates.md"
UNITS = {
    "个工作日": "working_day",
    "日": "calendar_day",
    "个月": "month",
    "年": "year",
    "小时": "hour",
}


class Golden(NamedTuple):
    number: str
    code: str
    event: str
    start: date
    length: int
    unit: str
    back: bool
    suspended: tuple[Span, ...]
    due: str
    basis: str
    why: str


def _golden(cells: list[str]) -> Golden:
    number, name, event, start, term, direction, stopped, due, basis, why = cells
    code = re.search(r"`(\w+)`", name)
    length = re.fullmatch(r"(\d+)(\D+)", term)
    spans = [] if stopped == "—" else stopped.split("；")
    return Golden(
        number=number,
        code=code[1] if code else "",
        event=event,
        start=(
            datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
            if ":" in start
            else date.fromisoformat(start)
        ),
        length=int(length[1]),
        unit=UNITS[length[2]],
        back=direction == "倒推",
        suspended=tuple(
            Span(*(date.fromisoformat(day) for day in span.split(" 至 "))) for span in spans
        ),
        due=due,
        basis=basis,
        why=why,
    )


ROWS = [
    _golden([cell.strip() for cell in line.strip("| ").split(" | ")])
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def found(row: Golden, calendar) -> Period:
    if row.code:
        rule = limits.of(row.code)
        length = row.length if rule.length is None else None
        unit = row.unit if rule.length is None else ""
        assert rule.length in (None, row.length), row
        assert (rule.back, unit or rule.unit) == (row.back, row.unit), row
        return rule.due(row.start, calendar, length=length, unit=unit, suspended=row.suspended)
    if row.back:
        return count_back(row.start, row.length, row.unit, calendar)
    return count(row.start, row.length, row.unit, calendar, suspended=row.suspended)


def words(period: Period) -> str:
    return f"{period.due_at:%Y-%m-%d %H:%M}" if period.due_at else period.due.isoformat()


def test_every_golden_date(law):
    calendar = calendars.load()
    wrong = [
        (row.number, row.due, words(period), row.why)
        for row in ROWS
        if words(period := found(row, calendar)) != row.due
    ]
    assert wrong == []


def test_the_table_is_as_wide_as_the_law():
    assert len(ROWS) >= 300
    assert [int(row.number) for row in ROWS] == list(range(1, len(ROWS) + 1))
    each = Counter(row.code for row in ROWS)
    assert len(each) == 46
    assert min(each.values()) >= 3
    assert {row.unit for row in ROWS} == set(UNITS.values())
    assert {row.start.year for row in ROWS} >= {2023, 2024, 2025, 2026}
    assert sum(row.back for row in ROWS) >= 20
    assert sum(bool(row.suspended) for row in ROWS) >= 15


def test_the_table_names_the_articles_of_the_register(law):
    cited = {each.ref: each.cite_zh(short=True) for each in Article.objects.with_law()}
    for code in {row.code for row in ROWS if row.code}:
        rule = limits.of(code)
        wanted = {cited[ref] for ref in rule.basis} | set(rule.external_basis)
        for row in ROWS:
            if row.code == code:
                assert set(row.basis.split("；")) == wanted, row
                assert row.event.startswith(rule.trigger_zh[:4]), row


@pytest.mark.parametrize("row", ROWS[::7], ids=lambda row: row.number)
def test_the_naive_way_says_the_same(row):
    if row.unit == "hour":
        found_at = naive.due_hours(row.start, row.length).astimezone(SHANGHAI)
        assert f"{found_at:%Y-%m-%d %H:%M}" == row.due
    elif row.back:
        assert naive.due_back(row.start, row.length, row.unit).isoformat() == row.due
    else:
        stopped = {
            date.fromordinal(n)
            for span in row.suspended
            for n in range(span.first.toordinal(), span.last.toordinal() + 1)
        }
        assert naive.due(row.start, row.length, row.unit, stopped).isoformat() == row.due
