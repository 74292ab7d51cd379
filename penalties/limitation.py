"""Until when an act may be punished (追究时效, 行政处罚法 36).

What counts is when the organ found it: within two years (five where life, health or financial
safety is concerned and harm was done) of the act, or of its end where it went on. An act that still
went on when it was found has not begun to lapse.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from audit.trail import Reason
from inspections.models import Finding
from legal import calendars, limits
from penalties.casefile import File
from penalties.models import Case
from rectification.reasons import day_words

BASIS = "APL@2021:36(1)"
#: The second half of 36(1); the register holds the two years.
LONG_YEARS = 5


def until(finding: Finding, *, long: bool) -> date:
    """The last day on which the act could be found; a day of rest does not move it."""
    length = LONG_YEARS if long else None
    rule = limits.of("LIMITATION_2Y")
    return rule.due(finding.act_on, calendars.load(), length=length, roll=False).due


def found_on(case: Case, finding: Finding) -> date:
    """When the organ knew of it: by the report that set the case going, or by the visit."""
    seen = finding.inspection.day
    return min(case.found_on, seen) if case.found_on else seen


def limitation(file: File, on: date) -> list[Reason]:
    """The findings whose time had run out when they were found; those of a later day than `on`
    are looked at as of `on`."""
    case = file.case
    reasons = []
    for finding in file.findings:
        last = until(finding, long=case.is_long_limitation)
        if min(found_on(case, finding), on) <= last:
            continue
        text = _("“%(finding)s”在 %(day)s 已超过追究时效，不能处罚，仍可以责令改正。")
        said = {"finding": finding, "day": day_words(last)}
        reasons.append(Reason(text % said, basis=BASIS))
    return reasons
