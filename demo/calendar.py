"""The calendar of a year whose notice is not published yet, for the demonstration alone.

A case filed in November is due in February. Until the State Council has said which weekends are
worked, the demonstration knows the festivals of 全国年节及纪念日放假办法 (2024) on their days and
nothing more; the calendar is provisional, and every date that rests on it says so. A portal with
real records gets such a calendar from its administrator (docs/operations.md).
"""

from __future__ import annotations

from datetime import date, timedelta

from legal import calendars
from legal.published import PROVISIONAL, Published

#: First day and number of days of each festival, by year; the lunar ones are those of that year.
FESTIVALS: dict[int, tuple[tuple[str, date, int], ...]] = {
    2027: (
        ("元旦", date(2027, 1, 1), 1),
        ("春节", date(2027, 2, 5), 4),
        ("清明节", date(2027, 4, 5), 1),
        ("劳动节", date(2027, 5, 1), 2),
        ("端午节", date(2027, 6, 9), 1),
        ("中秋节", date(2027, 9, 15), 1),
        ("国庆节", date(2027, 10, 1), 3),
    ),
}


def foresee(today: date) -> list[int]:
    """Store a provisional calendar of the next year where none is loaded; the years that it made.

    Running again, or with the official calendar there, changes nothing.
    """
    year = today.year + 1
    if year not in FESTIVALS or year in calendars.years():
        return []
    off = {
        first + timedelta(days=number): name
        for name, first, days in FESTIVALS[year]
        for number in range(days)
    }
    return calendars.store(Published(year, "", off, {}, PROVISIONAL))
