"""Service starts the clock; what failed, what came back, what counts later; withdrawal."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.trail import Refused
from deadlines.models import Deadline
from inspections.models import Finding
from legal.models import CalendarYear
from notices.models import Notice, Service
from rectification import orders
from rectification.models import Order, OrderState
from tests.factories.rectification import DUE_ON, ISSUED_ON, SERVED_ON, Desk, at
from tests.factories.vault import png
from tests.rectification.doors import lines, post, url


def _form(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {
        "method": "direct",
        "outcome": "served",
        "attempted_on": "2025-01-09",
        "place": "企业办公室",
        "recipient": "李某某",
        "relation": "representative",
        "server_1": str(desk.inspector.pk),
        "server_2": str(desk.colleague.pk),
    } | changes


def test_service_freezes_the_due_day(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued()
    with on(SERVED_ON, 18):
        proof = SimpleUploadedFile("回证.png", png(), "image/png")
        client = door(desk.inspector)
        answer = post(client, order, "record_service", **_form(desk, proof=proof))
        order.refresh_from_db()
        page = client.get(answer.url).content.decode()
        receipt = client.get(f"/orders/proofs/{Service.objects.get().pk}/")

    assert (order.state, order.served_on, order.due_on) == (
        OrderState.SERVED,
        SERVED_ON,
        DUE_ON,
    )
    assert "改正期限确定为 2025年2月12日" in page
    assert "为什么是这一天" in page
    assert "还剩 20 个工作日" in page
    assert "回证.png" in page
    assert receipt.content == png()
    assert Deadline.objects.get(kind="RECTIFY").derivation["sentence_zh"]
    assert lines(order)[-2:] == ["orders.record_service", "orders.download_file"]


def test_all_that_is_wrong_is_said_at_once(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued()
    form = _form(
        desk, method="left", outcome="left", attempted_on="2025-01-06", server_2="", witness=""
    )
    with on(SERVED_ON):
        answer = post(door(desk.inspector), order, "record_service", **form)
    page = answer.content.decode()

    assert "有 4 处需要改正，还没有保存" in page
    assert page.count("送达日期不能早于签发日期") == 2
    assert page.count("留置送达须有见证人") >= 2
    assert "企业办公室" in page
    assert not Service.objects.exists()


def test_left_with_a_witness_counts(desk: Desk) -> None:
    order = desk.serve(
        desk.issued(), method="left", outcome="left", witness="社区王某某", refusal="称须请示总部"
    )
    assert order.due_on == DUE_ON


def test_a_failed_attempt_is_kept_and_nothing_starts(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued()
    with on(SERVED_ON):
        post(door(desk.inspector), order, "record_service", **_form(desk, outcome="failed"))
        order.refresh_from_db()
        page = door(desk.inspector).get(url(order)).content.decode()

    assert (order.state, order.due_on) == (OrderState.ISSUED, None)
    assert "尚未送达" in page
    assert "未送达" in page
    assert lines(order)[-1] == "orders.attempt_service"


def test_the_same_service_twice_is_one(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued()
    client = door(desk.inspector)
    with on(SERVED_ON):
        answers = [post(client, order, "record_service", **_form(desk)) for _n in range(2)]
    assert {answer.url for answer in answers} == {order.get_absolute_url()}
    assert Service.objects.count() == 1


def test_publication_counts_from_a_day_ahead(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued(term_days=10)
    form = _form(
        desk,
        method="publication",
        outcome="published",
        recipient="",
        server_1="",
        server_2="",
        cause="untraceable",
        grounds="登记地址无人，电话停机。",
        published_in="《南宁日报》第3版",
    )
    with on(SERVED_ON):
        post(door(desk.inspector), order, "record_service", **form)
        order.refresh_from_db()
        page = door(desk.inspector).get(url(order)).content.decode()

    assert order.served_on == date(2025, 2, 8)
    assert order.due_on == date(2025, 2, 21)
    assert "公告期内，2月8日视为送达" in page
    assert order.phase(SERVED_ON) == ("wait", "公告期内")
    assert order.phase(date(2025, 2, 10))[0] == "live"
    assert not order.is_overdue(date(2025, 2, 10))
    with pytest.raises(Refused, match="公告期未满"):
        orders.suspend(order, by=desk.inspector, at=at(SERVED_ON), from_on=SERVED_ON, reason="封存")


def test_a_named_date_that_service_overtakes(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued(term_kind="date", term_days=None, term_date=date(2025, 1, 20))
    with on(date(2025, 1, 22)):
        answer = post(
            door(desk.inspector), order, "record_service", **_form(desk, attempted_on="2025-01-22")
        )
        fragment = door(desk.inspector).get(
            "/orders/preview/", {"order": order.pk, "served_on": "2025-01-22"}
        )
    page = answer.content.decode()
    order.refresh_from_db()

    assert "期限无法履行" in page
    assert url(order, "withdraw") in page
    assert "期限无法履行" in fragment.content.decode()
    assert order.state == OrderState.ISSUED
    assert not Service.objects.exists()


def test_a_named_date_with_little_time_left_is_said_loudly(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued(term_kind="date", term_days=None, term_date=date(2025, 1, 10))
    desk.serve(order)
    with on(SERVED_ON):
        page = door(desk.inspector).get(url(order)).content.decode()
    assert order.due_on == date(2025, 1, 10)
    assert "只剩1个工作日" in page


def test_a_year_without_calendar_is_refused_not_guessed(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued(day=date(2026, 12, 21), on=date(2026, 12, 22))
    assert not CalendarYear.objects.filter(year=2027).exists()
    with on(date(2026, 12, 23)):
        answer = post(
            door(desk.inspector), order, "record_service", **_form(desk, attempted_on="2026-12-23")
        )
    order.refresh_from_db()

    assert "2027年日历未导入" in answer.content.decode()
    assert (order.state, order.due_on) == (OrderState.ISSUED, None)
    assert not Service.objects.exists()
    assert not Deadline.objects.exists()


def test_an_immediate_correction_is_due_on_the_day(desk: Desk) -> None:
    order = desk.served(term_kind="immediate", term_days=None)
    assert order.due_on == SERVED_ON


@pytest.mark.parametrize("made", ["draft", "approved", "served"])
def test_only_an_issued_order_is_served(desk: Desk, made: str) -> None:
    order = getattr(desk, made)()
    with pytest.raises(Refused):
        desk.serve(order)


# ---- mail that came back -------------------------------------------------------------------


def _posted(desk: Desk) -> Order:
    return desk.serve(
        desk.issued(),
        method="post",
        tracking_number="EMS123",
        servers=(None, None),
    )


def test_returned_mail_stops_the_clock_and_starts_again(desk: Desk, door: Any, on: Any) -> None:
    order = _posted(desk)
    with on(date(2025, 1, 15)):
        post(
            door(desk.inspector),
            order,
            "record_returned_mail",
            returned_on="2025-01-15",
            note="查无此人",
        )
    order.refresh_from_db()

    assert (order.state, order.served_on, order.due_on) == (OrderState.ISSUED, None, None)
    assert Deadline.objects.get(kind="RECTIFY").state == Deadline.CANCELLED
    assert not Service.objects.filter(effective=True).exists()
    desk.serve(order, date(2025, 1, 20))
    assert order.due_on == date(2025, 2, 21)
    assert Service.objects.count() == 3
    with on(date(2025, 1, 21)):
        page = door(desk.inspector).get(url(order)).content.decode()
    assert "1月15日失效" in page


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"note": " "}, "写明退回的原因"),
        ({"returned_on": date(2025, 3, 1)}, "退回日期不能晚于今天"),
        ({"returned_on": date(2025, 1, 1)}, "退回日期不能早于签发日期"),
    ],
)
def test_returned_mail_refuses(desk: Desk, facts: dict[str, Any], sentence: str) -> None:
    order = _posted(desk)
    given = {"returned_on": date(2025, 1, 15), "note": "查无此人"} | facts
    with pytest.raises(Refused, match=sentence):
        orders.record_returned_mail(order, by=desk.inspector, at=at(date(2025, 1, 15)), **given)


def test_what_was_received_cannot_have_come_back(desk: Desk) -> None:
    day, facts = at(date(2025, 1, 20)), {"returned_on": date(2025, 1, 20), "note": "x"}
    with pytest.raises(Refused, match="不是邮寄送达"):
        orders.record_returned_mail(desk.served(), by=desk.inspector, at=day, **facts)
    order = desk.report(_posted(desk), date(2025, 1, 18))
    with pytest.raises(Refused, match="说明文书已经收到"):
        orders.record_returned_mail(order, by=desk.inspector, at=day, **facts)


def test_a_suspension_ends_when_the_mail_comes_back(desk: Desk) -> None:
    order = _posted(desk)
    orders.suspend(
        order, by=desk.inspector, at=at(date(2025, 1, 15)), from_on=date(2025, 1, 15), reason="封存"
    )
    orders.record_returned_mail(
        order, by=desk.inspector, at=at(date(2025, 1, 16)), returned_on=date(2025, 1, 14), note="退"
    )
    assert order.suspended is False
    assert order.suspensions.get().resumed_on == date(2025, 1, 15)


# ---- withdrawal ----------------------------------------------------------------------------


def test_a_withdrawn_order_frees_its_findings(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    orders.request_extension(
        order, by=desk.inspector, at=at(SERVED_ON, 19), until=date(2025, 3, 3), reason="设备采购"
    )
    with on(date(2025, 1, 20)):
        answer = post(door(desk.supervisor), order, "withdraw", reason="名称有误")
        page = door(desk.supervisor).get(answer.url).content.decode()
    order.refresh_from_db()

    assert order.state == OrderState.WITHDRAWN
    assert order.notice.state == Notice.State.WITHDRAWN
    assert Deadline.objects.get(kind="RECTIFY").state == Deadline.CANCELLED
    assert order.extensions.get().state == "lapsed"
    assert set(Finding.objects.values_list("disposition", flat=True)) == {"none"}
    assert "覃海波撤回，文书不再有效" in page
    assert "名称有误" in page
    again = orders.draft(
        order.inspection,
        list(order.inspection.findings.all()),
        by=desk.inspector,
        at=at(date(2025, 1, 21)),
        term_kind="working_day",
        term_days=5,
    )
    assert again.items.count() == 2


def test_the_drafter_does_not_withdraw(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued()
    order.drafted_by = desk.supervisor
    order.approved_by = desk.inspector
    order.save(update_fields=["drafted_by", "approved_by"])
    with on(ISSUED_ON):
        page = post(door(desk.supervisor), order, "withdraw", reason="x").content.decode()
    assert "您是拟稿人，撤回须由其他人办理" in page
    order.refresh_from_db()
    assert order.state == OrderState.ISSUED


def test_a_withdrawal_needs_a_reason_and_a_paper(desk: Desk) -> None:
    with pytest.raises(Refused, match="写明撤回的理由"):
        orders.withdraw(desk.issued(), by=desk.supervisor, at=at(ISSUED_ON, 19), reason=" ")
    with pytest.raises(Refused, match="只有已签发"):
        orders.withdraw(desk.approved(), by=desk.supervisor, at=at(ISSUED_ON), reason="x")
