"""A case with a fine that was served, for tests on money: 10,000 yuan, due on 3 March 2025."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from penalties import cases, owing
from penalties.casefile import File
from penalties.models import Decision, Payment
from tests.factories.penalties import case_alone, decision
from tests.factories.rectification import Desk, at

SERVED_ON = date(2025, 2, 16)
DUE_ON = date(2025, 3, 3)
D = Decimal


def day(n: int) -> date:
    """The n-th day after the last day to pay."""
    return DUE_ON + timedelta(days=n)


def fined(desk: Desk, fine: Any = 10_000, **facts: Any) -> Decision:
    given = {"served_on": SERVED_ON, "payment_due_on": DUE_ON} | facts
    case = given.pop("case", None) or case_alone(desk)
    row = decision(case, fine=D(fine), measures=["fine"], **given)
    row.case = case
    return row


def pay(desk: Desk, row: Decision, amount: Any, on: date = DUE_ON, **facts: Any) -> Payment:
    given = {"by": desk.inspector, "at": at(on), "paid_on": on} | facts
    return cases.record_payment(row, amount=D(amount), **given)


def account(row: Decision, on: date) -> owing.Account:
    file = File(row.case)
    return owing.of(file, next(each for each in file.decisions if each.pk == row.pk), on)
