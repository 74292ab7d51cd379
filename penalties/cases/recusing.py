"""Recusal (回避, 行政处罚法 43) of an officer, reviewer or host, decided by a leader within two
days (MPSP 21). Until then the investigation goes on (43(3))."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import periods
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _inquiry, _row
from penalties.models import Case, CaseOfficer, CaseState, Recusal

trail.words(
    {
        "cases.request_recusal": gettext_lazy("提出回避"),
        "cases.decide_recusal": gettext_lazy("决定回避"),
    }
)

BASIS = "APL@2021:43"
DAYS_BASIS = "MPSP@2020:21"
_OVER = (CaseState.DECLINED, CaseState.CLOSED)
#: Who reviews, hosts or decides may have to stand aside as well.
_VERBS = ["cases.review", "cases.hear", "cases.decide"]


def people(file: File) -> list[User]:
    """Whom a recusal may be about: those who handle, review, host or decide this case, and those
    of the unit who could."""
    ids = {row.officer_id for row in file.officers}
    ids |= {row.reviewer_id for row in file.reviews}
    ids |= {row.presider_id for row in file.hearings if row.presider_id is not None}
    rows = User.objects.filter(
        Q(pk__in=ids)
        | Q(
            unit=file.case.unit,
            is_active=True,
            holdings__role__verbs__overlap=_VERBS,
        )
    )
    return list(rows.distinct().order_by("name", "pk"))


def can_request_recusal(file: File, row: None, user: User, today: date) -> list[Reason]:
    if file.case.state in _OVER:
        return [Reason(_("案件已经办结，不再提出回避。"))]
    return []


@transaction.atomic
def request_recusal(
    case: Case, *, by: User, at: datetime, person: User, motion: str, ground: str, on: date
) -> Recusal:
    """Somebody should stand aside, by own motion, at the party's request or by order; a leader
    decides within two days.

    Raises Refused: somebody who has no part in the case, a request on the same person that is
    still open, an own motion entered for somebody else, no ground, a day in the future.
    """
    _row.lock(case)
    file = File(case)
    today = periods.local_date(at)
    found = can_request_recusal(file, None, by, today)
    found += _row.needs(ground, "ground", _("写明回避的理由。"), BASIS)
    found += _inquiry.day_of(on, today, field="on", not_before=_inquiry.began_on(file))
    if person.pk not in {each.pk for each in people(file)}:
        found.append(Reason(_("%(name)s没有参与本案。") % {"name": person.name}, field="person"))
    if any(row.person_id == person.pk and row.granted is None for row in file.recusals):
        text = _("对%(name)s的回避已经提出，还没有决定。") % {"name": person.name}
        found.append(Reason(text, field="person"))
    if motion == Recusal.Motion.OWN and person.pk != by.pk:
        found.append(Reason(_("自行回避由本人提出。"), basis=BASIS, field="motion"))
    _row.refuse(found)
    period = clocks.due("RECUSAL_2", on)
    row = Recusal.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        person=person,
        motion=motion,
        ground=ground.strip(),
        requested_on=on,
        due_on=period.due,
    )
    clocks.start("RECUSAL_2", row, period, case=case, by=by, at=at)
    _row.settle(case, at=at)
    data = {"person": person, "motion": motion, "on": on}
    _row.record("cases.request_recusal", case, by=by, at=at, reason=ground, row=row, data=data)
    return row


def can_decide_recusal(file: File, row: Recusal, user: User, today: date) -> list[Reason]:
    """A leader decides, never on the own recusal (行政处罚法 43(3))."""
    found = []
    if row.granted is not None:
        found.append(Reason(_("已经作出决定。"), basis=BASIS))
    if row.person_id == user.pk:
        found.append(Reason(_("不能决定自己的回避。"), basis="APL@2021:43"))
    return found


@transaction.atomic
def decide_recusal(
    case: Case,
    recusal: Recusal,
    *,
    by: User,
    at: datetime,
    granted: bool,
    on: date,
    note: str = "",
) -> Recusal:
    """The leader decides. Granted: an officer leaves the case on that day, and what the officer
    did until then stays in the file.

    Raises Refused: decided already, by the person concerned, a refusal without a reason.
    """
    _row.lock(case)
    file = File(case)
    today = periods.local_date(at)
    found = can_decide_recusal(file, recusal, by, today)
    found += _inquiry.day_of(on, today, field="on", not_before=recusal.requested_on)
    if not granted:
        found += _row.needs(note, "note", _("驳回回避的，写明理由。"), BASIS)
    _row.refuse(found)
    recusal.granted, recusal.decided_on, recusal.decided_by = granted, on, by
    recusal.note = note.strip()
    recusal.save(update_fields=["granted", "decided_on", "decided_by", "note"])
    if granted:
        for row in file.officers:
            if row.officer_id == recusal.person_id:
                _leave(row, on)
    clocks.meet("RECUSAL_2", recusal, on=on, by=by, at=at)
    _row.settle(case, at=at)
    data = {"person": recusal.person, "granted": granted, "on": on}
    _row.record("cases.decide_recusal", case, by=by, at=at, reason=note, row=recusal, data=data)
    return recusal


def _leave(row: CaseOfficer, on: date) -> None:
    row.until_on = max(on, row.from_on)
    row.save(update_fields=["until_on"])


def too_few(file: File) -> list[Reason]:
    """After somebody left: fewer than two officers handle a case that still runs."""
    return [] if file.case.state in _OVER else _inquiry.enough(file)


def stands_aside(file: File, user: User) -> Recusal | None:
    """The recusal by which this person takes no further part; for reviewers, hosts and leaders."""
    for row in file.recusals:
        if row.granted and row.person_id == user.pk:
            return row
    return None
