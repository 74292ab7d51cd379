"""What is not paid: demanded, then brought to court; each condition alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.trail import Refused
from deadlines.models import Deadline
from notices.models import Notice, Preview
from penalties import cases
from penalties.casefile import File
from penalties.cases import enforcing
from penalties.models import CourtApplication, Decision, Demand, Remedy, Stay
from penalties.papers import money as on_paper
from tests.factories.rectification import Desk, at
from tests.penalties.fines import D, account, day, fined, pay

PAY_TO = "桂盛银行南宁演示支行，账号 4501000000000001"
DEMANDED_ON = date(2025, 7, 1)
#: Served on 16 February: six months end on 18 August (the 16th is a Saturday).
COURT_ON = date(2025, 8, 20)


def demand(desk: Desk, row: Decision, on: date = DEMANDED_ON) -> Demand:
    return cases.make_demand(row, by=desk.inspector, at=at(on), pay_to=PAY_TO)


def serve(desk: Desk, made: Demand, on: date = DEMANDED_ON, **facts: Any) -> Any:
    given = {
        "method": "direct", "outcome": "served", "attempted_on": on, "recipient": "李某某",
        "relation": "representative", "place": "企业办公室", "servers": desk.pair,
    } | facts  # fmt: skip
    return cases.serve_demand(made, by=desk.inspector, at=at(on, 18), **given)


def served_demand(desk: Desk, row: Decision) -> Demand:
    made = demand(desk, row)
    serve(desk, made)
    row.case.refresh_from_db()
    made.refresh_from_db()
    return made


def apply(desk: Desk, row: Decision, on: date = COURT_ON) -> CourtApplication:
    file = File(row.case)
    words = on_paper.first_words(file, file.decisions[0], enforcing.served_demand(file, row))
    facts = words | {"leader": "覃海波", "facts": "明文存储个人信息", "basis": "第五十九条第一款"}
    return cases.apply_to_court(
        row, by=desk.inspector, at=at(on), court="南宁市青秀区人民法院", facts=facts
    )


def unmet(row: Decision, on: date) -> set[str]:
    file = File(row.case)
    return {each.code for each in enforcing.conditions(file, file.decisions[0], on) if not each.met}


def test_a_demand_freezes_the_sums_and_starts_ten_working_days(desk: Desk) -> None:
    row = fined(desk)
    pay(desk, row, 4000, day(10))
    with pytest.raises(Refused, match="缴款的银行"):
        cases.make_demand(row, by=desk.inspector, at=at(DEMANDED_ON), pay_to="")
    made = demand(desk, row)
    assert (made.principal, made.surcharge) == (D(6000), D(10_000))
    notice = Notice.objects.get(kind="demand")
    assert notice.subject == made
    for words in ("（4000元）", "（10000元）", "（16000元）", "2025年7月1日", PAY_TO):
        assert words in notice.words, words
    with pytest.raises(Refused, match="还没有送达"):
        demand(desk, row)
    serve(desk, made)
    made.refresh_from_db()
    assert (made.served_on, made.ready_on) == (DEMANDED_ON, date(2025, 7, 15))
    assert Deadline.objects.open().get(kind="DEMAND_10").due_on == made.ready_on
    assert Deadline.objects.open().get(kind="COURT_3M").due_on == date(2025, 11, 18)


def test_nothing_is_demanded_too_early_when_paid_or_while_execution_stands(desk: Desk) -> None:
    row = fined(desk)
    with pytest.raises(Refused, match="还没有逾期"):
        demand(desk, row, day(0))
    stay = Stay.objects.create(
        case=row.case, decision=row, by_whom="法院", ground="x", from_on=day(3),
        entered_at=at(day(3)), entered_by=desk.inspector,
    )  # fmt: skip
    with pytest.raises(Refused, match="停止执行"):
        demand(desk, row, day(9))
    stay.until_on = day(10)
    stay.save()
    pay(desk, row, account(row, day(20)).balance, day(20))
    with pytest.raises(Refused, match="已经缴清"):
        demand(desk, row, day(21))


def test_a_letter_that_came_back_ends_what_it_started(desk: Desk) -> None:
    row = fined(desk)
    made = demand(desk, row)
    post = {"method": "post", "tracking_number": "EX1", "place": "", "servers": (None, None)}
    serve(desk, made, **post)
    serve(desk, made, date(2025, 7, 4), **post | {
        "outcome": "returned", "recipient": "", "relation": "", "note": "查无此人"
    })  # fmt: skip
    made.refresh_from_db()
    assert (made.served_on, made.ready_on) == (None, None)
    assert not Deadline.objects.open().filter(kind="DEMAND_10").exists()


def test_the_court_is_asked_when_every_condition_is_met(desk: Desk) -> None:
    row = fined(desk)
    assert unmet(row, COURT_ON) == {"demanded", "ten_days"}
    served_demand(desk, row)
    assert unmet(row, date(2025, 7, 15)) == {"over", "ten_days"}
    assert unmet(row, date(2025, 8, 18)) == {"over"}
    assert unmet(row, date(2025, 11, 18)) == set()
    assert unmet(row, date(2025, 11, 19)) == {"in_time"}
    with pytest.raises(Refused, match="期限已经届满"):
        apply(desk, row, date(2025, 8, 18))
    with pytest.raises(Refused, match="人民法院"):
        cases.apply_to_court(row, by=desk.inspector, at=at(COURT_ON), court=" ", facts={})
    made = apply(desk, row)
    assert (made.principal, made.surcharge) == (D(10_000), D(10_000))
    words = Notice.objects.get(kind="enforcement_application").words
    for said in ("（20000元）", "南宁市青秀区人民法院", "没有申请行政复议"):
        assert said in words, said
    assert Deadline.objects.get(kind="COURT_3M").state == Deadline.MET
    row.case.refresh_from_db()
    with pytest.raises(Refused, match="已经申请过"):
        apply(desk, row)


def test_a_remedy_a_stay_and_a_payment_bar_the_court(desk: Desk) -> None:
    row = fined(desk)
    served_demand(desk, row)
    who = {"entered_at": at(day(3)), "entered_by": desk.inspector}
    common = {"case": row.case, "decision": row, **who}
    remedy = Remedy.objects.create(
        kind="reconsideration", body="市政府", applied_on=day(20), **common
    )
    assert unmet(row, COURT_ON) == {"no_remedy", "over", "in_time"}
    remedy.result, remedy.result_on = "upheld", date(2025, 8, 15)
    remedy.result_received_on = remedy.effective_on = date(2025, 8, 18)
    remedy.save()
    assert unmet(row, COURT_ON) == {"over"}  # fifteen days to sue
    assert unmet(row, date(2025, 9, 3)) == set()
    Stay.objects.create(by_whom="法院", ground="x", from_on=date(2025, 9, 1), **common)
    assert unmet(row, date(2025, 9, 3)) == {"not_stayed"}
    row.case.refresh_from_db()
    owed = account(row, date(2025, 9, 3)).balance
    pay(desk, row, owed, date(2025, 9, 3))
    assert "unpaid" in unmet(row, date(2025, 9, 3))


def test_what_the_court_said_is_entered_until_it_is_final(desk: Desk) -> None:
    row = fined(desk)
    served_demand(desk, row)
    made = apply(desk, row)
    who = {"by": desk.inspector, "at": at(date(2025, 10, 9))}
    accepted = date(2025, 9, 20)
    with pytest.raises(Refused, match="不能早于"):
        cases.record_court_result(made, result="accepted", result_on=day(1), **who)
    cases.record_court_result(
        made, result="accepted", result_on=accepted, document_number="（2025）桂0103行审1号", **who
    )
    cases.record_court_result(made, result="finished", result_on=date(2025, 10, 8), **who)
    with pytest.raises(Refused, match="最终结果"):
        cases.record_court_result(made, result="terminated", result_on=date(2025, 10, 9), **who)


def test_the_paper_is_looked_at_made_and_served_at_the_doors(
    desk: Desk, door: Any, on: Any
) -> None:
    row = fined(desk)
    client = door(desk.inspector)
    base = f"/cases/{row.case_id}"
    form = {"pay_to": PAY_TO, "seen": row.case.version}
    with on(DEMANDED_ON):
        page = client.get(f"{base}/make_demand/{row.pk}/").content.decode()
        looked = client.post(f"{base}/preview_demand/{row.pk}/", form)
        assert Preview.objects.get().kind == "demand"
        assert not Demand.objects.exists()
        client.post(f"{base}/make_demand/{row.pk}/", form)
        made = Demand.objects.get()
        asked = client.get(f"{base}/serve_demand/{made.pk}/").content.decode()
        redirect = client.get(f"/notices/{made.notice_id}/serve/")
        tab = client.get(f"{base}/?tab=money").content.decode()
    assert "今天所欠 20,000 元" in page
    assert "/previews/" in looked.url or "preview" in looked.url
    assert "送达方式" in asked
    assert redirect.url == f"/cases/of/demand/{made.pk}/"
    assert "申请法院强制执行的条件" in tab


def test_each_constraint_holds(desk: Desk) -> None:
    row = fined(desk)
    common = {
        "case": row.case, "decision": row, "principal": 1, "surcharge": 0,
        "entered_at": at(day(0)), "entered_by": desk.inspector,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="demand_sums"), transaction.atomic():
        Demand.objects.create(**common | {"principal": -1}, made_on=day(0))
    with pytest.raises(IntegrityError, match="court_result_pair"), transaction.atomic():
        CourtApplication.objects.create(**common, court="x", applied_on=day(0), result="refused")
