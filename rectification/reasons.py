"""Why an act on an order cannot be done now.

One function per verb of `rectification.orders`: it returns every reason, each with the article or
the house rule behind it and the link that mends it. An empty list means that the act can be done.
Pages show the list before the button is pressed (`acts.py` names them all); the verb raises
`Refused` from the same list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.trail import Reason
from deadlines import clock
from legal import calendars, periods
from notices import glyphs
from notices.models import Service
from rectification import completeness, course
from rectification.citation_reasons import citation_reasons
from rectification.models import UNMET, Item, Order, OrderState, TermKind

if TYPE_CHECKING:
    from accounts.models import User

S = OrderState
TWO_OFFICERS = "APL@2021:42(1)"
ORDER_BASIS = "APL@2021:28(1)"
SERVICE_BASIS = "MPSP@2020:36"
FIRST_DAY_BASIS = "MPSP@2020:35"
LONGEST_TERM = 365

#: Order 176 of the Ministry took the place of Order 151 on this day; the Cybersecurity Law in
#: its text of 2025 that of 2016 on the other.
ORDER_176_FROM = date(2026, 10, 1)
CSL_2025_FROM = date(2026, 1, 1)


def order_day(order: Order) -> date:
    """The day of the visit: by it certificates are judged and the rules of procedure chosen."""
    return periods.local_date(order.inspection.started_at)


def record_basis(day: date) -> str:
    """The article by which a visit is recorded and signed."""
    return "MPS176@2026:15(1)" if day >= ORDER_176_FROM else "MPS151@2018:18"


def reinspection_basis(day: date) -> str:
    """The article by which a correction is looked at again."""
    return "MPS176@2026:16(1)" if day >= ORDER_176_FROM else "MPS151@2018:19"


def refusal_basis(day: date) -> str:
    """The article that makes a refusal to correct weigh more (拒不改正)."""
    return "CSL@2025:61(1)" if day >= CSL_2025_FROM else "CSL@2016:59(1)"


def day_words(day: date) -> str:
    """2025年2月12日 / 12 Feb 2025."""
    if (get_language() or "zh").startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%b %Y}"


def _state(order: Order, allowed: Iterable[str], sentence: str) -> list[Reason]:
    return [] if order.state in allowed else [Reason(sentence)]


def url(order: Order, act: str) -> str:
    """The address where the act is done."""
    return reverse(f"orders:{act}", args=[order.pk])


# ---- drafts ----------------------------------------------------------------------------------


def can_amend(order: Order, user: User, today: date) -> list[Reason]:
    if order.in_draft:
        return []
    return [Reason(_("已提交审批或已签发，不能再改。如有错误，请退回或撤回后重新起草。"))]


def can_discard(order: Order, user: User, today: date) -> list[Reason]:
    return _state(order, (S.DRAFT, S.RETURNED), _("只有未签发的草稿可以作废；已签发的请撤回。"))


def can_submit(order: Order, user: User, today: date) -> list[Reason]:
    """What a draft still lacks before somebody else looks at it."""
    if not order.in_draft:
        return [Reason(_("已经提交，正在等待审批。"))]
    mend: dict[str, Any] = {"url": url(order, "amend"), "url_text": _("去修改")}
    visit: dict[str, Any] = {
        "url": order.inspection.get_absolute_url(),
        "url_text": _("查看检查记录"),
    }
    found: list[Reason] = []
    items = list(order.items.all())
    if not items:
        found.append(Reason(_("没有要求改正的问题。至少选择一项检查发现。"), **mend))
    silent = [item.ordinal for item in items if not item.required_correction.strip()]
    if silent:
        found.append(
            Reason(_("第 %(n)s 项没有写明要求改正的内容。") % {"n": listed(silent)}, **mend)
        )
    uncited = [item.ordinal for item in items if not _cites_a_duty(item)]
    if uncited:
        found.append(
            Reason(
                _("第 %(n)s 项没有引用所违反的条款。") % {"n": listed(uncited)},
                basis=ORDER_BASIS,
                **visit,
            )
        )
    found += citation_reasons(order, **visit)
    found += term_reasons(order.term_kind, order.term_date, order.term_days, today, **mend)
    found += _officer_reasons(order)
    missing = glyphs.missing(paper_text(order))
    if missing:
        found.append(
            Reason(
                _("字库中没有这些字，无法印制：%(chars)s。请改用其他写法或补充字库。")
                % {"chars": _("、").join(glyphs.describe(char) for char in missing)},
                **mend,
            )
        )
    return found


def _cites_a_duty(item: Item) -> bool:
    """Asked of the citations alone: their articles would cost a question each."""
    return any(citation.role == "duty" for citation in item.finding.citations.all())


def listed(ordinals: list[int]) -> str:
    """1、2、5, and where there are many, 1、2、3 … 8 等."""
    words = _("、").join(str(n) for n in ordinals[:8])
    return _("%(first)s 等") % {"first": words} if len(ordinals) > 8 else words


def term_reasons(
    kind: str, on: date | None, days: int | None, today: date, **link: Any
) -> list[Reason]:
    """Whether this is a term at all; a named day must lie ahead, in a year whose calendar is
    known. Days are counted at service, when the calendar is asked again."""
    if kind == TermKind.IMMEDIATE:
        return []
    if kind in (TermKind.WORKING_DAYS, TermKind.CALENDAR_DAYS):
        if days is not None and 1 <= days <= LONGEST_TERM:
            return []
        sentence = _("填写 1 至 %(most)d 之间的天数。") % {"most": LONGEST_TERM}
        return [Reason(sentence, field="term_days", **link)]
    if kind != TermKind.DATE:
        return [Reason(_("选择期限的写法。"), field="term_kind", **link)]
    if on is None:
        return [Reason(_("写明改正期限的日期。"), field="term_date", **link)]
    if on <= today:
        sentence = _("改正期限%(date)s已经过去或就是今天。请写一个以后的日期，或选择立即改正。") % {
            "date": day_words(on)
        }
        return [Reason(sentence, basis=ORDER_BASIS, field="term_date", **link)]
    try:
        periods.is_working_day(on, calendars.load())
    except periods.PeriodRefused as refused:
        return [replace(clock.refusal(refused, field="term_date"), **link)]
    return []


def _officer_reasons(order: Order) -> list[Reason]:
    day = order_day(order)
    valid = [o for o in order.inspection.officers.all() if o.officer.certificate_valid_on(day)]
    if len(valid) >= 2:
        return []
    return [
        Reason(
            _("检查记录中持有效执法证件的民警不足两人。"),
            basis=TWO_OFFICERS,
            url=order.inspection.get_absolute_url(),
            url_text=_("查看检查记录"),
        )
    ]


def paper_text(order: Order) -> str:
    """Everything typed by people that the paper will print."""
    parts = [order.enterprise.name, order.unit.organ, order.interim_measures]
    for item in order.items.all():
        parts += [item.finding.seen, item.required_correction]
    parts += [o.name for o in order.inspection.officers.all()]
    return "\n".join(parts)


# ---- approval and issue ------------------------------------------------------------------------


def _own_draft(order: Order, user: User) -> list[Reason]:
    if order.drafted_by_id != user.pk:
        return []
    return [Reason(_("您是拟稿人，须由其他人审批。"), house=True)]


def can_approve(order: Order, user: User, today: date) -> list[Reason]:
    if order.in_draft:
        return [Reason(_("还没有提交审批。"))]
    found = _state(order, (S.SUBMITTED,), _("不在待审批状态。"))
    found = found or _own_draft(order, user)
    return found or term_reasons(order.term_kind, order.term_date, order.term_days, today)


def can_send_back(order: Order, user: User, today: date) -> list[Reason]:
    found = _state(order, (S.SUBMITTED, S.APPROVED), _("不在待审批或待签发状态。"))
    if not found and order.state == S.SUBMITTED:
        found = _own_draft(order, user)
    return found


def can_issue(order: Order, user: User, today: date) -> list[Reason]:
    if order.state in (S.DRAFT, S.RETURNED, S.SUBMITTED):
        return [Reason(_("尚未审批同意。"), house=True)]
    found = _state(order, (S.APPROVED,), _("已经签发过，不能重复签发。"))
    if not found:
        found += term_reasons(order.term_kind, order.term_date, order.term_days, today)
        officers = _officer_reasons(order)
        found += officers + citation_reasons(order)
        found += [
            reason
            for reason in completeness.of_paper(order, today)
            if not (officers and reason.field == "officers")
        ]
    return found


# ---- service -----------------------------------------------------------------------------------


def can_record_service(order: Order, user: User, today: date) -> list[Reason]:
    if order.state == S.SERVED:
        return [Reason(_("已经送达，期限已起算。如邮件被退回，请记录退回。"))]
    return _state(order, (S.ISSUED,), _("签发之后才能记录送达。"))


def can_record_returned_mail(order: Order, user: User, today: date) -> list[Reason]:
    found = served(order)
    if found:
        return found
    counting = effective_service(order)
    if counting is not None and counting.method != Service.Method.POST:
        return [Reason(_("不是邮寄送达，没有退回的邮件。"))]
    happened = course.of(order)
    if happened.reports or happened.rounds:
        return [Reason(_("企业已报告改正或者已经复查，说明文书已经收到，不能再记为退回。"))]
    if order.request_waits:
        return [decide_extension_first(order)]
    return []


def effective_service(order: Order) -> Service | None:
    """The service that counts (uses a prefetch of the notice's services if there)."""
    if order.notice is None:
        return None
    counting = [each for each in order.notice.services.all() if each.effective]
    return counting[0] if counting else None


def served(order: Order) -> list[Reason]:
    if order.state in (S.DRAFT, S.RETURNED, S.SUBMITTED, S.APPROVED):
        return [Reason(_("尚未签发。"))]
    if order.state == S.ISSUED:
        return [
            Reason(
                _("尚未送达，期限没有起算。"),
                basis=FIRST_DAY_BASIS,
                url=url(order, "record_service"),
                url_text=_("记录送达"),
            )
        ]
    return _state(order, (S.SERVED,), _("本责令改正已经办结。"))


def decide_extension_first(order: Order) -> Reason:
    return Reason(
        _("延期申请还没有审批。"),
        house=True,
        url=url(order, "decide_extension"),
        url_text=_("去审批延期"),
    )


# ---- while the term runs -------------------------------------------------------------------------


def can_record_correction(order: Order, user: User, today: date) -> list[Reason]:
    found = served(order)
    if not found and order.reported_on is not None:
        found.append(
            Reason(
                _("企业已报告全部改正，等待复查。"),
                url=url(order, "record_reinspection"),
                url_text=_("登记复查"),
            )
        )
    return found


def can_correct_on_the_spot(order: Order, user: User, today: date) -> list[Reason]:
    found = served(order)
    if not found and order.suspended:
        found.append(Reason(_("期限已中止，恢复后才能复查。"), house=True))
    if not found and order.awaits_service_day(today):
        found.append(Reason(_("公告期未满，对方没有到场，谈不上现场整改。")))
    if not found and (course.of(order).reports or course.of(order).rounds):
        found.append(Reason(_("已经登记过改正报告，请按复查登记。")))
    return found


# ---- the answer ----------------------------------------------------------------------------------


def can_record_reinspection(order: Order, user: User, today: date) -> list[Reason]:
    found = served(order)
    if not found and order.suspended:
        found.append(Reason(_("期限已中止，恢复后才能复查。"), house=True))
    happened = course.of(order)
    waiting = all(day is not None and day >= today for day in happened.due_on.values())
    if not found and waiting and order.reported_on is None and not happened.reports:
        found.append(
            Reason(
                _("企业还没有报告改正，期限也未届满。"),
                house=True,
                url=url(order, "record_correction"),
                url_text=_("记录改正报告"),
            )
        )
    return found


def can_judge(order: Order, user: User, today: date) -> list[Reason]:
    """A verdict needs a result that can stand for every item: seen as corrected, or looked at
    after the term had ended. What was unfinished before the term ended says nothing yet."""
    found = served(order)
    if found:
        return found
    if order.suspended:
        return [Reason(_("期限已中止，恢复后才能作出结论。"), house=True)]
    if order.extension_pending:
        return [decide_extension_first(order)]
    basis = reinspection_basis(order_day(order))
    again: dict[str, Any] = {"url": url(order, "record_reinspection"), "url_text": _("登记复查")}
    happened = course.of(order)
    unseen = [n for item, n in happened.items.items() if item not in happened.latest]
    if unseen:
        sentence = _("第 %(n)s 项还没有复查结果。") % {"n": listed(unseen)}
        return [Reason(sentence, basis=basis, **again)]
    unfinished = [
        item for item in happened.items if not happened.latest[item].stands(happened.due_on[item])
    ]
    ahead = [item for item in unfinished if (happened.due_on[item] or today) >= today]
    if ahead:
        last = max(day for item in ahead if (day := happened.due_on[item]) is not None)
        sentence = _("期限未届满，不能认定第 %(n)s 项未改正。%(date)s届满后再复查。")
        words = {"n": listed(happened.numbers(ahead)), "date": day_words(last)}
        return [Reason(sentence % words, basis=refusal_basis(order_day(order)))]
    if unfinished:
        sentence = _("第 %(n)s 项在期限届满后还没有复查过。")
        return [
            Reason(sentence % {"n": listed(happened.numbers(unfinished))}, basis=basis, **again)
        ]
    return []


def can_escalate(order: Order, user: User, today: date) -> list[Reason]:
    if order.state == S.JUDGED and order.verdict in UNMET:
        return []
    if order.state == S.ESCALATED:
        return [Reason(_("已经转入：%(to)s。") % {"to": order.escalated_to})]
    if order.state == S.JUDGED:
        return [Reason(_("结论为已改正，没有可以转入后续处理的事项。"))]
    basis = refusal_basis(order_day(order))
    if order.state == S.SERVED and order.due_on is not None and order.due_on >= today:
        sentence = _("期限未届满，不能认定“拒不改正”。%(date)s届满后复查仍未改正的，可以办理。")
        return [Reason(sentence % {"date": day_words(order.due_on)}, basis=basis)]
    link: dict[str, Any] = (
        {"url": url(order, "judge"), "url_text": _("作出结论")} if order.state == S.SERVED else {}
    )
    return [Reason(_("还没有“未改正”或“部分改正”的结论，不能认定拒不改正。"), basis=basis, **link)]


def can_report_upward(order: Order, user: User, today: date) -> list[Reason]:
    """Only what is overdue, or was judged not to be met; a request for more time holds it."""
    found = [] if order.state == S.JUDGED else served(order)
    if found:
        return found
    if order.state == S.JUDGED and order.verdict not in UNMET:
        return [Reason(_("结论为已改正，没有需要上报的事项。"))]
    if order.extension_pending:
        return [decide_extension_first(order)]
    if order.state == S.SERVED and not order.is_overdue(today):
        return [Reason(_("没有逾期，也没有“未改正”的结论，不需要上报。"))]
    if order.unit.parent_id is None:
        return [Reason(_("%(unit)s 没有上级单位。") % {"unit": order.unit.name})]
    return []


def can_withdraw(order: Order, user: User, today: date) -> list[Reason]:
    found = _state(
        order,
        (S.ISSUED, S.SERVED, S.JUDGED, S.ESCALATED),
        _("只有已签发的责令改正可以撤回。"),
    )
    if not found and order.drafted_by_id == user.pk:
        found.append(Reason(_("您是拟稿人，撤回须由其他人办理。"), house=True))
    return found
