"""Appraisals and tests by experts (鉴定): sent, received, and a copy served.

The days from sending to receipt do not count in the ninety (MPSP 165); a copy of the opinion is
served within five days (MPSP 97), for the party may ask for another within three.
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
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _inquiry, _ninety, _row, exhibits
from penalties.models import Appraisal, Case, CaseState, Exclusion, Exhibit

trail.words(
    {
        "cases.send_appraisal": gettext_lazy("送交鉴定"),
        "cases.receive_appraisal": gettext_lazy("收到鉴定意见"),
        "cases.serve_appraisal_copy": gettext_lazy("送达鉴定意见复印件"),
    }
)

COPY_BASIS = "MPSP@2020:97"
GROUND = Exclusion.Ground.APPRAISAL


def can_send_appraisal(file: File, row: None, user: User, today: date) -> list[Reason]:
    return _inquiry.is_open(file)


@transaction.atomic
def send_appraisal(
    case: Case, *, by: User, at: datetime, subject: str, appraiser: str, on: date
) -> Appraisal:
    """Something goes to experts; from then on the ninety days stand still.

    Where another appraisal is out already, its days are left out anyhow: they are not left out
    twice. Raises Refused for a day in the future or before the case.
    """
    _row.lock(case)
    file = File(case)
    found = can_send_appraisal(file, None, by, periods.local_date(at))
    found += _row.needs(subject, "subject") + _row.needs(appraiser, "appraiser")
    found += _inquiry.day_of(
        on, periods.local_date(at), field="on", not_before=_inquiry.began_on(file)
    )
    _row.refuse(found)
    exclusion = None
    if case.state == CaseState.FILED and _running(file) is None:
        first = max(on, case.filed_on)
        exclusion = _ninety.exclude(case, GROUND, first, subject[:300], by=by, at=at)
    row = Appraisal.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        subject=subject.strip(),
        appraiser=appraiser.strip(),
        sent_on=on,
        exclusion=exclusion,
    )
    _row.settle(case, at=at)
    _row.record("cases.send_appraisal", case, by=by, at=at, row=row, data={"on": on})
    return row


def _running(file: File) -> Exclusion | None:
    for row in file.exclusions:
        if row.ground == GROUND and row.to_on is None:
            return row
    return None


def can_receive_appraisal(file: File, row: Appraisal, user: User, today: date) -> list[Reason]:
    if row.received_on is None:
        return []
    return [Reason(_("鉴定意见已经收到。"))]


@transaction.atomic
def receive_appraisal(
    case: Case, appraisal: Appraisal, *, by: User, at: datetime, on: date, opinion: str
) -> Appraisal:
    """The opinion came; the ninety days go on, unless another appraisal is still out, and the
    copy is due. The opinion goes onto the list of exhibits, unverified.

    Raises Refused for a day before it was sent or in the future, or without an opinion.
    """
    _row.lock(case)
    file = File(case)
    today = periods.local_date(at)
    found = can_receive_appraisal(file, appraisal, by, today)
    found += _row.needs(opinion, "opinion")
    found += _inquiry.day_of(on, today, field="on", not_before=appraisal.sent_on)
    _row.refuse(found)
    period = clocks.due("APPRAISAL_COPY", on)
    appraisal.received_on, appraisal.opinion = on, opinion.strip()
    appraisal.copy_due_on = period.due
    appraisal.save(update_fields=["received_on", "opinion", "copy_due_on"])
    clocks.start("APPRAISAL_COPY", appraisal, period, case=case, by=by, at=at)
    exhibits.add(
        case,
        by=by,
        at=at,
        kind=Exhibit.Kind.APPRAISAL,
        title=f"鉴定意见：{appraisal.subject}"[:200],
        proves=appraisal.opinion[:500],
        source=appraisal.appraiser,
        collected_on=on,
    )
    out = [row for row in file.appraisals if row.received_on is None and row.pk != appraisal.pk]
    running = _running(file)
    if running is not None and not out:
        _ninety.include(running, max(on, running.from_on), by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.receive_appraisal", case, by=by, at=at, row=appraisal, data={"on": on})
    return appraisal


def can_serve_appraisal_copy(file: File, row: Appraisal, user: User, today: date) -> list[Reason]:
    if row.received_on is None:
        return [Reason(_("鉴定意见还没有收到。"), basis=COPY_BASIS)]
    if row.copy_served_on is not None:
        return [Reason(_("鉴定意见复印件已经送达。"), basis=COPY_BASIS)]
    return []


@transaction.atomic
def serve_appraisal_copy(
    case: Case, appraisal: Appraisal, *, by: User, at: datetime, on: date
) -> Appraisal:
    """The party has a copy of the opinion. Raises Refused for a day before the receipt."""
    _row.lock(case)
    today = periods.local_date(at)
    found = can_serve_appraisal_copy(File(case), appraisal, by, today)
    found += _inquiry.day_of(on, today, field="on", not_before=appraisal.received_on)
    _row.refuse(found)
    appraisal.copy_served_on = on
    appraisal.save(update_fields=["copy_served_on"])
    clocks.meet("APPRAISAL_COPY", appraisal, on=on, by=by, at=at)
    _row.settle(case, at=at)
    data = {"on": on, "due_on": appraisal.copy_due_on}
    _row.record("cases.serve_appraisal_copy", case, by=by, at=at, row=appraisal, data=data)
    return appraisal
