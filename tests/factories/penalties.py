"""Penalty cases, made through the verbs that officers use."""

from datetime import date
from typing import Any

from penalties import cases
from penalties.models import Case
from rectification.models import Order
from tests.factories.rectification import Desk, at

FILED_ON = date(2025, 1, 10)


def case_beside(desk: Desk, order: Order | None = None, **facts: Any) -> Case:
    """A case that runs beside an order (a served one, if none is given)."""
    order = order or desk.served()
    given = {"cause": "不履行网络安全保护义务", "order": order} | facts
    moment = given.pop("at", at(FILED_ON))
    return cases.file(order.inspection, by=desk.inspector, at=moment, **given)
