"""Filing, decision and closing of a case; beside an order and upon an unmet one."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit import trail
from audit.models import Event
from audit.trail import Refused
from deadlines.models import Deadline
from inspections.models import Finding
from penalties import cases
from penalties.models import Case, CaseState, Measure, Origin
from rectification import orders
from rectification.models import OrderState, Outcome
from tests.factories.accounts import UserFactory
from tests.factories.penalties import FILED_ON, case_beside
from tests.factories.rectification import ISSUED_ON, SERVED_ON, Desk, at
from tests.rectification.doors import url as order_url

AFTER = date(2025, 2, 13)
FILE = "/cases/file/"


def url(case: Case, act: str = "detail") -> str:
    return reverse(f"cases:{act}", args=[case.pk])


def lines(case: Case) -> list[str]:
    events = Event.objects.filter(subject_id=str(case.pk)).order_by("id")
    return list(events.values_list("verb", flat=True))


# ---- filing ----------------------------------------------------------------------------------


def test_a_case_beside_an_order_leaves_the_order_running(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    client = door(desk.inspector)
    form = {"form_token": str(uuid4()), "cause": "不履行网络安全保护义务"}
    with on(FILED_ON):
        page = client.get(order_url(order)).content.decode()
        answers = [client.post(f"{FILE}?order={order.pk}", form) for _n in range(2)]
        case = Case.objects.get()
        shown = client.get(answers[0].url).content.decode()
        beside = client.get(order_url(order)).content.decode()
    order.refresh_from_db()

    assert f"{FILE}?order={order.pk}" in page
    assert {answer.url for answer in answers} == {case.get_absolute_url()}
    assert (case.origin, case.state) == (Origin.INSPECTION, CaseState.FILED)
    assert case.decision_due_on == date(2025, 4, 10)
    assert "2025年4月10日" in shown
    assert order.state == OrderState.SERVED
    assert url(case) in beside
    assert f"{FILE}?order={order.pk}" not in beside
    assert Deadline.objects.get(kind="CASE_90").due_on == case.decision_due_on
    assert lines(case) == ["cases.file"]


def test_a_case_upon_an_unmet_order_takes_it_over(desk: Desk, door: Any, on: Any) -> None:
    order = desk.judged(on=AFTER, outcome=Outcome.UNCHANGED)
    form = {"form_token": str(uuid4()), "cause": "拒不改正", "reason": ""}
    with on(AFTER):
        client = door(desk.supervisor)
        silent = client.post(f"{FILE}?order={order.pk}", form)
        client.post(f"{FILE}?order={order.pk}", form | {"reason": "两次复查未改正"})
    order.refresh_from_db()

    assert "写明认定拒不改正的理由" in silent.content.decode()
    assert Case.objects.get().origin == Origin.UNMET_ORDER
    assert (order.state, order.escalated_to) == (OrderState.ESCALATED, "行政处罚立案")


def test_a_case_from_a_visit_without_an_order(desk: Desk, door: Any, on: Any) -> None:
    inspection = desk.visit()
    form = {"form_token": str(uuid4()), "cause": "未履行等级保护义务"}
    with on(FILED_ON):
        door(desk.inspector).post(f"{FILE}?inspection={inspection.pk}", form)
    assert Case.objects.get().order is None


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ("draft", "还没有签发"),
        ("withdrawn", "已撤回或作废"),
        ("taken", "已经立案"),
        ("escalated", "已经转入"),
    ],
)
def test_filing_is_refused(desk: Desk, door: Any, on: Any, made: str, sentence: str) -> None:
    order = desk.draft() if made == "draft" else desk.issued()
    if made == "withdrawn":
        orders.withdraw(order, by=desk.supervisor, at=at(ISSUED_ON, 18), reason="x")
    if made == "taken":
        case_beside(desk, order)
    if made == "escalated":
        order = desk.serve(order)
        desk.look(order, AFTER, Outcome.UNCHANGED)
        orders.judge(order, by=desk.supervisor, at=at(AFTER))
        orders.escalate(order, by=desk.supervisor, at=at(AFTER), to="总队", reason="x")
    with on(AFTER):
        page = door(desk.supervisor).get(FILE, {"order": order.pk}).content.decode()
    with pytest.raises(Refused, match=sentence):
        cases.file(order.inspection, by=desk.supervisor, at=at(AFTER), cause="x", order=order)
    assert sentence in page


def test_filing_needs_a_cause_a_calendar_and_its_own_visit(desk: Desk) -> None:
    order = desk.served()
    with pytest.raises(Refused, match="案由必须填写"):
        case_beside(desk, order, cause=" ")
    with pytest.raises(Refused, match="2027年日历未导入"):
        case_beside(desk, order, at=at(date(2026, 12, 1)))
    other = desk.visit(enterprise=order.enterprise)
    with pytest.raises(Refused, match="不属于这次检查"):
        cases.file(other, by=desk.inspector, at=at(FILED_ON), cause="x", order=order)
    assert not Case.objects.exists()


# ---- the decision, and closing ---------------------------------------------------------------


def test_a_decision_is_entered(desk: Desk, door: Any, on: Any) -> None:
    case = case_beside(desk)
    form = {
        "seen": case.version,
        "decided_on": "2025-02-10",
        "measures": ["warning", "fine"],
        "fine": "30000",
        "document_number": "南公（网安）行罚决字〔2025〕8号",
    }
    with on(AFTER):
        client = door(desk.supervisor)
        answers = [client.post(url(case, "record_decision"), form) for _n in range(2)]
        page = client.get(url(case)).content.decode()
    case.refresh_from_db()

    assert {answer.url for answer in answers} == {case.get_absolute_url()}
    assert (case.state, case.fine) == (CaseState.DECIDED, Decimal("30000.00"))
    assert "警告、罚款" in page
    assert "30,000 元" in page
    assert Deadline.objects.get(kind="CASE_90").was_met_in_time
    assert lines(case) == ["cases.file", "cases.record_decision"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"measures": []}, "至少选择一种处罚"),
        ({"decided_on": "2025-01-09"}, "决定日期不能早于立案日期"),
        ({"decided_on": "2025-02-14"}, "决定日期不能晚于今天"),
        ({"measures": ["fine"]}, "处以罚款的，须写明金额"),
        ({"fine": "100"}, "填写了金额，但没有选择罚款"),
    ],
)
def test_a_decision_is_refused_and_kept(
    desk: Desk, door: Any, on: Any, changes: dict[str, Any], sentence: str
) -> None:
    case = case_beside(desk)
    form = {"seen": case.version, "decided_on": "2025-02-10", "measures": ["warning"]} | changes
    with on(AFTER):
        answer = door(desk.supervisor).post(
            url(case, "record_decision"), form | {"note": "留着的字"}
        )
    page = answer.content.decode()
    assert sentence in page
    assert "留着的字" in page
    case.refresh_from_db()
    assert case.state == CaseState.FILED


def test_a_number_once(desk: Desk) -> None:
    order = desk.served()
    first = case_beside(desk, order)
    facts = {"by": desk.supervisor, "at": at(AFTER), "decided_on": AFTER, "measures": ["warning"]}
    cases.record_decision(first, document_number="8号", **facts)
    second = cases.file(
        desk.visit(enterprise=order.enterprise), by=desk.inspector, at=at(FILED_ON), cause="x"
    )
    with pytest.raises(Refused, match="已经登记过"):
        cases.record_decision(second, document_number="8号", **facts)


def test_the_second_of_two_is_told(desk: Desk, door: Any, on: Any) -> None:
    case = case_beside(desk)
    seen = case.version
    cases.close(case, by=desk.supervisor, at=at(AFTER), reason="违法事实不成立")
    with on(AFTER):
        answer = door(desk.colleague).post(
            url(case, "close"), {"seen": seen, "reason": "我也来结案"}
        )
    assert "覃海波 已于" in answer.content.decode()


def test_closing_needs_a_reason_and_ends_the_time_limit(desk: Desk, door: Any, on: Any) -> None:
    case = case_beside(desk)
    with on(AFTER):
        client = door(desk.supervisor)
        silent = client.post(url(case, "close"), {"seen": case.version, "reason": " "})
        client.post(url(case, "close"), {"seen": case.version, "reason": "执行完毕"})
        page = client.get(url(case)).content.decode()
    case.refresh_from_db()

    assert "结案理由必须填写" in silent.content.decode()
    assert (case.state, case.closed_on) == (CaseState.CLOSED, AFTER)
    assert Deadline.objects.get(kind="CASE_90").state == Deadline.CANCELLED
    assert "执行完毕" in page
    with pytest.raises(Refused, match="已经结案"):
        cases.close(case, by=desk.supervisor, at=at(AFTER), reason="x")
    with pytest.raises(Refused, match="已经有决定或已结案"):
        cases.record_decision(
            case, by=desk.supervisor, at=at(AFTER), decided_on=AFTER, measures=["warning"]
        )


def test_a_decision_disposes_of_what_no_order_holds(desk: Desk) -> None:
    case = cases.file(desk.visit(), by=desk.inspector, at=at(FILED_ON), cause="x")
    cases.record_decision(
        case, by=desk.supervisor, at=at(AFTER), decided_on=AFTER, measures=[Measure.UNSTATED]
    )
    assert set(Finding.objects.values_list("disposition", flat=True)) == {"penalty"}


# ---- doors, constraints, words ---------------------------------------------------------------


def test_strangers_find_nothing_and_readers_only_read(desk: Desk, door: Any) -> None:
    case = case_beside(desk)
    stranger, reader = (
        UserFactory(supervisor=True),
        UserFactory(unit=desk.unit, legal_reviewer=True),
    )
    for act in ("detail", "record_decision", "close"):
        assert door(stranger).get(url(case, act)).status_code == 404
    for act in ("record_decision", "close"):
        assert door(reader).get(url(case, act)).status_code == 403
    assert door(reader).get(url(case)).status_code == 200
    assert door(stranger).get(FILE, {"order": case.order_id}).status_code == 404
    assert door(desk.inspector).get(FILE, {"inspection": "x"}).status_code == 404


def test_the_list_and_its_conditions(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    case = case_beside(desk)
    with on(date(2025, 4, 9)):
        client = door(desk.supervisor)
        client.get("/cases/")
        with django_assert_max_num_queries(12):
            page = client.get("/cases/").content.decode()
        with django_assert_max_num_queries(12):
            client.get(url(case))
        nothing = client.get("/cases/", {"state": "closed"}).content.decode()
        found = client.get(
            "/cases/",
            {"q": "客货", "unit": desk.unit.pk, "origin": "inspection", "filed_to": "2025-01-10"},
        ).content.decode()
    assert "还剩 1 天" in page
    assert "没有符合条件的案件" in nothing
    assert url(case) in found


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("case_decided_whole", {"decided_on": AFTER}),
        ("case_decided_whole", {"measures": ["warning"]}),
        ("case_fine_when_fined", {"fine": 5}),
        ("case_state_has_its_facts", {"state": "decided"}),
        ("case_state_has_its_facts", {"state": "closed"}),
        ("case_from_unmet_order_has_order", {"origin": "unmet_order", "order": None}),
    ],
)
def test_the_database_refuses(desk: Desk, name: str, facts: dict[str, Any]) -> None:
    case = case_beside(desk)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**facts)
    assert "violates check constraint" in str(refused.value)
    if name != "case_fine_when_fined":
        assert name in str(refused.value)


def test_a_number_is_unique_in_the_database(desk: Desk) -> None:
    order = desk.served()
    first = case_beside(desk, order)
    second = cases.file(
        desk.visit(enterprise=order.enterprise), by=desk.inspector, at=at(FILED_ON), cause="x"
    )
    Case.objects.filter(pk=first.pk).update(document_number="8号")
    with pytest.raises(IntegrityError, match="case_document_number_once"), transaction.atomic():
        Case.objects.filter(pk=second.pk).update(document_number="8号")


def test_every_state_is_reachable_and_each_act_has_its_word() -> None:
    assert set(Case.MOVES) == set(CaseState)
    assert {to for steps in Case.MOVES.values() for to in steps} | {"opened"} == set(CaseState)
    known = trail.known_words()
    assert known["cases.record_decision"] == "登记处罚决定"
    assert SERVED_ON < AFTER
