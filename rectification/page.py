"""What the page of one order shows, as the components of the look want it. Decides nothing.

An issued order is shown as it was frozen (`Notice.snapshot`); a draft as it stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from deadlines.words import left_text, tone
from legal import periods
from legal.periods import Calendar
from notices import kinds, sheets
from notices.models import Notice, Service
from notices.shown import Articles, basis_links, basis_words, shown
from rectification import acts, beside, course, extensions, house, opinions, reasons
from rectification.clocks import Clock
from rectification.models import (
    MET_IN_TIME,
    UNMET,
    Order,
    OrderState,
    TermKind,
    Verdict,
)
from rectification.orders import NOTICE_KIND
from rectification.reasons import day_words
from rectification.telling import listed, short_day

#: What every page of reasons needs stands in `notices.shown`; the doors ask for it here.
__all__ = ["Articles", "basis_links", "basis_words", "shown"]

S = OrderState
DRAFTS = (S.DRAFT, S.RETURNED, S.SUBMITTED, S.APPROVED, S.DISCARDED)

#: Shown only where they can be done: they belong to a situation, not to the usual path.
SITUATIONAL = frozenset(
    {
        "resume",
        "suspend",
        "record_returned_mail",
        "correct_on_the_spot",
        "report_upward",
        "issue_opinion",
    }
)
DANGER = frozenset({"discard", "withdraw", "record_returned_mail"})


# ---- the head -----------------------------------------------------------------------------------


def badge(order: Order, today: date, calendar: Calendar) -> tuple[str, Any]:
    """(group, word): the phase of `Order.phase`, and in its last days that it falls due soon."""
    group, word = order.phase(today)
    if group != "live" or order.due_on is None:
        return group, word
    if periods.left(today, order.due_on, calendar).is_soon:
        return "soon", _("即将到期")
    return group, word


def term_words(order: Order) -> str:
    """The term as it was set: 送达之日起 20 个工作日."""
    days = order.term_days or 0
    if order.term_kind == TermKind.DATE and order.term_date is not None:
        return _("写明日期：%(day)s") % {"day": day_words(order.term_date)}
    if order.term_kind == TermKind.WORKING_DAYS:
        return ngettext("送达之日起 %(n)d 个工作日", "送达之日起 %(n)d 个工作日", days) % {
            "n": days
        }
    if order.term_kind == TermKind.CALENDAR_DAYS:
        return ngettext("送达之日起 %(n)d 日", "送达之日起 %(n)d 日", days) % {"n": days}
    return _("立即改正")


@dataclass(frozen=True)
class Due:
    """components/due.html."""

    label: str
    day: date | None = None
    waits: str = ""
    left: str = ""
    tone: str = ""
    percent: int = 0
    percent_label: str = ""
    caption: str = ""


def due(order: Order, derivation: dict[str, Any] | None, today: date, calendar: Calendar) -> Due:
    """The date of the page, and how far it is."""
    label = _("改正期限")
    if order.state == S.WITHDRAWN:
        return Due(label, order.due_on, left=_("已撤回，不再计算"))
    if order.state == S.DISCARDED:
        return Due(label, waits=_("草稿已作废"))
    if order.due_on is None:
        return _not_served(order, label)
    if order.verdict:
        return _answered(order, label)
    if order.suspended:
        return Due(label, order.due_on, left=_("期限中止，不计时"), caption=term_words(order))
    if order.awaits_service_day(today):
        assert order.served_on is not None
        words = _("公告期内，%(day)s视为送达") % {"day": short_day(order.served_on)}
        return Due(label, order.due_on, left=words, caption=term_words(order))
    left = periods.left(today, order.due_on, calendar)
    passed, caption = _passed(derivation, order, today, calendar)
    pending = course.of(order).pending if order.extension_pending else None
    if pending is not None:
        caption = _("延期申请待审批，申请延至 %(day)s") % {"day": day_words(pending.until)}
    if order.reported_on is not None:
        caption = _("企业 %(day)s报告改正，按企业完成之日判定") % {
            "day": short_day(order.reported_on)
        }
        return Due(
            label,
            order.due_on,
            left=left_text(left) if left.kind != "over" else "",
            caption=caption,
        )
    if order.reinspected_on is not None:
        caption = _("%(day)s复查完毕，待作出结论") % {"day": short_day(order.reinspected_on)}
    if pending is not None and left.kind == "over":
        words = _("延期待审批，不算逾期")
        return Due(label, order.due_on, left=words, caption=caption)
    return Due(
        label,
        order.due_on,
        left=left_text(left),
        tone=tone(left),
        percent=passed,
        percent_label=caption if passed else "",
        caption=caption,
    )


def _not_served(order: Order, label: str) -> Due:
    if order.term_kind == TermKind.DATE:
        text = _("通知书写明的日期") if order.state == S.ISSUED else _("拟写明的日期")
        return Due(label, order.term_date, left=text, caption=_("送达后开始计时"))
    if order.term_kind == TermKind.IMMEDIATE:
        return Due(label, waits=_("立即改正"), caption=_("送达当日改正完毕"))
    return Due(label, waits=_("送达次日起算"), caption=term_words(order))


def _answered(order: Order, label: str) -> Due:
    word = str(Verdict(order.verdict).label)
    if order.verdict == Verdict.MET_LATE:
        days = order.days_late or 0
        word = ngettext("逾期 %(n)d 天改正", "逾期 %(n)d 天改正", days) % {"n": days}
        return Due(label, order.due_on, left=word, tone="over")
    kind = "met" if order.verdict in MET_IN_TIME else "over" if order.verdict in UNMET else ""
    return Due(label, order.due_on, left=word, tone=kind)


def _passed(
    derivation: dict[str, Any] | None, order: Order, today: date, calendar: Calendar
) -> tuple[int, str]:
    """Share of the term that has passed in percent, and the same in words."""
    if not derivation or not order.served_on or not order.due_on or order.due_on <= order.served_on:
        return 0, ""
    until = min(today, order.due_on)
    whole = derivation["trigger"] == order.served_on.isoformat()
    if whole and derivation["unit"] == periods.WORKING_DAY:
        total = int(derivation["length"])
        try:
            gone = calendar.working_days_between(order.served_on, until)
        except periods.CalendarMissing:
            return 0, ""
        text = ngettext(
            "已过 %(gone)d 日，共 %(total)d 个工作日",
            "已过 %(gone)d 日，共 %(total)d 个工作日",
            total,
        )
    else:
        total = (order.due_on - order.served_on).days
        gone = (until - order.served_on).days
        text = ngettext(
            "已过 %(gone)d 天，共 %(total)d 天", "已过 %(gone)d 天，共 %(total)d 天", total
        )
    return round(100 * min(gone, total) / total), text % {"gone": gone, "total": total}


def facts(
    order: Order, beside: list[dict[str, Any]], clocks: Sequence[Clock] = ()
) -> list[dict[str, Any]]:
    """The pairs under the name of the enterprise; `clocks` are the deadlines of the order."""
    frozen = order.notice.snapshot if order.notice else {}
    enterprise = frozen.get("enterprise") or {
        "uscc": order.enterprise.uscc,
        "industry": order.enterprise.industry_name,
    }
    visit = _("%(kind)s，%(day)s") % {
        "kind": order.inspection.get_kind_display(),
        "day": day_words(reasons.order_day(order)),
    }
    officers = (
        [o["name"] for o in frozen["officers"]]
        if frozen
        else [o.name for o in order.inspection.officers.all()]
    )
    handled = _("%(who)s · %(unit)s") % {
        "who": listed(officers),
        "unit": order.unit.short_name or order.unit.name,
    }
    return [
        {"label": _("信用代码"), "value": enterprise["uscc"], "number": True},
        {
            "label": pgettext("表头", "检查"),
            "value": visit,
            "url": order.inspection.get_absolute_url(),
        },
        {"label": _("对象系统"), "value": _system(order, frozen)},
        {"label": _("承办"), "value": handled},
        {"label": _("行业"), "value": enterprise["industry"]},
        {"label": _("期限写法"), "value": term_words(order)},
        *extensions.clock_pairs(order, clocks),
        *beside,
    ]


def _system(order: Order, frozen: dict[str, Any]) -> str:
    facts = frozen.get("system") if frozen else None
    if not frozen and order.system is not None:
        facts = {
            "name": order.system.name,
            "mlps_level": order.system.mlps_level,
            "mlps_number": order.system.mlps_number,
        }
    if not facts:
        return _("未指定")
    if not facts["mlps_level"]:
        return _("%(name)s（未定级）") % facts
    if facts["mlps_number"]:
        return _("%(name)s（等保%(mlps_level)s级，备案 %(mlps_number)s）") % facts
    return _("%(name)s（等保%(mlps_level)s级，未备案）") % facts


# ---- steps --------------------------------------------------------------------------------------


def steps(order: Order, badge_group: str) -> list[dict[str, Any]]:
    """The usual path; detours belong to the timeline."""
    at = _step(order)
    named = [
        (_("拟稿"), _who(order.drafted_at, order.drafted_by)),
        (_("审批"), _who(order.approved_at, order.approved_by)),
        (_("签发"), _issue_note(order)),
        (_("送达"), short_day(order.served_on) if order.served_on else ""),
        (_step_of_term(badge_group), short_day(order.reported_on) if order.reported_on else ""),
        (_("复查"), short_day(order.reinspected_on) if order.reinspected_on else ""),
        (_("结论"), str(Verdict(order.verdict).label) if order.verdict else ""),
    ]
    now = {"over": "bad", "soon": "soon"}.get(badge_group, "now")
    ended = order.state in (S.WITHDRAWN, S.DISCARDED)
    found = []
    for place, (name, note) in enumerate(named):
        state = "done" if place < at else now if place == at and not ended else ""
        found.append({"name": name, "state": state, "note": note})
    if order.verdict in UNMET and not ended:
        found[-1]["state"] = "bad"
    if order.state == S.RETURNED:
        found[0] |= {"state": "now", "note": _("已退回，待修改")}
    return found


def _step_of_term(badge_group: str) -> str:
    return _("改正（逾期）") if badge_group == "over" else _("改正期内")


def _step(order: Order) -> int:
    """Which of the seven steps is the present one; 7 when all are behind."""
    drafting = {S.DRAFT: 0, S.RETURNED: 0, S.SUBMITTED: 1, S.APPROVED: 2, S.ISSUED: 3}
    if order.state in drafting:
        return drafting[OrderState(order.state)]
    if order.state == S.SERVED:
        return 6 if order.reinspected_on else 5 if order.reported_on else 4
    return _reached(order) if order.state in (S.WITHDRAWN, S.DISCARDED) else 7


def _reached(order: Order) -> int:
    if order.judged_at:
        return 7
    if order.served_on:
        return 4
    return 3 if order.issued_at else 2 if order.approved_at else 1 if order.submitted_at else 0


def _who(at: Any, by: User | None) -> str:
    if at is None or by is None:
        return ""
    return _("%(day)s %(who)s") % {"day": short_day(periods.local_date(at)), "who": by.name}


def _issue_note(order: Order) -> str:
    if order.issued_at is None or order.notice is None:
        return ""
    return _("%(day)s 取号 %(serial)d") % {
        "day": short_day(periods.local_date(order.issued_at)),
        "serial": order.notice.serial,
    }


# ---- service, papers, acts ----------------------------------------------------------------------


def services(order: Order) -> dict[str, Any]:
    """The service that counts, and the attempts that did not."""
    rows = list(order.notice.services.all()) if order.notice else []
    effective = next((row for row in rows if row.effective), None)
    return {
        "effective": effective is not None,
        "effective_pairs": service_pairs(effective) if effective else [],
        "others": [
            {
                "day": row.attempted_on,
                "method": row.get_method_display(),
                "outcome": row.get_outcome_display(),
                "text": _("%(day)s失效") % {"day": day_words(row.voided_on)}
                if row.voided_on
                else row.note,
            }
            for row in rows
            if not row.effective
        ],
    }


def service_pairs(service: Service) -> list[dict[str, Any]]:
    """components/desc.html for one service."""
    servers = [
        _("%(name)s（%(number)s）") % {"name": who.name, "number": who.police_number}
        if who.police_number
        else who.name
        for who in (service.server_1, service.server_2)
        if who is not None
    ]
    pairs: list[dict[str, Any]] = [
        {"label": _("方式"), "value": service.get_method_display()},
        {"label": _("结果"), "value": service.get_outcome_display()},
        {"label": _("日期"), "value": day_words(service.attempted_on), "number": True},
    ]
    if service.served_on is not None and service.served_on != service.attempted_on:
        pairs.append(
            {"label": _("视为送达"), "value": day_words(service.served_on), "number": True}
        )
    if service.recipient:
        relation = service.get_relation_display() if service.relation else ""
        pairs.append({"label": _("签收人"), "value": service.recipient, "note": relation})
    pairs += [
        {"label": label, "value": value}
        for label, value in (
            (_("地点"), service.place),
            (_("送达人"), listed(servers)),
            (_("见证人"), service.witness),
            (_("邮件号"), service.tracking_number),
            (_("备注"), service.note),
        )
        if value
    ]
    proof = {"label": _("送达回证"), "value": _("未上传")}
    if service.proof is not None:
        proof = {
            "label": _("送达回证"),
            "value": service.proof.name,
            "url": reverse("orders:proof", args=[service.pk]),
        }
    return [*pairs, proof]


def papers(order: Order, happened: course.Course, user: User) -> list[dict[str, Any]]:
    """components/papers.html: useful without the PDF. Decisions on more time and opinions on
    rounds follow the order."""
    if order.notice is None:
        return [{"title": kinds.get(NOTICE_KIND).title, "state": "none"}]
    decisions = [request.notice_id for request in happened.requests if request.notice_id]
    others = [*decisions, *opinions.papers_of(order)]
    if not others:
        return [sheets.entry(order.notice, user=user)]
    later = Notice.objects.filter(pk__in=others).defer("words", "snapshot", "fingerprint")
    return sheets.entries([order.notice, *later.order_by("issued_at")], user=user)


def offered(
    order: Order, user: User, today: date, articles: Articles | None = None
) -> list[dict[str, Any]]:
    """components/acts.html: what can be done first, then what cannot, with its reasons."""
    articles = articles or Articles()
    free: list[dict[str, Any]] = []
    locked: list[dict[str, Any]] = []
    for name in acts.STAGES[order.state]:
        act = acts.ACTS[name]
        if not user.may(act.permission):
            continue
        why = act.ask(order, user, today)
        if name == "correct_on_the_spot" and not _on_the_spot(order, today):
            continue
        if why and (
            name in SITUATIONAL or (name == "decide_extension" and not order.request_waits)
        ):
            continue
        entry = {
            "name": act.word,
            "url": reasons.url(order, name),
            "hint": "" if why else hint(name, order, today),
            "danger": name in DANGER,
            "primary": False,
            "reasons": shown(why, articles),
        }
        (locked if why else free).append(entry)
    free += beside.acts(order, user)
    usual = [entry for entry in free if not entry["danger"]]
    if usual:
        usual[0]["primary"] = True
    return free + locked


def _on_the_spot(order: Order, today: date) -> bool:
    """Put right before the officers leave: demanded at once, or served today."""
    return order.term_kind == TermKind.IMMEDIATE or order.served_on == today


def hint(name: str, order: Order, today: date) -> str:
    """One line under a button, where it helps."""
    if name == "record_correction" and house.rules(order).verdict_basis == "completion":
        return _("企业报告后可提前复查，按企业完成之日判定是否按期。")
    if name == "request_extension" and order.due_on is not None:
        if order.due_on < today:
            return _("期限已经届满。届满之前提出、尚未登记的申请，可以补录。")
        return _("须在 %(day)s 24 时前提出，由他人审批。") % {"day": short_day(order.due_on)}
    if name == "issue_opinion":
        return _("把逐项复查结果和意见书面告知企业。")
    if name == "report_upward":
        return _("在上级单位的提醒里显示。")
    if name == "issue":
        return _("签发时取号并冻结正文。")
    if name == "record_returned_mail":
        return _("邮件被退回的，期限停止，须重新送达。")
    return ""
