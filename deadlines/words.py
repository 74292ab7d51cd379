"""The words beside a date: 还剩 3 个工作日, 今天截止, 逾期 6 个工作日; and its tone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deadlines.models import Deadline
from legal import periods
from legal.periods import WORKING_DAY, Calendar, Left


def left_text(left: Left) -> str:
    """The distance in words; the kind of day is always named."""
    if left.kind == "today":
        return _("今天截止")
    words = {"number": left.number}
    if left.kind == "left":
        if left.unit == WORKING_DAY:
            return (
                ngettext("还剩 %(number)d 个工作日", "还剩 %(number)d 个工作日", left.number)
                % words
            )
        return ngettext("还剩 %(number)d 天", "还剩 %(number)d 天", left.number) % words
    if left.unit == WORKING_DAY:
        return ngettext("逾期 %(number)d 个工作日", "逾期 %(number)d 个工作日", left.number) % words
    return ngettext("逾期 %(number)d 天", "逾期 %(number)d 天", left.number) % words


def tone(left: Left) -> str:
    """ "over", "soon" or "" for `zg-due` and for badges; thresholds live in `legal.time_left`."""
    if left.kind == "over":
        return "over"
    return "soon" if left.is_soon else ""


def time_left(deadline: Deadline, today: date, calendar: Calendar) -> tuple[str, str]:
    """(words, tone) of a deadline today; ended and suspended ones say so instead."""
    if deadline.state == Deadline.RUNNING and deadline.held:
        return _("已有回应，待办理"), ""
    if deadline.state == Deadline.RUNNING:
        left = periods.left(today, deadline.due_on, calendar)
        return left_text(left), tone(left)
    if deadline.state == Deadline.MET:
        if deadline.was_met_in_time:
            return _("按期完成"), "met"
        return _("逾期完成"), "over"
    return str(deadline.get_state_display()), ""
