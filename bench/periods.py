"""How long it takes to count a 90-working-day period. Run: python -m bench.periods

Target: under 50 µs for the count, under 100 µs with its derivation.
"""

import timeit
from datetime import date, timedelta

from bench import Row
from legal.periods import WORKING_DAY, Calendar, CalendarOfYear, count

TARGET_COUNT_US = 50.0
TARGET_DERIVATION_US = 100.0
ROUNDS = 5000


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


def measure() -> dict[str, float]:
    """Microseconds for one count, and for one count with its derivation: best of five."""
    year, start = calendar(), date(2025, 1, 9)

    def plain() -> object:
        return count(start, 90, WORKING_DAY, year)

    def told() -> object:
        return count(start, 90, WORKING_DAY, year).derivation

    def best(work: object) -> float:
        return min(timeit.repeat(work, number=ROUNDS, repeat=5)) / ROUNDS * 1e6  # type: ignore[arg-type]

    return {"count_us": best(plain), "derivation_us": best(told)}


def rows() -> list[Row]:
    """The figures for ./run bench."""
    figures = measure()
    return [
        Row("90 working days, counted", figures["count_us"], "µs", TARGET_COUNT_US),
        Row("… with its derivation", figures["derivation_us"], "µs", TARGET_DERIVATION_US),
    ]


def main() -> int:
    figures = measure()
    rows = [
        ("count", figures["count_us"], TARGET_COUNT_US),
        ("count + derivation", figures["derivation_us"], TARGET_DERIVATION_US),
    ]
    for name, found, target in rows:
        word = "ok" if found < target else "TOO SLOW"
        print(f"90 working days, {name:<20} {found:7.1f} µs   target < {target:.0f} µs   {word}")
    return 0 if all(found < target for _name, found, target in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
