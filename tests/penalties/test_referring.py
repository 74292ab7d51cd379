"""Referrals with their answers, and talks with those in charge."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Unit
from audit.trail import Refused
from deadlines.models import Deadline
from penalties import cases, chain
from penalties.casefile import File
from penalties.models import Case, CaseFinding, Interview, Referral
from tests.factories.penalties import case_alone, decision
from tests.factories.rectification import Desk, at

DAY = date(2025, 2, 13)


def refer(desk: Desk, case: Case, **facts: Any) -> Referral:
    given = {
        "to": "police",
        "organ": "柳州市公安局",
        "reason": "服务器和违法行为地都在柳州",
        "found_at": at(DAY, 9),
        "sent_on": DAY,
        "at": at(DAY),
    } | facts
    return cases.refer(case, by=desk.inspector, **given)


def answer(desk: Desk, row: Referral, word: str, **facts: Any) -> Referral:
    given = {"answered_on": DAY, "answer_note": "不属本局管辖", "at": at(DAY)} | facts
    return cases.record_answer(row, by=desk.inspector, answer=word, **given)


def test_the_whole_case_goes_and_comes_back(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    client = door(desk.inspector)
    form = {
        "seen": case.version,
        "to": "police",
        "organ": "柳州市公安局",
        "reason": "服务器在柳州",
        "found_at": "2025-02-10T09:00",
        "sent_on": "2025-02-13",
        "whole": "1",
    }
    with on(DAY):
        client.post(reverse("cases:refer", args=[case.pk]), form)
        row = Referral.objects.get()
        waits = client.get(reverse("cases:referral", args=[row.pk]), follow=True)
        again = client.get(reverse("cases:refer", args=[case.pk])).content.decode()
        client.post(
            reverse("cases:record_answer", args=[case.pk, row.pk]),
            {"answer": "returned", "answered_on": "2025-02-13", "answer_note": "证据不足"},
        )
    row.refresh_from_db()
    page = waits.content.decode()
    assert "超过二十四小时" in page
    assert "等待答复" in page
    assert "全案已移送柳州市公安局" in again
    assert row.answer == "returned"
    assert Deadline.objects.get(kind="TRANSFER_24H").state == Deadline.MET
    assert CaseFinding.objects.get().live
    case.refresh_from_db()
    second = refer(desk, case, sent_on=DAY + timedelta(days=1), at=at(DAY + timedelta(days=1)))
    answer(desk, second, "accepted", answered_on=second.sent_on, at=at(second.sent_on))
    finding = File(case).findings[0]
    assert not CaseFinding.objects.get().live
    assert finding.disposition == "transferred"
    assert [link.note for link in chain.of(File(case))[finding.pk]] == ["退回", "受理"]


def test_a_part_goes_and_the_rest_stays(desk: Desk) -> None:
    case = case_alone(desk, inspection=desk.visit(2))
    first, second = File(case).findings
    for changes, sentence in (
        ({"findings": []}, "选择移送哪些发现"),
        ({"findings": [first, second]}, "请选“移送全案”"),
    ):
        with pytest.raises(Refused, match=sentence):
            refer(desk, case, whole=False, **changes)
    row = refer(desk, case, to="criminal", found_at=None, whole=False, findings=[first])
    answer(desk, row, "accepted")
    assert dict(CaseFinding.objects.values_list("finding", "live")) == {
        first.pk: False,
        second.pk: True,
    }
    assert not Deadline.objects.filter(kind="TRANSFER_24H").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"found_at": None}, "二十四小时内移送"),
        ({"found_at": at(DAY, 16)}, "不能晚于现在"),
        ({"sent_on": date(2025, 2, 12)}, "不能早于发现"),
        ({"sent_on": date(2025, 2, 14)}, "不能晚于今天"),
        ({"organ": " "}, "写明接收单位"),
        ({"reason": " "}, "写明移送理由"),
    ],
)
def test_a_wrong_referral_is_refused(desk: Desk, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        refer(desk, case_alone(desk), **changes)
    assert not Referral.objects.exists()


def test_answers_are_given_once_in_order_with_reasons(desk: Desk) -> None:
    row = refer(desk, case_alone(desk))
    for changes, sentence in (
        ({"answered_on": date(2025, 2, 12)}, "不能早于移送"),
        ({"answered_on": date(2025, 2, 14)}, "不能晚于今天"),
        ({"answer_note": " "}, "写明不予受理"),
    ):
        with pytest.raises(Refused, match=sentence):
            answer(desk, row, "declined", **changes)
    answer(desk, row, "declined")
    with pytest.raises(Refused, match="已经登记过"):
        answer(desk, row, "accepted")
    with pytest.raises(IntegrityError, match="referral_answer_after_sending"), transaction.atomic():
        Referral.objects.update(answered_on=date(2025, 2, 12))
    with pytest.raises(IntegrityError, match="referral_answer_pair"), transaction.atomic():
        Referral.objects.update(answer="")


def test_what_is_decided_is_not_referred(desk: Desk) -> None:
    case = case_alone(desk)
    decision(case)
    case.refresh_from_db()
    with pytest.raises(Refused, match="已经作出决定"):
        refer(desk, case)


# ---- talks -----------------------------------------------------------------------------------


def talk(desk: Desk, case: Case, **facts: Any) -> Interview:
    given = {
        "subject": "data",
        "held_at": at(DAY, 10),
        "place": "支队会议室",
        "attendees": ["陈某某（法定代表人）"],
        "officers": ["韦志远", "黄莉"],
        "demands": "三十日内完成加密改造",
    } | facts
    return cases.record_interview(case, by=desk.inspector, at=at(DAY), **given)


def test_talks_and_who_may_hold_them(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    with pytest.raises(Refused, match="须是省级以上") as refused:
        talk(desk, case, subject="network")
    assert refused.value.reasons[0].field == "subject"
    Unit.objects.filter(pk=desk.unit.pk).update(level="province")
    case.unit.refresh_from_db()
    talk(desk, case, subject="network")
    row = talk(desk, case, follow_up_on=DAY)
    with on(DAY):
        client = door(desk.inspector)
        page = client.get(reverse("cases:interview", args=[row.pk]), follow=True)
        client.post(
            reverse("cases:follow_up_interview", args=[case.pk, row.pk]),
            {"followed_up_on": "2025-02-13", "follow_up": "已完成"},
        )
    row.refresh_from_db()
    assert "三十日内完成加密改造" in page.content.decode()
    assert row.follow_up == "已完成"
    with pytest.raises(Refused, match="已经登记过跟进"):
        cases.follow_up_interview(
            row, by=desk.inspector, at=at(DAY), followed_up_on=DAY, follow_up="x"
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"held_at": at(DAY, 16)}, "不能晚于现在"),
        ({"follow_up_on": date(2025, 2, 12)}, "不能早于约谈"),
        ({"attendees": []}, "写明被约谈人"),
        ({"demands": ""}, "写明提出的要求"),
    ],
)
def test_a_wrong_talk_is_refused(desk: Desk, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        talk(desk, case_alone(desk), **changes)
    row = talk(desk, Case.objects.get())
    with pytest.raises(IntegrityError, match="interview_follow_up_pair"), transaction.atomic():
        Interview.objects.filter(pk=row.pk).update(follow_up="x")
