"""Measures with a term of their own (停业整顿一个月 …): from service to their end, watched like
orders.

    begin_all ──▶ record_check* ──▶ lift_measure (early) | end_measure (the term is over)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from deadlines import clock
from legal import calendars, periods
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _row
from penalties.models import Decision, Measure, StopCheck, StopMeasure
from rectification.reasons import day_words

trail.words(
    {
        "cases.record_check": gettext_lazy("检查限期措施的执行"),
        "cases.lift_measure": gettext_lazy("提前解除限期措施"),
        "cases.end_measure": gettext_lazy("限期措施期满解除"),
    }
)

KIND = "STOP_MEASURE"
#: Kinds that take time to be kept, and so can be broken.
WATCHED = frozenset({Measure.SUSPENSION, Measure.RESTRICTION, Measure.CLOSURE, Measure.BAN})
SERVED = periods.Words("送达处罚决定书", "service of the decision")
_UNITS = {"day": periods.CALENDAR_DAY, "month": periods.MONTH, "year": periods.YEAR}


# --- Begin and end with the decision -------------------------------------------------------------


def begin_all(decision: Decision, *, on: date, by: User, at: datetime) -> list[StopMeasure]:
    """The measures of a decision begin with its service; inside the verb that records it.

    A last day that is a day of rest stays where it is: the party is not held for longer. Raises
    Refused for a year without calendar.
    """
    return [
        _begin(decision, item, on=on, by=by, at=at)
        for item in decision.items
        if item.get("measure") in WATCHED
    ]


def _begin(
    decision: Decision, item: dict[str, Any], *, on: date, by: User, at: datetime
) -> StopMeasure:
    measure = str(item["measure"])
    period = _term(item, on)
    row = StopMeasure.objects.create(
        case=decision.case,
        entered_at=at,
        entered_by=by,
        decision=decision,
        measure=measure,
        detail=str(item.get("detail") or "") or str(Measure(measure).label),
        starts_on=on,
        ends_on=period.due if period else None,
        derivation=period.derivation if period else {},
    )
    if period is not None:
        clocks.start(KIND, row, period, case=decision.case, by=by, at=at)
    return row


def _term(item: dict[str, Any], on: date) -> periods.Period | None:
    length, unit = item.get("length"), _UNITS.get(str(item.get("length_unit")))
    if not length or unit is None:
        return None
    basis = [ref for ref in [(item.get("clause") or {}).get("ref")] if ref]
    try:
        return periods.count(
            on, int(length), unit, calendars.load(), basis=basis, event=SERVED, roll=False
        )
    except periods.PeriodRefused as refused:
        raise Refused([clock.refusal(refused)]) from None


def lift_all(
    file: File, decision: Decision, *, on: date, reason: str, by: User, at: datetime
) -> None:
    """The decision does not hold any more, or was never served: nothing of it is watched."""
    for row in file.stop_measures:
        if row.decision_id == decision.pk and row.lifted_on is None:
            _lift(row, on=on, reason=reason)
            clocks.cancel(KIND, row, reason=reason, by=by, at=at)


def _lift(row: StopMeasure, *, on: date, reason: str) -> None:
    row.lifted_on, row.lifted_reason = on, reason[:300]
    row.save(update_fields=["lifted_on", "lifted_reason"])


def stand_still(file: File, decision: Decision, *, on: date, by: User, at: datetime) -> None:
    """Execution is stayed: the terms that still run stand still."""
    for row in _running(file, decision):
        deadline = clock.running(row, KIND)
        if deadline is None or deadline.state == deadline.SUSPENDED:
            continue
        if deadline.trigger_on <= on <= deadline.due_on:
            clock.suspend(deadline, on=on, reason=_("停止执行"), by=by, at=at)


def go_on(file: File, decision: Decision, *, on: date, by: User, at: datetime) -> None:
    """The stay is over: each term ends as much later as it stood still."""
    calendar = calendars.load()
    for row in _running(file, decision):
        deadline = clock.running(row, KIND)
        if deadline is not None and deadline.state == deadline.SUSPENDED:
            assert deadline.suspended_on is not None
            last = max(on, deadline.suspended_on)
            new = clock.resume(deadline, on=last, calendar=calendar, by=by, at=at)
            row.ends_on, row.derivation = new.due_on, new.derivation
            row.save(update_fields=["ends_on", "derivation"])


def _running(file: File, decision: Decision) -> list[StopMeasure]:
    return [
        row
        for row in file.stop_measures
        if row.decision_id == decision.pk and row.lifted_on is None
    ]


def is_stayed(file: File, row: StopMeasure) -> bool:
    """Whether execution of the decision stands still now."""
    return any(stay.decision_id == row.decision_id and not stay.until_on for stay in file.stays)


# --- Watching ------------------------------------------------------------------------------------


def _over(row: StopMeasure) -> list[Reason]:
    return [Reason(_("这项措施已经解除。"))] if row.lifted_on is not None else []


def can_record_check(file: File, row: StopMeasure, user: User, today: date) -> list[Reason]:
    """Why no check can be entered."""
    found = _over(row)
    if row.starts_on > today:
        found.append(Reason(_("措施还没有开始执行（公告期内）。")))
    if is_stayed(file, row):
        found.append(Reason(_("决定停止执行期间，措施不执行。"), basis="ARL@2023:42"))
    return found


@transaction.atomic
def record_check(
    measure: StopMeasure,
    *,
    by: User,
    at: datetime,
    held_on: date,
    officers: Sequence[User],
    result: str,
    note: str,
) -> StopCheck:
    """Two officers went to see whether the measure is kept. Raises Refused and Decided."""
    case = _row.lock(measure.case)
    file = File(case)
    row = _row_of(file, measure)
    today = periods.local_date(at)
    found = can_record_check(file, row, by, today)
    if len({officer.pk for officer in officers}) < 2:
        text = _("检查须有两名民警，不能是同一人。")
        found.append(Reason(text, basis="APL@2021:42(1)", field="officer_2"))
    if held_on > today:
        found.append(Reason(_("检查日期不能晚于今天。"), field="held_on"))
    if held_on < row.starts_on:
        found.append(Reason(_("检查日期不能早于措施开始之日。"), field="held_on"))
    if result not in StopCheck.Result.values:
        found.append(Reason(_("选择检查结果。"), field="result"))
    found += _row.needs(note, "note", _("写明看到的情况。"))
    _row.refuse(found)
    check = StopCheck.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        measure=row,
        held_on=held_on,
        officers=[officer.name for officer in officers],
        result=result,
        note=note.strip(),
    )
    _row.settle(case, at=at)
    data = {"on": held_on, "result": result}
    _row.record("cases.record_check", case, by=by, at=at, reason=note, row=check, data=data)
    return check


# --- The end -------------------------------------------------------------------------------------


def can_lift_measure(file: File, row: StopMeasure, user: User, today: date) -> list[Reason]:
    """Why the measure cannot be lifted before its term."""
    found = _over(row)
    if row.ends_on is not None and today > row.ends_on:
        found.append(Reason(_("期限已经届满，按期满解除办理。")))
    return found


def can_end_measure(file: File, row: StopMeasure, user: User, today: date) -> list[Reason]:
    """Why the term is not over."""
    found = _over(row)
    if row.ends_on is None:
        found.append(Reason(_("这项措施没有期限，解除须写明理由，按提前解除办理。")))
    elif today <= row.ends_on and not found:
        found.append(Reason(_("期限到 %(day)s 才届满。") % {"day": day_words(row.ends_on)}))
    if is_stayed(file, row):
        found.append(Reason(_("决定停止执行期间，期限不计算。"), basis="ARL@2023:42"))
    return found


@transaction.atomic
def lift_measure(
    measure: StopMeasure, *, by: User, at: datetime, on: date, reason: str
) -> StopMeasure:
    """The measure ends before its term, for this reason. Raises Refused and Decided."""
    case = _row.lock(measure.case)
    file = File(case)
    row = _row_of(file, measure)
    today = periods.local_date(at)
    found = can_lift_measure(file, row, by, today)
    found += _row.needs(reason, "reason", _("写明提前解除的理由。"))
    if on > today:
        found.append(Reason(_("解除日期不能晚于今天。"), field="on"))
    if on < row.starts_on:
        found.append(Reason(_("解除日期不能早于措施开始之日。"), field="on"))
    _row.refuse(found)
    _lift(row, on=on, reason=reason.strip())
    clocks.cancel(KIND, row, reason=reason, by=by, at=at)
    _row.settle(case, at=at)
    data = {"on": on}
    _row.record("cases.lift_measure", case, by=by, at=at, reason=reason, row=row, data=data)
    measure.__dict__.update(row.__dict__)
    return measure


@transaction.atomic
def end_measure(measure: StopMeasure, *, by: User, at: datetime, note: str = "") -> StopMeasure:
    """The term is over: the measure ends with its last day. `note` is how it was kept. Raises
    Refused and Decided."""
    case = _row.lock(measure.case)
    file = File(case)
    row = _row_of(file, measure)
    _row.refuse(can_end_measure(file, row, by, periods.local_date(at)))
    assert row.ends_on is not None
    note = note.strip()
    reason = _("期限届满：%(note)s") % {"note": note} if note else _("期限届满")
    _lift(row, on=row.ends_on, reason=reason)
    clocks.meet(KIND, row, on=row.ends_on, by=by, at=at)
    _row.settle(case, at=at)
    data = {"on": row.ends_on}
    _row.record("cases.end_measure", case, by=by, at=at, reason=note, row=row, data=data)
    measure.__dict__.update(row.__dict__)
    return measure


def _row_of(file: File, measure: StopMeasure) -> StopMeasure:
    return next(each for each in file.stop_measures if each.pk == measure.pk)
