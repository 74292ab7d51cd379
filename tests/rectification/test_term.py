"""More time for a whole order, asked for and decided by two people; and a clock that stands."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.trail import Refused
from deadlines.models import Deadline
from rectification import orders
from rectification.models import ExtensionState, Order
from tests.factories.rectification import DUE_ON, SERVED_ON, Desk, at, house
from tests.factories.vault import png
from tests.rectification.doors import lines, post, url

ASKED_ON = date(2025, 2, 10)
UNTIL = date(2025, 3, 10)


def _ask(desk: Desk, order: Order, **facts: Any) -> Any:
    given = {"until": UNTIL, "reason": "设备采购周期长"} | facts
    moment = given.pop("at", at(ASKED_ON))
    return orders.request_extension(order, by=desk.inspector, at=moment, **given)


def test_asked_and_granted(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    with on(ASKED_ON):
        post(
            door(desk.inspector),
            order,
            "request_extension",
            items=[item.pk for item in order.items.all()],
            until="2025-03-10",
            by_enterprise="1",
            reason="设备采购周期长",
        )
        order.refresh_from_db()
        assert order.phase(date(2025, 3, 1)) == ("wait", "延期待审批")
        page = door(desk.supervisor).get(url(order, "decide_extension")).content.decode()
        post(
            door(desk.supervisor),
            order,
            "decide_extension",
            granted="1",
            items=[item.pk for item in order.items.all()],
            until="2025-03-10",
            note="同意",
        )
    order.refresh_from_db()

    assert "设备采购周期长" in page
    assert (order.due_on, order.extension_pending) == (UNTIL, False)
    terms = Deadline.objects.of(order).filter(kind="RECTIFY")
    assert [d.state for d in terms] == ["replaced", "running"]
    assert terms.running().get().replaces.due_on == DUE_ON
    with on(date(2025, 2, 20)):
        shown = door(desk.inspector).get(url(order)).content.decode()
    assert "期限由 2025年2月12日改为 2025年3月10日" in shown
    assert "2025年3月10日" in shown


def test_on_the_last_day_until_midnight(desk: Desk) -> None:
    order = desk.served()
    _ask(desk, order, at=at(DUE_ON, 23, 59))
    assert order.extension_pending
    assert not order.is_overdue(date(2025, 2, 20))


def test_decided_after_the_day_moves_it_all_the_same(desk: Desk) -> None:
    order = desk.served()
    _ask(desk, order)
    orders.decide_extension(order, by=desk.supervisor, at=at(date(2025, 2, 17)), granted=True)
    assert order.due_on == UNTIL
    assert not order.is_overdue(date(2025, 3, 10))


def test_refused_leaves_the_day(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    _ask(desk, order)
    with on(ASKED_ON):
        silent = post(door(desk.supervisor), order, "decide_extension", granted="0", note="")
        post(door(desk.supervisor), order, "decide_extension", granted="0", note="理由不足")
    order.refresh_from_db()

    assert "不予延期的，写明理由" in silent.content.decode()
    assert (order.due_on, order.extensions.get().state) == (DUE_ON, ExtensionState.REFUSED)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"reason": " "}, "写明需要延期的理由"),
        ({"until": DUE_ON}, "必须晚于现在的期限"),
        ({"until": date(2028, 1, 3)}, "2028年日历未导入"),
        ({"at": at(date(2025, 2, 13))}, "已经届满。延期须在当日24时以前提出"),
    ],
)
def test_a_request_is_refused(desk: Desk, facts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        _ask(desk, desk.served(), **facts)


def test_one_request_at_a_time_and_not_more_than_the_house_allows(desk: Desk) -> None:
    house(desk.unit, date(2025, 1, 1), max_extensions=1)
    order = desk.served()
    _ask(desk, order)
    with pytest.raises(Refused, match="还没有审批"):
        _ask(desk, order)
    orders.decide_extension(order, by=desk.supervisor, at=at(ASKED_ON), granted=True)
    with pytest.raises(Refused, match="已延期 1 次"):
        _ask(desk, order, until=date(2025, 4, 1))


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        ("immediate", "没有期限可以延长"),
        ("reported", "不需要延期"),
        ("suspended", "恢复后才能申请延期"),
        ("issued", "尚未送达"),
    ],
)
def test_no_more_time_where_none_runs(desk: Desk, prepare: str, sentence: str) -> None:
    if prepare == "issued":
        order = desk.issued()
    elif prepare == "immediate":
        order = desk.served(term_kind="immediate", term_days=None)
    else:
        order = desk.served()
    if prepare == "reported":
        desk.report(order, ASKED_ON)
    if prepare == "suspended":
        _suspend(desk, order)
    with pytest.raises(Refused, match=sentence):
        _ask(desk, order)


def test_nobody_decides_the_own_request(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    orders.request_extension(
        order, by=desk.supervisor, at=at(ASKED_ON), until=UNTIL, reason="依职权"
    )
    with on(ASKED_ON):
        answer = post(door(desk.supervisor), order, "decide_extension", granted="1")
    assert "延期申请由您登记，须由其他人审批" in answer.content.decode()
    order.refresh_from_db()
    assert order.due_on == DUE_ON


def test_without_a_request_there_is_nothing_to_decide(desk: Desk) -> None:
    with pytest.raises(Refused, match="没有待审批的延期申请"):
        orders.decide_extension(desk.served(), by=desk.supervisor, at=at(ASKED_ON), granted=True)


# ---- suspension ----------------------------------------------------------------------------


def _suspend(desk: Desk, order: Order, **facts: Any) -> Any:
    given = {"from_on": date(2025, 1, 20), "reason": "系统被封存"} | facts
    moment = given.pop("at", at(date(2025, 1, 20)))
    return orders.suspend(order, by=desk.inspector, at=moment, **given)


def test_the_clock_stands_and_goes_on(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    with on(date(2025, 1, 20)):
        post(
            door(desk.inspector),
            order,
            "suspend",
            ground="authority",
            document_number="（2025）桂01行保1号",
            from_on="2025-01-20",
            reason="系统被封存",
            evidence=[SimpleUploadedFile("裁定书.png", png(), "image/png")],
        )
    order.refresh_from_db()
    assert order.phase(date(2025, 3, 1)) == ("wait", "期限中止")
    assert not order.is_overdue(date(2025, 3, 1))
    with on(date(2025, 2, 10)):
        client = door(desk.inspector)
        shown = client.get(url(order)).content.decode()
        post(client, order, "resume", on="2025-02-10")
    order.refresh_from_db()

    assert "期限中止，不计时" in shown
    assert "法院或者其他机关的决定（（2025）桂01行保1号）" in shown
    assert "裁定书.png" in shown
    assert order.suspended is False
    assert order.due_on == date(2025, 2, 28)
    assert lines(order)[-2:] == ["orders.suspend", "orders.resume"]
    with on(date(2025, 2, 11)):
        page = door(desk.inspector).get(url(order)).content.decode()
    assert "期限恢复，改为 2025年2月28日" in page


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"reason": ""}, "写明中止的理由"),
        ({"ground": "holiday"}, "选择中止的事由"),
        ({"from_on": date(2025, 1, 21)}, "中止日期须在送达之后、今天或以前"),
        ({"from_on": date(2025, 1, 8)}, "中止日期须在送达之后、今天或以前"),
        ({"at": at(date(2025, 3, 1)), "from_on": date(2025, 2, 1)}, "已经届满，不能再中止"),
    ],
)
def test_a_suspension_is_refused(desk: Desk, facts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        _suspend(desk, desk.served(), **facts)


def test_suspended_once_and_not_while_a_request_waits(desk: Desk) -> None:
    order = desk.served()
    _suspend(desk, order)
    with pytest.raises(Refused, match="期限已经中止"):
        _suspend(desk, order)
    other = desk.serve(
        desk.issued(inspection=desk.visit(enterprise=order.enterprise)), date(2025, 1, 9)
    )
    _ask(desk, other, at=at(SERVED_ON, 19))
    with pytest.raises(Refused, match="还没有审批"):
        _suspend(desk, other)


def test_resume_needs_a_suspension_and_a_day_after_it(desk: Desk) -> None:
    order = desk.served()
    with pytest.raises(Refused, match="期限没有中止"):
        orders.resume(order, by=desk.inspector, at=at(ASKED_ON), on=ASKED_ON)
    _suspend(desk, order)
    with pytest.raises(Refused, match="恢复日期须在中止日期之后"):
        orders.resume(order, by=desk.inspector, at=at(ASKED_ON), on=date(2025, 1, 19))
