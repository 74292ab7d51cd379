"""How far a due date is."""

from datetime import date

import pytest

from legal.periods import Left, left, working_days_left


@pytest.mark.parametrize(
    ("today", "due", "expected"),
    [
        ("2025-02-08", "2025-02-12", ("left", 3, "working_day")),
        ("2025-02-12", "2025-02-12", ("today", 0, "working_day")),
        ("2025-02-20", "2025-02-12", ("over", 6, "working_day")),
        ("2025-02-13", "2025-02-12", ("over", 1, "working_day")),
        # Only days of rest between: calendar days, said as such.
        ("2025-02-15", "2025-02-16", ("left", 1, "day")),
        ("2025-02-15", "2025-02-14", ("over", 1, "day")),
        # No calendar of 2027: calendar days, never guessed as working days.
        ("2026-12-30", "2027-01-08", ("left", 9, "day")),
        ("2027-01-08", "2026-12-30", ("over", 9, "day")),
    ],
)
def test_left(years, today, due, expected):
    assert left(date.fromisoformat(today), date.fromisoformat(due), years) == expected


def test_soon():
    assert Left("left", 3, "working_day").is_soon
    assert Left("today", 0, "working_day").is_soon
    assert not Left("left", 4, "working_day").is_soon
    assert not Left("over", 1, "working_day").is_soon


def test_number_alone(years):
    assert working_days_left(date(2025, 2, 8), date(2025, 2, 12), years) == 3
    assert working_days_left(date(2025, 2, 20), date(2025, 2, 12), years) == -6
