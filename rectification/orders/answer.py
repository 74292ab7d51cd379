"""Was it met? What the enterprise reports, what the officers see, and the verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason
from deadlines import clock, reminders
from deadlines.models import Reminder
from legal import periods
from rectification import course, house, reasons
from rectification.models import (
    UNMET,
    Correction,
    ExtensionState,
    Item,
    Order,
    OrderState,
    Outcome,
    Reinspection,
    Result,
)
from rectification.orders import _clocks, _duty
from rectification.orders._row import Upload, attach, lock, needs, refuse, settle, stamp
from rectification.orders.term import lapse
from rectification.verdict import Basis, Finish, Judgement
from rectification.verdict import judge as judge_facts

Answer = tuple[str, date | None, str]


@transaction.atomic
def record_correction(
    order: Order,
    items: Iterable[Item],
    *,
    by: User,
    at: datetime,
    completed_on: date,
    received_on: date,
    note: str,
    evidence: Iterable[Upload] = (),
    on_the_spot: bool = False,
) -> Correction:
    """Enter what the enterprise says it has corrected. When nothing is left, it awaits a look."""
    order = lock(order)
    items = list(items)
    today = periods.local_date(at)
    refuse(
        reasons.can_record_correction(order, by, today)
        + needs(note, "note", _("写明改正情况。"))
        + _report_reasons(order, items, completed_on, received_on, today)
    )
    correction = Correction.objects.create(
        order=order,
        completed_on=completed_on,
        received_on=received_on,
        note=note.strip(),
        on_the_spot=on_the_spot,
        entered_at=at,
        entered_by=by,
    )
    correction.items.set(items)
    attach(order, evidence, by=by, at=at, correction=correction)
    course.forget(order)
    complete = not course.of(order).unreported()
    settle(order, reported_on=received_on if complete else None)
    _clocks.hold(order)
    trail.record(
        "orders.correct_on_the_spot" if on_the_spot else "orders.record_correction",
        order,
        by=by,
        at=at,
        data={
            "items": [item.ordinal for item in items],
            "completed_on": completed_on,
            "complete": complete,
        },
    )
    _duty.keep(order, by=by, at=at)
    return correction


def _report_reasons(
    order: Order, items: list[Item], completed_on: date, received_on: date, today: date
) -> list[Reason]:
    found: list[Reason] = []
    if not items:
        found.append(Reason(_("至少选择一项已改正的问题。"), field="items"))
    if any(item.order_id != order.pk for item in items):
        found.append(Reason(_("所选的事项不属于这份责令改正。"), field="items"))
    if completed_on > received_on:
        found.append(Reason(_("完成日期不能晚于收到报告的日期。"), field="completed_on"))
    if received_on > today:
        found.append(Reason(_("收到报告的日期不能晚于今天。"), field="received_on"))
    visited_on = reasons.order_day(order)
    if completed_on < visited_on:
        sentence = _("完成日期不能早于检查日期（%(date)s）。")
        found.append(
            Reason(sentence % {"date": reasons.day_words(visited_on)}, field="completed_on")
        )
    return found


@transaction.atomic
def record_reinspection(
    order: Order,
    results: Mapping[int, Answer],
    *,
    by: User,
    at: datetime,
    held_on: date,
    officers: tuple[User, User],
    note: str = "",
    evidence: Iterable[Upload] = (),
) -> Reinspection:
    """Enter one round: `results` maps an item's id to (outcome, day completed, note).

    Items that are not named keep the result of the round before. When an item is found not
    corrected, the enterprise's report no longer counts: it owes a new one.
    """
    order = lock(order)
    refuse(
        reasons.can_record_reinspection(order, by, periods.local_date(at))
        + _round_reasons(order, results, held_on=held_on, officers=officers, at=at)
    )
    reinspection = Reinspection.objects.create(
        order=order,
        round=len(course.of(order).rounds) + 1,
        held_on=held_on,
        officer_1=officers[0],
        officer_2=officers[1],
        note=note.strip(),
        entered_at=at,
        entered_by=by,
    )
    attach(order, evidence, by=by, at=at, reinspection=reinspection)
    Result.objects.bulk_create(
        Result(
            reinspection=reinspection,
            item_id=item_id,
            outcome=outcome,
            completed_on=completed_on if outcome == Outcome.CORRECTED else None,
            note=remark.strip(),
        )
        for item_id, (outcome, completed_on, remark) in results.items()
    )
    unmet = [item_id for item_id, answer in results.items() if answer[0] not in course.DONE]
    settle(order, reported_on=None if unmet else order.reported_on)
    _clocks.hold(order)
    trail.record(
        "orders.record_reinspection",
        order,
        by=by,
        at=at,
        data={
            "round": reinspection.round,
            "held_on": held_on,
            "corrected": len(results) - len(unmet),
            "unmet": len(unmet),
        },
    )
    _duty.keep(order, by=by, at=at)
    return reinspection


def _round_reasons(
    order: Order,
    results: Mapping[int, Answer],
    *,
    held_on: date,
    officers: tuple[User, User],
    at: datetime,
) -> list[Reason]:
    found: list[Reason] = []
    if not results:
        found.append(Reason(_("至少填写一项复查结果。"), field="results"))
    if set(results) - {item.pk for item in order.items.all()}:
        found.append(Reason(_("复查结果不属于这份责令改正。"), field="results"))
    earliest = _first_day_of_a_round(order, at)
    if earliest is not None and held_on < earliest:
        sentence = _("复查日期不能早于送达日期（%(date)s）。")
        found.append(Reason(sentence % {"date": reasons.day_words(earliest)}, field="held_on"))
    if held_on > periods.local_date(at):
        found.append(Reason(_("复查日期不能晚于今天。"), field="held_on"))
    if officers[0].pk == officers[1].pk:
        found.append(
            Reason(_("复查须由两名民警进行。"), basis=reasons.TWO_OFFICERS, field="officer_2")
        )
    found += [
        Reason(
            _("%(name)s 的执法证件在复查日期无效或已过期。") % {"name": officer.name},
            basis=reasons.TWO_OFFICERS,
            field=f"officer_{n}",
        )
        for n, officer in enumerate(officers, start=1)
        if not officer.certificate_valid_on(held_on)
    ]
    ordinals = {item.pk: item.ordinal for item in order.items.all()}
    for item_id, (outcome, completed_on, _remark) in results.items():
        n = ordinals.get(item_id, 0)
        if outcome == Outcome.CORRECTED and completed_on is None:
            sentence = _("第 %(n)d 项已改正，须填写认定的完成日期。")
            found.append(Reason(sentence % {"n": n}, field=f"completed_{item_id}"))
        elif outcome == Outcome.CORRECTED and completed_on is not None and completed_on > held_on:
            sentence = _("第 %(n)d 项认定的完成日期不能晚于复查日期。")
            found.append(Reason(sentence % {"n": n}, field=f"completed_{item_id}"))
    return found


def _first_day_of_a_round(order: Order, at: datetime) -> date | None:
    """Service; before it, where a publication still runs but the enterprise has reported."""
    if order.awaits_service_day(periods.local_date(at)) and order.issued_at is not None:
        return periods.local_date(order.issued_at)
    return order.served_on


@transaction.atomic
def correct_on_the_spot(
    order: Order,
    *,
    by: User,
    at: datetime,
    officers: tuple[User, User],
    note: str,
    evidence: Iterable[Upload] = (),
) -> Order:
    """Everything was put right in front of the officers (现场整改): report and round in one.

    The verdict is still `judge`'s.
    """
    day = periods.local_date(at)
    refuse(reasons.can_correct_on_the_spot(lock(order), by, day))
    items = list(order.items.all())
    record_correction(
        order,
        items,
        by=by,
        at=at,
        completed_on=day,
        received_on=day,
        note=note,
        evidence=evidence,
        on_the_spot=True,
    )
    record_reinspection(
        order,
        {item.pk: (Outcome.CORRECTED, day, "") for item in items},
        by=by,
        at=at,
        held_on=day,
        officers=officers,
        note=note,
    )
    return order


@transaction.atomic
def judge(order: Order, *, by: User, at: datetime) -> Order:
    """Answer: was it met by its deadline? The facts decide, not the person."""
    order = lock(order)
    refuse(reasons.can_judge(order, by, periods.local_date(at)))
    answer = judgement(order)
    for group in _clocks.groups(order):
        _end(order, group, by=by, at=at)
    lapse(order, (ExtensionState.REQUESTED,), reason=str(answer.verdict.label), by=by, at=at)
    trail.move(
        order,
        OrderState.JUDGED,
        by=by,
        at=at,
        verb="orders.judge",
        data={"verdict": answer.verdict.value, "days_late": answer.days_late},
        verdict=answer.verdict.value,
        verdict_basis=answer.basis,
        days_late=answer.days_late,
        judged_at=at,
        judged_by=by,
        late_request=False,
    )
    _duty.keep(order, by=by, at=at)
    return order


def _end(order: Order, group: _clocks.Group, *, by: User, at: datetime) -> None:
    """A deadline whose items were all corrected is met on the day that counts; the others end."""
    answer = judge_facts(finishes(order, group.items), basis=basis_of(order))
    if answer.verdict in UNMET:
        clock.cancel(group.deadline, reason=str(answer.verdict.label), by=by, at=at)
    else:
        done = answer.basis.get("decided_by") or periods.local_date(at).isoformat()
        clock.meet(group.deadline, on=date.fromisoformat(done), by=by, at=at)


def judgement(order: Order) -> Judgement:
    """What the facts say now; the page shows it before anybody presses the button.

    Raises ValueError for an order without due day or without results.
    """
    if order.due_on is None:
        raise ValueError("an order that was not served cannot be judged")
    return judge_facts(finishes(order), basis=basis_of(order))


def basis_of(order: Order) -> Basis:
    """Which day decides, as the house had set it on the day of issue."""
    return cast(Basis, str(house.rules(order).verdict_basis))


def finishes(order: Order, items: Collection[int] | None = None) -> list[Finish]:
    """The latest result of each item (or of these), as `verdict.judge` wants it."""
    happened = course.of(order)
    found = []
    for item, seen in happened.latest.items():
        due_on = happened.due_on[item]
        if due_on is not None and (items is None or item in items):
            found.append(
                Finish(
                    ordinal=happened.items[item],
                    outcome=seen.outcome,
                    completed_on=seen.completed_on,
                    verified_on=seen.round.held_on,
                    due_on=due_on,
                )
            )
    return found


@transaction.atomic
def escalate(order: Order, *, by: User, at: datetime, to: str, reason: str) -> Order:
    """Hand an unmet order on: to a penalty case, to the superior unit, to another authority."""
    order = lock(order)
    refuse(
        reasons.can_escalate(order, by, periods.local_date(at))
        + needs(to, "to", _("写明转到哪里。"))
        + needs(reason, "reason", _("写明认定拒不改正的理由。"))
    )
    trail.move(
        order,
        OrderState.ESCALATED,
        by=by,
        at=at,
        verb="orders.escalate",
        reason=reason,
        data={"to": to},
        escalated_at=at,
        escalated_by=by,
        escalated_to=to.strip(),
    )
    return order


@transaction.atomic
def report_upward(order: Order, *, by: User, at: datetime, reason: str) -> Reminder:
    """Tell the unit above of an order that is overdue, or that was not met: it shows in the inbox
    there. Nothing else follows from it."""
    order = lock(order)
    refuse(
        reasons.can_report_upward(order, by, periods.local_date(at))
        + needs(reason, "reason", _("写明上报的理由。"))
    )
    upper = order.unit.parent
    assert upper is not None, "can_report_upward asks for it"
    report = reminders.report(_clocks.of_the_day(order), by=by, at=at, reason=reason)
    stamp(order)
    trail.record(
        "orders.report_upward",
        order,
        by=by,
        at=at,
        reason=reason,
        data={"to": upper.name, "due_on": order.due_on},
    )
    return report
