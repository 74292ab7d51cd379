"""The whole life once, and every state and phase that it can reach."""

from datetime import date

import pytest

from rectification import orders
from rectification.models import Order, OrderState, Verdict
from tests.factories.rectification import DUE_ON, Desk, at

pytestmark = pytest.mark.django_db


def test_an_order_met_on_time() -> None:
    desk = Desk()
    order = desk.served()

    assert order.due_on == DUE_ON
    assert order.phase(date(2025, 1, 20)) == ("live", OrderState.SERVED.label)
    assert order.phase(date(2025, 2, 13))[0] == "over"

    desk.report(order, date(2025, 2, 10))
    assert order.phase(date(2025, 2, 11)) == ("wait", "待复查")
    desk.look(order, DUE_ON, completed=date(2025, 2, 10))
    assert order.phase(DUE_ON) == ("wait", "待作出结论")
    orders.judge(order, by=desk.supervisor, at=at(DUE_ON, 16))

    assert order.verdict == Verdict.MET_ON_TIME
    assert Order.objects.judged().get() == order
