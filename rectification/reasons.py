"""Why an act on an order cannot be done now.

One function per verb of `orders.py`: it returns every reason, each with the article or the
house rule behind it and the link that mends it. An empty list means that the act can be done.
Pages show the list before the button is pressed; the verb raises `Refused` from the same list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.trail import Reason
from legal import calendars, periods
from notices import glyphs
from rectification.models import (
    UNMET,
    ExtensionState,
    Order,
    OrderState,
    Outcome,
    TermKind,
)

if TYPE_CHECKING:
    from accounts.models import User

S = OrderState
TWO_OFFICERS = "APL@2021:42(1)"
ORDER_BASIS = "APL@2021:28(1)"


def _state(order: Order, allowed: Iterable[str], sentence: str) -> list[Reason]:
    return [] if order.state in allowed else [Reason(sentence)]


def _url(order: Order, act: str) -> str:
    return reverse(f"orders:{act}", args=[order.pk])


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
    mend = {"url": _url(order, "amend"), "url_text": _("去修改")}
    found: list[Reason] = []
    items = list(order.items.all())
    if not items:
        found.append(Reason(_("没有要求改正的问题。至少选择一项检查发现。"), **mend))
    for item in items:
        if not item.required_correction.strip():
            found.append(
                Reason(_("第%(n)d项没有写明要求改正的内容。") % {"n": item.ordinal}, **mend)
            )
        if not any(c.role == "duty" for c in item.finding.citations.all()):
            found.append(
                Reason(
                    _("第%(n)d项没有引用所违反的条款。") % {"n": item.ordinal},
                    basis=ORDER_BASIS,
                    url=reverse("inspections:detail", args=[order.inspection_id]),
                    url_text=_("查看检查记录"),
                )
            )
    found += term_reasons(order.term_kind, order.term_date, today, **mend)
    found += _officer_reasons(order)
    missing = glyphs.missing(paper_text(order))
    if missing:
        found.append(
            Reason(
                _("字库中没有这些字，无法印制：%(chars)s。请改用其他写法或补充字库。")
                % {"chars": "、".join(f"{c}（U+{ord(c):04X}）" for c in missing)},
                **mend,
            )
        )
    return found


def term_reasons(kind: str, on: date | None, today: date, **link: str) -> list[Reason]:
    """A named day must still lie ahead, in a year whose calendar is known."""
    if kind != TermKind.DATE or on is None:
        return []
    if on <= today:
        return [
            Reason(
                _("改正期限%(date)s已经过去或就是今天。请写一个以后的日期，或选择立即改正。")
                % {"date": on.isoformat()},
                basis=ORDER_BASIS,
                field="term_date",
                **link,
            )
        ]
    try:
        periods.is_working_day(on, calendars.load())
    except periods.CalendarMissing as missing:
        return [Reason(str(missing), field="term_date", **link)]
    return []


def _officer_reasons(order: Order) -> list[Reason]:
    valid = [
        o
        for o in order.inspection.officers.all()
        if o.officer.certificate_valid_on(order_day(order))
    ]
    if len(valid) >= 2:
        return []
    return [
        Reason(
            _("检查记录中持有效执法证件的民警不足两人。"),
            basis=TWO_OFFICERS,
            url=reverse("inspections:detail", args=[order.inspection_id]),
            url_text=_("查看检查记录"),
        )
    ]


def order_day(order: Order) -> date:
    """The day of the visit: officers must have been entitled to act then."""
    return periods.local_date(order.inspection.started_at)


def paper_text(order: Order) -> str:
    """Everything typed by people that the paper will print."""
    parts = [order.enterprise.name, order.unit.name, order.interim_measures]
    for item in order.items.all():
        parts += [item.finding.seen, item.required_correction]
    parts += [o.name for o in order.inspection.officers.all()]
    return "\n".join(parts)


def can_approve(order: Order, user: User, today: date) -> list[Reason]:
    found = _state(order, (S.SUBMITTED,), _("不在待审批状态。"))
    if order.drafted_by_id == user.pk:
        found.append(Reason(_("您是拟稿人，须由其他人审批。"), house=True))
    if not found:
        found += term_reasons(order.term_kind, order.term_date, today)
    return found


def can_return(order: Order, user: User, today: date) -> list[Reason]:
    found = _state(order, (S.SUBMITTED, S.APPROVED), _("不在待审批或待签发状态。"))
    if order.drafted_by_id == user.pk and order.state == S.SUBMITTED:
        found.append(Reason(_("您是拟稿人，须由其他人审批。"), house=True))
    return found


def can_issue(order: Order, user: User, today: date) -> list[Reason]:
    if order.state in (S.DRAFT, S.RETURNED, S.SUBMITTED):
        return [Reason(_("尚未审批同意。"), house=True)]
    found = _state(order, (S.APPROVED,), _("已经签发过，不能重复签发。"))
    if not found:
        found += term_reasons(order.term_kind, order.term_date, today)
        found += _officer_reasons(order)
    return found


def can_record_service(order: Order, user: User, today: date) -> list[Reason]:
    if order.state == S.SERVED:
        return [Reason(_("已经送达，期限已起算。如邮件被退回，请记录退回。"))]
    return _state(order, (S.ISSUED,), _("签发之后才能记录送达。"))


def can_record_returned_mail(order: Order, user: User, today: date) -> list[Reason]:
    found = _served(order)
    if not found and order.reported_on is not None:
        found.append(Reason(_("企业已报告改正，说明文书已经收到，不能再记为退回。")))
    if not found and order.has_pending_extension:
        found.append(_decide_extension_first(order))
    return found


def _served(order: Order) -> list[Reason]:
    if order.state in (S.DRAFT, S.RETURNED, S.SUBMITTED, S.APPROVED):
        return [Reason(_("尚未签发。"))]
    if order.state == S.ISSUED:
        return [
            Reason(
                _("尚未送达，期限没有起算。"),
                basis="CPL@2023:85",
                url=_url(order, "record_service"),
                url_text=_("记录送达"),
            )
        ]
    return _state(order, (S.SERVED,), _("本责令改正已经办结。"))


def _decide_extension_first(order: Order) -> Reason:
    return Reason(
        _("延期申请还没有审批。"),
        house=True,
        url=_url(order, "decide_extension"),
        url_text=_("去审批延期"),
    )


def can_record_correction(order: Order, user: User, today: date) -> list[Reason]:
    return _served(order)


def can_request_extension(order: Order, user: User, today: date) -> list[Reason]:
    found = _served(order)
    if found:
        return found
    if order.term_kind == TermKind.IMMEDIATE:
        found.append(Reason(_("立即改正没有期限可以延长。")))
    if order.suspended:
        found.append(Reason(_("期限已中止，恢复后才能申请延期。"), house=True))
    if order.due_on is not None and order.due_on < today:
        found.append(
            Reason(
                _("改正期限%(date)s已经届满。延期须在届满之前申请。")
                % {"date": order.due_on.isoformat()},
                house=True,
            )
        )
    if order.has_pending_extension:
        found.append(_decide_extension_first(order))
    granted = sum(e.state == ExtensionState.GRANTED for e in order.extensions.all())
    if granted >= settings.RECTIFICATION_MAX_EXTENSIONS:
        found.append(
            Reason(
                _("已延期%(n)d次，达到本单位规定的次数。") % {"n": granted},
                house=True,
            )
        )
    return found


def can_decide_extension(order: Order, user: User, today: date) -> list[Reason]:
    pending = [e for e in order.extensions.all() if e.state == ExtensionState.REQUESTED]
    if not pending:
        return [Reason(_("没有待审批的延期申请。"))]
    found = _served(order)
    if pending[0].requested_by_id == user.pk:
        found.append(Reason(_("延期申请由您登记，须由其他人审批。"), house=True))
    return found


def can_suspend(order: Order, user: User, today: date) -> list[Reason]:
    found = _served(order)
    if not found and order.suspended:
        found.append(Reason(_("期限已经中止。")))
    if not found and order.is_overdue(today):
        found.append(Reason(_("改正期限已经届满，不能再中止。"), house=True))
    if not found and order.has_pending_extension:
        found.append(_decide_extension_first(order))
    return found


def can_resume(order: Order, user: User, today: date) -> list[Reason]:
    if order.state == S.SERVED and order.suspended:
        return []
    return [Reason(_("期限没有中止。"))]


def can_record_reinspection(order: Order, user: User, today: date) -> list[Reason]:
    found = _served(order)
    if not found and order.suspended:
        found.append(Reason(_("期限已中止，恢复后才能复查。"), house=True))
    if not found and order.reported_on is None and order.due_on is not None:
        has_report = bool(order.corrections.all())
        if not has_report and order.due_on >= today:
            found.append(
                Reason(
                    _("企业还没有报告改正，期限也未届满。"),
                    house=True,
                    url=_url(order, "record_correction"),
                    url_text=_("登记改正报告"),
                )
            )
    return found


def can_judge(order: Order, user: User, today: date) -> list[Reason]:
    found = _served(order)
    if found:
        return found
    if order.suspended:
        return [Reason(_("期限已中止，恢复后才能作出结论。"), house=True)]
    if order.has_pending_extension:
        return [_decide_extension_first(order)]
    latest = latest_results(order)
    asked = [item for item in order.items.all() if item.pk not in latest]
    if asked:
        return [
            Reason(
                _("还有%(n)d项没有复查结果。") % {"n": len(asked)},
                basis="MPS176@2026:16(1)",
                url=_url(order, "record_reinspection"),
                url_text=_("登记复查"),
            )
        ]
    unmet = [r for r in latest.values() if r.outcome not in (Outcome.CORRECTED, Outcome.WAIVED)]
    if unmet and order.due_on is not None and order.due_on >= today:
        return [
            Reason(
                _("期限未届满，不能认定未改正。%(date)s的次日起可以作出结论。")
                % {"date": order.due_on.isoformat()},
                basis=ORDER_BASIS,
            )
        ]
    return []


def latest_results(order: Order) -> dict[int, object]:
    """The last round's result of each item, by item id."""
    found = {}
    for reinspection in order.reinspections.all():
        for result in reinspection.results.all():
            found[result.item_id] = result
    return found


def can_escalate(order: Order, user: User, today: date) -> list[Reason]:
    if order.state == S.JUDGED and order.verdict in UNMET:
        return []
    if order.state == S.ESCALATED:
        return [Reason(_("已经转入：%(to)s。") % {"to": order.escalated_to})]
    if order.state == S.JUDGED:
        return [Reason(_("结论为已改正，没有可以转入后续处理的事项。"))]
    return [
        Reason(
            _("还没有“未改正”或“部分改正”的结论，不能认定拒不改正。"),
            basis="CSL@2025:61(1)",
            url=_url(order, "judge") if order.state == S.SERVED else "",
            url_text=_("作出结论") if order.state == S.SERVED else "",
        )
    ]


def can_withdraw(order: Order, user: User, today: date) -> list[Reason]:
    found = _state(
        order,
        (S.ISSUED, S.SERVED, S.JUDGED, S.ESCALATED),
        _("只有已签发的责令改正可以撤回。"),
    )
    if not found and order.drafted_by_id == user.pk:
        found.append(Reason(_("您是拟稿人，撤回须由其他人办理。"), house=True))
    return found


#: verb → (permission, question), in the order in which the page offers them.
ACTS: dict[str, tuple[str, Callable[[Order, User, date], list[Reason]]]] = {
    "amend": ("orders.draft", can_amend),
    "submit": ("orders.draft", can_submit),
    "approve": ("orders.approve", can_approve),
    "return": ("orders.approve", can_return),
    "issue": ("orders.issue", can_issue),
    "record_service": ("orders.serve", can_record_service),
    "record_correction": ("orders.correct", can_record_correction),
    "record_reinspection": ("orders.reinspect", can_record_reinspection),
    "judge": ("orders.judge", can_judge),
    "request_extension": ("orders.extend", can_request_extension),
    "decide_extension": ("orders.decide_extension", can_decide_extension),
    "suspend": ("orders.suspend", can_suspend),
    "resume": ("orders.suspend", can_resume),
    "record_returned_mail": ("orders.serve", can_record_returned_mail),
    "withdraw": ("orders.withdraw", can_withdraw),
    "discard": ("orders.draft", can_discard),
    "escalate": ("orders.escalate", can_escalate),
}
