"""Days that do not count in the ninety (行政处罚法 60, 程序规定 165), entered by hand.

The time of an appraisal, a hearing or a publication is entered by the verbs of those records; what
stands here is for any other ground, and for days that nobody entered in time.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import periods
from penalties.casefile import File
from penalties.cases import _ninety, _row
from penalties.models import Case, CaseState, Exclusion

trail.words(
    {
        "cases.exclude_days": gettext_lazy("登记不计入办案期限的期间"),
        "cases.end_exclusion": gettext_lazy("结束不计入办案期限的期间"),
    }
)


def can_exclude_days(file: File, row: None, user: User, today: date) -> list[Reason]:
    """The ninety days must be running."""
    if file.case.state == CaseState.FILED:
        return []
    return [Reason(_("立案以后、作出决定以前才计算办案期限。"), basis="APL@2021:60")]


@transaction.atomic
def exclude_days(
    case: Case,
    *,
    by: User,
    at: datetime,
    ground: str,
    from_on: date,
    to_on: date | None = None,
    note: str = "",
) -> Exclusion:
    """Leave days out of the ninety, from `from_on` to `to_on` (open while None).

    Raises Refused: a day before filing or after today, the ground open already, no note for
    another ground than those the rules name.
    """
    case = _row.lock(case)
    today = periods.local_date(at)
    found = can_exclude_days(File(case), None, by, today)
    if from_on < case.filed_on:
        found.append(Reason(_("开始日期不能早于立案日期。"), field="from_on"))
    if from_on > today:
        found.append(Reason(_("开始日期不能晚于今天。"), field="from_on"))
    if to_on is not None and to_on < from_on:
        found.append(Reason(_("结束日期不能早于开始日期。"), field="to_on"))
    elif to_on is not None and to_on > today:
        found.append(Reason(_("结束日期不能晚于今天。"), field="to_on"))
    if ground == Exclusion.Ground.OTHER:
        found += _row.needs(note, "note", _("写明依据哪一条规定不计入。"))
    _row.refuse(found)
    row = _ninety.exclude(case, ground, from_on, note, by=by, at=at)
    if to_on is not None:
        row.case = case
        _ninety.include(row, to_on, by=by, at=at)
    _row.settle(case, at=at)
    data = {"ground": ground, "from": from_on, "to": to_on}
    _row.record("cases.exclude_days", case, by=by, at=at, reason=note, row=row, data=data)
    return row


def can_end_exclusion(file: File, row: Exclusion, user: User, today: date) -> list[Reason]:
    """Open, and not the time of an appraisal, which ends with its opinion."""
    if row.to_on is not None:
        return [Reason(_("这段期间已经结束。"))]
    for appraisal in file.appraisals:
        if appraisal.exclusion_id == row.pk:
            return [
                Reason(
                    _("这是鉴定期间，登记鉴定意见时结束。"),
                    url=appraisal.get_absolute_url(),
                    url_text=_("去登记鉴定意见"),
                )
            ]
    return []


@transaction.atomic
def end_exclusion(row: Exclusion, *, by: User, at: datetime, to_on: date) -> Exclusion:
    """The last day that does not count. Raises Refused for a day before it began or after today."""
    case = row.case = _row.lock(row.case)
    today = periods.local_date(at)
    found = can_end_exclusion(File(case), row, by, today)
    if to_on > today:
        found.append(Reason(_("结束日期不能晚于今天。"), field="to_on"))
    _row.refuse(found)
    _ninety.include(row, to_on, by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.end_exclusion", case, by=by, at=at, row=row, data={"to": to_on})
    return row
