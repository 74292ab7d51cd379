"""While the house must act, nobody is reminded that the enterprise is late."""

from datetime import date

import pytest

from deadlines import reminders
from deadlines.models import Deadline, Reminder
from rectification import orders
from rectification.models import Order, Outcome
from tests.factories.rectification import DUE_ON, Desk, at, house

pytestmark = pytest.mark.django_db

EVE = date(2025, 2, 11)
AFTER = date(2025, 2, 13)
LATER = date(2025, 2, 17)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def sweep(day: date) -> None:
    reminders.sweep(today=day, at=at(day, 9))


def said(order: Order) -> list[date]:
    """The days on which the end of the term was said of the order and its extensions."""
    about = Reminder.objects.filter(deadline__kind="RECTIFY", deadline__unit=order.unit)
    return sorted(about.values_list("fires_on", flat=True))


def held(order: Order) -> list[bool]:
    rows = Deadline.objects.filter(kind="RECTIFY", unit=order.unit).open()
    return list(rows.order_by("due_on").values_list("held", flat=True))


def test_what_is_reported_is_not_called_late_until_a_round_finds_it_undone(desk: Desk) -> None:
    order = desk.served()
    desk.report(order, EVE, None, 1)
    assert held(order) == [False]
    desk.report(order, EVE, None, 2)
    assert held(order) == [True]
    sweep(AFTER)
    assert said(order) == []
    assert not Deadline.objects.filter(kind="RECTIFY").overdue(AFTER).exists()

    desk.look(order, AFTER, Outcome.UNCHANGED)
    assert held(order) == [False]
    sweep(LATER)
    assert said(order) == [date(2025, 2, 15)]  # the newest of those that were held back
    assert Deadline.objects.filter(kind="RECTIFY").overdue(LATER).exists()


def test_a_request_in_time_holds_the_items_that_it_names(desk: Desk) -> None:
    order = desk.served()
    desk.ask(order, EVE, date(2025, 3, 10), 1)
    assert held(order) == [False]  # the other item is still owed
    desk.report(order, EVE, None, 2)
    assert held(order) == [True]
    sweep(AFTER)
    assert said(order) == []
    desk.decide(order, AFTER, granted=False, note="理由不足")
    assert held(order) == [False]
    sweep(AFTER)
    assert said(order) == [AFTER]


def test_a_late_request_holds_nothing(desk: Desk) -> None:
    house(desk.unit, date(2024, 1, 1), accept_late_requests=True)
    order = desk.served()
    desk.ask(order, AFTER, date(2025, 3, 10))
    assert held(order) == [False]


def test_a_report_still_holds_after_a_suspension(desk: Desk) -> None:
    order = desk.served()
    desk.report(order, date(2025, 1, 20))
    day = date(2025, 1, 21)
    orders.suspend(order, by=desk.inspector, at=at(day), from_on=day, reason="系统被查封")
    on = date(2025, 1, 24)
    orders.resume(order, by=desk.inspector, at=at(on), on=on)
    assert held(order) == [True]
    assert order.due_on is not None
    assert order.due_on > DUE_ON
