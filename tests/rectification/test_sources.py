"""What orders tell the rooms below: the enterprise file, the visit, the deadlines."""

from datetime import date
from typing import Any

from django.urls import reverse

from deadlines import registry as deadline_registry
from rectification import orders
from rectification.models import Order, Outcome
from tests.factories.penalties import case_beside
from tests.factories.rectification import Desk, at

AFTER = date(2025, 2, 13)


def test_the_enterprise_file_tells_of_orders_and_cases(desk: Desk, door: Any, on: Any) -> None:
    order = desk.judged(on=AFTER, outcome=Outcome.UNCHANGED)
    late = desk.served(inspection=desk.visit(enterprise=order.enterprise))
    case_beside(desk, late)
    with on(AFTER):
        client = door(desk.supervisor)
        page = client.get(order.enterprise.get_absolute_url()).content.decode()
        overdue = client.get(reverse("enterprises:list"), {"condition": "overdue"})
    assert "签发责令限期改正通知书" in page
    assert "责令改正结论：未改正" in page
    assert "其中逾期 1 件" in page
    assert "0/1" in page
    assert "立案" in page
    assert overdue.status_code == 200


def test_the_visit_names_what_came_of_it(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    case = case_beside(desk, order)
    with on(AFTER):
        page = door(desk.supervisor).get(order.inspection.get_absolute_url()).content.decode()
    assert order.get_absolute_url() in page
    assert case.get_absolute_url() in page


def test_deadlines_know_the_order_by_name(desk: Desk) -> None:
    order = desk.served()
    key = ("rectification.order", order.pk)
    label, address = deadline_registry.describe([key])[key]
    assert order.notice.number in label
    assert address == order.get_absolute_url()
    assert deadline_registry.kind_word("RECTIFY") == "改正期限"


def test_a_withdrawn_order_is_told_too(desk: Desk, door: Any, on: Any) -> None:
    order: Order = desk.issued()
    orders.withdraw(order, by=desk.supervisor, at=at(AFTER), reason="x")
    with on(AFTER):
        page = door(desk.supervisor).get(order.enterprise.get_absolute_url()).content.decode()
    assert "撤回责令限期改正通知书" in page
