"""Remedies of the party (行政复议, 行政诉讼), and what becomes of the decision.

    record_remedy ──▶ answer_remedy ──▶ record_result ──▶ (take_effect)
    withdraw_decision     the organ takes its own decision back

A remedy that came late is entered all the same: whether it is heard is for others to say. A result
holds at once, but for a first judgment, which holds when nobody appeals; what follows from a
decision that fell stands in `_falling`. A result always says what became of the decision: a second
judgment that upholds a revocation is a revocation.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from deadlines import clock
from legal import calendars, limits, periods
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _falling, _row
from penalties.cases._days import day_reasons
from penalties.models import Decision, Remedy
from rectification.reasons import day_words

trail.words(
    {
        "cases.record_remedy": gettext_lazy("登记复议或者诉讼"),
        "cases.answer_remedy": gettext_lazy("登记答复、答辩"),
        "cases.record_result": gettext_lazy("登记复议或者诉讼结果"),
        "cases.take_effect": gettext_lazy("登记裁判生效"),
        "cases.withdraw_decision": gettext_lazy("撤回处罚决定"),
    }
)

Kind, Result = Remedy.Kind, Remedy.Result
ANSWERS = {Kind.RECONSIDERATION: "ARL_ANSWER", Kind.SUIT: "SUIT_ANSWER", Kind.APPEAL: "SUIT_ANSWER"}
RECONSIDER, SUE = "RECONSIDER_60", "SUE_6M"
RECEIVED = periods.Words("收到行政复议决定书", "receipt of the reconsideration decision")
#: What a result makes of the decision; the others leave it as it is.
STANDINGS = {
    Result.CHANGED: Decision.Standing.CHANGED,
    Result.REVOKED: Decision.Standing.REVOKED,
    Result.REVOKED_REDO: Decision.Standing.REVOKED,
    Result.VOID: Decision.Standing.VOID,
}
#: Results of a reconsideration upon which the party has fifteen days to sue (行政诉讼法 45).
_SUED_AFTER = (Result.UPHELD, Result.CHANGED, Result.DISMISSED, Result.VOID)
_MAY_CHANGE = (Result.CHANGED, Result.SETTLED)


# --- Asked about a remedy --------------------------------------------------------------------


def of_decision(file: File, decision: Decision) -> list[Remedy]:
    return [row for row in file.remedies if row.decision_id == decision.pk]


def last_day(file: File, row: Remedy) -> date | None:
    """The last day on which this remedy could be asked for; None where nothing says."""
    decision = next(each for each in file.decisions if each.pk == row.decision_id)
    if decision.served_on is None or row.kind == Kind.APPEAL:
        return None
    try:
        if row.kind == Kind.RECONSIDERATION:
            return clocks.due(RECONSIDER, decision.served_on).due
        before = _reconsidered(file, decision)
        if before is not None and before.result_received_on is not None:
            return after_reconsideration(before.result_received_on).due
        if decision.kind == Decision.Kind.SPOT:
            return None
        return clocks.due(SUE, decision.served_on).due
    except Refused:  # a year without calendar
        return None


def is_late(file: File, row: Remedy) -> bool:
    """Whether it was asked for after its last day."""
    last = last_day(file, row)
    return last is not None and row.applied_on > last


def after_reconsideration(received_on: date) -> periods.Period:
    """Fifteen days to sue from the reconsideration decision. Raises Refused without calendar."""
    try:
        rule = limits.of("LITIGATION_AFTER_ARL")
        return rule.due(received_on, calendars.load(), words=RECEIVED)
    except periods.PeriodRefused as refused:
        raise Refused([clock.refusal(refused, field="result_received_on")]) from None


def _reconsidered(file: File, decision: Decision) -> Remedy | None:
    """The reconsideration that has a result which opens the way to court."""
    found = [
        row
        for row in of_decision(file, decision)
        if row.kind == Kind.RECONSIDERATION and row.result in _SUED_AFTER
    ]
    return found[-1] if found else None


def must_reconsider_first(file: File, decision: Decision, today: date) -> bool:
    """On the spot: no suit before the reconsideration has a result, or its time has run out
    without one (行政复议法 23(1)[1], 34)."""
    if decision.kind != Decision.Kind.SPOT or _reconsidered(file, decision) is not None:
        return False
    for row in of_decision(file, decision):
        if row.kind == Kind.RECONSIDERATION and not row.result:
            limit = limits.of("ARL_DECISION").due(row.applied_on, calendars.load())
            return today <= limit.due
    return True


# --- Asked for -------------------------------------------------------------------------------


def can_record_remedy(file: File, row: Decision, user: User, today: date) -> list[Reason]:
    """Why no remedy can be entered against this decision."""
    if row.is_valid:
        return []
    words = {"standing": row.get_standing_display(), "day": day_words(row.ended_on or today)}
    return [Reason(_("这份决定已经%(standing)s（%(day)s），没有可以复议、起诉的内容。") % words)]


@transaction.atomic
def record_remedy(
    decision: Decision,
    *,
    by: User,
    at: datetime,
    kind: str,
    body: str,
    applied_on: date,
    applicant: str = "",
    copy_received_on: date | None = None,
    note: str = "",
) -> Remedy:
    """The party (or somebody else whom the decision touches) asked for a remedy on that day.

    The answer of the organ is due from the day on which the copy arrived. Raises Refused, Decided.
    """
    case = _row.lock(decision.case)
    file = File(case)
    row = _decision(file, decision)
    today = periods.local_date(at)
    found = can_record_remedy(file, row, by, today)
    found += _row.needs(body, "body", _("写明受理机关。"))
    found += day_reasons(applied_on, row.decided_on, today, "applied_on")
    if copy_received_on is not None:
        found += day_reasons(copy_received_on, applied_on, today, "copy_received_on")
    found += _kind_reasons(file, row, kind, today)
    _row.refuse(found)
    remedy = Remedy.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        decision=row,
        kind=kind,
        body=body.strip(),
        applicant=applicant.strip() or row.respondent.name,
        applied_on=applied_on,
        copy_received_on=copy_received_on,
        note=note.strip(),
    )
    if copy_received_on is not None:
        _start_answer(remedy, by=by, at=at)
    if kind == Kind.RECONSIDERATION:
        clocks.meet(RECONSIDER, row, on=applied_on, by=by, at=at)
        why = _("已经申请行政复议，起诉期限自收到复议决定起算")
        clocks.cancel(SUE, row, reason=why, by=by, at=at)
    elif kind == Kind.SUIT:
        clocks.meet(SUE, row, on=applied_on, by=by, at=at)
        why = _("已经提起行政诉讼")
        clocks.cancel(RECONSIDER, row, reason=why, by=by, at=at)
    _row.settle(case, at=at)
    data = {"kind": kind, "on": applied_on, "late": is_late(File(case), remedy)}
    _row.record("cases.record_remedy", case, by=by, at=at, reason=note, row=remedy, data=data)
    return remedy


def _kind_reasons(file: File, row: Decision, kind: str, today: date) -> list[Reason]:
    if kind not in Kind.values:
        return [Reason(_("选择救济途径。"), field="kind")]
    mine = of_decision(file, row)
    if any(each.kind == kind and not each.result for each in mine):
        return [Reason(_("这种途径已经登记，还没有结果。"), field="kind")]
    if kind == Kind.SUIT and must_reconsider_first(file, row, today):
        text = _("当场处罚须先申请行政复议，对复议决定不服的再起诉。")
        return [Reason(text, basis="ARL@2023:23(1)", field="kind")]
    if kind == Kind.APPEAL and not any(
        each.kind == Kind.SUIT and each.result and each.effective_on is None for each in mine
    ):
        text = _("先登记没有生效的一审裁判，再登记上诉。")
        return [Reason(text, field="kind")]
    return []


def _start_answer(remedy: Remedy, *, by: User, at: datetime) -> None:
    assert remedy.copy_received_on is not None
    kind = ANSWERS[Kind(remedy.kind)]
    period = clocks.due(kind, remedy.copy_received_on)
    remedy.answer_due_on = period.due
    remedy.save(update_fields=["copy_received_on", "answer_due_on"])
    clocks.start(kind, remedy, period, case=remedy.case, by=by, at=at)


# --- Answered --------------------------------------------------------------------------------


def can_answer_remedy(file: File, row: Remedy, user: User, today: date) -> list[Reason]:
    """Why no answer can be entered."""
    if row.answered_on is not None:
        return [Reason(_("答复、答辩已经登记。"))]
    if row.result:
        return [Reason(_("已经有结果，不再答复。"))]
    return []


@transaction.atomic
def answer_remedy(
    remedy: Remedy,
    *,
    by: User,
    at: datetime,
    answered_on: date,
    copy_received_on: date | None = None,
) -> Remedy:
    """The organ answered, with its evidence. `copy_received_on` where it was not entered before.
    Raises Refused and Decided."""
    case = _row.lock(remedy.case)
    row = _remedy(File(case), remedy)
    today = periods.local_date(at)
    found = can_answer_remedy(File(case), row, by, today)
    received = row.copy_received_on or copy_received_on
    if received is None:
        found.append(Reason(_("填写收到副本的日期。"), field="copy_received_on"))
    else:
        found += day_reasons(received, row.applied_on, today, "copy_received_on")
        found += day_reasons(answered_on, received, today, "answered_on")
    _row.refuse(found)
    if row.copy_received_on is None:
        row.copy_received_on = received
        _start_answer(row, by=by, at=at)
    row.answered_on = answered_on
    row.save(update_fields=["answered_on"])
    clocks.meet(ANSWERS[Kind(row.kind)], row, on=answered_on, by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.answer_remedy", case, by=by, at=at, row=row, data={"on": answered_on})
    remedy.__dict__.update(row.__dict__)
    return remedy


# --- The result ------------------------------------------------------------------------------


def can_record_result(file: File, row: Remedy, user: User, today: date) -> list[Reason]:
    """Why no result can be entered."""
    if row.result:
        return [Reason(_("结果已经登记。"))]
    if row.kind == Kind.SUIT:
        for each in of_decision(file, _decision_of(file, row)):
            if each.kind == Kind.APPEAL and not each.result:
                return [Reason(_("已经上诉，登记二审的结果。"))]
    return []


@transaction.atomic
def record_result(
    remedy: Remedy,
    *,
    by: User,
    at: datetime,
    result: str,
    result_on: date,
    result_received_on: date,
    document_number: str = "",
    new_fine: Decimal | None = None,
    effective: bool = True,
    note: str = "",
) -> Remedy:
    """How it ended, and what follows for the decision.

    Args:
        new_fine: where it changed the fine, what is left of it (0: nothing); None: as it was.
        effective: False for a first judgment that can still be appealed; nothing follows from it
            before `take_effect`, or the result of the appeal.

    Raises Refused and Decided.
    """
    case = _row.lock(remedy.case)
    file = File(case)
    row = _remedy(file, remedy)
    decision = _decision_of(file, row)
    today = periods.local_date(at)
    found = can_record_result(file, row, by, today)
    if result not in Result.values:
        found.append(Reason(_("选择结果。"), field="result"))
    found += day_reasons(result_on, row.applied_on, today, "result_on")
    found += day_reasons(result_received_on, result_on, today, "result_received_on")
    found += _fine_reasons(file, decision, result, new_fine, note)
    _row.refuse(found)
    row.result, row.result_on, row.result_received_on = result, result_on, result_received_on
    row.document_number, row.new_fine = document_number.strip(), new_fine
    if note.strip():
        row.note = "\n".join(each for each in (row.note, note.strip()) if each)
    row.save()
    kind = ANSWERS[Kind(row.kind)]
    clocks.cancel(kind, row, reason=_("已经有结果"), by=by, at=at)
    waits = row.kind == Kind.SUIT and not effective
    if waits:
        _row.settle(case, at=at)
        data = {"result": result, "on": result_on, "effective": False}
        _row.record("cases.record_result", case, by=by, at=at, reason=note, row=row, data=data)
    else:
        _hold(file, row, decision, "cases.record_result", on=result_received_on, by=by, at=at)
    remedy.__dict__.update(row.__dict__)
    return remedy


def _fine_reasons(
    file: File, decision: Decision, result: str, new_fine: Decimal | None, note: str
) -> list[Reason]:
    if new_fine is None:
        return []
    if result not in _MAY_CHANGE:
        return [Reason(_("只有变更、调解和解才填写变更后的罚款。"), field="new_fine")]
    before = file.fine_of(decision)
    if before is None:
        return [Reason(_("这份决定没有罚款。"), field="new_fine")]
    if new_fine < 0:
        return [Reason(_("罚款不能是负数。"), field="new_fine")]
    if new_fine > before and not note.strip():
        text = _("变更后的罚款高于原来的：一般不得加重，请核对；确有其事的，在说明里写明。")
        return [Reason(text, field="new_fine")]
    return []


def can_take_effect(file: File, row: Remedy, user: User, today: date) -> list[Reason]:
    """Why a judgment does not hold yet, or holds already."""
    if not row.result:
        return [Reason(_("还没有结果。"))]
    if row.effective_on is not None:
        return [Reason(_("已经生效。"))]
    for each in of_decision(file, _decision_of(file, row)):
        if each.kind == Kind.APPEAL and not each.result:
            return [Reason(_("已经上诉，一审裁判没有生效。"))]
    return []


@transaction.atomic
def take_effect(remedy: Remedy, *, by: User, at: datetime, on: date) -> Remedy:
    """Nobody appealed: the first judgment holds from that day. Raises Refused and Decided."""
    case = _row.lock(remedy.case)
    file = File(case)
    row = _remedy(file, remedy)
    today = periods.local_date(at)
    found = can_take_effect(file, row, by, today)
    if row.result_received_on is not None:
        found += day_reasons(on, row.result_received_on, today, "on")
    _row.refuse(found)
    _hold(file, row, _decision_of(file, row), "cases.take_effect", on=on, by=by, at=at)
    remedy.__dict__.update(row.__dict__)
    return remedy


def _hold(
    file: File, row: Remedy, decision: Decision, verb: str, *, on: date, by: User, at: datetime
) -> None:
    """The result holds from that day: what follows for the decision."""
    case = file.case
    row.effective_on = on
    row.save(update_fields=["effective_on"])
    if row.kind == Kind.APPEAL:
        upheld = row.result in (Result.WITHDRAWN, Result.DISMISSED)
        for first in of_decision(file, decision):
            if first.kind == Kind.SUIT and first.result and first.effective_on is None:
                first.effective_on = on
                first.save(update_fields=["effective_on"])
                if upheld:  # nobody looked at it again: the first judgment holds
                    row = first
    standing = STANDINGS.get(Result(row.result))
    if row.result == Result.SETTLED and row.new_fine is not None:
        standing = Decision.Standing.CHANGED
    reason = _told(row)
    data = {"remedy": str(row.pk), "result": row.result, "on": row.result_on, "effective_on": on}
    if standing is not None and decision.is_valid:
        redo = row.result == Result.REVOKED_REDO
        assert row.result_on is not None
        _falling.end(
            file,
            decision,
            standing,
            verb=verb,
            on=row.result_on,
            reason=reason,
            redo_from=on if redo else None,
            by=by,
            at=at,
            data=data,
        )
    else:
        _row.record(verb, case, by=by, at=at, reason=reason, row=row, data=data)
    _time_to_sue(file, row, decision, by=by, at=at)
    _row.settle(case, at=at)


def _time_to_sue(file: File, row: Remedy, decision: Decision, *, by: User, at: datetime) -> None:
    """After a reconsideration the party has fifteen days; where it was taken back, the six months
    from service are what they were."""
    if row.kind != Kind.RECONSIDERATION or not decision.is_valid or decision.served_on is None:
        return
    if any(each.kind == Kind.SUIT for each in of_decision(file, decision)):
        return
    if row.result in _SUED_AFTER:
        assert row.result_received_on is not None
        period = after_reconsideration(row.result_received_on)
    elif row.result == Result.WITHDRAWN and decision.kind != Decision.Kind.SPOT:
        period = clocks.due(SUE, decision.served_on)
    else:
        return
    clocks.cancel(SUE, decision, reason=_told(row), by=by, at=at)
    clocks.start(SUE, decision, period, case=file.case, by=by, at=at)


def _told(row: Remedy) -> str:
    """南宁市人民政府 行政复议 撤销 南府复决〔2025〕3号."""
    parts = [row.body, row.get_kind_display(), row.get_result_display(), row.document_number]
    return " ".join(str(each) for each in parts if each)


# --- The organ's own word --------------------------------------------------------------------


def can_withdraw_decision(file: File, row: Decision, user: User, today: date) -> list[Reason]:
    """Why the organ cannot take its decision back."""
    return can_record_remedy(file, row, user, today)


@transaction.atomic
def withdraw_decision(
    decision: Decision, *, by: User, at: datetime, reason: str, redo: bool
) -> Decision:
    """The organ found its decision wrong and takes it back (行政处罚法 75(2)); `redo` where another
    is to be taken. Raises Refused and Decided."""
    case = _row.lock(decision.case)
    file = File(case)
    row = _decision(file, decision)
    today = periods.local_date(at)
    found = can_withdraw_decision(file, row, by, today)
    found += _row.needs(reason, "reason", _("写明决定错在哪里。"), "APL@2021:75")
    _row.refuse(found)
    _falling.end(
        file,
        row,
        Decision.Standing.WITHDRAWN,
        verb="cases.withdraw_decision",
        on=today,
        reason=reason.strip(),
        redo_from=today if redo else None,
        by=by,
        at=at,
        data={"redo": redo},
    )
    _row.settle(case, at=at)
    decision.__dict__.update(row.__dict__)
    return decision


# --- Small -------------------------------------------------------------------------------------


def _decision(file: File, decision: Decision) -> Decision:
    return next(each for each in file.decisions if each.pk == decision.pk)


def _decision_of(file: File, row: Remedy) -> Decision:
    return next(each for each in file.decisions if each.pk == row.decision_id)


def _remedy(file: File, remedy: Remedy) -> Remedy:
    return next(each for each in file.remedies if each.pk == remedy.pk)
