"""A hearing from the request to the report, and what ends it before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from audit.trail import Refused
from deadlines import clock
from notices import reading, service
from notices.models import Notice
from penalties import cases, rights
from penalties.casefile import File
from penalties.cases import hearing as hearings
from penalties.models import Case, Exclusion, Hearing, Respondent, Told
from penalties.papers.hearing import Plan
from tests.factories import penalties as made
from tests.factories.accounts import UserFactory
from tests.factories.rectification import Desk, at

#: A Monday. The 26th is a worked Sunday, 28 January to 4 February rest, 8 February is worked.
TOLD = date(2025, 1, 20)
LAST = date(2025, 1, 26)
ASKED = date(2025, 1, 21)
NOTIFIED = date(2025, 1, 23)
HELD = date(2025, 2, 10)


@pytest.fixture(scope="module")
def placed(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Desk]:
    """A notice of a fine of 50,000, once for the module; each test takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = Desk()
        UserFactory(unit=people.unit, legal_reviewer=True, name="陆文静")
        found = made.case_alone(people)
        made.report(found)
        made.item(found, measure="fine", amount=50_000)
        tell(people, TOLD)
        yield people
        transaction.set_rollback(True)


def tell(desk: Desk, day: date, **facts: Any) -> Told:
    said = {"given_at": at(day, 10), "officers": desk.pair, "informed": "覃某某"} | facts
    whom = Respondent.objects.select_related("case__unit").get(kind="unit")
    return cases.give_notice(whom, cases.Given(**said), by=desk.inspector, at=at(day))


@pytest.fixture
def desk(placed: Desk, db: None) -> Desk:
    return placed


@pytest.fixture
def host(desk: Desk) -> User:
    return User.objects.get(name="陆文静")


def told() -> Told:
    return Told.objects.select_related("case__unit").latest("round")


def row() -> Hearing:
    return Hearing.objects.select_related("case__unit").get()


def ask(desk: Desk, on: date = ASKED, today: date | None = None) -> Hearing:
    return cases.request_hearing(told(), on=on, by=desk.inspector, at=at(today or on, 17))


def accept(host: User, on: date = ASKED + timedelta(days=1), **facts: Any) -> Hearing:
    said = {"accepted": True} | facts
    return cases.decide_request(row(), on=on, by=host, at=at(on, 17), **said)


def appoint(host: User, on: date = NOTIFIED, **facts: Any) -> Hearing:
    said = {"presider": host, "members": ["农某某"], "recorder": "梁某某"} | facts
    return cases.appoint_hearing(row(), by=host, at=at(on, 9), **said)


def notify(host: User, on: date = NOTIFIED, day: date = HELD, **facts: Any) -> Hearing:
    plan = Plan(**{"planned_at": at(day, 9), "place": "南宁市公安局听证室"} | facts)
    return cases.notify_hearing(row(), plan, by=host, at=at(on, 10))


def serve(desk: Desk, on: date = NOTIFIED) -> None:
    notice = row().notice
    assert notice is not None
    facts = {
        "method": "direct",
        "outcome": "served",
        "attempted_on": on,
        "recipient": "覃某某",
        "relation": "representative",
        "place": "企业办公室",
        "servers": desk.pair,
    }
    service.record(notice, by=desk.inspector, at=at(on, 18), **facts)


def hold(host: User, day: date = HELD, **facts: Any) -> Hearing:
    said = {
        "begun_at": at(day, 9),
        "ended_at": at(day, 11),
        "attendees": "覃某某及其代理人",
        "record": "听证主持人宣布听证开始……",
        "signed": True,
    } | facts
    return cases.hold_hearing(row(), by=host, at=at(day, 16), **said)


def open_on(day: date) -> list[str]:
    file = File(Case.objects.get())
    return [str(reason) for reason in rights.open_rights(file, made.party(file.case), day)]


# --- The request ------------------------------------------------------------------------------


def test_the_fifth_working_day_and_the_sixth(desk: Desk, door: Any, on: Any) -> None:
    """The Sunday of the 26th is worked for the holiday and is the fifth day; the 27th the sixth."""
    address = reverse("cases:request_hearing", args=[told().case_id, told().pk])
    with on(LAST + timedelta(days=1)):
        client = door(desk.inspector)
        late = client.post(address, {"on": "2025-01-27"}).content.decode()
        none = Hearing.objects.exists()
        # what was said on the fifth day may be entered on the sixth
        answer = client.post(address, {"on": "2025-01-26"})
    assert "最后一日是 2025年1月26日" in late
    assert "5个工作日" in late
    assert not none
    assert answer.status_code == 302
    found = row()
    assert (found.requested_on, found.accept_due_on) == (LAST, date(2025, 2, 5))
    assert told().hearing == "claimed"
    assert clock.running(told(), "HEARING_REQUEST") is None
    for kind, due in (("HEARING_ACCEPT", date(2025, 2, 5)), ("HEARING_HOLD", date(2025, 2, 5))):
        running = clock.running(found, kind)
        assert running is not None
        assert running.due_on == due
    with pytest.raises(Refused, match="已经要求听证"):
        ask(desk, LAST)


def test_accepted_refused_or_deemed(desk: Desk, host: User) -> None:
    ask(desk)
    assert row().accept_due_on == date(2025, 1, 23)
    file = File(Case.objects.get())
    assert not rights.is_accepted(row(), date(2025, 1, 23))
    assert any("视为受理" in str(r) for r in hearings.can_notify_hearing(file, row(), host, ASKED))
    # nobody writes it down: on the day after it is accepted
    assert rights.is_deemed(row(), date(2025, 1, 24))
    with pytest.raises(Refused, match="不能再不予受理"):
        accept(host, date(2025, 1, 24), accepted=False, refusal="逾期")
    with pytest.raises(Refused, match="写明不予受理的理由"):
        accept(host, accepted=False)
    with transaction.atomic():
        accept(host, accepted=False, refusal="不是本案当事人提出")
        assert row().is_over
        assert clock.running(row(), "HEARING_HOLD") is None
        # refused inside the window, asked for anew inside it
        ask(desk, LAST)
        assert row().accepted is None
        transaction.set_rollback(True)
    appoint(host, date(2025, 1, 24))
    assert row().accepted is None
    assert row().presider == host


def test_who_investigated_does_not_preside(desk: Desk, host: User, door: Any, on: Any) -> None:
    ask(desk)
    accept(host)
    for seats, sentence in (
        ({"presider": desk.inspector}, "韦志远 参与了本案调查，不能主持听证"),
        ({"members": ["黄莉"]}, "黄莉 参与了本案调查"),
        ({"recorder": "韦志远"}, "韦志远 参与了本案调查，不能担任"),
        ({"recorder": "陆文静"}, "不能是同一人"),
        ({"presider": desk.supervisor}, "没有主持听证的权限"),
        ({"members": ["甲", "乙", "丙", "丁", "戊"]}, "最多 4 名"),
    ):
        with pytest.raises(Refused, match=sentence):
            appoint(host, **seats)
    address = reverse("cases:appoint_hearing", args=[row().case_id, row().pk])
    with on(NOTIFIED):
        shown = door(host).get(address).content.decode()
        barred = door(desk.inspector).get(address)
    assert f'value="{host.pk}" selected' in shown
    assert f'value="{desk.inspector.pk}"' not in shown
    assert barred.status_code == 403


# --- Notice, hearing, report -------------------------------------------------------------------


def test_from_the_notice_to_the_report(desk: Desk, host: User, door: Any, on: Any) -> None:
    ask(desk)
    accept(host)
    with pytest.raises(Refused, match="还没有指定听证主持人"):
        notify(host)
    appoint(host)
    # seven working days back from Monday the 10th: 8, 7, 6, 5 February, 27, 26, 24 January
    assert hearings.last_notice_day(HELD).due == date(2025, 1, 24)
    assert hearings.earliest_day(NOTIFIED) == date(2025, 2, 8)
    with pytest.raises(Refused, match="最早 2025年2月8日 举行"):
        notify(host, day=date(2025, 2, 7))
    with pytest.raises(Refused, match="不公开举行的理由"):
        notify(host, is_public=False)
    notify(host)
    notice = row().notice
    assert notice is not None
    words = "\n".join(reading.blocks(notice.words))
    for part in ("2025年2月10日9时", "听证室", "公开举行", "陆文静", "农某某", "委托一至二人代理"):
        assert part in words, part
    with pytest.raises(Refused, match="还没有送达"):
        hold(host)
    with transaction.atomic():
        serve(desk, date(2025, 1, 27))
        with pytest.raises(Refused, match="不足七个工作日，须改期"):
            hold(host)
        transaction.set_rollback(True)
    serve(desk, date(2025, 1, 24))
    assert any("还没有举行" in text for text in open_on(date(2025, 2, 8)))
    for facts, sentence in (
        ({"begun_at": at(HELD, 8)}, "提前举行的"),
        ({"ended_at": at(HELD, 9)}, "结束时间须晚于开始时间"),
        ({"ended_at": at(HELD, 17)}, "不能晚于现在"),
        ({"record": " "}, "写明听证笔录"),
    ):
        with pytest.raises(Refused, match=sentence):
            hold(host, **facts)
    hold(host)
    assert row().noticed_on == date(2025, 1, 24)
    assert any("还没有听证报告" in text for text in open_on(HELD))
    address = reverse("cases:report_hearing", args=[row().case_id, row().pk])
    other = UserFactory(unit=desk.unit, legal_reviewer=True, name="周某")
    form = {"report": "双方充分质证", "opinion": "建议维持", "on": "2025-02-11"}
    with on(date(2025, 2, 11)):
        refused = door(other).post(address, form).content.decode()
        early = door(host).post(address, form | {"on": "2025-02-09"}).content.decode()
        done = door(host).post(address, form)
        tab = door(host).get(f"{row().case.get_absolute_url()}?tab=hearing").content.decode()
    assert "听证报告由主持人 陆文静 提交" in refused
    assert "报告不能早于听证" in early
    assert done.status_code == 302
    assert "已办结" in tab
    assert "建议维持" in tab
    assert open_on(date(2025, 2, 11)) == []


def test_postponed_withdrawn_and_asked_anew(desk: Desk, host: User) -> None:
    ask(desk)
    accept(host)
    appoint(host, ASKED + timedelta(days=1))
    notify(host, ASKED + timedelta(days=1))
    first = row().notice
    assert first is not None
    plan = Plan(planned_at=at(date(2025, 2, 12), 9), place="听证室")
    with pytest.raises(Refused, match="写明改期的原因"):
        cases.postpone_hearing(row(), plan, reason="", by=host, at=at(NOTIFIED))
    cases.postpone_hearing(row(), plan, reason="当事人申请延期", by=host, at=at(NOTIFIED))
    first.refresh_from_db()
    assert (first.state, first.superseded_by) == ("superseded", row().notice)

    def withdraw(how: str, on: date) -> Hearing:
        said = {"how": how, "on": on, "note": "书面撤回", "by": host, "at": at(on, 17)}
        return cases.withdraw_hearing(row(), **said)

    with pytest.raises(Refused, match="还没有送达，不能认定缺席"):
        withdraw("absent", date(2025, 2, 12))
    withdraw("party", date(2025, 1, 24))
    assert (told().hearing, row().is_over) == ("waived", True)
    assert clock.running(row(), "HEARING_HOLD") is None
    assert Notice.objects.get(pk=row().notice_id).state == "withdrawn"
    # inside the window the party may change its mind again (MPSP 134), not after it
    with pytest.raises(Refused, match="逾期"):
        ask(desk, date(2025, 1, 27))
    ask(desk, LAST)
    assert (row().withdrawn_on, row().notice, told().hearing) == (None, None, "claimed")
    accept(host, date(2025, 1, 27))
    appoint(host, date(2025, 1, 27))
    notify(host, date(2025, 1, 27), day=date(2025, 2, 12))
    serve(desk, date(2025, 1, 27))
    withdraw("absent", date(2025, 2, 12))
    assert "无正当理由拒不出席" in row().withdrawn_how
    assert open_on(date(2025, 2, 12)) == []


def test_another_bench_needs_another_notice(desk: Desk, host: User) -> None:
    ask(desk)
    accept(host)
    appoint(host)
    notify(host)
    first = row().notice
    assert first is not None
    appoint(host, recorder="另一人")
    first.refresh_from_db()
    assert (first.state, row().notice, row().planned_at) == ("withdrawn", None, None)


def test_a_hearing_ends_with_its_notice_and_the_new_one_opens_the_right(
    desk: Desk, host: User
) -> None:
    ask(desk)
    accept(host)
    made.item(Case.objects.get(), measure="warning")
    tell(desk, NOTIFIED, reason="增加警告")
    for verb in (lambda: appoint(host), lambda: notify(host)):
        with pytest.raises(Refused, match="听证随之终结"):
            verb()
    assert told().hearing == "later"
    cases.request_hearing(told(), on=LAST, by=desk.inspector, at=at(LAST))
    assert Hearing.objects.count() == 2


def test_the_days_of_a_hearing_where_the_house_leaves_them_out(
    desk: Desk, host: User, settings: Any
) -> None:
    settings.CASE_EXCLUSIONS = ("appraisal", "hearing")
    ask(desk)
    days = Exclusion.objects.get()
    assert (days.ground, days.from_on, days.to_on) == ("hearing", ASKED, None)
    accept(host, accepted=False, refusal="x")
    days.refresh_from_db()
    assert days.to_on == ASKED + timedelta(days=1)


# --- What the database holds --------------------------------------------------------------------


def test_constraints_of_a_hearing(desk: Desk, host: User) -> None:
    ask(desk)
    moment: datetime = at(HELD, 9)
    later = moment + timedelta(hours=1)
    whole = {"begun_at": moment, "ended_at": later, "record": "x"}
    for name, facts in (
        ("hearing_accepted_pair", {"accepted": True}),
        ("hearing_refused_with_reason", {"accepted": False, "accepted_on": ASKED}),
        ("hearing_held_whole", whole),
        ("hearing_held_whole", whole | {"presider": host, "ended_at": moment}),
        ("hearing_reported_pair", {"report": "x"}),
        ("hearing_closed_with_reason", {"is_public": False}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Hearing.objects.update(**facts)
    with pytest.raises(IntegrityError, match="told_id"), transaction.atomic():
        Hearing.objects.create(
            case=row().case,
            told=told(),
            entered_at=at(ASKED),
            entered_by=host,
            requested_on=ASKED,
            accept_due_on=ASKED,
        )
