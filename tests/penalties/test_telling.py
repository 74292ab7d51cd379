"""Telling what is proposed, the answers to both rights, and the defence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from audit.trail import Refused
from deadlines import clock
from notices import reading
from notices.models import Notice, Preview
from penalties import cases, rights
from penalties.casefile import File
from penalties.cases import defending
from penalties.models import Case, Defence, Exclusion, Hearing, Respondent, Told
from tests.factories import penalties as made
from tests.factories.rectification import Desk, at

DAY = date(2025, 1, 20)  # a Monday; 26 January is a working Sunday, 28 January to 4 February rest
LAST = date(2025, 1, 26)


@pytest.fixture(scope="module")
def placed(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Desk]:
    """The people and one case, once for the module; each test takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = Desk()
        found = made.case_alone(people)
        made.report(found)
        made.item(found, measure="fine", amount=50_000)
        yield people
        transaction.set_rollback(True)


@pytest.fixture
def desk(placed: Desk, db: None) -> Desk:
    for person in (placed.inspector, placed.colleague, placed.supervisor):
        person.refresh_from_db()
    return placed


@pytest.fixture
def case(desk: Desk) -> Case:
    """Ready to be told: a fine of 50,000 for the unit."""
    return Case.objects.get()


def given(desk: Desk, day: date = DAY, **facts: Any) -> cases.Given:
    said = {"given_at": at(day, 10), "officers": desk.pair, "informed": "覃某某（法定代表人）"}
    return cases.Given(**{**said, **facts})


def tell(desk: Desk, case: Case, day: date = DAY, **facts: Any) -> Told:
    whom = made.party(case) if (other := facts.pop("respondent", None)) is None else other
    whom = Respondent.objects.select_related("case__unit", "case__filed_by").get(pk=whom.pk)
    return cases.give_notice(
        whom, given(desk, day, **facts), by=desk.inspector, at=at(facts.pop("today", day), 15)
    )


def open_on(case: Case, day: date, respondent: Respondent | None = None) -> list[str]:
    file = File(Case.objects.get(pk=case.pk))
    whom = file.respondent((respondent or made.party(case)).pk)
    return [str(reason) for reason in rights.open_rights(file, whom, day)]


def page(client: Any, case: Case, tab: str = "telling") -> str:
    return client.get(f"{case.get_absolute_url()}?tab={tab}").content.decode()


# --- The notice -------------------------------------------------------------------------------


def test_the_notice_freezes_prints_and_sets_both_windows(
    desk: Desk, case: Case, door: Any, on: Any
) -> None:
    unit = made.party(case)
    address = reverse("cases:give_notice", args=[case.pk, unit.pk])
    form = {
        "way": "record",
        "given_at": "2025-01-20T10:00",
        "officers": [str(each.pk) for each in desk.pair],
        "informed": "覃某某（法定代表人）",
        "defence": "later",
        "hearing": "later",
        "seen": case.version,
    }
    with on(DAY):
        client = door(desk.inspector)
        before = page(client, case)
        asked = client.get(address).content.decode()
        looked = client.post(address, form | {"act": "preview"})
        none = Told.objects.count()
        one = client.post(address, form | {"officers": form["officers"][:1]}).content.decode()
        answer = client.post(address, form)
        after = page(client, case)
        again = client.get(address).content.decode()
        aloud = client.get(reverse("cases:read_notice", args=[case.pk, unit.pk])).content.decode()
    told = Told.objects.get()
    assert told.notice is not None
    words = "\n".join(reading.blocks(told.notice.words))

    assert address in before
    assert "还没有告知" in before
    assert "重新告知的原因" not in asked
    assert looked.url == reverse("notices:preview", args=[Preview.objects.get().pk])
    assert none == 0
    assert "告知须由两名民警进行" in one
    assert "覃某某（法定代表人）" in one
    assert answer.url.startswith(case.get_absolute_url())
    # the third working day is the 23rd; of the fifth, the Sunday of the 26th is worked
    assert (told.defence_until, told.hearing_until) == (date(2025, 1, 23), LAST)
    assert told.proposal["items"][0]["amount"] == "50000.00"
    assert "已于" in aloud
    assert "50,000" in aloud
    assert "是否要求听证" in aloud
    assert "2025年1月26日" in after
    assert "等待当事人" in after
    assert "拟作出的处罚没有变化" in again
    for part in ("人民币伍万元整", "五个工作日", "要求举行听证", "不因陈述、申辩", "网络安全法"):
        assert part in words, part
    assert Event.objects.filter(verb="cases.give_notice").count() == 1
    running = clock.running(told, "HEARING_REQUEST")
    assert running is not None
    assert running.due_on == LAST


def test_what_must_stand_before_a_notice(desk: Desk, case: Case) -> None:
    def why(whom: Respondent, day: date = DAY) -> str:
        file = File(Case.objects.get(pk=case.pk))
        found = cases.can_give_notice(file, file.respondent(whom.pk), desk.inspector, day)
        return "\n".join(str(reason) for reason in found)

    other = made.person(case)
    assert "还没有写对陈某某拟作出的处罚" in why(other)
    made.item(case, other, measure="fine", amount=1_999)
    assert why(other) == ""
    Respondent.objects.filter(pk=other.pk).update(status="dead", status_on=DAY)
    assert "死亡" in why(other)
    Respondent.objects.filter(pk=other.pk).update(
        status="standing", status_on=None, identity="", identity_index=""
    )
    assert "没有登记陈某某的身份证件号码" in why(other)

    bare = made.case_alone(desk)
    with pytest.raises(Refused, match="还没有调查终结报告"):
        tell(desk, bare)
    made.report(bare, proposal="no_penalty", ground="minor")
    with pytest.raises(Refused, match="没有建议处罚"):
        tell(desk, bare)
    assert not Notice.objects.filter(kind="penalty_notice").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"given_at": at(DAY, 16)}, "不能晚于现在"),
        ({"given_at": at(date(2025, 1, 9), 10)}, "不能早于调查报告"),
        ({"informed": " "}, "写明被告知人"),
        ({"defence": "claimed"}, "写明陈述和申辩的内容"),
        ({"defence_text": "有意见"}, "没有选“提出”"),
        ({"defence": "claimed", "defence_text": "x", "finding": "rejected"}, "结论和理由都要写"),
        ({"way": "publication", "hearing": "waived"}, "没有当场的回答"),
    ],
)
def test_a_notice_is_refused(desk: Desk, case: Case, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        tell(desk, case, **said)
    assert not Told.objects.exists()
    assert not Notice.objects.filter(kind="penalty_notice").exists()


def test_an_expired_certificate_and_one_officer_twice(desk: Desk, case: Case) -> None:
    with pytest.raises(Refused, match="两名民警"):
        tell(desk, case, officers=(desk.inspector, desk.inspector))
    desk.colleague.certificate_expires_on = DAY - timedelta(days=1)
    desk.colleague.save()
    with pytest.raises(Refused, match="没有有效的执法证"):
        tell(desk, case)


@pytest.mark.parametrize(("amount", "heard"), [(9_999, False), (10_000, True)])
def test_a_hearing_is_offered_from_the_threshold_on(desk: Desk, amount: int, heard: bool) -> None:
    case = made.case_alone(desk)
    made.report(case)
    made.item(case, measure="fine", amount=amount)
    told = tell(desk, case)
    assert bool(told.hearing_ground) is heard
    assert (told.hearing_until is not None) is heard
    assert (clock.running(told, "HEARING_REQUEST") is not None) is heard


def test_a_warning_gives_no_hearing(desk: Desk, case: Case) -> None:
    other = made.person(case)
    made.item(case, other)
    with pytest.raises(Refused, match="不属于可以要求听证"):
        tell(desk, case, respondent=other, hearing="claimed")
    told = tell(desk, case, respondent=other)
    assert told.hearing_until is None
    with pytest.raises(Refused, match="不属于可以要求听证"):
        cases.request_hearing(told, on=DAY, by=desk.inspector, at=at(DAY, 16))


def test_a_publication_is_told_on_its_seventh_day(desk: Desk, case: Case) -> None:
    told = tell(desk, case, date(2025, 1, 13), way="publication", informed="局网站")
    days = Exclusion.objects.get()
    case.refresh_from_db()
    assert told.defence_until == date(2025, 1, 20)
    assert told.hearing_until == LAST
    assert (days.ground, days.from_on, days.to_on) == (
        "publication",
        date(2025, 1, 14),
        date(2025, 1, 20),
    )
    assert case.decision_due_on == date(2025, 4, 17)  # seven days later than without
    assert "MPSP@2020:168" in {
        reason.basis
        for reason in rights.open_rights(File(case), made.party(case), date(2025, 1, 20))
    }
    assert open_on(case, date(2025, 1, 27)) == []


def test_another_proposal_is_told_anew(desk: Desk, case: Case) -> None:
    first = tell(desk, case, hearing="claimed")
    asked = Hearing.objects.get()
    made.item(case, measure="warning")
    assert any("须重新告知" in text for text in open_on(case, DAY))
    with pytest.raises(Refused, match="写明为什么重新告知"):
        tell(desk, case, date(2025, 1, 22))
    second = tell(desk, case, date(2025, 1, 22), reason="增加警告")
    first.refresh_from_db()
    assert (first.void_on, first.void_reason) == (date(2025, 1, 22), "增加警告")
    assert second.round == 2
    # the hearing was about something else: its clocks end, the right opens anew
    assert clock.running(asked, "HEARING_ACCEPT") is None
    assert clock.running(second, "HEARING_REQUEST") is not None
    assert any("要求听证的期限" in text for text in open_on(case, date(2025, 1, 26)))
    with pytest.raises(Refused, match="拟作出的处罚没有变化"):
        tell(desk, case, date(2025, 1, 23), reason="x")


def test_nobody_is_treated_worse_for_a_defence(desk: Desk, case: Case) -> None:
    tell(desk, case, defence="claimed", defence_text="处罚过重")
    made.item(case, measure="confiscation", amount=20_000)
    with pytest.raises(Refused, match="不得因此给予更重的处罚"):
        tell(desk, case, date(2025, 1, 22), reason="x")
    made.report(case, date(2025, 1, 21), facts="补充查明：另有三个系统以明文存储个人信息")
    assert tell(desk, case, date(2025, 1, 22), reason="补充查明新的事实").round == 2


# --- Rights that are open ---------------------------------------------------------------------


def test_open_rights_day_by_day(desk: Desk, case: Case) -> None:
    assert any("还没有把拟作出的处罚告知" in text for text in open_on(case, DAY))
    tell(desk, case)
    assert len(open_on(case, date(2025, 1, 23))) == 2
    assert len(open_on(case, date(2025, 1, 24))) == 1
    assert len(open_on(case, LAST)) == 1
    assert open_on(case, LAST + timedelta(days=1)) == []


def test_waived_taken_back_and_waived_again(desk: Desk, case: Case) -> None:
    told = tell(desk, case, defence="waived", hearing="waived")
    assert open_on(case, DAY) == []
    assert clock.running(told, "HEARING_REQUEST") is None

    def change(answer: str, day: date, right: str = "hearing") -> None:
        cases.change_answer(
            Told.objects.get(pk=told.pk),
            right=right,
            answer=answer,
            on=day,
            reason="当事人书面表示",
            by=desk.inspector,
            at=at(day, 17),
        )

    change("later", LAST)
    assert len(open_on(case, LAST)) == 1
    assert clock.running(told, "HEARING_REQUEST") is not None
    change("waived", LAST)
    assert open_on(case, LAST) == []
    assert clock.running(told, "HEARING_REQUEST") is None
    with pytest.raises(Refused, match="最后一日是 2025年1月26日"):
        change("later", LAST + timedelta(days=1))
    with pytest.raises(Refused, match="陈述申辩期限已于"):
        change("later", LAST, right="defence")
    with pytest.raises(Refused, match="没有变化"):
        change("waived", LAST)


def test_one_waits_for_the_hearing_of_another(desk: Desk, case: Case) -> None:
    other = made.person(case)
    made.item(case, other)
    tell(desk, case, hearing="claimed")
    tell(desk, case, respondent=other, defence="waived")
    assert open_on(case, date(2025, 2, 6), other) == [
        f"{made.party(case).name}要求听证，听证以后一并作出决定。"
    ]


# --- Defence ----------------------------------------------------------------------------------


def test_a_late_defence_is_heard_and_answered(desk: Desk, case: Case, door: Any, on: Any) -> None:
    told = tell(desk, case)
    late = date(2025, 2, 6)
    form = {"received_on": "2025-02-06", "oral": "oral", "text": "  "}
    place = reverse("cases:record_defence", args=[case.pk, told.pk])
    with on(late):
        client = door(desk.inspector)
        silent = client.post(place, form).content.decode()
        client.post(place, form | {"text": "已全部改正，请求从轻"})
        shown = page(client, case)
        row = Defence.objects.get()
        answer = reverse("cases:answer_defence", args=[case.pk, row.pk])
        waits = open_on(case, late)
        client.post(
            answer, {"finding": "partly", "answer": "改正属实，酌情从轻", "on": "2025-02-06"}
        )
        done = client.get(answer).content.decode()
    row.refresh_from_db()
    assert "陈述和申辩的内容" in silent
    assert row.oral
    assert rights.is_late(told, row)
    assert "期满后收到，仍须复核" in shown
    assert "轮到本单位" in shown
    assert any("还没有复核" in text for text in waits)
    assert (row.finding, row.answered_by) == ("partly", desk.inspector)
    assert "已经复核" in done
    assert open_on(case, late) == []


def test_a_defence_stated_and_answered_on_the_record(desk: Desk, case: Case) -> None:
    told = tell(
        desk,
        case,
        defence="claimed",
        defence_text="已经整改",
        finding="rejected",
        answer="整改不影响违法事实的认定",
    )
    assert told.notice is not None
    words = "\n".join(reading.blocks(told.notice.words))
    assert "提出陈述和申辩：已经整改" in words
    assert "经复核，不采纳" in words
    assert not any("复核" in text for text in open_on(case, DAY))
    told.refresh_from_db()
    with pytest.raises(Refused, match="不能早于告知"):
        cases.record_defence(
            told, received_on=date(2025, 1, 19), text="x", by=desk.inspector, at=at(DAY, 18)
        )
    defending.lapse(told, by=desk.supervisor, at=at(date(2025, 2, 14)))
    assert clock.running(told, "HEARING_REQUEST") is None


# --- What the database holds -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("told_round_once", {"void_on": DAY, "void_reason": "x"}),
        ("told_one_in_force", {"round": 2}),
        ("told_two_officers", {"round": 2, "void_on": DAY, "same": True}),
        ("told_hearing_pair", {"round": 2, "void_on": DAY, "hearing_until": DAY}),
    ],
)
def test_constraints_of_a_notice(desk: Desk, case: Case, name: str, facts: dict[str, Any]) -> None:
    made.told(desk, case)
    if facts.pop("same", False):
        facts["officer_2"] = desk.inspector
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        made.told(desk, case, **facts)


def test_constraint_of_a_defence(desk: Desk, case: Case) -> None:
    told = made.told(desk, case)
    with pytest.raises(IntegrityError, match="defence_answered_whole"), transaction.atomic():
        Defence.objects.create(
            case=case,
            told=told,
            entered_at=at(DAY),
            entered_by=desk.inspector,
            received_on=DAY,
            text="x",
            finding="accepted",
        )


def test_the_sums_of_several_fines_are_one(desk: Desk, case: Case) -> None:
    made.item(case, measure="fine", amount=Decimal("5000.50"))
    told = tell(desk, case)
    assert told.notice is not None
    assert "55000.50" in told.notice.words
