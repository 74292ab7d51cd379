"""More time to pay: asked for, granted to the fen, refused; constraints."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.trail import Refused
from deadlines.models import Deadline
from penalties import cases, clocks
from penalties.models import Decision, Instalment, Plan
from tests.factories.rectification import Desk, at
from tests.penalties.fines import SERVED_ON, D, account, day, fined, pay


def asked(desk: Desk, row: Decision, kind: str = "instalments", on: int = -5) -> Plan:
    return cases.ask_plan(
        row, by=desk.inspector, at=at(day(on)), kind=kind, asked_on=day(on), reason="经营困难"
    )


def grant(desk: Desk, plan: Plan, *parts: tuple[int, Any], on: int = -3) -> Plan:
    return cases.decide_plan(
        plan,
        by=desk.supervisor,
        at=at(day(on)),
        granted=True,
        decided_on=day(on),
        parts=[(day(n), D(amount)) for n, amount in parts],
    )


def test_parts_take_the_place_of_the_day_and_the_clock_walks_along(desk: Desk) -> None:
    row = fined(desk)
    clocks.start(
        "FINE_PAYMENT", row, clocks.due("FINE_PAYMENT", SERVED_ON), case=row.case,
        by=desk.inspector, at=at(SERVED_ON),
    )  # fmt: skip
    plan = asked(desk, row)
    grant(desk, plan, (10, 4000), (40, 6000))
    row.case.refresh_from_db()
    assert Deadline.objects.get(kind="FINE_PAYMENT").state == Deadline.CANCELLED
    assert Deadline.objects.open().get(kind="INSTALMENT").due_on == day(10)
    assert account(row, day(10)).surcharge == 0
    pay(desk, row, 4000, day(10))
    assert Deadline.objects.open().get(kind="INSTALMENT").due_on == day(40)
    pay(desk, row, 6000, day(20))
    assert not Deadline.objects.open().filter(kind="INSTALMENT").exists()
    assert account(row, day(99)).is_settled
    with pytest.raises(Refused, match="已经批准过"):
        asked(desk, row, on=20)


def test_the_parts_sum_up_exactly_to_what_is_owed(desk: Desk) -> None:
    row = fined(desk)
    plan = asked(desk, row, on=2)
    for parts, sentence in (
        ([], "写明每一期"),
        ([(10, 13_000)], "10,900.00 元"),
        ([(10, "10899.99")], "10,900.00 元"),
        ([(40, 5000), (10, 5900)], "依次往后"),
        ([(2, 5000), (10, 5900)], "依次往后"),
    ):
        with pytest.raises(Refused, match=sentence):
            grant(desk, plan, *parts, on=4)
    with pytest.raises(Refused, match="不能自己批准"):
        cases.decide_plan(
            plan, by=desk.inspector, at=at(day(4)), granted=False, decided_on=day(4), note="x"
        )
    grant(desk, plan, (10, 5000), (40, 5900), on=4)
    assert account(row, day(10)).surcharge == D(900)


def test_a_deferral_has_one_part_and_a_refusal_its_reason(desk: Desk) -> None:
    row = fined(desk)
    plan = asked(desk, row, "deferral")
    with pytest.raises(Refused, match="只有一个期限"):
        grant(desk, plan, (10, 4000), (40, 6000))
    with pytest.raises(Refused, match="没有决定"):
        asked(desk, row)
    given: dict[str, Any] = {"granted": False, "decided_on": day(-2)}
    who = {"by": desk.supervisor, "at": at(day(-2))}
    with pytest.raises(Refused, match="写明理由"):
        cases.decide_plan(plan, **given, **who)
    cases.decide_plan(plan, note="证据不足", **given, **who)
    row.case.refresh_from_db()
    assert account(row, day(1)).surcharge == D(300)
    grant(desk, asked(desk, row, "deferral", on=0), (30, 10_000), on=0)
    assert account(row, day(30)).surcharge == 0


def test_the_form_reads_parts_line_by_line(desk: Desk, door: Any, on: Any) -> None:
    row = fined(desk)
    plan = asked(desk, row)
    url = f"/cases/{row.case_id}/decide_plan/{plan.pk}/"
    form = {"granted": "1", "decided_on": "2025-02-28", "seen": row.case.version}
    client = door(desk.supervisor)
    with on(day(-3)):
        wrong = client.post(url, form | {"parts": "2025-03-13 4000\n下月 6000"}).content.decode()
        none = client.post(url, form | {"parts": "2025-02-30 10000"}).content.decode()
        right = client.post(url, form | {"parts": "２０２５-03-13 4000\n2025年4月12日，6,000元"})
    assert "第 2 行写成" in wrong
    assert "第 1 行写成" in none
    assert right.status_code == 302
    assert [part.amount for part in plan.instalments.all()] == [D(4000), D(6000)]


def test_each_constraint_holds(desk: Desk) -> None:
    row = fined(desk)
    who = {"entered_at": at(day(0)), "entered_by": desk.inspector}
    common = {"case": row.case, "decision": row, "kind": "deferral", "asked_on": day(0), **who}

    def broken(name: str, make: Any) -> None:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            make()

    def plan(**facts: Any) -> Plan:
        return Plan.objects.create(**common, **facts)

    done = {"granted": True, "decided_on": day(0), "decided_by": desk.supervisor}
    broken("plan_decided_whole", lambda: plan(granted=True))
    plan()
    broken("plan_one_request", plan)
    first = plan(**done)
    broken("plan_one_granted", lambda: plan(**done))
    part = {"plan": first, "position": 1, "due_on": day(9)}
    broken("instalment_positive", lambda: Instalment.objects.create(amount=0, **part))
    Instalment.objects.create(amount=1, **part)
    broken("instalment_once", lambda: Instalment.objects.create(amount=1, **part))
