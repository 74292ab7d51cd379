"""Penalty cases of plainly invented enterprises, one of each way that a case can take.

Dated back from the day of loading, told together by day (`demo.told`). Each step of the procedure
has a case that waits there, so that every login finds something to do. All acts lie in the time of
the amended 网络安全法; where the day of loading lies too close to its first day, nothing is told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from demo import casework, rungs
from demo.casework import CLAIMED, WAIVED
from demo.days import Days, at
from demo.ground import Ground
from demo.route import CAUSE, LOGS, NETWORK, PLAIN, PORTS, UNIT, Route
from demo.story import Found, Story
from demo.told import Telling
from penalties import cases
from penalties.cases.spot import Given as OnTheSpot
from penalties.models import (
    ClosingGround,
    Interview,
    Measure,
    Referral,
    Remedy,
    Report,
)
from penalties.papers.typed import Typed

#: The amended law is in force from this day on; no visit of a route lies before it.
SINCE = date(2026, 1, 1)

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
    ("P09", "J", rungs.base),
    ("P10", "K", rungs.aggravated),
    ("P11", "L", rungs.severe),
    ("P12", "P", rungs.extreme),
    ("P13", "A", _to_file),
    ("P14", "B", _to_tell),
    ("P15", "C", _to_hear),
    ("P16", "D", _to_decide),
)


def stories(ground: Ground, days: Days) -> list[tuple[Story, Callable[[], Telling]]]:
    """(story, how to tell it) of all; none where the earliest visit would lie before the law."""
    if days.ago(rungs.EARLIEST) < SINCE:
        return []
    return [_bound(Route(key, letter, ground, days), tell) for key, letter, tell in ROUTES]


def _bound(route: Route, tell: Tell) -> tuple[Story, Callable[[], Telling]]:
    return route.story, lambda: tell(route)
