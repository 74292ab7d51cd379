"""Lines from the bank: read, matched by themselves or by hand, set aside, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from audit.trail import Decided, Refused
from penalties import bank_files, cases
from penalties.models import BankLine, BankStatement, Payment
from tests.factories.accounts import UserFactory
from tests.factories.rectification import PARTY, Desk, at
from tests.penalties.fines import DUE_ON, D, account, day, fined, pay

HEAD = "流水号,交易日期,金额,对方户名,摘要"


def csv(*lines: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(["账号：4501,,,,", head, *lines]).encode(encoding)


def take(desk: Desk, data: bytes, on: Any = DUE_ON, name: str = "流水.csv") -> Any:
    return cases.import_statement(desk.unit, data, name, by=desk.inspector, at=at(on))


# ---- reading -------------------------------------------------------------------------------------


def test_a_file_is_read_as_banks_write_it() -> None:
    lines, faults = bank_files.read(
        csv(
            '="0001",2025/3/3,"10,000.00",甲公司,缴罚款',
            "0002,20250303,－５．５０,＝cmd|' /C calc'!A0,手续费",
            "0003,2025年3月3日 09:15,¥7元,,",
            ",2025-03-03,5,乙,",
            "0005,2025-02-30,5,乙,",
            "0006,2025-03-03,10.005,乙,",
            "0007,2025-03-03,1e9,乙,",
            "0008,2025-03-03,,乙,",
            "",
            encoding="gb18030",
        )
    )
    assert [(line.reference, line.amount) for line in lines] == [
        ("0001", D("10000.00")), ("0002", D("-5.50")), ("0003", D(7)),
    ]  # fmt: skip
    assert {line.booked_on for line in lines} == {DUE_ON}
    assert lines[1].payer.startswith("=cmd")
    assert [(fault.no, fault.why) for fault in faults] == [
        (6, "没有流水号"), (7, "没有这个日期"), (8, "金额读不懂，最多到分"),
        (9, "金额读不懂，最多到分"), (10, "没有金额"),
    ]  # fmt: skip
    english = (
        b"id;date;credit;debit;payer;description\n7;2025-03-03;;12.50;A;B\n8;2025-03-03;3;;A;B"
    )
    assert [line.amount for line in bank_files.read(english)[0]] == [D("-12.50"), D(3)]


@pytest.mark.parametrize(
    ("data", "why"),
    [(b" \n", "空的"), (b"\x89PNG\r\n\x00\x01", "不是文本文件"), (b"a,b\n1,2\n", "找不到表头"),
     (csv(*(f"{n},2025-03-03,1,," for n in range(20_001))), "超过 20000 行")],
    ids=["empty", "picture", "no header", "too long"],
)  # fmt: skip
def test_what_is_no_list_of_movements_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(bank_files.BadFile, match=why):
        bank_files.read(data)


# ---- import and matching -------------------------------------------------------------------------


def test_what_fits_is_matched_and_the_rest_waits(desk: Desk) -> None:
    row = fined(desk)
    other = fined(desk, 500, number="南公（网安）行罚决字〔2025〕11号")
    found = take(
        desk,
        csv(
            "1,2025-03-01,4000,某某,其他款项",
            f"2,2025-03-01,500,{PARTY},罚款",
            "3,2025-03-02,10000,财务 张,缴 南公(网安)行罚决字[2025]1号 罚款",
            "4,2025-03-02,-8,银行,手续费",
            "5,2025-03-02,20000,某某,南公（网安）行罚决字〔2025〕1号",
            "6,2025-03-09,1,某某,明天的",
            "7,坏,1,某某,",
        ),
    )
    assert (found.new, found.known, found.matched) == (5, 0, 2)
    assert [fault.no for fault in found.faults] == [8, 9]
    assert account(row, DUE_ON).is_settled
    assert account(other, DUE_ON).is_settled
    fates = dict(BankLine.objects.values_list("reference", "payment"))
    assert [key for key, paid in sorted(fates.items()) if paid] == ["2", "3"]
    assert BankLine.objects.get(reference="4").set_aside == "支出，不是缴款"


def test_the_same_file_and_the_same_line_are_taken_once(desk: Desk) -> None:
    data = csv("1,2025-03-01,4000,某某,", "1,2025-03-01,4000,某某,")
    first = take(desk, data)
    assert (first.new, first.known) == (1, 1)
    with pytest.raises(Refused, match="已经导入过"):
        take(desk, data)
    with pytest.raises(Refused, match="没有新的流水：1 行已经导入过，1 行有错"):
        take(desk, csv("1,2025-03-01,4000,某某,", "坏"))
    more = take(desk, csv("1,2025-03-01,4000,某某,", "2,2025-03-01,4000,某某,"))
    assert (more.new, more.known) == (1, 1)
    assert BankStatement.objects.count() == 2
    assert not Payment.objects.exists()


def test_two_fines_of_one_party_and_one_sum_wait_for_a_person(desk: Desk) -> None:
    fined(desk, number="甲字〔2025〕1号")
    fined(desk, number="甲字〔2025〕2号")
    assert take(desk, csv(f"1,2025-03-01,10000,{PARTY},罚款")).matched == 0


def test_a_line_is_matched_by_hand_set_aside_and_taken_back(desk: Desk) -> None:
    row = fined(desk)
    take(desk, csv("1,2025-03-01,12000,某某,", "2,2025-03-01,5,某某,利息"))
    line, odd = BankLine.objects.order_by("reference")
    who = {"by": desk.inspector, "at": at(DUE_ON)}
    with pytest.raises(Refused, match="多于应缴"):
        cases.match_line(line, row, **who)
    cases.match_line(line, row, keep_excess=True, **who)
    assert account(row, DUE_ON).refund == D(2000)
    row.case.refresh_from_db()
    with pytest.raises(Refused, match="在流水中取消"):
        cases.void_payment(Payment.objects.get(), reason="x", **who)
    with pytest.raises(Refused, match="已经匹配"):
        cases.match_line(line, row, **who)
    with pytest.raises(Decided):
        cases.unmatch(line, reason="x", version=1, **who)
    cases.unmatch(line, reason="配错了", **who)
    line.refresh_from_db()
    assert (line.fate, account(row, DUE_ON).fine_left) == ("open", D(10_000))
    assert Payment.objects.get().void_reason == "配错了"
    with pytest.raises(Refused, match="必须填写"):
        cases.set_line_aside(odd, reason=" ", **who)
    cases.set_line_aside(odd, reason="存款利息", **who)
    with pytest.raises(Refused, match="先取消"):
        cases.match_line(odd, row, **who)


# ---- at the doors --------------------------------------------------------------------------------


def test_the_pages_of_the_bank(desk: Desk, door: Any, on: Any) -> None:
    row = fined(desk)
    client = door(desk.inspector)
    data = csv(f"1,2025-03-01,7000,{PARTY},=1+1", "坏")
    with on(day(0)):
        wrong = client.post("/cases/bank/import/", {"file": SimpleUploadedFile("a.exe", data)})
        answer = client.post("/cases/bank/import/", {"file": SimpleUploadedFile("三月.csv", data)})
        twice = client.post("/cases/bank/import/", {"file": SimpleUploadedFile("三月.csv", data)})
        lines = client.get(answer.url).content.decode()
        line = BankLine.objects.get()
        page = client.get(line.get_absolute_url()).content.decode()
        match = f"{line.get_absolute_url()}match/"
        form = {"version": 1, "number": "不知道"}
        unknown = client.post(match, form).content.decode()
        client.post(match, form | {"number": row.number.replace("（", "(").replace("）", ")")})
        sheet = client.get("/cases/bank/lines/export/?fate=matched").content.decode()
        files = client.get("/cases/bank/").content.decode()
        stranger = door(UserFactory(inspector=True)).get(line.get_absolute_url())
    assert "请选择 CSV 文件" in wrong.content.decode()
    assert "这个文件已经导入过" in twice.content.decode()
    assert "第 4 行" in lines or "第 3 行" in lines
    assert row.number in page
    assert "没有这个文号" in unknown
    assert account(row, day(0)).fine_left == D(3000)
    assert "'=1+1" in sheet
    assert "三月.csv" in files
    assert stranger.status_code == 404


def test_each_constraint_holds(desk: Desk) -> None:
    who = {"entered_at": at(DUE_ON), "entered_by": desk.inspector}
    file = {"unit": desk.unit, "name": "x", "sha256": "0" * 64, **who}
    statement = BankStatement.objects.create(**file)
    common = {"statement": statement, "unit": desk.unit, "booked_on": DUE_ON, "amount": 1}
    BankLine.objects.create(reference="1", **common)
    paid = pay(desk, fined(desk), 1)
    for name, make in (
        ("bank_statement_once", lambda: BankStatement.objects.create(**file)),
        ("bank_line_once", lambda: BankLine.objects.create(reference="1", **common)),
        (
            "bank_line_one_fate",
            lambda: BankLine.objects.create(reference="2", payment=paid, set_aside="x", **common),
        ),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            make()
