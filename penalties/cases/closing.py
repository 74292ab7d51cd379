"""Closing a case (结案, 程序规定 258, 259): a request with its reason, and somebody else's word.

    ask_closing ──▶ approve_closing: the form is issued, the case is closed
        ▲     └───▶ return_closing
        └────────────────┘
    terminate     the report proposes to end the investigation, and the leader agrees

Each reason has conditions of its own (`against`); the tab shows them before anybody asks. A case
that was closed is taken up again only when its decision falls (`_falling`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audit import trail
from audit.trail import Reason
from deadlines import clock, duties
from legal import periods
from penalties import owed, owing, review
from penalties.casefile import File
from penalties.cases import _falling, _ninety, _row
from penalties.models import (
    Case,
    CaseState,
    Closing,
    ClosingGround,
    CourtApplication,
    Decision,
    Referral,
    Report,
    Respondent,
)
from penalties.papers import closing as paper
from rectification.models import OrderState

trail.words(
    {
        "cases.ask_closing": gettext_lazy("申请结案"),
        "cases.approve_closing": gettext_lazy("批准结案"),
        "cases.return_closing": gettext_lazy("退回结案申请"),
        "cases.terminate": gettext_lazy("终止案件调查"),
    }
)
trail.tones({"cases.approve_closing": "ok", "cases.terminate": "ok"})
G = ClosingGround
#: Periods of the party that end with the case, as what the organ owes does.
_PARTY_PAYS = ("FINE_PAYMENT", "INSTALMENT", "DEMAND_10")
_GONE = (Respondent.Status.DEAD, Respondent.Status.DEREGISTERED)
_ANSWERED = (
    OrderState.JUDGED,
    OrderState.ESCALATED,
    OrderState.WITHDRAWN,
    OrderState.DISCARDED,
)


# --- What stands against each reason ---------------------------------------------------------


def grounds(file: File) -> list[ClosingGround]:
    """The reasons that this case can be closed for. Mediation (258, item two) is for quarrels among
    people and does not come up here."""
    if file.case.state == CaseState.DECIDED:
        return [G.PERFORMED, G.UNPUNISHED, G.IMPOSSIBLE, G.CRIME]
    if file.case.state == CaseState.FILED:
        return [G.TERMINATED, G.CRIME]
    return []


def against(file: File, ground: str, today: date) -> list[Reason]:
    """What is still missing for this reason."""
    asked = {
        G.UNPUNISHED: _unpunished,
        G.PERFORMED: _performed,
        G.IMPOSSIBLE: _impossible,
        G.CRIME: _crime,
        G.TERMINATED: _terminated,
    }
    if ground not in grounds(file):
        return [Reason(_("这个案件不适用这种结案理由。"), basis="MPSP@2020:258", field="ground")]
    return asked[G(ground)](file, today)


def _unpunished(file: File, today: date) -> list[Reason]:
    found = _decided_all(file)
    if any(row.punishes for row in file.valid_decisions) or not file.valid_decisions:
        text = _("案件没有作出不予行政处罚决定，或者还有处罚决定。")
        found.append(Reason(text, basis="MPSP@2020:258"))
    for row in file.valid_decisions:
        found += _served(file, row, today)
    return found


def _performed(file: File, today: date) -> list[Reason]:
    found = _decided_all(file)
    if not any(row.punishes for row in file.valid_decisions):
        found.append(Reason(_("没有有效的处罚决定。"), basis="MPSP@2020:258"))
    for row in file.valid_decisions:
        found += _served(file, row, today) + _left(file, row, today)
    return found


def _impossible(file: File, today: date) -> list[Reason]:
    """Nothing is left to be carried out, or nobody on whom; or the court found nothing."""
    found = []
    for row in file.valid_decisions:
        if not _served(file, row, today) and not _left(file, row, today):
            continue
        if row.respondent.status in _GONE or _court_ended(file, row):
            continue
        words = {"party": row.respondent.name}
        text = _("对 %(party)s 的决定还可以执行：法院没有终结执行，当事人也没有死亡或者终止。")
        found.append(Reason(text % words, basis="MPSP@2020:258", url=_tab(file, "money")))
    if (
        not found
        and file.valid_decisions
        and not any(
            row.respondent.status in _GONE or _court_ended(file, row)
            for row in file.valid_decisions
        )
    ):
        found.append(Reason(_("决定已经执行，按“已执行”结案。"), basis="MPSP@2020:258"))
    return found


def _crime(file: File, today: date) -> list[Reason]:
    for row in file.referrals:
        if row.to == Referral.To.CRIMINAL and row.answer == Referral.Answer.ACCEPTED:
            return []
    text = _("移送刑事案件办理还没有受理。")
    return [Reason(text, basis="MPSP@2020:258", url=_tab(file, "referral"))]


def _terminated(file: File, today: date) -> list[Reason]:
    if file.valid_decisions:
        return [Reason(_("案件还有有效的决定，不能终止调查。"), basis="MPSP@2020:259")]
    report = file.report
    if report is not None and report.proposal == Report.Proposal.TERMINATION:
        return _kept(file)
    if any(row.whole and row.answer == Referral.Answer.ACCEPTED for row in file.referrals):
        return _kept(file)
    if file.respondents and all(row.status in _GONE for row in file.respondents):
        return _kept(file)
    text = _("调查报告没有建议终止调查，案件没有全案移送并被受理，当事人也没有全部死亡或者终止。")
    return [Reason(text, basis="MPSP@2020:259", url=_tab(file, "inquiry"))]


def _kept(file: File) -> list[Reason]:
    """What was registered and kept is released first."""
    if all(row.disposal for row in file.preservations):
        return []
    text = _("先行登记保存的证据还没有处理。")
    return [Reason(text, basis="APL@2021:56", url=_tab(file, "inquiry"))]


def _decided_all(file: File) -> list[Reason]:
    return [
        Reason(
            _("对 %(party)s 还没有决定。") % {"party": row.name},
            basis="MPSP@2020:258",
            url=_tab(file, "decision"),
        )
        for row in file.standing_respondents
        if file.decision(row) is None
    ]


def _served(file: File, row: Decision, today: date) -> list[Reason]:
    words = {"party": row.respondent.name}
    if row.served_on is None:
        text = _("对 %(party)s 的决定还没有送达。")
        return [Reason(text % words, basis="APL@2021:61", url=_tab(file, "decision"))]
    if row.served_on > today:
        text = _("对 %(party)s 的决定还在公告期内。")
        return [Reason(text % words, basis="CPL@2023:95", url=_tab(file, "decision"))]
    return []


def _left(file: File, row: Decision, today: date) -> list[Reason]:
    """What of the decision is left to be done."""
    words, found = {"party": row.respondent.name}, []
    if not owing.is_settled(file, row, today):
        text = _("%(party)s 的罚款和加处罚款没有缴清。")
        found.append(Reason(text % words, basis="MPSP@2020:258", url=_tab(file, "money")))
    if any(
        each.decision_id == row.pk and each.ends_on is not None and each.lifted_on is None
        for each in file.stop_measures
    ):
        text = _("对 %(party)s 的限期措施没有解除。")
        found.append(Reason(text % words, basis="MPSP@2020:258", url=_tab(file, "remedies")))
    if any(each.decision_id == row.pk and each.until_on is None for each in file.stays):
        text = _("对 %(party)s 的决定停止执行，还没有恢复。")
        found.append(Reason(text % words, basis="ARL@2023:42", url=_tab(file, "remedies")))
    return found


def _court_ended(file: File, row: Decision) -> bool:
    return any(
        each.decision_id == row.pk and each.result == CourtApplication.Result.TERMINATED
        for each in file.court_applications
    )


def order_is_open(file: File) -> bool:
    """Whether the order beside the case has no answer yet."""
    order = file.case.order
    return order is not None and order.issued_at is not None and order.state not in _ANSWERED


def _tab(file: File, code: str) -> str:
    return f"{file.case.get_absolute_url()}?tab={code}"


# --- Asked for -------------------------------------------------------------------------------


def request(file: File) -> Closing | None:
    """The request that waits for approval."""
    return next((row for row in file.closings if row.approved is None), None)


def can_ask_closing(file: File, row: Any, user: User, today: date) -> list[Reason]:
    """Why closing cannot be asked for, whatever the reason."""
    offered = grounds(file)
    if not offered:
        words = {"state": file.case.get_state_display()}
        return [Reason(_("案件现在是“%(state)s”，不能申请结案。") % words)]
    if request(file) is not None:
        return [Reason(_("结案申请已经提出，等待审批。"), url=_tab(file, "closing"))]
    found = _remedies_open(file)
    found_against = [against(file, each, today) for each in offered]
    if all(found_against):
        found += found_against[0]
    return found


def _remedies_open(file: File) -> list[Reason]:
    return [
        Reason(
            _("%(kind)s还没有生效的结果。") % {"kind": row.get_kind_display()},
            basis="MPSP@2020:258",
            url=_tab(file, "remedies"),
        )
        for row in file.remedies
        if row.is_open
    ]


@transaction.atomic
def ask_closing(
    case: Case,
    *,
    by: User,
    at: datetime,
    ground: str,
    note: str,
    order_note: str = "",
    defects_note: str = "",
) -> Closing:
    """Ask to close, for this reason. What the self-review finds that day is kept with the request.

    `order_note`: why the order beside the case may stay open; `defects_note`: what is said of
    serious defects. Raises Refused and Decided.
    """
    case = _row.lock(case)
    file = File(case)
    today = periods.local_date(at)
    found = can_ask_closing(file, None, by, today)
    found += [reason for reason in against(file, ground, today) if reason not in found]
    found += _row.needs(note, "note", _("写明案件怎样办结。"), "MPSP@2020:258")
    if order_is_open(file) and ground in (G.PERFORMED, G.UNPUNISHED, G.IMPOSSIBLE):
        text = _("并行的责令改正还没有结论，写明为什么可以先结案。")
        found += _row.needs(order_note, "order_note", text)
    reviewed = review.of(file, today)
    found += _answered_for(reviewed, defects_note)
    _row.refuse(found)
    parts = [
        note.strip(),
        f"责令改正：{order_note.strip()}" if order_note.strip() else "",
        f"评查问题：{defects_note.strip()}" if defects_note.strip() else "",
    ]
    closing = Closing.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        ground=ground,
        note="\n".join(part for part in parts if part),
        score=reviewed.score,
        defects=[each.as_json() for each in reviewed.defects],
    )
    _row.settle(case, at=at)
    data = {"ground": ground, "score": closing.score, "defects": len(closing.defects)}
    _row.record("cases.ask_closing", case, by=by, at=at, reason=note, row=closing, data=data)
    return closing


def serious(file: File, today: date) -> list[review.Defect]:
    """The defects that nobody may pass over in silence when asking to close."""
    return [each for each in review.of(file, today).defects if each.severity == review.SERIOUS]


def _answered_for(found: review.Reviewed, words: str) -> list[Reason]:
    """Serious defects must be spoken of in the request (本单位规定)."""
    severe = [each for each in found.defects if each.severity == review.SERIOUS]
    if not severe or words.strip():
        return []
    text = ngettext(
        "评查发现 %(n)d 个严重问题，逐条写明怎么看、怎么办。",
        "评查发现 %(n)d 个严重问题，逐条写明怎么看、怎么办。",
        len(severe),
    )
    return [Reason(text % {"n": len(severe)}, house=True, field="defects_note")]


# --- Answered --------------------------------------------------------------------------------


def _waits(row: Closing, user: User) -> list[Reason]:
    if row.approved is not None:
        return [Reason(_("这份结案申请已经办理。"))]
    if row.entered_by_id == user.pk:
        return [Reason(_("申请人不能自己审批。"), basis="MPSP@2020:258")]
    return []


def can_approve_closing(file: File, row: Closing, user: User, today: date) -> list[Reason]:
    """Why the request cannot be approved: what stood against it may have come since."""
    found = _waits(row, user)
    if row.approved is not None:
        return found
    found += _remedies_open(file) + against(file, row.ground, today)
    return found + paper.lacking(file, row, today)


@transaction.atomic
def approve_closing(closing: Closing, *, by: User, at: datetime, note: str = "") -> Case:
    """The case is closed; its form is issued. Raises Refused and Decided."""
    case = _row.lock(closing.case)
    file = File(case)
    row = _closing(file, closing)
    _row.refuse(can_approve_closing(file, row, by, periods.local_date(at)))
    _close(file, row, "cases.approve_closing", note=note, by=by, at=at)
    closing.__dict__.update(row.__dict__)
    return case


def can_preview_closing(file: File, row: Closing, user: User, today: date) -> list[Reason]:
    """Why there is nothing to look at in advance."""
    return [] if row.approved is None else [Reason(_("这份结案申请已经办理。"))]


def can_return_closing(file: File, row: Closing, user: User, today: date) -> list[Reason]:
    """Why the request cannot be sent back."""
    return _waits(row, user)


@transaction.atomic
def return_closing(closing: Closing, *, by: User, at: datetime, note: str) -> Closing:
    """The request goes back with what is missing. Raises Refused and Decided."""
    case = _row.lock(closing.case)
    file = File(case)
    row = _closing(file, closing)
    today = periods.local_date(at)
    found = can_return_closing(file, row, by, today)
    found += _row.needs(note, "note", _("写明还缺什么。"))
    _row.refuse(found)
    row.approved, row.approved_on, row.approved_by = False, today, by
    row.approval_note = note.strip()
    row.save()
    _row.settle(case, at=at)
    _row.record("cases.return_closing", case, by=by, at=at, reason=note, row=row)
    closing.__dict__.update(row.__dict__)
    return closing


# --- Ended without a decision ----------------------------------------------------------------


def can_terminate(file: File, row: Any, user: User, today: date) -> list[Reason]:
    """Why the investigation cannot be ended upon its report."""
    if file.case.state != CaseState.FILED:
        words = {"state": file.case.get_state_display()}
        return [Reason(_("案件现在是“%(state)s”，不能终止调查。") % words)]
    found = []
    if request(file) is not None:
        found.append(Reason(_("结案申请已经提出，等待审批。"), url=_tab(file, "closing")))
    report = file.report
    if report is None or report.proposal != Report.Proposal.TERMINATION:
        text = _("调查报告没有建议终止调查。")
        found.append(Reason(text, basis="MPSP@2020:259", url=_tab(file, "inquiry")))
    elif file.valid_decisions:
        found += _terminated(file, today)
    else:
        found += _kept(file)
    if user.pk in file.investigator_ids:
        text = _("终止调查由没有参与调查的负责人批准。")
        found.append(Reason(text, basis="MPSP@2020:259"))
    return found


@transaction.atomic
def terminate(case: Case, *, by: User, at: datetime, note: str) -> Case:
    """The leader agrees to what the report proposes: the investigation ends without a decision
    (程序规定 259), and the findings are free. Raises Refused and Decided."""
    case = _row.lock(case)
    file = File(case)
    today = periods.local_date(at)
    found = can_terminate(file, None, by, today)
    found += _row.needs(note, "note", _("写明终止调查的理由。"), "MPSP@2020:259")
    _row.refuse(found)
    assert file.report is not None
    reviewed = review.of(file, today)
    closing = Closing(
        case=case,
        entered_at=at,
        entered_by=file.report.entered_by,
        ground=G.TERMINATED,
        note=note.strip(),
        score=reviewed.score,
        defects=[each.as_json() for each in reviewed.defects],
    )
    _row.refuse(paper.lacking(file, closing, today))
    closing.save(force_insert=True)
    _close(File(case), closing, "cases.terminate", note=note, by=by, at=at)
    return case


def _close(file: File, row: Closing, verb: str, *, note: str, by: User, at: datetime) -> None:
    """The request is approved, nothing runs on, the state moves, the form is issued."""
    case, today = file.case, periods.local_date(at)
    row.approved, row.approved_on, row.approved_by = True, today, by
    row.approval_note = note.strip()
    row.save()
    label = str(G(row.ground).label)
    _ninety.wake(case, on=today, by=by, at=at)
    _stop_clocks(case, reason=label, by=by, at=at)
    if not file.decisions:
        _falling.release(file, by=by, at=at)
    trail.move(
        case,
        CaseState.CLOSED,
        by=by,
        at=at,
        verb=verb,
        reason=row.note,
        data={"ground": row.ground, "row": f"{row._meta.label_lower}:{row.pk}"},
        closed_on=today,
        closing_ground=row.ground,
        closing_reason=row.note,
    )
    _row.settle(case, at=at)
    row.notice = paper.issue(File(case), row, by=by, at=at)
    row.save(update_fields=["notice"])


def _stop_clocks(case: Case, *, reason: str, by: User, at: datetime) -> None:
    """What the organ owed in this case is owed no more; the periods of the party go on."""
    for deadline in owed.deadlines(case):
        if duties.find(deadline.kind) is not None or deadline.kind in _PARTY_PAYS:
            clock.cancel(deadline, reason=reason, by=by, at=at)


def _closing(file: File, closing: Closing) -> Closing:
    return next(each for each in file.closings if each.pk == closing.pk)
