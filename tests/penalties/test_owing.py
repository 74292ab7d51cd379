"""What is owed on a day: by hand, and against a second implementation."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from penalties import owing
from penalties.owing import Terms, reckon
from tests.penalties import second_surcharge as second

DUE = date(2025, 3, 3)
D = Decimal


def days(n: int) -> date:
    return DUE + timedelta(days=n)


def terms(fine: Any = 10_000, *payments: tuple[int, Any], **more: Any) -> Terms:
    return Terms(D(fine), DUE, [(days(n), D(amount)) for n, amount in payments], **more)


@pytest.mark.parametrize(
    ("day", "surcharge", "balance"),
    [(-20, "0.00", "10000.00"), (0, "0.00", "10000.00"), (1, "300.00", "10300.00"),
     (33, "9900.00", "19900.00"), (34, "10000.00", "20000.00"), (400, "10000.00", "20000.00")],
)  # fmt: skip
def test_three_percent_from_the_day_after_and_never_more_than_the_fine(
    day: int, surcharge: str, balance: str
) -> None:
    found = reckon(terms(), days(day))
    assert (found.surcharge, found.balance) == (D(surcharge), D(balance))
    assert found.capped_on == (days(34) if day >= 34 else None)
    assert found.since == (days(1) if day > 0 else None)


def test_a_part_paid_lowers_what_is_counted_or_not_as_the_house_says() -> None:
    paid = terms(10_000, (10, 4000))
    assert reckon(paid, days(20), base="unpaid").surcharge == D("4800.00")  # 10×300 + 10×180
    assert reckon(paid, days(20), base="fine").surcharge == D("6000.00")
    assert reckon(terms(10_000, (10, 10_000)), days(99), base="fine").surcharge == D("3000.00")


def test_a_payment_pays_the_fine_first_then_the_surcharge() -> None:
    found = reckon(terms(10_000, (10, 11_000)), days(30))
    assert (found.paid_fine, found.paid_surcharge) == (D(10_000), D(1000))
    assert (found.surcharge, found.balance, found.due) == (D(3000), D(2000), D(0))
    whole = reckon(terms(10_000, (10, 13_000)), days(30))
    assert whole.is_settled
    assert reckon(terms(10_000, (10, 13_500)), days(30)).refund == D(500)


@pytest.mark.parametrize("why", ["remedy", "stay"])
def test_days_of_a_remedy_and_of_a_stay_are_not_counted(why: str) -> None:
    still = terms(pauses=[(days(5), days(14), why)])
    assert reckon(still, days(20)).surcharge == D(3000)  # 4 days before, 6 after
    lasting = terms(pauses=[(days(5), None, why)])
    found = reckon(lasting, days(200))
    assert found.surcharge == D(1200)
    assert [(span.kind, span.days, span.why) for span in found.steps] == [
        ("counted", 4, ""),
        ("paused", 196, why),
    ]


def test_under_a_plan_each_part_has_its_own_day() -> None:
    plan = terms(
        10_000, (12, 5000), planned_on=days(-3), parts=[(days(10), D(4000)), (days(40), D(6000))]
    )
    assert reckon(plan, days(10)).surcharge == 0
    assert reckon(plan, days(11)).surcharge == D(120)
    found = reckon(plan, days(30))
    assert (found.surcharge, found.due) == (D(240), D(0))  # paid on the second late day
    assert (found.next_due_on, found.next_due) == (days(40), D(5000))
    assert reckon(plan, days(41)).surcharge == D(390)


def test_a_plan_granted_late_keeps_what_had_accrued() -> None:
    late = terms(planned_on=days(11), parts=[(days(40), D(13_000))])
    assert owing.owed_at_grant(terms(), days(11)) == D(13_000)
    assert reckon(late, days(40)).surcharge == D(3000)
    assert reckon(late, days(41)).surcharge == D(3300)


def test_half_a_fen_goes_up_and_the_spans_add_up_to_the_sum() -> None:
    found = reckon(terms("0.50"), days(1))
    assert found.surcharge == D("0.02")  # 1.5 fen
    many = reckon(terms("33.33", (1, "0.01"), (2, "0.01"), (3, "0.01")), days(9))
    assert sum(span.amount for span in many.steps) == many.surcharge
    assert len(many.steps) == 4


def test_unknown_is_not_nothing_and_nothing_served_is_not_late() -> None:
    unknown = reckon(Terms(None, DUE, [(DUE, D(5))]), days(9))
    assert (unknown.known, unknown.balance, unknown.is_settled, unknown.paid) == (
        False, None, False, D(5),
    )  # fmt: skip
    fresh = reckon(Terms(D(500), None), days(99))
    assert (fresh.surcharge, fresh.balance, fresh.due, fresh.next_due_on) == (0, 500, 0, None)
    fallen = reckon(Terms(D(0), DUE, [(DUE, D(700))]), days(99))
    assert (fallen.balance, fallen.refund, fallen.surcharge) == (0, 700, 0)


# ---- against the second implementation ----------------------------------------------------------


def story(chance: random.Random) -> tuple[second.Story, date]:
    """A fine, and up to six things that happened to it."""
    fine = D(chance.choice([chance.randint(1, 300), chance.randint(1, 10**8)])) / 100
    due = date(2024, 1, 1) + timedelta(days=chance.randint(0, 700))
    today = due + timedelta(days=chance.randint(-5, 75))
    told = second.Story(fine, due)
    rest = fine * 2
    for _n in range(chance.randint(0, 3)):
        amount = min(D(chance.randint(1, int(fine * 120))) / 100, rest)
        if amount > 0:
            told.payments.append((due + timedelta(days=chance.randint(-14, 70)), amount))
            rest -= amount
    told.payments.sort()
    for _n in range(chance.choice([0, 0, 1, 2])):
        first = due + timedelta(days=chance.randint(-10, 60))
        last = None if chance.random() < 0.2 else first + timedelta(days=chance.randint(0, 30))
        told.still.append((first, last))
    if chance.random() < 0.35:
        told.granted_on = due + timedelta(days=chance.randint(-14, 40))
        sums = [chance.randint(1, int(fine * 100)) for _n in range(chance.randint(1, 4))]
        day = told.granted_on
        for each in sums:
            day += timedelta(days=chance.randint(0, 20) + 1)
            told.parts.append((day, D(each) / 100))
        told.parts[-1] = (day, told.parts[-1][1] + fine)
    return told, today


@pytest.mark.parametrize("base", ["unpaid", "fine"])
def test_2500_histories_agree_to_the_fen_with_a_second_implementation(base: str) -> None:
    chance = random.Random(f"surcharge {base}")
    seen = {"capped": 0, "plan": 0, "still": 0, "paid": 0}
    for _n in range(2500):
        told, today = story(chance)
        facts = Terms(
            told.fine,
            told.due_on,
            told.payments,
            told.parts,
            told.granted_on,
            [(first, last, "stay") for first, last in told.still],
        )
        mine, theirs = reckon(facts, today, base=base), second.answer(told, today, base)
        assert (
            mine.fine_left, mine.surcharge, mine.surcharge_left, mine.balance, mine.refund
        ) == (
            theirs.fine_left, theirs.surcharge, theirs.surcharge_left, theirs.balance,
            theirs.too_much,
        ), told  # fmt: skip
        assert sum((span.amount for span in mine.steps), D(0)) == mine.surcharge
        seen["capped"] += mine.capped_on is not None
        seen["plan"] += bool(told.parts) and mine.surcharge > 0
        seen["still"] += any(span.kind == "paused" for span in mine.steps)
        seen["paid"] += mine.is_settled
    assert min(seen.values()) > 40, seen
