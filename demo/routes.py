"""Penalty cases of plainly invented enterprises, one of each way that a case can take.

Dated back from the day of loading, told together by day (`demo.told`). Each step of the procedure
has a case that waits there, so that every login finds something to do. All acts lie in the time of
the amended 网络安全法; where the day of loading lies too close to its first day, nothing is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from bulletins import publications
from bulletins.models import Publication, PublicationState
from demo import casework
from demo.casework import BANK, CLAIMED, WAIVED
from demo.days import Days, at
from demo.ground import Ground, invented_person
from demo.story import Found, Story
from demo.told import Telling
from notices import service
from penalties import cases
from penalties.cases import enforcing
from penalties.cases.spot import Given as OnTheSpot
from penalties.models import (
    ClosingGround,
    Decision,
    Demand,
    Hearing,
    Interview,
    Measure,
    Plan,
    Referral,
    Remedy,
    Report,
    Respondent,
)
from penalties.papers import money
from penalties.papers.hearing import Plan as Sitting
from penalties.papers.typed import Typed

UNIT = "南宁市公安局"
#: The amended law is in force from this day on; no visit of a route lies before it.
SINCE = date(2026, 1, 1)
#: Working days before today of the earliest visit.
EARLIEST = 190
CAUSE = "不履行网络安全保护义务"
BOARD = "行政处罚公示栏（演示设定）"
PLAIN, LOGS, PORTS = "PII_UNENCRYPTED", "LOG_RETENTION_SHORT", "HIGH_RISK_PORTS"
NETWORK = "CSL@2025:61(1)"
HARM = "CSL@2025:61(3)"
CORRECT = "在收到本决定书之日起十五日内改正检查中发现的问题"


class Route:
    """One case with the days to tell it by: `ago` counts working days back from today."""

    def __init__(self, key: str, letter: str, ground: Ground, days: Days) -> None:
        self.story = Story(ground, key, ground.team(UNIT), letter)
        self.work, self.team, self.days = self.story.casework, self.story.team, days
        self.key, self.letter = key, letter
        self.reviewer = ground.people["reviewer"]

    def ago(self, number: int) -> date:
        return self.days.ago(number)

    def visit(self, ago: int, *found: Found) -> Iterator[date]:
        yield self.ago(ago)
        self.story.visit(
            self.ago(ago),
            found,
            trigger_text="日常监督检查",
            summary="演示设定：本次检查为编造。",
        )

    def filed(self, ago: int, *found: Found) -> Iterator[date]:
        """Visited, opened the day after, and approved."""
        yield from self.visit(ago, *found)
        yield self.ago(ago - 1)
        self.work.open(self.ago(ago - 1), self.story.visited, CAUSE)
        self.work.approve_filing(self.ago(ago - 1))

    def reported(self, ago: int, **more: str) -> None:
        """Asked, proven and reported on one day."""
        self.work.ask(self.ago(ago), "属实，正在改正。")
        self.work.prove(self.ago(ago))
        self.work.report(self.ago(ago), **more)

    def warned(self, ago: int) -> Iterator[date]:
        """Up to a notice that proposes a warning, every right waived."""
        yield from self.filed(ago, Found(PLAIN))
        self.reported(ago - 3)
        self.work.propose(self.ago(ago - 3), casework.rung(NETWORK))
        yield self.ago(ago - 4)
        self.work.tell(self.ago(ago - 4))

    def decided(self, ago: int, **typed: str) -> Decision:
        """The chief agreed, and the decision on the unit is issued."""
        self.work.approve(self.ago(ago))
        return self.work.issue(self.ago(ago), **({"correction": CORRECT} | typed))

    def shown(self, ago: int) -> None:
        """The decision is made public within its seven working days."""
        publication = Publication.objects.get(case=self.work.case, state=PublicationState.DUE)
        publications.publish_elsewhere(
            publication,
            by=self.team.first,
            at=at(self.ago(ago), "16:00"),
            on=self.ago(ago),
            place=BOARD,
        )

    def person(self) -> Respondent:
        """Whoever answers for the unit: nobody real."""
        return cases.add_person(
            self.work.case,
            by=self.team.first,
            at=at(self.work.case.filed_on, "17:40"),
            role=Respondent.Role.IN_CHARGE,
            workplace=self.work.case.enterprise.name,
            facts="负责本单位的网络安全，没有组织采取保护措施",
            **invented_person(self.letter),
        )

    def fined(
        self, ago: int, tier: casework.PenaltyTier, unit: int, person: int | None, why: str
    ) -> None:
        """Proposed: a fine for the unit, and one for the person where the rung has one."""
        self.work.propose(self.ago(ago), tier, "fine", amount=unit, why=why)
        if person is not None:
            whom = self.work.persons[0]
            self.work.propose(self.ago(ago), tier, "fine", party=whom, amount=person, why=why)

    def discussed(self, ago: int) -> None:
        """A grave case: those in charge discussed it (行政处罚法 57(2))."""
        team, day = self.team, self.ago(ago)
        cases.mark_gravity(
            self.work.case,
            is_grave=True,
            is_of_public_interest=False,
            is_intricate=False,
            reason="罚款数额较大，造成严重后果",
            by=team.first,
            at=at(day, "09:10"),
        )
        cases.hold_discussion(
            self.work.case,
            held_at=at(day, "10:00"),
            presider=team.chief.name,
            attendees=[team.chief.name, "演示副支队长", "演示法制员"],
            minutes="听取办案民警汇报，逐项讨论事实、证据、条款和金额。",
            agreed=True,
            conclusion="同意拟处罚意见",
            by=team.first,
            at=at(day, "11:00"),
        )


Tell = Callable[[Route], Telling]


# --- Every way ----------------------------------------------------------------------------------


def _on_the_spot(route: Route) -> Telling:
    """A warning on the spot, filed with the unit the next morning; it waits to be closed."""
    found = Found("NO_MPS_FILING", "", ("MPS33@2011:12",), ("MPS33@2011:23",))
    yield from route.visit(6, found)
    day, story = route.ago(6), route.story
    decision = cases.issue_spot_decision(
        story.visited,
        OnTheSpot(
            finding=story.visited.findings.get(),
            tier=casework.rung("MPS33@2011:23"),
            measures=[Measure.WARNING],
            officers=route.team.officers,
            facts="联网三十日内没有到公安机关备案",
            cause="不履行国际联网备案职责",
            recipient=story.enterprise.legal_representative,
            relation="representative",
            typed=Typed(
                decided_at=at(day, "11:30"),
                place=story.enterprise.address,
                evidence=("监督检查记录", "现场截图"),
                is_clear=True,
                showed_certificates=True,
                told_orally=True,
                defence="无",
                performance=casework.WARNED,
                correction="在收到本决定书之日起十五日内办理备案",
            ),
        ),
        by=route.team.first,
        at=at(day, "11:30"),
        form_token=route.work.token,
    )
    cases.file_with_unit(
        route.work.now(decision),
        by=route.team.first,
        at=at(day, "17:00"),
        filed_at=at(day, "16:30"),
    )


def _not_punished(route: Route) -> Telling:
    """For the first time, slight, and put right in time (行政处罚法 33(1))."""
    yield from route.filed(40, Found(LOGS))
    route.reported(
        37,
        facts="日志留存不足六个月，检查后三日内改正，没有造成危害后果",
        reasons="初次违法，危害后果轻微并及时改正",
        proposal=Report.Proposal.NO_PENALTY,
        ground="first_minor",
    )
    yield route.ago(34)
    decision = route.decided(
        34,
        ground="first_minor",
        ground_proof="复查照片和日志留存设置截图",
        education="当面讲解网络安全法关于日志留存的规定，当事人表示今后遵守",
        performance="",
    )
    yield route.ago(33)
    route.work.serve(route.ago(33), decision)
    yield route.ago(31)
    note = "不予行政处罚决定已经送达，问题已经改正。"
    route.work.close(route.ago(32), route.ago(31), note, ground=ClosingGround.UNPUNISHED)


def _talked_to(route: Route) -> Telling:
    """Those in charge were summoned to a talk (约谈); the investigation goes on."""
    yield from route.filed(9, Found(PLAIN), Found("NO_CONSENT"))
    day = route.ago(5)
    cases.record_interview(
        route.work.case,
        by=route.team.first,
        at=at(day, "16:00"),
        subject=Interview.Subject.DATA,
        held_at=at(day, "15:00"),
        place=f"{UNIT}会议室",
        attendees=[route.story.enterprise.legal_representative],
        officers=[each.name for each in route.team.officers],
        demands="十日内完成个人信息加密存储，重新取得用户同意。",
        commitments="按要求完成，并报告进度。",
        follow_up_on=route.days.ahead(4),
    )


def _to_criminal_police(route: Route) -> Telling:
    """A crime is suspected; the criminal police took it over, and the case is closed."""
    yield from route.filed(44, Found(PLAIN))
    row = cases.refer(
        route.work.case,
        by=route.team.first,
        at=at(route.ago(41), "10:00"),
        to=Referral.To.CRIMINAL,
        organ="演示刑事侦查支队",
        reason="涉嫌侵犯公民个人信息罪",
        sent_on=route.ago(41),
        document_number="演示移送〔2026〕1号",
    )
    cases.record_answer(
        Referral.objects.select_related("case").get(pk=row.pk),
        by=route.team.first,
        at=at(route.ago(37), "10:00"),
        answer=Referral.Answer.ACCEPTED,
        answered_on=route.ago(37),
        answer_number="演示受案〔2026〕1号",
    )
    yield route.ago(35)
    note = "已由刑事侦查部门受理，转为刑事案件办理。"
    route.work.close(route.ago(36), route.ago(35), note, ground=ClosingGround.CRIME)


def _to_telecom_authority(route: Route) -> Telling:
    """The registration of a website (ICP) is the telecom authority's: handed over, accepted."""
    found = Found("SITE_CLOSED_NOT_CANCELLED", "", ("ICP@2011:11",), ("ICP@2011:19",))
    yield from route.filed(28, found)
    day = route.ago(26)
    row = cases.refer(
        route.work.case,
        by=route.team.first,
        at=at(day, "16:00"),
        to=Referral.To.AUTHORITY,
        organ="演示通信管理局",
        reason="非经营性互联网信息服务备案由通信管理部门负责",
        found_at=at(day, "10:00"),
        sent_on=day,
    )
    cases.record_answer(
        Referral.objects.select_related("case").get(pk=row.pk),
        by=route.team.first,
        at=at(route.ago(21), "10:00"),
        answer=Referral.Answer.ACCEPTED,
        answered_on=route.ago(21),
    )
    yield route.ago(19)
    note = "全案移送通信管理部门，已经受理。"
    route.work.close(route.ago(20), route.ago(19), note, ground=ClosingGround.TERMINATED)


def _ended(route: Route) -> Telling:
    """Nothing was proven: the investigation ends without a decision."""
    yield from route.filed(24, Found("NO_VULN_SCAN"))
    route.reported(
        20,
        facts="当事人提供了检查以前的漏洞扫描报告，检查发现的情况不能成立",
        reasons="没有违法事实",
        proposal=Report.Proposal.TERMINATION,
    )
    yield route.ago(18)
    cases.terminate(
        route.work.case, by=route.team.chief, at=at(route.ago(18), "10:00"), note="同意终止调查"
    )


def _taken_up_again(route: Route) -> Telling:
    """A court revoked the warning and asked for a new decision: the investigation goes on."""
    yield from route.warned(120)
    yield route.ago(112)
    decision = route.decided(112)
    yield route.ago(110)
    route.work.serve(route.ago(110), decision)
    remedy = cases.record_remedy(
        route.work.now(decision),
        by=route.team.first,
        at=at(route.ago(90), "10:00"),
        kind=Remedy.Kind.SUIT,
        body="演示区人民法院",
        applied_on=route.ago(92),
        copy_received_on=route.ago(90),
    )
    cases.answer_remedy(
        _now(remedy), by=route.team.first, at=at(route.ago(84), "10:00"), answered_on=route.ago(84)
    )
    yield route.ago(12)
    cases.record_result(
        _now(remedy),
        by=route.team.first,
        at=at(route.ago(12), "10:00"),
        result=Remedy.Result.REVOKED_REDO,
        result_on=route.ago(14),
        result_received_on=route.ago(12),
        document_number="（2026）演示行初1号",
        note="主要证据不足，责令重新作出行政行为。",
    )


def _now(remedy: Remedy) -> Remedy:
    return Remedy.objects.select_related("case").get(pk=remedy.pk)


def _stopped(route: Route) -> Telling:
    """A warning and a month of standing still (停机整顿), which runs and is watched."""
    found = Found("NO_MPS_FILING", "", ("MPS33@2011:12",), ("MPS33@2011:23",))
    yield from route.filed(22, found)
    route.reported(18)
    tier = casework.rung("MPS33@2011:23")
    route.work.propose(route.ago(18), tier)
    route.work.propose(
        route.ago(18), tier, "suspension", detail="会员平台停机整顿", length=1, length_unit="month"
    )
    yield route.ago(17)
    route.work.tell(route.ago(17), hearing=WAIVED)
    yield route.ago(12)
    decision = route.decided(12, performance="停机整顿自本决定书送达之日起一个月")
    yield route.ago(10)
    route.work.serve(route.ago(10), decision)
    route.shown(9)


# --- A unit and a person, at each rung of 网络安全法 61 ----------------------------------------


def _base(route: Route) -> Telling:
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


def _aggravated(route: Route) -> Telling:
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


def _severe(route: Route) -> Telling:
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


def _extreme(route: Route) -> Telling:
    """61(3), particularly serious consequences: decided, and waiting to be served."""
    yield from route.filed(26, Found(PORTS))
    person = route.person()
    route.reported(20)
    why = "关键信息基础设施主要功能丧失，造成特别严重后果"
    route.fined(20, casework.rung(HARM, 1), 2_500_000, 300_000, why)
    yield route.ago(18)
    route.work.tell(route.ago(18), hearing=WAIVED)
    route.work.tell(route.ago(18), party=person, hearing=WAIVED, clock="15:40")
    route.discussed(5)
    yield route.ago(2)
    route.decided(2, pay_to=BANK)
    route.work.issue(route.ago(2), party=person, pay_to=BANK)


# --- Waiting at a step ---------------------------------------------------------------------------


def _to_file(route: Route) -> Telling:
    yield from route.visit(3, Found(PLAIN))
    route.work.open(route.ago(2), route.story.visited, CAUSE)


def _to_tell(route: Route) -> Telling:
    yield from route.filed(9, Found(PLAIN))
    route.reported(4)
    route.work.propose(route.ago(3), casework.rung(NETWORK))


def _to_hear(route: Route) -> Telling:
    """The unit asked for a hearing; whether it is accepted is to be decided."""
    yield from route.filed(11, Found(PORTS))
    route.reported(6)
    route.fined(5, casework.rung(NETWORK), 30_000, None, "端口未屏蔽")
    yield route.ago(1)
    route.work.tell(route.ago(1), hearing=CLAIMED)


def _to_decide(route: Route) -> Telling:
    yield from route.warned(12)


#: key, letter of the enterprise, how it goes.
ROUTES: tuple[tuple[str, str, Tell], ...] = (
    ("P01", "A", _on_the_spot),
    ("P02", "B", _not_punished),
    ("P03", "C", _talked_to),
    ("P04", "D", _to_criminal_police),
    ("P05", "E", _to_telecom_authority),
    ("P06", "F", _ended),
    ("P07", "G", _taken_up_again),
    ("P08", "H", _stopped),
    ("P09", "J", _base),
    ("P10", "K", _aggravated),
    ("P11", "L", _severe),
    ("P12", "P", _extreme),
    ("P13", "A", _to_file),
    ("P14", "B", _to_tell),
    ("P15", "C", _to_hear),
    ("P16", "D", _to_decide),
)


def stories(ground: Ground, days: Days) -> list[tuple[Story, Callable[[], Telling]]]:
    """(story, how to tell it) of all; none where the earliest visit would lie before the law."""
    if days.ago(EARLIEST) < SINCE:
        return []
    return [_bound(Route(key, letter, ground, days), tell) for key, letter, tell in ROUTES]


def _bound(route: Route, tell: Tell) -> tuple[Story, Callable[[], Telling]]:
    return route.story, lambda: tell(route)
