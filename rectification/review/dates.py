"""Every date of an order's life, why it is that day, and whether it is in order."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inspections.models import Inspection
from legal import periods
from rectification import reasons
from rectification.reasons import day_words
from rectification.review import running
from rectification.review.entries import DEFECT, OK, REMIND, Check, Moment
from rectification.review.facts import Attempt, Facts
from rectification.review.looking import after, clock, day_of, mended_by, numbered, rest_day
from rectification.telling import listed

LATE_ENTRY_DAYS = 1
SHORT_NOTICE_DAYS = 3


def moments(facts: Facts) -> tuple[Moment, ...]:
    """In the order in which they happened; what falls due stands at its own day."""
    found = [
        *_acts(facts),
        _visit(facts),
        *_drafting(facts),
        *_services(facts),
        *running.moments(facts),
    ]
    place = {id(moment): number for number, moment in enumerate(found)}
    return tuple(sorted(found, key=lambda m: (m.day or date.max, place[id(m)])))


# ---- the act and the visit ----------------------------------------------------------------------


def _acts(facts: Facts) -> list[Moment]:
    """The days of the acts: by them the law is chosen."""
    groups: dict[tuple[date, date | None], list[int]] = {}
    for finding in facts.findings:
        groups.setdefault((finding.act_from, finding.act_to), []).append(facts.numbers[finding.pk])
    visit = facts.order.inspection.day
    found = []
    for (began, ended), numbers in groups.items():
        if ended is None:
            why = _("检查时仍在继续，按检查之日（%(day)s）施行的文本适用法律") % {
                "day": day_words(visit)
            }
        else:
            why = _("按行为终了之日（%(day)s）施行的文本适用法律") % {"day": day_words(ended)}
        late = began > visit or (ended is not None and ended > visit)
        check = (
            Check(DEFECT, _("行为日期晚于检查日期"))
            if late
            else Check(OK, _("行为日期不晚于检查日期"))
        )
        found.append(
            Moment(
                name=_("违法行为（%(n)s）") % {"n": numbered(numbers)},
                day=began,
                until=ended if ended != began else None,
                why=why,
                basis=("APL@2021:37",),
                checks=(check,),
            )
        )
    return found


def _visit(facts: Facts) -> Moment:
    inspection = facts.order.inspection
    day, url = inspection.day, inspection.get_absolute_url()
    begun, ended = inspection.started_at, inspection.ended_at
    checks = [_two_officers(facts, day, url)]
    if inspection.signature == Inspection.Signature.SIGNED:
        checks.append(Check(OK, _("检查记录有被检查单位签名")))
    elif inspection.signature == Inspection.Signature.REFUSED:
        words = _("拒绝签名已注明，见证人 %(who)s") % {"who": inspection.witness or "—"}
        checks.append(Check(OK, words))
    elif inspection.mode == Inspection.Mode.ON_SITE:
        basis = reasons.record_basis(day)
        checks.append(Check(DEFECT, _("检查记录没有签名"), basis=basis, url=url))
    if inspection.mode == Inspection.Mode.ON_SITE and not inspection.notice_number:
        basis = "MPS176@2026:11" if day >= reasons.ORDER_176_FROM else "MPS151@2018:14"
        text = _("没有填监督检查通知书文号")
        checks.append(Check(REMIND, text, basis=basis, url=url, url_text=_("查看检查记录")))
    checks += _evidence(facts, url)
    checks += rest_day(facts, day)
    span = _("%(from)s—%(to)s") % {
        "from": clock(begun),
        "to": clock(ended) if ended else _("未填"),
    }
    return Moment(
        name=pgettext("表头", "检查"),
        day=day,
        clock=span,
        who=listed([officer.name for officer in facts.officers]),
        why=_("执法证件和检查程序按这一天核对"),
        basis=(reasons.record_basis(day),),
        url=url,
        number=inspection.number,
        checks=tuple(checks),
    )


def _evidence(facts: Facts, url: str) -> list[Check]:
    """Which findings nothing proves by itself; evidence of the visit as a whole may do."""
    if not facts.bare:
        return [Check(OK, _("每项发现都有证据"))] if facts.findings else []
    text = _("%(n)s发现没有单独的证据") % {"n": numbered(facts.bare)}
    return [Check(REMIND, text, house=True, url=f"{url}#evidence", url_text=_("看证据"))]


def _two_officers(facts: Facts, day: date, url: str) -> Check:
    """By the certificates as they were entered at the visit."""
    bad = [officer.name for officer in facts.officers if not officer.is_valid_on(day)]
    valid = len(facts.officers) - len(bad)
    if valid >= 2 and not bad:
        text = ngettext("民警 %(n)d 人，执法证件当日有效", "民警 %(n)d 人，执法证件当日有效", valid)
        return Check(OK, text % {"n": valid}, basis=reasons.TWO_OFFICERS)
    if valid >= 2:
        text = _("%(who)s的执法证件当日无效") % {"who": listed(bad)}
        return Check(REMIND, text, basis=reasons.TWO_OFFICERS, url=url)
    text = _("持有效执法证件的民警不足二人")
    return Check(DEFECT, text, basis=reasons.TWO_OFFICERS, url=url, url_text=_("查看检查记录"))


# ---- the paper ----------------------------------------------------------------------------------


def _drafting(facts: Facts) -> list[Moment]:
    order, inspection = facts.order, facts.order.inspection
    found = [
        Moment(
            name=_("拟稿"),
            day=day_of(order.drafted_at),
            clock=clock(order.drafted_at),
            who=order.drafted_by.name,
            checks=(
                after(
                    inspection.recorded_at,
                    order.drafted_at,
                    _("在检查记录完成之后"),
                    _("早于检查记录完成的时间"),
                ),
            ),
        )
    ]
    if order.submitted_at is not None and order.submitted_by is not None:
        found.append(
            Moment(
                name=_("提交审批"),
                day=day_of(order.submitted_at),
                clock=clock(order.submitted_at),
                who=order.submitted_by.name,
                checks=(
                    after(order.drafted_at, order.submitted_at, _("在拟稿之后"), _("早于拟稿")),
                ),
            )
        )
    if order.approved_at is not None and order.approved_by is not None:
        found.append(_approval(facts))
    if order.issued_at is not None and order.issued_by is not None:
        found.append(
            Moment(
                name=_("签发"),
                day=day_of(order.issued_at),
                clock=clock(order.issued_at),
                who=order.issued_by.name,
                why=_("正文自签发时冻结，取号不重"),
                basis=(reasons.ORDER_BASIS,),
                number=order.notice.number if order.notice else "",
                checks=(
                    after(order.approved_at, order.issued_at, _("在审批之后"), _("早于审批")),
                    *rest_day(facts, day_of(order.issued_at)),
                ),
            )
        )
    return found


def _approval(facts: Facts) -> Moment:
    order = facts.order
    assert order.approved_at is not None
    assert order.approved_by is not None
    own = order.approved_by_id == order.drafted_by_id
    return Moment(
        name=_("审批"),
        day=day_of(order.approved_at),
        clock=clock(order.approved_at),
        who=order.approved_by.name,
        checks=(
            Check(DEFECT, _("审批人就是拟稿人"), house=True)
            if own
            else Check(OK, _("审批人不是拟稿人"), house=True),
            after(order.submitted_at, order.approved_at, _("在提交之后"), _("早于提交")),
        ),
    )


def _services(facts: Facts) -> list[Moment]:
    return [_service(facts, each) for each in facts.attempts]


def _service(facts: Facts, attempt: Attempt) -> Moment:
    order = facts.order
    words = {"method": attempt.method, "outcome": attempt.outcome}
    why = _("%(method)s，%(outcome)s") % words
    checks: list[Check] = []
    if order.issued_at is not None and attempt.attempted_on < day_of(order.issued_at):
        checks.append(Check(DEFECT, _("送达早于签发")))
    else:
        checks.append(Check(OK, _("不早于签发之日")))
    if attempt.effective:
        checks.append(_proof(facts, attempt))
        checks += _left_at_service(facts, attempt)
    behind = (day_of(attempt.recorded_at) - attempt.attempted_on).days
    if behind > LATE_ENTRY_DAYS:
        text = ngettext("送达 %(n)d 天后才登记", "送达 %(n)d 天后才登记", behind)
        checks.append(Check(REMIND, text % {"n": behind}, house=True))
    checks += rest_day(facts, attempt.attempted_on)
    deemed = attempt.served_on if attempt.served_on != attempt.attempted_on else None
    if deemed is not None:
        why = _("%(method)s，%(outcome)s，视为送达 %(day)s") % (words | {"day": day_words(deemed)})
    return Moment(
        name=_("送达") if attempt.effective else _("送达（未计为送达）"),
        day=attempt.attempted_on,
        until=deemed,
        who=listed(list(attempt.servers)),
        why=why,
        basis=(reasons.SERVICE_BASIS,),
        url=f"{order.get_absolute_url()}#service",
        checks=tuple(checks),
    )


def _proof(facts: Facts, attempt: Attempt) -> Check:
    if attempt.proven:
        return Check(OK, _("送达回证已上传"), basis=reasons.SERVICE_BASIS)
    missing = Check(DEFECT, _("送达回证没有上传"), basis=reasons.SERVICE_BASIS)
    return mended_by(missing, facts, "add_proof", _("补传送达回证"))


def _left_at_service(facts: Facts, attempt: Attempt) -> list[Check]:
    """How much of the term was left when the paper arrived; asked of a day that it names."""
    order = facts.order
    if attempt.served_on is None or order.term_kind != "date" or order.term_date is None:
        return []
    try:
        days = facts.calendar.working_days_between(attempt.served_on, order.term_date)
    except periods.CalendarMissing:
        return []
    text = ngettext(
        "送达时距改正期限还有 %(n)d 个工作日", "送达时距改正期限还有 %(n)d 个工作日", days
    ) % {"n": days}
    return [Check(REMIND if days < SHORT_NOTICE_DAYS else OK, text)]
