"""What a case adds to the self-review, and what its decision form says of the clauses."""

from datetime import date
from typing import Any

from legal import citations
from penalties import cases, review
from penalties.models import Case
from tests.factories.penalties import FILED_ON, case_beside
from tests.factories.rectification import Desk, at
from tests.penalties.test_cases import url
from tests.rectification.doors import url as order_url

IN_2026 = date(2026, 3, 2)


def decided(desk: Desk, case: Case, day: date, **facts: Any) -> Case:
    given = {"measures": ["warning"], "document_number": "南公行罚决字〔2025〕1号"} | facts
    return cases.record_decision(case, by=desk.inspector, at=at(day), decided_on=day, **given)


def page_of(client: Any, address: str) -> str:
    return str(client.get(address).content.decode())


def test_the_decision_form_says_what_its_day_brings(desk: Desk, door: Any, on: Any) -> None:
    """The act under the text of 2016; decided under that of 2025: the older one is lighter."""
    case = case_beside(desk)
    client, form = door(desk.inspector), url(case, "record_decision")
    with on(FILED_ON):
        before = page_of(client, form)
        later = page_of(client, f"{form}?decided_on={IN_2026}")
        nonsense = page_of(client, f"{form}?decided_on=2026-13-01")
    assert "已改为" not in before
    assert "已改为《网络安全法》（2025）第六十一条第一款" in later
    assert "旧规定较轻" in later
    assert "单位可以罚款 10,000 至 50,000 元" in later
    assert f'value="{IN_2026}"' in later
    assert "《行政处罚法》（2021）第三十七条" in later
    assert "已改为" not in nonsense


def test_what_was_typed_is_looked_at_again(desk: Desk, door: Any, on: Any) -> None:
    """A form sent back shows the notes for the day that it names."""
    case = case_beside(desk)
    client = door(desk.inspector)
    with on(IN_2026):
        answer = client.post(
            url(case, "record_decision"), {"decided_on": "2026-03-01", "seen": case.version}
        )
    text = answer.content.decode()
    assert "至少选择一种处罚" in text
    assert "决定之日（2026年3月1日）" in text


def test_findings_that_cite_the_same_stand_together(desk: Desk) -> None:
    case = case_beside(desk, desk.served(findings=3))
    (entry,) = review.looked(review.findings_of(case), citations.register(), FILED_ON)
    assert entry.name == "第 1、2、3 项"
    assert [note["code"] for note in entry.notes] == ["persons"]


def test_the_review_of_the_order_holds_its_case(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    case = decided(desk, case_beside(desk, order), date(2025, 1, 15))
    with on(date(2025, 1, 20)):
        page = page_of(door(desk.supervisor), order_url(order, "review"))
    assert "行政处罚案件（不履行网络安全保护义务）" in page
    assert "在办案期限内决定" in page
    assert case.get_absolute_url() in page
    assert case.decision_derivation["sentence_zh"] in page


def test_a_case_has_its_own_review(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    inspection = desk.visit(2)
    case = cases.file(inspection, by=desk.inspector, at=at(FILED_ON), cause="不履行义务")
    client = door(desk.supervisor)
    with on(date(2025, 6, 2)):
        page_of(client, url(case, "review"))
        with django_assert_max_num_queries(8):
            page = page_of(client, url(case, "review"))
        assert url(case, "review") in page_of(client, case.get_absolute_url())
    assert "办案期限已超过" in page
    assert "发现 1 项缺陷" in page


def test_a_late_decision_without_number_is_said(desk: Desk) -> None:
    case = decided(desk, case_beside(desk), date(2025, 6, 2), document_number="")
    moment = next(m for m in review.moments(case, date(2025, 6, 3)) if m.name == "处罚决定")
    assert [(c.state, c.text) for c in moment.checks if c.state != "ok"] == [
        ("defect", "决定超过办案期限"),
        ("remind", "没有登记决定书文号"),
    ]
