"""Payments: entered, too large, voided, refunded; cash on the spot; the tab and the list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from audit.trail import Decided, Refused
from deadlines.models import Deadline
from penalties import cases, clocks, owing
from penalties.casefile import File
from penalties.models import Cash, Decision, Payment, Remedy, Step
from tests.factories.accounts import UserFactory
from tests.factories.penalties import case_alone, decision
from tests.factories.rectification import Desk, at
from tests.penalties.fines import DUE_ON, SERVED_ON, D, account, day, fined, pay


def test_a_payment_settles_the_fine_and_meets_its_clock(desk: Desk) -> None:
    row = fined(desk)
    clocks.start(
        "FINE_PAYMENT", row, clocks.due("FINE_PAYMENT", SERVED_ON), case=row.case,
        by=desk.inspector, at=at(SERVED_ON),
    )  # fmt: skip
    assert row.case.step == Step.PERFORMING
    pay(desk, row, 4000, receipt_number="桂财 0001")
    assert Deadline.objects.get(kind="FINE_PAYMENT").state == Deadline.RUNNING
    pay(desk, row, 6000)
    row.case.refresh_from_db()
    assert account(row, DUE_ON).is_settled
    assert owing.is_settled(File(row.case), row, DUE_ON)
    assert row.case.step == Step.CLOSING
    met = Deadline.objects.get(kind="FINE_PAYMENT")
    assert (met.state, met.ended_on) == (Deadline.MET, DUE_ON)
    lines = Event.objects.filter(subject_id=str(row.case.pk), verb="cases.record_payment")
    assert lines.count() == 2


def test_more_than_is_owed_is_refused_with_the_sums_unless_the_rest_goes_back(desk: Desk) -> None:
    row = fined(desk)
    with pytest.raises(Refused) as no:
        pay(desk, row, "10300.01", day(1))
    assert "10,300.00 元" in str(no.value)
    assert "多 0.01 元" in str(no.value)
    assert not Payment.objects.exists()
    pay(desk, row, 10_500, day(1), keep_excess=True)
    assert account(row, day(1)).refund == D(200)
    who = {"by": desk.inspector, "at": at(day(2)), "paid_on": day(2)}
    with pytest.raises(Refused, match="最多退还"):
        cases.refund(row, amount=D("200.01"), **who)
    cases.refund(row, amount=D(200), **who)
    assert (account(row, day(3)).refund, account(row, day(3)).is_settled) == (0, True)


def test_what_is_no_sum_is_refused(desk: Desk) -> None:
    row = fined(desk)
    for amount, sentence in (
        ("-1", "大于零"),
        ("0", "大于零"),
        ("NaN", "大于零"),
        ("1000000000000", "太大"),
        ("10.005", "两位小数"),
    ):
        with pytest.raises(Refused, match=sentence):
            pay(desk, row, amount)
    assert not Payment.objects.exists()


def test_days_receipts_and_ways_are_looked_at(desk: Desk) -> None:
    row = fined(desk)
    with pytest.raises(Refused, match="不能晚于今天"):
        pay(desk, row, 1, paid_on=day(1))
    with pytest.raises(Refused, match="不能早于"):
        pay(desk, row, 1, paid_on=date(2025, 2, 13))
    with pytest.raises(Refused, match="没有写当场收缴"):
        pay(desk, row, 1, way=Payment.Way.CASH)
    pay(desk, row, 1, receipt_number="7")
    with pytest.raises(Refused, match="票据号已经登记过"):
        pay(desk, row, 1, receipt_number=" 7 ")


def test_a_voided_payment_stays_and_counts_no_more(desk: Desk) -> None:
    row = fined(desk)
    paid = pay(desk, row, 10_000, receipt_number="7")
    who = {"by": desk.inspector, "at": at(day(5))}
    with pytest.raises(Refused, match="必须填写"):
        cases.void_payment(paid, reason=" ", **who)
    cases.void_payment(paid, reason="票据填错", **who)
    row.case.refresh_from_db()
    assert account(row, day(5)).fine_left == D(10_000)
    assert row.case.step == Step.PERFORMING
    assert Deadline.objects.get(kind="FINE_PAYMENT").state == Deadline.RUNNING
    with pytest.raises(Refused, match="已经作废"):
        cases.void_payment(Payment.objects.get(), reason="x", **who)
    pay(desk, row, 100, day(5), receipt_number="7")


def test_a_fallen_decision_owes_money_back_and_takes_none(desk: Desk) -> None:
    row = fined(desk)
    pay(desk, row, 3000)
    Decision.objects.filter(pk=row.pk).update(standing="revoked", ended_on=day(9))
    row.refresh_from_db()
    assert (account(row, day(20)).balance, account(row, day(20)).refund) == (0, 3000)
    with pytest.raises(Refused, match="不再缴款"):
        pay(desk, row, 1, day(20))


def test_a_changed_fine_is_what_is_owed(desk: Desk) -> None:
    row = fined(desk)
    Remedy.objects.create(
        case=row.case, decision=row, kind="reconsideration", body="南宁市人民政府",
        applied_on=day(5), result="changed", result_on=day(30), result_received_on=day(32),
        effective_on=day(32), new_fine=D(6000), entered_at=at(day(5)), entered_by=desk.inspector,
    )  # fmt: skip
    found = account(row, day(33))
    assert (found.fine, found.surcharge) == (6000, D(900))  # four days before, one after


def test_cash_is_handed_in_and_banked_within_two_working_days_each(desk: Desk) -> None:
    row = fined(desk, 100, collection="at_once", payment_due_on=None, kind="spot")
    friday = date(2025, 2, 21)
    pay(desk, row, 100, friday, way=Payment.Way.CASH, receipt_number="9")
    cash = Cash.objects.get()
    assert cash.due_on == date(2025, 2, 25)
    who = {"by": desk.inspector, "at": at(date(2025, 2, 26))}
    with pytest.raises(Refused, match="还没有上交"):
        cases.bank_in(cash, on=friday, **who)
    cases.hand_in(cash, on=date(2025, 2, 24), **who)
    with pytest.raises(Refused, match="已经上交"):
        cases.hand_in(cash, on=date(2025, 2, 24), **who)
    running = Deadline.objects.open().get(kind="CASH_2")
    assert running.due_on == date(2025, 2, 26)
    cases.bank_in(cash, on=date(2025, 2, 26), **who)
    assert not Deadline.objects.open().filter(kind="CASH_2").exists()


def test_of_two_payments_at_once_one_is_told(desk: Desk) -> None:
    row = fined(desk)
    stale = Decision.objects.select_related("case").get(pk=row.pk)
    pay(desk, row, 10_000)
    with pytest.raises(Decided):
        pay(desk, stale, 10_000)


# ---- at the door ---------------------------------------------------------------------------------


def test_what_is_typed_comes_back_with_its_fault(desk: Desk, door: Any, on: Any) -> None:
    row = fined(desk)
    url = f"/cases/{row.case_id}/record_payment/{row.pk}/"
    form = {"paid_on": "2025-03-03", "way": "bank", "seen": row.case.version}
    client = door(desk.inspector)
    with on(DUE_ON):
        for typed, said in (
            ("", "填写“金额（元）”"),
            ("-1", "最多到分"),
            ("1e9", "最多到分"),
            ("10,000.005", "最多到分"),
            ("20000", "多于应缴"),
        ):
            page = client.post(url, form | {"amount": typed}).content.decode()
            assert said in page, typed
            assert not typed or f'value="{typed}"' in page
        assert not Payment.objects.exists()
        assert client.post(url, form | {"amount": "１０，０００．００元"}).status_code == 302
    assert Payment.objects.get().amount == D(10_000)


def test_the_tab_explains_the_sum_and_the_list_finds_it(desk: Desk, door: Any, on: Any) -> None:
    row = fined(desk)
    pay(desk, row, 4000, day(10))
    client = door(desk.inspector)
    with on(day(20)):
        tab = client.get(f"/cases/{row.case_id}/?tab=money").content.decode()
        late = client.get("/cases/money/?state=overdue").content.decode()
        due = client.get("/cases/money/?state=due").content.decode()
        sheet = client.get("/cases/money/export/?state=overdue").content.decode()
    for words in ("10,800 元", "4,800 元", "3,000 元", "起逾期", "制作催告书"):
        assert words in tab, words
    assert row.number in late
    assert "10,800 元" in late
    assert row.number not in due
    assert "6000.00,4800.00,10800.00" in sheet


def test_the_list_asks_as_many_questions_for_many_as_for_one(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    for n in (1, 2):
        fined(desk, number=f"南公（网安）行罚决字〔2025〕{n}号")
    client = door(desk.inspector)
    with on(day(20)):
        client.get("/cases/money/")
        with django_assert_max_num_queries(18):
            page = client.get("/cases/money/?sort=due").content.decode()
    assert "本页 2 件" in page


def test_another_unit_sees_nothing_and_a_reader_does_nothing(
    desk: Desk, door: Any, on: Any
) -> None:
    row = fined(desk)
    url = f"/cases/{row.case_id}/record_payment/{row.pk}/"
    with on(DUE_ON):
        assert door(UserFactory(inspector=True)).get(url).status_code == 404
        assert door(UserFactory(unit=desk.unit, auditor=True)).get(url).status_code == 403
        other = door(UserFactory(inspector=True)).get("/cases/money/").content.decode()
    assert row.number not in other


# ---- what the database says ------------------------------------------------------------------


def test_each_constraint_holds(desk: Desk) -> None:
    row = fined(desk)
    common = {
        "case": row.case, "decision": row, "entered_at": at(DUE_ON),
        "entered_by": desk.inspector, "paid_on": DUE_ON,
    }  # fmt: skip

    def broken(name: str, make: Any) -> None:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            make()

    def payment(**facts: Any) -> Payment:
        return Payment.objects.create(**{"amount": D(5), "way": "bank", **common, **facts})

    broken("payment_sign_fits", lambda: payment(amount=D(-5)))
    broken("payment_sign_fits", lambda: payment(amount=D(5), way="refund"))
    payment(receipt_number="7")
    broken("payment_receipt_once", lambda: payment(receipt_number="7"))
    broken("payment_void_pair", lambda: payment(void_on=DUE_ON))
    cash = {**common, "due_on": DUE_ON, "officer": desk.inspector}
    del cash["paid_on"], cash["decision"]
    broken(
        "cash_days_in_order",
        lambda: Cash.objects.create(payment=payment(), banked_on=DUE_ON, **cash),
    )


def test_where_no_fine_is_decided_there_is_no_tab(desk: Desk, door: Any) -> None:
    case = case_alone(desk)
    row = decision(case)
    assert owing.is_settled(File(case), row, DUE_ON)
    assert "tab=money" not in door(desk.inspector).get(case.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="没有罚款"):
        cases.record_payment(
            row, by=desk.inspector, at=at(DUE_ON), paid_on=DUE_ON, amount=Decimal(5)
        )
