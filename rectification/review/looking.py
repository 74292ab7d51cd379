"""What every look at a date shares: its words, whether it is in order, what kind of day it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from legal import periods
from rectification.review.entries import DEFECT, NOTE, OK, REMIND, Check
from rectification.review.facts import Facts
from rectification.telling import listed


def day_of(moment: datetime) -> date:
    return periods.local_date(moment)


def clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def numbered(numbers: Iterable[int]) -> str:
    return _("第 %(n)s 项") % {"n": listed([str(n) for n in sorted(numbers)])}


def after(earlier: datetime | None, later: datetime, good: str, bad: str) -> Check:
    """Whether two moments stand in their order."""
    if earlier is not None and later < earlier:
        return Check(DEFECT, bad)
    return Check(OK, good)


def rest_day(facts: Facts, day: date) -> list[Check]:
    """Said, never blamed: work on a rest day is no defect, but it is asked about."""
    try:
        kind = facts.calendar.kind_of(day)
    except periods.CalendarMissing:
        words = _("%(year)d 年日历未导入，不能判断是否休息日") % {"year": day.year}
        return [Check(REMIND, words, url=reverse("law:calendars"), url_text=_("看工作日历"))]
    if kind.kind == "made_up":
        return [Check(NOTE, _("当天是调休上班日"))]
    return [] if kind.is_working else [Check(NOTE, _("当天是休息日"))]


#: Who may mend what: the addresses to which a check leads, and the verb that opens them.
_DOORS = {"add_proof": "orders.serve", "decide_extension": "orders.decide_extension"}


def mended_by(check: Check, facts: Facts, act: str, words: str) -> Check:
    """The check with the way to the act that mends it, for whoever may do it."""
    if not facts.user.may(_DOORS[act]):
        return check
    url = reverse(f"orders:{act}", args=[facts.order.pk])
    return replace(check, url=url, url_text=words)
