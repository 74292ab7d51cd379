"""How long it takes to count a 90-working-day period. Run: python -m bench.periods

Target: under 50 µs for the count, under 100 µs with its derivation, plain, suspended twice, rolled
over a long holiday, or counted back.
"""

import timeit
from collections.abc import Callable
from datetime import date, timedelta

from bench import Row
from legal.periods import (
    CALENDAR_DAY,
    WORKING_DAY,
    Calendar,
    CalendarOfYear,
    Span,
    count,
    count_back,
)

TARGET_COUNT_US = 50.0
TARGET_DERIVATION_US = 100.0
ROUNDS = 2000


def _days(first: str, last: str, name: str) -> dict[date, str]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return {begin + timedelta(days=n): name for n in range((end - begin).days + 1)}


def calendar() -> Calendar:
    """2025 as published, enough for a period that crosses Spring Festival and May Day."""
    off = (
        _days("2025-01-01", "2025-01-01", "元旦")
        | _days("2025-01-28", "2025-02-04", "春节")
        | _days("2025-04-04", "2025-04-06", "清明节")
        | _days("2025-05-01", "2025-05-05", "劳动节")
        | _days("2025-05-31", "2025-06-02", "端午节")
    )
    work = {date(2025, 1, 26): "春节", date(2025, 2, 8): "春节", date(2025, 4, 27): "劳动节"}
    return Calendar([CalendarOfYear(2025, off, work)])


SUSPENDED = (
    Span(date(2025, 1, 13), date(2025, 1, 17)),
    Span(date(2025, 3, 3), date(2025, 3, 14)),
)


def measure() -> dict[str, float]:
    """Microseconds for one count, and for one count with its derivation: best of five."""
    year, start = calendar(), date(2025, 1, 9)
    ways: dict[str, Callable[[], object]] = {
        "90 working days, counted": lambda: count(start, 90, WORKING_DAY, year),
        "90 working days, with its derivation": (
            lambda: count(start, 90, WORKING_DAY, year).derivation
        ),
        "90 working days suspended twice, derived": (
            lambda: count(start, 90, WORKING_DAY, year, suspended=SUSPENDED).derivation
        ),
        "15 days rolled over 春节, derived": (
            lambda: count(date(2025, 1, 13), 15, CALENDAR_DAY, year).derivation
        ),
        "90 working days counted back, derived": (
            lambda: count_back(date(2025, 7, 9), 90, WORKING_DAY, year).derivation
        ),
    }
    return {
        name: min(timeit.repeat(work, number=ROUNDS, repeat=5)) / ROUNDS * 1e6
        for name, work in ways.items()
    }


def target(name: str) -> float:
    return TARGET_COUNT_US if name.endswith("counted") else TARGET_DERIVATION_US


def rows() -> list[Row]:
    """The figures for ./run bench."""
    return [Row(name, found, "µs", target(name)) for name, found in measure().items()]


def main() -> int:
    figures = rows()
    for row in figures:
        word = "ok" if row.kept else "TOO SLOW"
        print(f"{row.name:<44} {row.value:7.1f} µs   target < {row.at_most:.0f} µs   {word}")
    return 0 if all(row.kept for row in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
