"""The opinion on a re-inspection: what it says, who may issue it, on what it rests."""

from datetime import date
from typing import Any

import pytest

from audit.trail import Refused
from notices import printing, reading
from notices.models import Notice
from rectification import course, opinion_words, orders
from rectification.models import Outcome
from tests.factories.rectification import DUE_ON, Desk, at
from tests.rectification.doors import lines, post, url

pytestmark = pytest.mark.django_db
LOOKED_ON = date(2025, 2, 13)


def looked(desk: Desk, *outcomes: str, on: date = LOOKED_ON, findings: int = 2) -> Any:
    """Served, and looked at after the term had ended: one outcome for each item."""
    order = desk.served(findings)
    results = {
        item.pk: (outcome, on if outcome == Outcome.CORRECTED else None, "")
        for item, outcome in zip(order.items.all(), outcomes, strict=True)
    }
    orders.record_reinspection(
        order, results, by=desk.inspector, at=at(on), held_on=on, officers=desk.pair
    )
    return order


def words_of(notice: Notice) -> str:
    return "\n".join(reading.blocks(notice.words))


def test_the_door_proposes_the_words_and_issues_the_paper(desk: Desk, door: Any, on: Any) -> None:
    order = looked(desk, Outcome.CORRECTED, Outcome.UNCHANGED)
    with on(LOOKED_ON):
        client = door(desk.supervisor)
        form = client.get(url(order, "issue_opinion")).content.decode()
        answer = post(
            client, order, "issue_opinion", round_number="1", opinion="第2项限期届满仍未改正。"
        )
        page = client.get(answer.url).content.decode()

    assert "第2项在改正期限届满后仍未改正完毕，我局将依法处理" in form
    assert "整改期间采取措施确保网络安全" in form
    notice = Notice.objects.get(kind="reinspection_opinion")
    assert notice.number == "南公（网安）复查字〔2025〕1号"
    assert notice.number in page
    text = words_of(notice)
    for word in (
        order.notice.number,
        "2025年2月13日",
        "韦志远（警号",
        "第十九条",
        "已改正",
        "未改正",
        "认定于2025年2月13日完成",
        "复查意见：第2项限期届满仍未改正。",
        "一式两份，一份交被检查单位，一份附卷。",
    ):
        assert word in text, word
    assert text.index(order.notice.number) < text.index("复查意见：") < text.index("被检查单位签收")
    assert notice.subject == order.reinspections.get()
    assert lines(order)[-1] == "orders.issue_opinion"


def test_it_prints_with_the_words_as_frozen(desk: Desk) -> None:
    order = looked(desk, Outcome.CORRECTED, Outcome.PARTLY)
    notice = orders.issue_opinion(order, by=desk.supervisor, at=at(LOOKED_ON), opinion="继续整改")

    printed = printing.render(notice)

    assert printed.pages == 1


@pytest.mark.parametrize(
    ("outcomes", "on", "said"),
    [
        ((Outcome.CORRECTED, Outcome.CORRECTED), LOOKED_ON, "通知书所列事项均已改正"),
        ((Outcome.CORRECTED, Outcome.WORSE), LOOKED_ON, "第1项已经改正。第2项在改正期限届满后"),
        ((Outcome.CORRECTED, Outcome.PARTLY), date(2025, 2, 6), "在2025年2月12日前改正完毕"),
    ],
)
def test_the_opinion_follows_from_the_results(
    desk: Desk, outcomes: Any, on: date, said: str
) -> None:
    order = desk.report(desk.served(2), date(2025, 2, 5))
    results = {
        item.pk: (outcome, on if outcome == Outcome.CORRECTED else None, "")
        for item, outcome in zip(order.items.all(), outcomes, strict=True)
    }
    orders.record_reinspection(
        order, results, by=desk.inspector, at=at(on), held_on=on, officers=desk.pair
    )

    assert said in opinion_words.proposed(order, course.of(order).rounds[-1])


def test_a_later_round_names_what_an_earlier_one_had_seen(desk: Desk) -> None:
    order = looked(desk, Outcome.CORRECTED, Outcome.UNCHANGED)
    last = order.items.last()
    later = date(2025, 2, 20)
    orders.record_reinspection(
        order,
        {last.pk: (Outcome.CORRECTED, later, "已部署")},
        by=desk.inspector,
        at=at(later),
        held_on=later,
        officers=desk.pair,
    )
    second = orders.issue_opinion(order, by=desk.supervisor, at=at(later), opinion="均已改正")
    first = orders.issue_opinion(order, by=desk.supervisor, at=at(later), opinion="继续整改")

    assert (second.snapshot["round"], first.snapshot["round"]) == (2, 1)
    assert "（2025年2月13日复查）" in words_of(second)
    assert "复查）" not in words_of(first)
    with pytest.raises(Refused, match="第 1、2 轮复查已经有复查意见书"):
        orders.issue_opinion(order, by=desk.supervisor, at=at(later), opinion="再来一份")


def test_without_a_round_or_words_there_is_none(desk: Desk) -> None:
    with pytest.raises(Refused, match="还没有登记复查"):
        orders.issue_opinion(desk.served(), by=desk.supervisor, at=at(DUE_ON), opinion="好")
    order = looked(desk, Outcome.CORRECTED, Outcome.CORRECTED)
    with pytest.raises(Refused, match="写明复查意见"):
        orders.issue_opinion(order, by=desk.supervisor, at=at(LOOKED_ON), opinion=" ")
    order.refresh_from_db()
    with pytest.raises(Refused, match="这一轮复查不存在"):
        orders.issue_opinion(
            order, by=desk.supervisor, at=at(LOOKED_ON), opinion="好", round_number=7
        )


def test_since_order_176_it_is_practice_of_the_house(desk: Desk, door: Any, on: Any) -> None:
    visited, looked_on = date(2026, 10, 12), date(2026, 10, 30)
    order = desk.serve(
        desk.issued(1, day=visited, on=date(2026, 10, 14), term_days=5), date(2026, 10, 15)
    )
    desk.look(order, looked_on, Outcome.UNCHANGED)
    with on(looked_on):
        page = door(desk.supervisor).get(url(order, "issue_opinion")).content.decode()
    notice = orders.issue_opinion(order, by=desk.supervisor, at=at(looked_on), opinion="继续整改")

    assert "176号令没有规定复查意见书" in page
    assert "依据我局关于复查的内部规定" in words_of(notice)
    assert "第十九条" not in words_of(notice)


def test_withdrawing_the_order_withdraws_what_was_said_of_its_rounds(desk: Desk) -> None:
    order = looked(desk, Outcome.CORRECTED, Outcome.UNCHANGED)
    notice = orders.issue_opinion(order, by=desk.supervisor, at=at(LOOKED_ON), opinion="继续整改")
    orders.withdraw(order, by=desk.supervisor, at=at(LOOKED_ON, 17), reason="对象错误")

    notice.refresh_from_db()
    assert notice.state == Notice.State.WITHDRAWN
    with pytest.raises(Refused):
        orders.issue_opinion(order, by=desk.supervisor, at=at(LOOKED_ON, 18), opinion="好")


def test_an_inspector_does_not_issue(desk: Desk, door: Any, on: Any) -> None:
    order = looked(desk, Outcome.CORRECTED, Outcome.CORRECTED)
    with on(LOOKED_ON):
        assert door(desk.inspector).get(url(order, "issue_opinion")).status_code == 403
        assert "制作复查意见书" not in door(desk.inspector).get(url(order)).content.decode()
        assert "制作复查意见书" in door(desk.supervisor).get(url(order)).content.decode()
