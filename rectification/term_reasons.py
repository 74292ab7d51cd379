"""Why more time cannot be asked for or decided, and why a clock cannot stand: `reasons` for the
verbs of `rectification.orders.term`.

The caps are the house's own (`rectification.house`), of the day on which the order was issued; each
refusal says the number and what can be done instead.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.trail import Reason
from deadlines import clock
from legal import calendars, periods
from rectification import course, house
from rectification.course import Course
from rectification.models import Extension, Order, OrderState, TermKind
from rectification.reasons import (
    SERVICE_BASIS,
    day_words,
    decide_extension_first,
    listed,
    served,
    url,
)

if TYPE_CHECKING:
    from accounts.models import User

S = OrderState


def can_request_extension(order: Order, user: User, today: date) -> list[Reason]:
    """Whether it can be asked at all. In time or late is asked of the moment of asking, which may
    lie before the day on which it is entered (`of_asking`)."""
    found = served(order)
    if found:
        return found
    if order.term_kind == TermKind.IMMEDIATE:
        found.append(Reason(_("立即改正没有期限可以延长。")))
    if order.suspended:
        found.append(Reason(_("期限已中止，恢复后才能申请延期。"), house=True))
    if order.reported_on is not None:
        found.append(Reason(_("企业已报告全部改正，不需要延期。")))
    if order.request_waits:
        found.append(decide_extension_first(order))
    happened = course.of(order)
    owed = happened.unreported()
    most = house.rules(order).max_extensions
    if owed and not found and all(len(happened.grants(item)) >= most for item in owed):
        found += _too_often(order, owed, most)
    return found


def can_decide_extension(order: Order, user: User, today: date) -> list[Reason]:
    if not order.request_waits:
        return [Reason(_("没有待审批的延期申请。"))]
    pending = course.of(order).pending
    if pending is not None and pending.requested_by_id == user.pk:
        return [Reason(_("延期申请由您登记，须由其他人审批。"), house=True)]
    return served(order)


def can_suspend(order: Order, user: User, today: date) -> list[Reason]:
    found = served(order)
    if not found and order.suspended:
        found.append(Reason(_("期限已经中止。")))
    if not found and order.term_kind == TermKind.IMMEDIATE:
        found.append(Reason(_("立即改正没有期限可以中止。")))
    if not found and order.awaits_service_day(today):
        found.append(Reason(_("公告期未满，期限还没有起算，不需要中止。"), basis=SERVICE_BASIS))
    if not found and order.due_on is not None and order.due_on < today:
        found.append(Reason(_("改正期限已经届满，不能再中止。"), house=True))
    if not found and order.request_waits:
        found.append(decide_extension_first(order))
    return found


def can_resume(order: Order, user: User, today: date) -> list[Reason]:
    if order.state == S.SERVED and order.suspended:
        return []
    return [Reason(_("期限没有中止。"))]


# ---- the request ---------------------------------------------------------------------------------


def of_items(order: Order, chosen: Collection[int]) -> list[Reason]:
    """Whether more time can be asked for just these items together."""
    happened = course.of(order)
    if not chosen:
        return [Reason(_("至少选择一项需要延期的问题。"), field="items")]
    if set(chosen) - set(happened.items):
        return [Reason(_("所选的事项不属于这份责令改正。"), field="items")]
    done = set(chosen) - happened.unreported()
    if done:
        sentence = _("第 %(n)s 项企业已报告改正，不需要延期。")
        words = {"n": listed(happened.numbers(done))}
        return [Reason(sentence % words, field="items")]
    days = {happened.due_on[item] for item in chosen}
    if len(days) > 1:
        return [_several_days(happened, chosen)]
    most = house.rules(order).max_extensions
    often = {item for item in chosen if len(happened.grants(item)) >= most}
    return _too_often(order, often, most) if often else []


def _several_days(happened: Course, chosen: Collection[int]) -> Reason:
    by_day: dict[date, list[int]] = {}
    for item in chosen:
        day = happened.due_on[item]
        if day is not None:
            by_day.setdefault(day, []).append(item)
    groups = [
        _("第 %(n)s 项 %(date)s") % {"n": listed(happened.numbers(items)), "date": day_words(day)}
        for day, items in sorted(by_day.items())
    ]
    sentence = _("所选事项的期限不同（%(groups)s），请分别申请。")
    return Reason(sentence % {"groups": _("；").join(groups)}, field="items")


def _too_often(order: Order, items: Collection[int], most: int) -> list[Reason]:
    numbers = listed(course.of(order).numbers(items))
    if most == 0:
        sentence = _("本单位规定改正期限不予延长。期限届满后复查，仍未改正的，依法处理。")
    else:
        sentence = ngettext(
            "第 %(n)s 项已延期 %(most)d 次，达到本单位规定的次数。"
            "期限届满后复查，仍未改正的，依法处理。",
            "第 %(n)s 项已延期 %(most)d 次，达到本单位规定的次数。"
            "期限届满后复查，仍未改正的，依法处理。",
            most,
        ) % {"n": numbers, "most": most}
    return [Reason(sentence, house=True, field="items")]


def is_late(happened: Course, chosen: Collection[int], asked_at: datetime) -> bool:
    """Asked after 24:00 of the last day of the term of these items."""
    days = [day for item in chosen if (day := happened.due_on.get(item)) is not None]
    return bool(days) and periods.local_date(asked_at) > min(days)


def of_asking(
    order: Order, chosen: Collection[int], asked_at: datetime, at: datetime
) -> list[Reason]:
    """Whether the moment of asking can be, and whether it was in time where that matters."""
    if asked_at > at:
        return [Reason(_("提出时间不能晚于现在。"), field="asked_at")]
    first = order.served_on
    if order.awaits_service_day(periods.local_date(at)) and order.issued_at is not None:
        first = periods.local_date(order.issued_at)
    if first is not None and periods.local_date(asked_at) < first:
        sentence = _("提出时间不能早于送达日期（%(date)s）。")
        return [Reason(sentence % {"date": day_words(first)}, field="asked_at")]
    happened = course.of(order)
    if not is_late(happened, chosen, asked_at) or house.rules(order).accept_late_requests:
        return []
    last = min(day for item in chosen if (day := happened.due_on[item]) is not None)
    local = timezone.localtime(asked_at)
    sentence = _(
        "改正期限%(date)s已经届满。延期须在当日24时以前提出，这次申请是%(asked)s提出的，"
        "本单位不受理逾期的申请。请按期限届满办理复查；申请在届满之前提出、今天补录的，改正提出时间。"
    )
    asked = _("%(day)s %(time)s") % {
        "day": day_words(local.date()),
        "time": f"{local:%H:%M}",
    }
    return [
        Reason(
            sentence % {"date": day_words(last), "asked": asked},
            house=True,
            url=url(order, "record_reinspection"),
            url_text=_("登记复查"),
            field="asked_at",
        )
    ]


def of_day(order: Order, chosen: Collection[int], until: date) -> list[Reason]:
    """Whether the day asked for can be: later than the present one, in a known year, and within
    the calendar days that the house gives to each item in all."""
    happened = course.of(order)
    days = [day for item in chosen if (day := happened.due_on.get(item)) is not None]
    if not days:
        return []
    if until <= max(days):
        sentence = _("延长后的期限必须晚于现在的期限（%(date)s）。")
        return [Reason(sentence % {"date": day_words(max(days))}, field="until")]
    return _beyond(order, chosen, min(days), until) or _calendar_reasons(until)


def _beyond(order: Order, chosen: Collection[int], old: date, until: date) -> list[Reason]:
    most = house.rules(order).max_extension_days
    if most is None:
        return []
    happened = course.of(order)
    given = max(sum(grant.days for grant in happened.grants(item)) for item in chosen)
    if given + (until - old).days <= most:
        return []
    facts: dict[str, Any] = {"most": most, "given": given}
    if given >= most:
        sentence = _(
            "本单位规定各次延期合计不超过 %(most)d 天，已经延长 %(given)d 天，不能再延。"
            "期限届满后复查，仍未改正的，依法处理。"
        )
        return [Reason(sentence % facts, house=True, field="until")]
    facts["last"] = day_words(old + timedelta(days=most - given))
    sentence = _(
        "本单位规定各次延期合计不超过 %(most)d 天，已经延长 %(given)d 天，"
        "最晚可以申请延至 %(last)s。"
    )
    return [Reason(sentence % facts, house=True, field="until")]


def _calendar_reasons(day: date) -> list[Reason]:
    try:
        periods.is_working_day(day, calendars.load())
    except periods.PeriodRefused as refused:
        return [clock.refusal(refused, field="until")]
    return []


# ---- the decision --------------------------------------------------------------------------------


def of_grant(
    extension: Extension, asked: Collection[int], chosen: Collection[int], until: date | None
) -> list[Reason]:
    """Whether this can be granted: something, and never more than was asked for."""
    found: list[Reason] = []
    if not chosen:
        found.append(Reason(_("至少准予一项；一项也不准的，选择不予延期。"), field="items"))
    if set(chosen) - set(asked):
        found.append(Reason(_("没有申请延期的事项不能准予。"), field="items"))
    if until is None or not extension.old_due_on < until <= extension.until:
        sentence = _("准予延至的日期须晚于原期限（%(old)s），不晚于申请的日期（%(asked)s）。")
        words = {"old": day_words(extension.old_due_on), "asked": day_words(extension.until)}
        found.append(Reason(sentence % words, field="until"))
    return found
