"""A unit and the person who answers for it, at each rung of 网络安全法 61.

The first rung fines the unit alone; the others fine both. Each goes on in its own way: one asked
for reconsideration, one had a hearing and pays by instalments, one never paid, one waits for
service.
"""

from __future__ import annotations

from decimal import Decimal

from demo import casework
from demo.casework import BANK, CLAIMED, WAIVED
from demo.days import at
from demo.route import LOGS, NETWORK, PORTS, UNIT, Route
from demo.story import Found
from demo.told import Telling
from notices import service
from penalties import cases
from penalties.cases import enforcing
from penalties.models import Decision, Demand, Hearing, Plan, Remedy
from penalties.papers import money
from penalties.papers.hearing import Plan as Sitting

#: Working days before today of the earliest visit.
EARLIEST = 190
HARM = "CSL@2025:61(3)"


def base(route: Route) -> Telling:
    """61(1), first rung: a fine for the unit alone. It asked for reconsideration, which runs."""
    yield from route.filed(50, Found(LOGS))
    person = route.person()
    route.reported(46)
    tier = casework.rung(NETWORK)
    route.work.propose(route.ago(46), tier)
    route.fined(46, tier, 20_000, None, "日志留存不足六个月，没有造成后果")
    yield route.ago(44)
    route.work.tell(route.ago(44), hearing=WAIVED)
    yield route.ago(36)
    decision = route.decided(36, pay_to=BANK)
    spared = route.work.issue(
        route.ago(36),
        party=person,
        performance="",
        ground="not_established",
        ground_proof="这一档只处罚单位，没有对个人的罚则",
    )
    yield route.ago(34)
    route.work.serve(route.ago(34), decision)
    route.work.serve(route.ago(34), spared)
    route.shown(33)
    cases.record_remedy(
        route.work.now(decision),
        by=route.team.first,
        at=at(route.ago(4), "10:00"),
        kind=Remedy.Kind.RECONSIDERATION,
        body="南宁市人民政府",
        applied_on=route.ago(7),
        copy_received_on=route.ago(4),
    )


def aggravated(route: Route) -> Telling:
    """61(1), second rung: unit and person fined after a hearing walked in full; the unit pays by
    instalments, the person has paid."""
    yield from route.filed(75, Found(PORTS), Found("NO_INCIDENT_PLAN"))
    person = route.person()
    route.reported(70)
    why = "端口未屏蔽被利用，业务系统中断八小时，导致危害网络安全的后果"
    route.fined(70, casework.rung(NETWORK, 1), 80_000, 20_000, why)
    yield route.ago(69)
    told = route.work.tell(route.ago(69), hearing=CLAIMED)
    route.work.tell(route.ago(69), party=person, hearing=WAIVED, clock="15:40")
    hearing = Hearing.objects.select_related("case").get(told=told)
    yield route.ago(68)
    _sit(route, hearing)
    yield route.ago(40)
    route.work.review(route.ago(40), route.reviewer)
    yield route.ago(38)
    decision = route.decided(38, pay_to=BANK)
    of_person = route.work.issue(route.ago(38), party=person, pay_to=BANK)
    yield route.ago(36)
    route.work.serve(route.ago(36), decision)
    route.work.serve(route.ago(36), of_person)
    route.shown(35)
    cases.record_payment(
        route.work.now(of_person),
        by=route.team.first,
        at=at(route.ago(30), "15:00"),
        paid_on=route.ago(30),
        amount=Decimal(20_000),
        receipt_number="DEMO00000001",
    )
    plan = cases.ask_plan(
        route.work.now(decision),
        by=route.team.first,
        at=at(route.ago(32), "10:00"),
        kind=Plan.Kind.INSTALMENTS,
        asked_on=route.ago(32),
        reason="经营困难，附财务报表，申请分两期缴纳。",
    )
    cases.decide_plan(
        Plan.objects.select_related("case", "decision").get(pk=plan.pk),
        by=route.team.chief,
        at=at(route.ago(31), "10:00"),
        granted=True,
        decided_on=route.ago(31),
        parts=[(route.ago(20), Decimal(40_000)), (route.days.ahead(8), Decimal(40_000))],
        note="情况属实，准予分期。",
    )
    cases.record_payment(
        route.work.now(decision),
        by=route.team.first,
        at=at(route.ago(21), "15:00"),
        paid_on=route.ago(21),
        amount=Decimal(40_000),
        receipt_number="DEMO00000002",
    )


def _sit(route: Route, hearing: Hearing) -> None:
    """Accepted, appointed, notified seven working days ahead, held, reported on."""
    team, presider = route.team, route.reviewer

    def now() -> Hearing:
        return Hearing.objects.select_related("case", "notice").get(pk=hearing.pk)

    day, held = route.ago(68), route.ago(50)
    cases.decide_request(now(), accepted=True, on=day, by=team.chief, at=at(day, "09:00"))
    cases.appoint_hearing(
        now(), presider=presider, recorder="演示记录员", by=team.chief, at=at(day, "09:20")
    )
    plan = Sitting(
        planned_at=at(held, "09:30"),
        place=f"{UNIT}听证室",
        contact="演示联系人 10000009001",
    )
    cases.notify_hearing(now(), plan, by=presider, at=at(day, "10:00"))
    notice = now().notice
    assert notice is not None
    service.record(
        notice,
        by=team.first,
        at=at(day, "16:00"),
        method="direct",
        outcome="served",
        attempted_on=day,
        place=route.story.enterprise.address,
        recipient=route.story.enterprise.legal_representative,
        relation="representative",
        servers=team.officers,
    )
    cases.hold_hearing(
        now(),
        begun_at=at(held, "09:30"),
        ended_at=at(held, "11:00"),
        attendees="当事人法定代表人、办案民警二人、主持人、记录员",
        record="办案民警提出违法事实、证据和处罚建议；当事人申辩：中断八小时系供应商所致；双方质证。",
        signed=True,
        by=presider,
        at=at(held, "11:10"),
    )
    cases.report_hearing(
        now(),
        report="当事人对事实没有异议，供应商的原因不免除其保护义务。",
        opinion="维持拟处罚意见",
        on=route.ago(48),
        by=presider,
        at=at(route.ago(48), "10:00"),
    )


def severe(route: Route) -> Telling:
    """61(3), serious consequences: nobody paid; the unit was demanded, and the court is asked."""
    yield from route.filed(EARLIEST, Found(PORTS))
    person = route.person()
    route.reported(186)
    why = "大量数据泄露，造成严重后果"
    route.fined(186, casework.rung(HARM), 600_000, 60_000, why)
    yield route.ago(184)
    route.work.tell(route.ago(184), hearing=WAIVED)
    route.work.tell(route.ago(184), party=person, hearing=WAIVED, clock="15:40")
    route.discussed(170)
    yield route.ago(168)
    decision = route.decided(168, pay_to=BANK)
    of_person = route.work.issue(route.ago(168), party=person, pay_to=BANK)
    yield route.ago(165)
    route.work.serve(route.ago(165), decision)
    route.work.serve(route.ago(165), of_person)
    route.shown(164)
    cases.record_payment(
        route.work.now(of_person),
        by=route.team.first,
        at=at(route.ago(160), "15:00"),
        paid_on=route.ago(160),
        amount=Decimal(60_000),
        receipt_number="DEMO00000003",
    )
    yield route.ago(20)
    _demand(route, decision)
    yield route.ago(5)
    file = route.work.file
    row = route.work.now(decision)
    words = money.first_words(file, row, enforcing.served_demand(file, row))
    cases.apply_to_court(
        row,
        by=route.team.first,
        at=at(route.ago(5), "10:00"),
        court="演示区人民法院",
        facts=words
        | {
            "leader": route.team.chief.name,
            "facts": "未屏蔽高危端口，大量数据泄露",
            "basis": "《中华人民共和国网络安全法》第六十一条第三款",
        },
    )


def _demand(route: Route, decision: Decision) -> None:
    day, by = route.ago(20), route.team.first
    demand = cases.make_demand(route.work.now(decision), by=by, at=at(day, "10:00"), pay_to=BANK)
    cases.serve_demand(
        Demand.objects.select_related("case").get(pk=demand.pk),
        by=by,
        at=at(day, "16:00"),
        method="direct",
        outcome="served",
        attempted_on=day,
        place=route.story.enterprise.address,
        recipient=route.story.enterprise.legal_representative,
        relation="representative",
        servers=route.team.officers,
    )


def extreme(route: Route) -> Telling:
    """61(3), particularly serious consequences: decided, and waiting to be served."""
    yield from route.filed(26, Found(PORTS))
    person = route.person()
    route.reported(21)
    why = "关键信息基础设施主要功能丧失，造成特别严重后果"
    route.fined(21, casework.rung(HARM, 1), 2_500_000, 300_000, why)
    yield route.ago(18)
    route.work.tell(route.ago(18), hearing=WAIVED)
    route.work.tell(route.ago(18), party=person, hearing=WAIVED, clock="15:40")
    route.discussed(5)
    yield route.ago(2)
    route.decided(2, pay_to=BANK)
    route.work.issue(route.ago(2), party=person, pay_to=BANK)
