"""How one thing that waits is told on the desk: what, for whom, until when, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from dashboard.desk import Waiting
from dashboard.suggestions import Suggestions, act, address
from inspections.models import Inspection
from legal import periods
from rectification.models import OrderState, TermKind, Verdict
from rectification.page import Articles

Task = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Who reads the desk on which day."""

    user: User
    today: date
    calendar: periods.Calendar
    articles: Articles = field(default_factory=Articles)

    @property
    def suggests(self) -> Suggestions:
        return Suggestions(self.user, self.today, self.calendar, self.articles)


def tasks(waiting: Waiting, reader: Reader) -> list[Task]:
    """The rows of one group as `components/tasks.html` wants them."""
    tell = _TELLERS[waiting.group.key]
    return [_EMPTY | tell(row, reader) for row in waiting.rows]


#: Every key that the template asks for: to look in vain costs it more than to find nothing.
_EMPTY: Task = {
    "tone": "", "day": None, "percent": 0, "percent_label": "", "act": None, "why": (), "also": (),
}  # fmt: skip


# --- Words --------------------------------------------------------------------------------------


def left_words(left: periods.Left) -> str:
    """还剩 3 个工作日 / 今天截止 / 逾期 6 个工作日; calendar days are called days."""
    n = left.number
    if left.kind == "today":
        return _("今天截止")
    if left.kind == "left":
        if left.unit == periods.WORKING_DAY:
            return ngettext("还剩 %(n)d 个工作日", "还剩 %(n)d 个工作日", n) % {"n": n}
        return ngettext("还剩 %(n)d 天", "还剩 %(n)d 天", n) % {"n": n}
    if left.unit == periods.WORKING_DAY:
        return ngettext("逾期 %(n)d 个工作日", "逾期 %(n)d 个工作日", n) % {"n": n}
    return ngettext("逾期 %(n)d 天", "逾期 %(n)d 天", n) % {"n": n}


def _items(n: int) -> str:
    return ngettext("%(n)d 项", "%(n)d 项", n) % {"n": n}


def _day(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def _told(*facts: str) -> str:
    """Separate facts on one line."""
    return " · ".join(fact for fact in facts if fact)


def _term(order: Any) -> str:
    days = order.term_days or 0
    if order.term_kind == TermKind.DATE and order.term_date:
        return _("期限 %(day)s") % {"day": date_format(order.term_date)}
    if order.term_kind == TermKind.WORKING_DAYS:
        return ngettext("期限 %(n)d 个工作日", "期限 %(n)d 个工作日", days) % {"n": days}
    if order.term_kind == TermKind.CALENDAR_DAYS:
        return ngettext("期限 %(n)d 日", "期限 %(n)d 日", days) % {"n": days}
    return _("立即改正")


def _base(order: Any) -> Task:
    return {"title": order.enterprise, "url": address("detail", order.pk)}


def _number(order: Any) -> str:
    return order.number or ""


def _look(order: Any) -> Task:
    return {"name": _("查看"), "url": address("detail", order.pk), "primary": False}


# --- Orders in term and overdue -----------------------------------------------------------------


def _reported(order: Any) -> str:
    if not order.n_reported:
        return _("企业未报告改正")
    return ngettext("企业已报告改正 %(n)d 项", "企业已报告改正 %(n)d 项", order.n_reported) % {
        "n": order.n_reported
    }


def _overdue(order: Any, reader: Reader) -> Task:
    left = periods.left(reader.today, order.due_on, reader.calendar)
    why, also = reader.suggests.overdue(order)
    if order.request and _may_decide(order, reader.user):  # asked too late: it holds nothing
        also.append(act(order, "decide_extension"))
    look = reader.suggests.may("record_reinspection")
    return _base(order) | {
        "text": _told(
            _number(order),
            _items(order.n_items),
            _asked_for_more(order) if order.request else _reported(order),
        ),
        "badge": ("over", left_words(left)),
        "day": order.due_on,
        "tone": "over",
        "act": act(order, "record_reinspection", primary=True) if look else _look(order),
        "why": why,
        "also": also,
    }


def _due(order: Any, reader: Reader) -> Task:
    left = periods.left(reader.today, order.due_on, reader.calendar)
    tone = "soon" if left.is_soon else ""
    passed = _share_passed(order, reader.today)
    return _base(order) | {
        "text": _told(
            _number(order),
            _items(order.n_items),
            _asked_for_more(order) if order.request else _reported(order),
        ),
        "badge": ("soon" if left.is_soon else "live", left_words(left)),
        "day": order.due_on,
        "percent": passed,
        "percent_label": _("期限已过 %(percent)d%%") % {"percent": passed},
        "tone": tone,
        "act": _next_in_term(order, reader, primary=left.kind == "today"),
    }


def _next_in_term(order: Any, reader: Reader, *, primary: bool) -> Task:
    user = reader.user
    if order.request:
        if _may_decide(order, user):
            return act(order, "decide_extension", primary=primary)
        return _look(order)
    if user.may("orders.correct"):
        return act(order, "record_correction", primary=primary)
    return _look(order)


def _may_decide(order: Any, user: User) -> bool:
    """Nobody decides the own request."""
    return user.may("orders.decide_extension") and order.request["by"] != str(user.pk)


def _share_passed(order: Any, today: date) -> int:
    """How much of the term has passed, in percent of its calendar days."""
    if order.served_on is None or order.due_on is None or order.due_on <= order.served_on:
        return 100
    return round(100 * (today - order.served_on).days / (order.due_on - order.served_on).days)


def _asked_for_more(order: Any) -> str:
    asked_at = timezone.localtime(datetime.fromisoformat(order.request["at"]))
    return _("%(day)s申请延期至 %(until)s，待审批") % {
        "day": _day(asked_at.date()),
        "until": date_format(date.fromisoformat(order.request["until"])),
    }


# --- After the term -----------------------------------------------------------------------------


def _reinspect(order: Any, reader: Reader) -> Task:
    reported = _("企业 %(day)s报告改正完毕") % {"day": _day(order.reported_on)}
    return _base(order) | {
        "text": _told(_number(order), _items(order.n_items), reported, _round(order)),
        "badge": ("wait", _("待复查")),
        "day": order.due_on,
        "act": act(order, "record_reinspection"),
        "why": reader.suggests.look(order),
    }


def _round(order: Any) -> str:
    n = order.n_rounds + 1
    return ngettext("第 %(n)d 轮", "第 %(n)d 轮", n) % {"n": n} if n > 1 else ""


def _judge(order: Any, reader: Reader) -> Task:
    seen = _("%(day)s复查完毕") % {"day": _day(order.reinspected_on)}
    return _base(order) | {
        "text": _told(_number(order), _items(order.n_items), seen),
        "badge": ("wait", _("待作出结论")),
        "day": order.due_on,
        "act": act(order, "judge"),
    }


def _unmet(order: Any, reader: Reader) -> Task:
    why, acts = reader.suggests.unmet(order)
    judged = _("%(day)s作出结论") % {"day": _day(timezone.localtime(order.judged_at).date())}
    first, *also = acts or [_look(order)]
    return _base(order) | {
        "text": _told(_number(order), _items(order.n_items), judged),
        "badge": ("refused", Verdict(order.verdict).label),
        "act": first,
        "why": why,
        "also": also,
    }


def _extension(order: Any, reader: Reader) -> Task:
    left = periods.left(reader.today, order.due_on, reader.calendar)
    group = "over" if left.kind == "over" else "soon" if left.is_soon else "live"
    return _base(order) | {
        "text": _told(_number(order), _asked_for_more(order)),
        "badge": (group if group != "over" else "wait", left_words(left)),
        "day": order.due_on,
        "tone": "soon" if left.kind != "left" or left.is_soon else "",
        "act": act(order, "decide_extension"),
        "why": reader.suggests.decide(order),
    }


# --- Before service -----------------------------------------------------------------------------


def _sign(order: Any, reader: Reader) -> Task:
    approved = order.state == OrderState.APPROVED
    drafted = _("%(name)s拟稿") % {"name": order.drafter}
    return _base(order) | {
        "text": _told(drafted, _items(order.n_items), _term(order)),
        "badge": ("wait", _("待我签发") if approved else _("待我审批")),
        "act": act(order, "issue") if approved else act(order, "approve", _("审阅")),
    }


def _returned(order: Any, reader: Reader) -> Task:
    return _base(order) | {
        "text": _told(_items(order.n_items), _("退回理由：%(why)s") % {"why": order.return_reason}),
        "badge": ("refused", _("退回修改")),
        "act": act(order, "amend"),
    }


def _serve(order: Any, reader: Reader) -> Task:
    issued = timezone.localtime(order.issued_at).date()
    days = (reader.today - issued).days
    waited = (
        ngettext("已签发 %(n)d 天", "已签发 %(n)d 天", days) % {"n": days}
        if days
        else _("今天签发")
    )
    printed = _("文书已生成") if order.printed_at else _("文书正在生成")
    again = order.came_back
    return _base(order) | {
        "text": _told(
            _number(order),
            _("%(day)s签发") % {"day": _day(issued)},
            _("前次未送达，须重新送达") if again else printed,
        ),
        "badge": ("refused", _("送达未成")) if again else ("wait", waited),
        "act": act(order, "record_service", _("重新送达") if again else ""),
    }


def _visit(visit: Inspection, reader: Reader) -> Task:
    n: int = visit.n_findings or 0  # type: ignore[attr-defined]
    return {
        "title": visit.enterprise.name,
        "url": visit.get_absolute_url(),
        "text": _told(visit.number, ngettext("发现 %(n)d 项", "发现 %(n)d 项", n) % {"n": n}),
        "badge": ("wait", _("登记中")),
        "day": timezone.localtime(visit.started_at).date(),
        "act": {"name": _("继续登记"), "url": visit.get_absolute_url(), "primary": False},
    }


_TELLERS: dict[str, Callable[[Any, Reader], Task]] = {
    "over": _overdue,
    "today": _due,
    "soon": _due,
    "later": _due,
    "reinspect": _reinspect,
    "judge": _judge,
    "unmet": _unmet,
    "extension": _extension,
    "sign": _sign,
    "returned": _returned,
    "serve": _serve,
    "visits": _visit,
}
