"""The surcharge once more, day by day and without anything of `penalties.owing`.

Written from the articles alone: each day is looked at on its own, sums are exact fractions, and
only the answer is rounded. Slow and plain on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ONE = timedelta(days=1)
RATE = Fraction(3, 100)


@dataclass
class Story:
    """What happened with one fine."""

    fine: Decimal
    due_on: date
    payments: list[tuple[date, Decimal]] = field(default_factory=list)
    granted_on: date | None = None
    parts: list[tuple[date, Decimal]] = field(default_factory=list)
    still: list[tuple[date, date | None]] = field(default_factory=list)


@dataclass
class Answer:
    fine_left: Decimal
    surcharge: Decimal
    surcharge_left: Decimal
    balance: Decimal
    too_much: Decimal


def fen(exact: Fraction) -> Decimal:
    """Half up, to the fen."""
    hundred = exact * 100
    whole = Decimal(hundred.numerator) / Decimal(hundred.denominator)
    return whole.quantize(Decimal(1), ROUND_HALF_UP) / 100


def answer(story: Story, today: date, base: str) -> Answer:
    """What is owed at the end of today."""
    surcharge, day = Fraction(0), story.due_on + ONE
    fine = Fraction(story.fine)
    while day <= today:
        if not stands_still(story.still, day):
            surcharge = min(fine, surcharge + RATE * taken_of(story, day, base))
        day += ONE
    came = sum((Fraction(amount) for on, amount in story.payments if on <= today), Fraction(0))
    owed = Fraction(fen(surcharge))
    for_fine = min(came, fine)
    for_surcharge = min(came - for_fine, owed)
    return Answer(
        fine_left=fen(fine - for_fine),
        surcharge=fen(owed),
        surcharge_left=fen(owed - for_surcharge),
        balance=fen(fine - for_fine + owed - for_surcharge),
        too_much=fen(came - for_fine - for_surcharge),
    )


def stands_still(spans: Sequence[tuple[date, date | None]], day: date) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in spans)


def taken_of(story: Story, day: date, base: str) -> Fraction:
    """What 3 % are added to on this day: of every part whose last day has passed, what is unpaid as
    the day begins, or all of it where anything is unpaid."""
    came = sum((Fraction(amount) for on, amount in story.payments if on < day), Fraction(0))
    total = Fraction(0)
    for last, amount in schedule(story, day):
        unpaid = max(Fraction(0), amount - came)
        came = max(Fraction(0), came - amount)
        if last < day and unpaid:
            total += amount if base == "fine" else unpaid
    return total


def schedule(story: Story, day: date) -> list[tuple[date, Fraction]]:
    """(last day, sum) of the fine, as it stood on this day, the first first."""
    fine = Fraction(story.fine)
    if story.granted_on is None or day < story.granted_on:
        return [(story.due_on, fine)]
    before = sum(
        (Fraction(amount) for on, amount in story.payments if on <= story.granted_on), Fraction(0)
    )
    before = min(before, fine)
    rows = [(story.granted_on, before)] if before else []
    left = fine - before
    for last, amount in story.parts:
        share = min(Fraction(amount), left)
        if share:
            rows.append((last, share))
            left -= share
    return rows
