"""What follows when a decision does not stand as it was issued any more.

    changed                     it binds as changed: the fine of the result, the rest as it was
    revoked, void, withdrawn    it binds nobody: its clocks stop, its paper and its publication fall
        to be taken anew        … and the case is at work again; what was told before is void
        nothing left to decide  … and the findings are free, the case goes to its closing

A case that was closed is taken up again in each of these. No verbs: called inside the transaction
of one that holds the case, which settles it and leaves the line in the record.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from deadlines import clock
from inspections import fieldwork
from inspections.models import Finding
from notices import papers
from notices.models import Notice
from penalties import clocks, registry
from penalties.casefile import File
from penalties.cases import _ninety, stopping
from penalties.models import (
    Approval,
    Case,
    CaseFinding,
    CaseState,
    Decision,
    Discussion,
    LegalReview,
    Told,
)

S = Decision.Standing
#: The fine after a change is due as before; nothing else runs on for a decision that fell.
_ON_DECISION = tuple(each.kind for each in clocks.CLOCKS.values() if each.on == "decision")


def end(
    file: File,
    row: Decision,
    standing: str,
    *,
    verb: str,
    on: date,
    reason: str,
    redo_from: date | None = None,
    by: User,
    at: datetime,
    data: dict[str, Any],
) -> None:
    """The decision has this standing from that day on.

    Args:
        verb: the line in the record; it stands on the move where the state of the case moves.
        on: the day of the paper that did it; `reason` names the paper.
        redo_from: the day on which it was heard that the decision must be taken anew; None where
            nothing more is to be decided.
    """
    case = file.case
    _stand(row, standing, on=on, reason=reason)
    if row.is_valid:
        _changed(file, row, reason=reason, by=by, at=at)
    else:
        _stop(file, row, on=on, reason=reason, by=by, at=at)
    registry.tell_fallen(row, on=on, note=reason[:300], by=by, at=at)
    data = data | {"row": f"{row._meta.label_lower}:{row.pk}", "standing": standing}
    line: dict[str, Any] = {"verb": verb, "by": by, "at": at, "reason": reason, "data": data}
    left, was = File(case), case.state
    if was == CaseState.CLOSED:
        _reopen(left, on=redo_from or on, reason=reason)
    if redo_from is not None:
        _void_told(left, row, on=redo_from, reason=reason, by=by, at=at)
        if was != CaseState.FILED:
            sets = _undecided() | _count_anew(case, redo_from, by=by, at=at)
            trail.move(case, CaseState.FILED, **line, **sets)
            return
    elif not left.valid_decisions and was != CaseState.FILED:
        release(left, by=by, at=at)
    fine = _main_fine(left) if case.decided_on is not None else None
    if was == CaseState.CLOSED:
        trail.move(case, CaseState.DECIDED, **line, fine=fine, **_not_closed())
        return
    case.fine = fine
    case.save(update_fields=["fine"])
    trail.record(verb, case, by=by, at=at, reason=reason, data=data)


def _stand(row: Decision, standing: str, *, on: date, reason: str) -> None:
    row.standing, row.ended_on, row.ended_reason = standing, max(on, row.decided_on), reason[:300]
    row.version += 1
    row.save(update_fields=["standing", "ended_on", "ended_reason", "version"])


def _changed(file: File, row: Decision, *, reason: str, by: User, at: datetime) -> None:
    """Where no fine is left there is none to wait for."""
    if File(file.case).fine_of(row) is None:
        for kind in ("FINE_PAYMENT", "COURT_3M"):
            clocks.cancel(kind, row, reason=reason, by=by, at=at)


def _stop(file: File, row: Decision, *, on: date, reason: str, by: User, at: datetime) -> None:
    """Nothing runs on for it, and its paper holds no more."""
    for kind in _ON_DECISION:
        clocks.cancel(kind, row, reason=reason, by=by, at=at)
    for kind, rows in (("DEMAND_10", file.demands), ("INSTALMENT", file.plans)):
        for each in rows:
            if each.decision_id == row.pk:
                clocks.cancel(kind, each, reason=reason, by=by, at=at)
    stopping.lift_all(file, row, on=on, reason=reason, by=by, at=at)
    for stay in file.stays:
        if stay.decision_id == row.pk and stay.until_on is None:
            stay.until_on = max(on, stay.from_on)
            stay.save(update_fields=["until_on"])
    paper = Notice.objects.filter(pk=row.notice_id).first() if row.notice_id else None
    if paper is not None and not papers.can_withdraw(paper):
        papers.withdraw(paper, reason=reason, by=by, at=at)


def _main_fine(file: File) -> Any:
    """The fine that the list shows: of the first decision that binds and has one."""
    return next((fine for row in file.valid_decisions if (fine := file.fine_of(row))), None)


def release(file: File, *, by: User, at: datetime) -> None:
    """The case ends without having decided its findings: another may take them (行政处罚法 29)."""
    CaseFinding.objects.filter(case=file.case, live=True).update(live=False)
    by_visit: dict[Any, list[Finding]] = {}
    for finding in file.findings:
        if finding.disposition == Finding.Disposition.PENALTY:
            by_visit.setdefault(finding.inspection_id, []).append(finding)
    for findings in by_visit.values():
        fieldwork.dispose_all(findings, Finding.Disposition.NONE, by=by, at=at, note="")


# --- Taken anew ------------------------------------------------------------------------------


def _undecided() -> dict[str, Any]:
    """The case has no decision; what was decided stays in the decisions."""
    return {
        "outcome": "",
        "decided_on": None,
        "document_number": "",
        "measures": [],
        "fine": None,
        "decision_note": "",
        "decision_entered_by": None,
        **_not_closed(),
    }


def _not_closed() -> dict[str, Any]:
    return {"closed_on": None, "closing_ground": "", "closing_reason": ""}


def _count_anew(case: Case, day: date, *, by: User, at: datetime) -> dict[str, Any]:
    """The time for the new decision (`settings.CASE_REDO_COUNTS_ANEW`)."""
    length: int | None = None
    if not settings.CASE_REDO_COUNTS_ANEW and case.decision_due_on and case.decided_on:
        length = max(1, (case.decision_due_on - case.decided_on).days)
    running = clock.running(case, _ninety.KIND)
    if running is not None:
        clock.cancel(running, reason=_("决定被撤销，重新计算"), by=by, at=at)
    counted = _ninety.start(case, on=day, by=by, at=at, length=length)
    return {"decision_due_on": counted.due, "decision_derivation": counted.derivation}


def _void_told(file: File, row: Decision, *, on: date, reason: str, by: User, at: datetime) -> None:
    """What the party was told, and what was reviewed, discussed and approved upon it, counts no
    more: it led to the decision that fell."""
    why = reason[:300]
    tolds = [told for told in file.tolds if told.respondent_id == row.respondent_id]
    words: list[Told | LegalReview | Discussion | Approval] = [
        *tolds,
        *file.reviews,
        *file.discussions,
        *file.approvals,
    ]
    for each in words:
        if each.void_on is None:
            each.void_on, each.void_reason = on, why
            each.save(update_fields=["void_on", "void_reason"])
    ids = {told.pk for told in tolds}
    for told in tolds:
        clocks.cancel("HEARING_REQUEST", told, reason=reason, by=by, at=at)
    for hearing in file.hearings:
        if hearing.told_id in ids:
            for kind in ("HEARING_ACCEPT", "HEARING_HOLD"):
                clocks.cancel(kind, hearing, reason=reason, by=by, at=at)


def _reopen(file: File, *, on: date, reason: str) -> None:
    """The closing that stood does not stand any more."""
    approved = [row for row in file.closings if row.approved and row.reopened_on is None]
    for row in approved:
        row.reopened_on, row.reopened_reason = on, reason[:300]
        row.save(update_fields=["reopened_on", "reopened_reason"])
