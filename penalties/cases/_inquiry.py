"""What the verbs of the investigation ask alike: is it open, and were there two officers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit.trail import Reason
from penalties.casefile import File
from penalties.models import CaseOfficer, CaseState

TWO_OFFICERS = "APL@2021:42(1)"
AT_LEAST = 2


def is_open(file: File) -> list[Reason]:
    """Nothing is gathered once the case is decided, declined or closed (行政处罚法 54(1))."""
    if file.case.state in (CaseState.OPENED, CaseState.FILED):
        return []
    return [
        Reason(
            _("案件现在是“%(state)s”，不再收集证据。") % {"state": file.case.get_state_display()},
            basis="APL@2021:54(1)",
        )
    ]


def on_case(file: File, officer: User, day: date) -> CaseOfficer | None:
    """The row by which the officer handled the case on that day. What was done before the case
    was opened (at the visit) was done by those who handle it from its first day."""
    for row in file.all_officers:
        if row.officer_id != officer.pk:
            continue
        from_first = row.from_on <= file.case.filed_on
        began = from_first or row.from_on <= day
        if began and (row.until_on is None or row.until_on >= day):
            return row
    return None


def pair(file: File, officers: Sequence[User], day: date) -> list[Reason]:
    """Two different officers of the case with certificates valid on the day (行政处罚法 42(1),
    55(1)); a certificate renewed since counts with its new term."""
    if len({officer.pk for officer in officers}) < AT_LEAST:
        text = _("应当由两名不同的办案民警进行。")
        return [Reason(text, basis=TWO_OFFICERS, field="officer_2")]
    found = []
    for field, officer in zip(("officer_1", "officer_2"), officers, strict=False):
        why = uncertified(file, officer, day)
        if why:
            found.append(Reason(why, basis=TWO_OFFICERS, field=field))
    return found


def uncertified(file: File, officer: User, day: date) -> str:
    """Why the officer could not act in the case on that day; "" where nothing stands against it."""
    row = on_case(file, officer, day)
    if row is None:
        return _("%(name)s当日不是本案的办案民警。") % {"name": officer.name}
    expires = row.certificate_expires_on
    if (expires is not None and expires >= day) or officer.certificate_valid_on(day):
        return ""
    return _("%(name)s的执法证当日无效或者没有登记。") % {"name": officer.name}


def enough(file: File) -> list[Reason]:
    """Fewer than two officers handle the case: nothing that needs two can be done."""
    if len(file.officers) >= AT_LEAST:
        return []
    return [
        Reason(
            _("本案现有办案民警不足二人，先补充办案民警。"),
            basis=TWO_OFFICERS,
            url=f"{reverse('cases:detail', args=[file.case.pk])}?tab=case",
            url_text=_("去补充"),
        )
    ]


def day_of(on: date, today: date, *, field: str, not_before: date | None = None) -> list[Reason]:
    """A day on which something happened: not in the future, and not before what it follows."""
    if on > today:
        return [Reason(_("日期不能晚于今天。"), field=field)]
    if not_before is not None and on < not_before:
        text = _("日期不能早于 %(day)s。") % {"day": not_before.isoformat()}
        return [Reason(text, field=field)]
    return []


def began_on(file: File) -> date:
    """The first day on which anything of the case can have happened."""
    days = [file.case.filed_on, file.case.found_on, *(row.inspection.day for row in file.findings)]
    return min(day for day in days if day is not None)
