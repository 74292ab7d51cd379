"""Submit, approve, send back."""

from datetime import date
from typing import Any

import pytest

from audit.trail import Refused
from rectification import orders, reasons
from rectification.models import Item, OrderState
from tests.factories.accounts import UserFactory
from tests.factories.rectification import FOUND_ON, Desk, at
from tests.rectification.doors import lines, post, url


def test_submit_then_approve_by_another(desk: Desk, door: Any, on: Any) -> None:
    order = desk.draft()
    with on(FOUND_ON):
        post(door(desk.inspector), order, "submit")
        order.refresh_from_db()
        assert order.state == OrderState.SUBMITTED
        page = door(desk.supervisor).get(url(order, "approve")).content.decode()
        post(door(desk.supervisor), order, "approve")
    order.refresh_from_db()

    assert "存储个人信息未加密" in page
    assert order.state == OrderState.APPROVED
    assert order.approved_by == desk.supervisor
    assert lines(order) == ["orders.draft", "orders.submit", "orders.approve"]


def test_submit_says_everything_that_is_missing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = desk.draft()
    Item.objects.filter(order=order, ordinal=1).update(required_correction="")
    monkeypatch.setattr(reasons, "_cites_a_duty", lambda item: False)
    desk.colleague.certificate_expires_on = date(2024, 12, 31)
    desk.colleague.save()
    with pytest.raises(Refused) as refused:
        orders.submit(order, by=desk.inspector, at=at(FOUND_ON))
    said = "\n".join(str(reason) for reason in refused.value.reasons)

    assert "第 1 项没有写明要求改正的内容" in said
    assert "第 1、2 项没有引用所违反的条款" in said
    assert "不足两人" in said
    assert all(reason.url for reason in refused.value.reasons)


def test_a_draft_without_items_is_not_submitted(desk: Desk) -> None:
    order = desk.draft()
    order.items.all().delete()
    with pytest.raises(Refused, match="没有要求改正的问题"):
        orders.submit(order, by=desk.inspector, at=at(FOUND_ON))


def test_a_date_that_has_passed_meanwhile_is_refused(desk: Desk, door: Any, on: Any) -> None:
    order = desk.draft(term_kind="date", term_days=None, term_date=date(2025, 1, 20))
    with on(date(2025, 1, 20)):
        answer = post(door(desk.inspector), order, "submit")
    assert "已经过去或就是今天" in answer.content.decode()
    order.refresh_from_db()
    assert order.state == OrderState.DRAFT


def test_a_character_without_glyph_is_named(desk: Desk) -> None:
    order = desk.draft()
    Item.objects.filter(order=order, ordinal=1).update(required_correction="加密\U0002b740")
    found = reasons.can_submit(order, desk.inspector, FOUND_ON)
    assert ["U+2B740" in str(reason) for reason in found] == [True]


def test_rare_names_are_no_obstacle(desk: Desk) -> None:
    order = desk.draft()
    Item.objects.filter(order=order, ordinal=1).update(required_correction="由王𬭸、李䶮负责加密")
    assert reasons.can_submit(order, desk.inspector, FOUND_ON) == []


def test_nobody_approves_the_own_draft(desk: Desk, door: Any, on: Any) -> None:
    order = desk.submitted()
    order.drafted_by = desk.supervisor
    order.save(update_fields=["drafted_by"])
    with on(FOUND_ON):
        answer = post(door(desk.supervisor), order, "approve")
    page = answer.content.decode()

    assert "您是拟稿人，须由其他人审批" in page
    assert "本单位规定" in page
    order.refresh_from_db()
    assert order.state == OrderState.SUBMITTED


@pytest.mark.parametrize("made", ["draft", "approved", "issued"])
def test_only_what_was_submitted_can_be_approved(desk: Desk, made: str) -> None:
    order = getattr(desk, made)()
    with pytest.raises(Refused):
        orders.approve(order, by=desk.supervisor, at=at(FOUND_ON))


def test_sent_back_with_a_reason_and_mended(desk: Desk, door: Any, on: Any) -> None:
    order = desk.submitted()
    with on(FOUND_ON):
        silent = post(door(desk.supervisor), order, "send_back", reason=" ")
        post(door(desk.supervisor), order, "send_back", reason="第 2 项请换条款")
        order.refresh_from_db()
        page = door(desk.inspector).get(url(order)).content.decode()

    assert "写明理由" in silent.content.decode()
    assert order.state == OrderState.RETURNED
    assert "第 2 项请换条款" in page
    orders.submit(order, by=desk.inspector, at=at(FOUND_ON, 17))
    assert (order.state, order.return_reason) == (OrderState.SUBMITTED, "")


def test_an_approval_falls_away_when_sent_back(desk: Desk) -> None:
    order = desk.approved()
    orders.send_back(order, by=desk.supervisor, at=at(FOUND_ON, 17), reason="期限太短")
    assert (order.approved_at, order.approved_by) == (None, None)


def test_a_draft_cannot_be_sent_back(desk: Desk) -> None:
    with pytest.raises(Refused, match="不在待审批"):
        orders.send_back(desk.draft(), by=desk.supervisor, at=at(FOUND_ON), reason="x")


def test_the_second_of_two_is_told_who_decided(desk: Desk, door: Any, on: Any) -> None:
    order = desk.submitted()
    with on(FOUND_ON):
        seen = order.version
        orders.approve(order, by=desk.supervisor, at=at(FOUND_ON, 16))
        order.version = seen
        second = UserFactory(unit=desk.unit, supervisor=True, name="农小明")
        answer = post(door(second), order, "send_back", reason="先改期限")
    page = answer.content.decode()

    assert "覃海波 已于" in page
    assert "审批同意" in page
    assert "先改期限" in page


def test_the_same_press_twice_is_one_approval(desk: Desk, door: Any, on: Any) -> None:
    order = desk.submitted()
    with on(FOUND_ON):
        client = door(desk.supervisor)
        first = post(client, order, "approve")
        again = post(client, order, "approve")
        page = client.get(again.url).content.decode()

    assert first.url == again.url == order.get_absolute_url()
    assert "没有重复登记" in page
    assert lines(order).count("orders.approve") == 1
