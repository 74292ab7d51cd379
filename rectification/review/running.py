"""The dates after service: what fell due, was asked, stood still, was reported, seen and judged."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deadlines.models import Deadline
from legal import periods
from rectification import answered, reasons
from rectification.models import ExtensionState, Ground, TermKind, Verdict
from rectification.orders import DEADLINE_KIND
from rectification.reasons import day_words
from rectification.review.entries import DEFECT, NOTE, OK, REMIND, Check, Moment
from rectification.review.facts import Facts, Round
from rectification.review.looking import after, clock, day_of, mended_by, numbered, rest_day
from rectification.telling import listed

#: Grounds that rest on somebody's paper.
ON_PAPER = (Ground.RECONSIDERATION, Ground.LITIGATION, Ground.AUTHORITY)


def moments(facts: Facts) -> list[Moment]:
    """All of them, what falls due last."""
    return [
        *_requests(facts),
        *_standstills(facts),
        *_reports(facts),
        *(_round(facts, each) for each in facts.rounds),
        *_ends(facts),
        *(_deadline(facts, each) for each in facts.deadlines),
    ]


# ---- what falls due -----------------------------------------------------------------------------


def _deadline(facts: Facts, row: Deadline) -> Moment:
    why = row.sentence
    at_once = facts.order.term_kind == TermKind.IMMEDIATE
    checks = [Check(REMIND, warning) for warning in row.warnings if not at_once]
    provisional = [
        each["year"] for each in row.derivation["calendar"] if each["status"] == "provisional"
    ]
    if provisional:
        text = _("按暂定日历计算：%(years)s 年") % {"years": listed([str(y) for y in provisional])}
        checks.append(Check(REMIND, text, url=reverse("law:calendars"), url_text=_("看工作日历")))
    checks += _on_a_working_day(facts, row)
    checks += _ended(facts, row)
    return Moment(
        name=_("%(kind)s到期") % {"kind": row.kind_word},
        day=row.due_on,
        why=why,
        basis=tuple(row.derivation["basis"]),
        url=row.get_absolute_url(),
        checks=tuple(checks),
    )


def _on_a_working_day(facts: Facts, row: Deadline) -> list[Check]:
    try:
        rests = not facts.calendar.is_working_day(row.due_on)
    except periods.CalendarMissing:
        return []
    if rests:
        return [Check(NOTE, _("最后一天是休息日，按写明的日期"))]
    return [Check(OK, _("最后一天是工作日"))]


def _ended(facts: Facts, row: Deadline) -> list[Check]:
    """What became of it, and by what it was followed."""
    if row.state == Deadline.REPLACED:
        words = {"day": day_words(row.ended_on) if row.ended_on else "", "why": row.ended_reason}
        return [Check(NOTE, _("%(day)s变更：%(why)s") % words)]
    if row.state == Deadline.CANCELLED:
        return [Check(NOTE, _("已取消：%(why)s") % {"why": row.ended_reason})]
    if row.state == Deadline.SUSPENDED:
        return [Check(NOTE, _("已中止，恢复后重新计算"))]
    if row.state == Deadline.MET and row.ended_on is not None:
        late = (row.ended_on - row.due_on).days
        if late <= 0:
            return [Check(OK, _("%(day)s在期限内完成") % {"day": day_words(row.ended_on)})]
        text = ngettext("逾期 %(n)d 天完成", "逾期 %(n)d 天完成", late) % {"n": late}
        if row.kind == DEADLINE_KIND:
            return [Check(NOTE, text)]
        return [Check(REMIND, text, url=row.get_absolute_url(), url_text=_("看期限"))]
    if row.is_overdue(facts.today):
        late = (facts.today - row.due_on).days
        text = ngettext("已逾期 %(n)d 天", "已逾期 %(n)d 天", late) % {"n": late}
        url = facts.order.get_absolute_url()
        return [Check(REMIND, text, url=url, url_text=_("去办理"))]
    return []


# ---- while the term ran -------------------------------------------------------------------------


def _requests(facts: Facts) -> list[Moment]:
    found = []
    for request in facts.happened.requests:
        in_time = not request.late and day_of(request.asked_at) <= request.old_due_on
        words = {"old": day_words(request.old_due_on), "day": day_words(request.until)}
        found.append(
            Moment(
                name=_("申请延期"),
                day=day_of(request.asked_at),
                clock=clock(request.asked_at),
                who=_("企业申请") if request.by_enterprise else request.requested_by,
                why=_("由 %(old)s 延至 %(day)s：%(why)s") % (words | {"why": request.reason}),
                url=f"{facts.order.get_absolute_url()}#course",
                checks=(
                    Check(OK, _("在期限届满前提出"), house=True)
                    if in_time
                    else Check(REMIND, _("期限届满后提出"), house=True),
                ),
            )
        )
        if request.decided_at is None:
            if request.state == ExtensionState.REQUESTED:
                pending = mended_by(
                    Check(REMIND, _("延期申请还没有审批"), house=True),
                    facts,
                    "decide_extension",
                    _("去审批延期"),
                )
                found.append(Moment(name=_("延期决定"), day=None, checks=(pending,)))
            continue
        same = request.decided_by == request.requested_by
        granted = request.granted_until is not None
        found.append(
            Moment(
                name=_("准予延期") if granted else _("不予延期"),
                day=day_of(request.decided_at),
                clock=clock(request.decided_at),
                who=request.decided_by or "",
                why=request.decision_note,
                number=request.number or "",
                checks=(
                    Check(DEFECT, _("审批人就是登记人"), house=True)
                    if same
                    else Check(OK, _("审批人不是登记人"), house=True),
                    after(request.asked_at, request.decided_at, _("在申请之后"), _("早于申请")),
                ),
            )
        )
    return found


def _standstills(facts: Facts) -> list[Moment]:
    found = []
    for each in facts.happened.standstills:
        paper_needed = each.ground in ON_PAPER and not each.document_number
        check = Check(OK, _("写明了事由"))
        if paper_needed:
            check = Check(REMIND, _("没有填依据文书的文号"), url=facts.order.get_absolute_url())
        found.append(
            Moment(
                name=_("期限中止") if each.resumed_on else _("期限中止（未恢复）"),
                day=each.from_on,
                until=each.resumed_on,
                why=each.reason,
                number=each.document_number,
                url=f"{facts.order.get_absolute_url()}#course",
                checks=(check,),
            )
        )
    return found


def _reports(facts: Facts) -> list[Moment]:
    found = []
    for report in facts.happened.reports:
        numbers = [facts.happened.items[item] for item in report.items]
        name = _("现场整改（%(n)s）") if report.on_the_spot else _("企业报告改正（%(n)s）")
        check = Check(OK, _("完成日期不晚于收到报告之日"))
        if report.completed_on > report.received_on:
            check = Check(DEFECT, _("完成日期晚于收到报告之日"))
        checks = [check]
        served = facts.order.served_on
        if served is not None and report.completed_on < served:
            checks.append(Check(NOTE, _("送达之前已经改正")))
        found.append(
            Moment(
                name=name % {"n": numbered(numbers)},
                day=report.received_on,
                who=report.entered_by,
                why=_("企业完成之日 %(day)s") % {"day": day_words(report.completed_on)},
                url=f"{facts.order.get_absolute_url()}#course",
                checks=tuple(checks),
            )
        )
    return found


def _round(facts: Facts, held: Round) -> Moment:
    order = facts.order
    checks = [_valid_pair(held)]
    if order.served_on is not None and held.held_on < order.served_on:
        checks.append(Check(DEFECT, _("复查早于送达")))
    else:
        checks.append(Check(OK, _("在送达之后")))
    checks += rest_day(facts, held.held_on)
    return Moment(
        name=_("第 %(n)d 轮复查") % {"n": held.number},
        day=held.held_on,
        who=listed([each.name for each in held.officers]),
        why=held.note,
        basis=(reasons.reinspection_basis(held.held_on),),
        url=f"{order.get_absolute_url()}#course",
        checks=tuple(checks),
    )


def _valid_pair(held: Round) -> Check:
    bad = [each.name for each in held.officers if not each.is_valid_on(held.held_on)]
    if not bad:
        return Check(OK, _("民警二人，执法证件当日有效"), basis=reasons.TWO_OFFICERS)
    text = _("%(who)s的执法证件当日无效") % {"who": listed(bad)}
    return Check(DEFECT, text, basis=reasons.TWO_OFFICERS)


def _ends(facts: Facts) -> list[Moment]:
    order = facts.order
    found = []
    if order.judged_at is not None and order.judged_by is not None:
        said = answered.verdict(order) or {"text": ""}
        last = max((each.held_on for each in facts.rounds), default=None)
        judged = day_of(order.judged_at)
        check = Check(OK, _("在最后一轮复查之后"))
        if last is not None and judged < last:
            check = Check(DEFECT, _("早于最后一轮复查"))
        found.append(
            Moment(
                name=_("结论：%(word)s") % {"word": Verdict(order.verdict).label},
                day=judged,
                clock=clock(order.judged_at),
                who=order.judged_by.name,
                why=said["text"],
                checks=(check,),
            )
        )
    if order.escalated_at is not None and order.escalated_by is not None:
        found.append(
            Moment(
                name=_("转入：%(to)s") % {"to": order.escalated_to},
                day=day_of(order.escalated_at),
                clock=clock(order.escalated_at),
                who=order.escalated_by.name,
                checks=(
                    after(order.judged_at, order.escalated_at, _("在结论之后"), _("早于结论")),
                ),
            )
        )
    if order.withdrawn_at is not None and order.withdrawn_by is not None:
        own = order.withdrawn_by_id == order.drafted_by_id
        found.append(
            Moment(
                name=_("撤回"),
                day=day_of(order.withdrawn_at),
                clock=clock(order.withdrawn_at),
                who=order.withdrawn_by.name,
                why=order.withdraw_reason,
                checks=(
                    Check(DEFECT, _("撤回人就是拟稿人"), house=True)
                    if own
                    else Check(OK, _("撤回人不是拟稿人"), house=True),
                ),
            )
        )
    return found
