"""The life of an order to correct (责令限期改正). Read this first.

    draft ──▶ submit ──▶ approve ──▶ issue ──▶ record_service ──▶ record_correction
      ▲          │           │                     │   ▲               │
      └─ amend ◀─ return_to_drafter ◀──────────────┘   │     record_reinspection (n rounds)
                                     record_returned_mail              │
                                                                     judge
     beside it, while the term runs:                                   │
     request_extension ▶ decide_extension, suspend ▶ resume     met ◀──┴──▶ unmet ▶ escalate
     at any time after issue: withdraw

1.  `issue` freezes the words and takes the number; a worker prints them later. Whether the PDF
    is there is a fact of the notice, never a state of the order.
2.  `record_service` starts the clock. A term in days is computed once, then; a named day is
    checked against the day of service. The due day changes only by an extension, by the end of
    a suspension, or by mail that came back, each of them on the record.
3.  Lateness is not stored. `judge` answers from the facts of the re-inspections
    (`verdict.py`), and says by which rule.
4.  Every refusal comes from `reasons.py`, which the pages show before the button is pressed.

Each function is one transaction, takes `by` (who) and `at` (when it happened; the record itself
keeps when it was entered), and leaves one line in the record. Raises `Refused` with reasons;
`Decided` when somebody else was quicker.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Decided, Reason, Refused
from deadlines import clock
from inspections import fieldwork
from legal import calendars, periods
from notices import papers, service
from rectification import reasons, words
from rectification.models import (
    Correction,
    Extension,
    ExtensionState,
    Item,
    Order,
    OrderState,
    Outcome,
    Reinspection,
    Result,
    Suspension,
    TermKind,
    Verdict,
)
from rectification.verdict import Finish, judge as judge_facts

if TYPE_CHECKING:
    from deadlines.models import Deadline
    from inspections.models import Evidence, Finding, Inspection
    from notices.models import Service

DEADLINE_KIND = "RECTIFY"
NOTICE_KIND = "correction_order"
#: No statute fixes the length of the term; the order itself must be within a limit.
TERM_BASIS = ("APL@2021:28(1)", "MPSP@2020:155")


# ---- drafting --------------------------------------------------------------------------------


@transaction.atomic
def draft(
    inspection: Inspection,
    findings: Sequence[Finding],
    *,
    by: User,
    at: datetime,
    term_kind: str,
    term_date: date | None = None,
    term_days: int | None = None,
    interim_measures: str = "",
    corrections: Mapping[Any, str] | None = None,
    form_token: uuid.UUID | None = None,
) -> Order:
    """Begin an order from the findings of a recorded visit.

    `corrections` maps a finding's id to the wording demanded of the enterprise; without it the
    finding's own `required_correction` is taken. The same `form_token` twice returns the order
    that the first call made.
    """
    token = form_token or uuid.uuid4()
    existing = Order.objects.filter(form_token=token).first()
    if existing is not None:
        return existing
    _refuse(_draft_reasons(inspection, findings))
    order = Order.objects.create(
        unit=inspection.unit,
        inspection=inspection,
        enterprise=inspection.enterprise,
        system=inspection.system,
        term_kind=term_kind,
        term_date=term_date,
        term_days=term_days,
        interim_measures=interim_measures,
        drafted_by=by,
        drafted_at=at,
        form_token=token,
    )
    _set_items(order, findings, corrections or {})
    trail.record("orders.draft", order, by=by, at=at, data={"findings": len(findings)})
    return order


def _draft_reasons(inspection: Inspection, findings: Sequence[Finding]) -> list[Reason]:
    found: list[Reason] = []
    if inspection.state not in ("recorded", "closed"):
        found.append(
            Reason(
                _("检查记录还没有签字确认。"),
                basis="MPS176@2026:15(1)",
                url=inspection.get_absolute_url(),
                url_text=_("去完成检查记录"),
            )
        )
    if not findings:
        found.append(Reason(_("至少选择一项检查发现。"), field="findings"))
    if any(f.inspection_id != inspection.pk for f in findings):
        found.append(Reason(_("所选的检查发现不属于这次检查。"), field="findings"))
    taken = (
        Item.objects.filter(finding__in=findings, released=False)
        .select_related("order", "order__notice", "order__enterprise")
        .order_by("finding__ordinal")
    )
    found += [
        Reason(
            _("第%(n)d项发现已经列入另一份责令改正。") % {"n": item.finding.ordinal},
            url=item.order.get_absolute_url(),
            url_text=str(item.order),
            field="findings",
        )
        for item in taken.select_related("finding")
    ]
    return found


def _set_items(order: Order, findings: Sequence[Finding], wording: Mapping[Any, str]) -> None:
    order.items.all().delete()
    Item.objects.bulk_create(
        Item(
            order=order,
            finding=finding,
            ordinal=n,
            required_correction=wording.get(finding.pk, finding.required_correction),
        )
        for n, finding in enumerate(sorted(findings, key=lambda f: f.ordinal), start=1)
    )


@transaction.atomic
def amend(
    order: Order,
    findings: Sequence[Finding],
    *,
    by: User,
    at: datetime,
    version: int,
    term_kind: str,
    term_date: date | None = None,
    term_days: int | None = None,
    interim_measures: str = "",
    corrections: Mapping[Any, str] | None = None,
) -> Order:
    """Change a draft. `version` is the one that the person saw; another one raises `Decided`."""
    order = _lock(order)
    if order.version != version:
        raise Decided.of(order)
    _refuse(reasons.can_amend(order, by, periods.local_date(at)))
    own = {item.finding_id for item in order.items.all()}
    _refuse(
        _draft_reasons(order.inspection, [f for f in findings if f.pk not in own])
        if findings
        else [Reason(_("至少选择一项检查发现。"), field="findings")]
    )
    before = _term(order)
    Order.objects.filter(pk=order.pk).update(
        term_kind=term_kind,
        term_date=term_date,
        term_days=term_days,
        interim_measures=interim_measures,
        version=order.version + 1,
    )
    order.refresh_from_db()
    _set_items(order, findings, corrections or {})
    trail.record(
        "orders.amend", order, by=by, at=at, data={"before": before, "after": _term(order)}
    )
    return order


def _term(order: Order) -> dict[str, Any]:
    return {
        "kind": order.term_kind,
        "date": order.term_date.isoformat() if order.term_date else None,
        "days": order.term_days,
    }


@transaction.atomic
def discard(order: Order, *, by: User, at: datetime) -> Order:
    """Give up a draft. Its findings are free for another order."""
    order = _lock(order)
    _refuse(reasons.can_discard(order, by, periods.local_date(at)))
    order.items.update(released=True)
    trail.move(order, OrderState.DISCARDED, by=by, at=at, verb="orders.discard")
    return order


# ---- approval --------------------------------------------------------------------------------


@transaction.atomic
def submit(order: Order, *, by: User, at: datetime) -> Order:
    order = _lock(order)
    _refuse(reasons.can_submit(order, by, periods.local_date(at)))
    trail.move(
        order,
        OrderState.SUBMITTED,
        by=by,
        at=at,
        verb="orders.submit",
        submitted_at=at,
        submitted_by=by,
        return_reason="",
    )
    return order


@transaction.atomic
def approve(order: Order, *, by: User, at: datetime) -> Order:
    """Agree to a draft. The approver is never the drafter (the database says so, too)."""
    order = _lock(order)
    _refuse(reasons.can_approve(order, by, periods.local_date(at)))
    trail.move(
        order,
        OrderState.APPROVED,
        by=by,
        at=at,
        verb="orders.approve",
        approved_at=at,
        approved_by=by,
    )
    return order


@transaction.atomic
def return_to_drafter(order: Order, *, by: User, at: datetime, reason: str) -> Order:
    """Send a draft back with a reason; an approval that was given falls away."""
    order = _lock(order)
    _refuse(reasons.can_return(order, by, periods.local_date(at)) + _needs(reason, "reason"))
    trail.move(
        order,
        OrderState.RETURNED,
        by=by,
        at=at,
        verb="orders.return",
        reason=reason,
        return_reason=reason,
        approved_at=None,
        approved_by=None,
    )
    return order


# ---- issue and service -----------------------------------------------------------------------


@transaction.atomic
def issue(order: Order, *, by: User, at: datetime) -> Order:
    """Freeze the words, take the number, and owe the print.

    The order's row is locked before the number's, so that of two people who issue the same
    draft one wins and no number is lost; nothing slow happens while the number is held.
    """
    order = _lock(order)
    _refuse(reasons.can_issue(order, by, periods.local_date(at)))
    snapshot = words.snapshot(order, at=at)
    notice = papers.issue_notice(
        NOTICE_KIND,
        unit=order.unit,
        addressee=order.enterprise.name,
        context=words.context(order, snapshot),
        snapshot=snapshot,
        subject=order,
        by=by,
        at=at,
        demonstration=order.is_demonstration,
    )
    trail.move(
        order,
        OrderState.ISSUED,
        by=by,
        at=at,
        verb="orders.issue",
        data={"number": notice.number, "words_sha256": notice.words_sha256},
        issued_at=at,
        issued_by=by,
        notice=notice,
    )
    for item in order.items.select_related("finding"):
        fieldwork.dispose(item.finding, "order", by=by, at=at, note=notice.number)
    return order


@transaction.atomic
def record_service(order: Order, *, by: User, at: datetime, **facts: Any) -> Service:
    """Record an attempt to serve the paper; `facts` are those of `notices.service.record`.

    An attempt that counts as served starts the clock on the day of service; one that failed is
    kept, and the order still waits.
    """
    order = _lock(order)
    _refuse(reasons.can_record_service(order, by, periods.local_date(at)))
    attempt = service.record(order.notice, by=by, at=at, **facts)
    if attempt.served_on is None:
        trail.record(
            "orders.attempt_service", order, by=by, at=at, data={"outcome": attempt.outcome}
        )
        return attempt
    deadline = clock.start(
        order,
        unit=order.unit,
        kind=DEADLINE_KIND,
        period=term_from(order, attempt.served_on),
        by=by,
        at=at,
    )
    trail.move(
        order,
        OrderState.SERVED,
        by=by,
        at=at,
        verb="orders.serve",
        data={"method": attempt.method, "due_on": deadline.due_on.isoformat()},
        served_on=attempt.served_on,
        due_on=deadline.due_on,
    )
    return attempt


def term_from(order: Order, served_on: date) -> periods.Period:
    """The due day of the order's term if it is served on that day, with its derivation.

    Raises `periods.CalendarMissing` for a year without calendar, and `Refused` when a named day
    lies before the service that should start it.
    """
    calendar = calendars.load()
    if order.term_kind in (TermKind.WORKING_DAYS, TermKind.CALENDAR_DAYS):
        assert order.term_days is not None
        return periods.count(
            served_on, order.term_days, order.term_kind, calendar, basis=TERM_BASIS
        )
    day = served_on if order.term_kind == TermKind.IMMEDIATE else order.term_date
    assert day is not None
    if day < served_on:
        raise Refused(
            [
                Reason(
                    _(
                        "通知书写明的期限%(due)s早于送达日期%(served)s，企业没有改正的时间。"
                        "请撤回后重新签发，写明新的期限。"
                    )
                    % {"due": day.isoformat(), "served": served_on.isoformat()},
                    basis=reasons.ORDER_BASIS,
                    url=reasons._url(order, "withdraw"),
                    url_text=_("去撤回"),
                    field="served_on",
                )
            ]
        )
    return periods.named(day, served_on, calendar, basis=TERM_BASIS)


@transaction.atomic
def record_returned_mail(
    order: Order, *, by: User, at: datetime, returned_on: date, note: str
) -> Order:
    """The mail that counted as served came back: the clock stops, and service starts again."""
    order = _lock(order)
    _refuse(reasons.can_record_returned_mail(order, by, periods.local_date(at)))
    service.void(order.notice, returned_on=returned_on, note=note, by=by, at=at)
    if order.suspended:
        order.suspensions.filter(resumed_on__isnull=True).update(
            resumed_on=returned_on, resumed_by=by
        )
    clock.cancel(_deadline(order), reason=note, by=by, at=at)
    trail.move(
        order,
        OrderState.ISSUED,
        by=by,
        at=at,
        verb="orders.mail_returned",
        reason=note,
        served_on=None,
        due_on=None,
        suspended=False,
    )
    return order


# ---- while the term runs ---------------------------------------------------------------------


@transaction.atomic
def request_extension(
    order: Order, *, by: User, at: datetime, until: date, reason: str, by_enterprise: bool = True
) -> Extension:
    """Ask for more time, on the last day of the term at the latest."""
    order = _lock(order)
    refusals = reasons.can_request_extension(order, by, periods.local_date(at))
    refusals += _needs(reason, "reason")
    if order.due_on is not None and until <= order.due_on:
        refusals.append(
            Reason(
                _("延长后的期限必须晚于现在的期限%(date)s。") % {"date": order.due_on.isoformat()},
                field="until",
            )
        )
    _refuse(refusals)
    extension = Extension.objects.create(
        order=order,
        by_enterprise=by_enterprise,
        reason=reason,
        until=until,
        old_due_on=order.due_on,
        requested_at=at,
        requested_by=by,
    )
    trail.record(
        "orders.request_extension",
        order,
        by=by,
        at=at,
        reason=reason,
        data={"from": order.due_on, "until": until},
    )
    return extension


@transaction.atomic
def decide_extension(
    order: Order, *, by: User, at: datetime, granted: bool, note: str = ""
) -> Extension:
    """Grant or refuse more time; never by the person who entered the request.

    A grant replaces the deadline by one that names the new day; the old one stays readable.
    """
    order = _lock(order)
    _refuse(reasons.can_decide_extension(order, by, periods.local_date(at)))
    if not granted:
        _refuse(_needs(note, "note"))
    extension = order.extensions.get(state=ExtensionState.REQUESTED)
    if granted:
        old = _deadline(order)
        period = periods.named(extension.until, old.trigger_on, calendars.load(), basis=TERM_BASIS)
        new = clock.replace(old, period, reason=extension.reason, by=by, at=at)
        _stamp(order, due_on=new.due_on)
    trail.move(
        extension,
        ExtensionState.GRANTED if granted else ExtensionState.REFUSED,
        by=by,
        at=at,
        verb="orders.grant_extension" if granted else "orders.refuse_extension",
        reason=note,
        subject=order,
        data={"from": extension.old_due_on, "until": extension.until},
        decided_at=at,
        decided_by=by,
        decision_note=note,
    )
    return extension


@transaction.atomic
def suspend(order: Order, *, by: User, at: datetime, from_on: date, reason: str) -> Suspension:
    """Let the clock stand from that day on (for instance while a system is sealed by others)."""
    order = _lock(order)
    refusals = reasons.can_suspend(order, by, periods.local_date(at)) + _needs(reason, "reason")
    if order.served_on and not order.served_on <= from_on <= periods.local_date(at):
        refusals.append(Reason(_("中止日期须在送达之后、今天或以前。"), field="from_on"))
    _refuse(refusals)
    clock.suspend(_deadline(order), on=from_on, reason=reason, by=by, at=at)
    suspension = Suspension.objects.create(
        order=order, reason=reason, from_on=from_on, suspended_by=by
    )
    _stamp(order, suspended=True)
    trail.record("orders.suspend", order, by=by, at=at, reason=reason, data={"from": from_on})
    return suspension


@transaction.atomic
def resume(order: Order, *, by: User, at: datetime, on: date) -> Order:
    """Let the clock run again; the due day moves by the span that stood still."""
    order = _lock(order)
    refusals = reasons.can_resume(order, by, periods.local_date(at))
    suspension = order.suspensions.filter(resumed_on__isnull=True).first()
    if suspension is not None and not suspension.from_on <= on <= periods.local_date(at):
        refusals.append(Reason(_("恢复日期须在中止日期之后、今天或以前。"), field="on"))
    _refuse(refusals)
    assert suspension is not None
    new = clock.resume(_deadline(order), on=on, calendar=calendars.load(), by=by, at=at)
    suspension.resumed_on, suspension.resumed_by = on, by
    suspension.save(update_fields=["resumed_on", "resumed_by"])
    _stamp(order, suspended=False, due_on=new.due_on)
    trail.record("orders.resume", order, by=by, at=at, data={"on": on, "due_on": new.due_on})
    return order


# ---- correction, re-inspection, verdict ------------------------------------------------------


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
    evidence: Iterable[Evidence] = (),
    on_the_spot: bool = False,
) -> Correction:
    """Enter what the enterprise says it has corrected. When nothing is left, it awaits a look."""
    order = _lock(order)
    items = list(items)
    refusals = reasons.can_record_correction(order, by, periods.local_date(at))
    refusals += _needs(note, "note")
    if not items:
        refusals.append(Reason(_("至少选择一项已改正的问题。"), field="items"))
    if completed_on > received_on:
        refusals.append(Reason(_("完成日期不能晚于收到报告的日期。"), field="completed_on"))
    if received_on > periods.local_date(at):
        refusals.append(Reason(_("收到报告的日期不能晚于今天。"), field="received_on"))
    if completed_on < order_day(order):
        refusals.append(Reason(_("完成日期不能早于检查日期。"), field="completed_on"))
    _refuse(refusals)
    correction = Correction.objects.create(
        order=order,
        completed_on=completed_on,
        received_on=received_on,
        note=note,
        on_the_spot=on_the_spot,
        entered_at=at,
        entered_by=by,
    )
    correction.items.set(items)
    correction.evidence.set(evidence)
    reported = set(Item.objects.filter(corrections__order=order).values_list("pk", flat=True))
    complete = reported >= {item.pk for item in order.items.all()}
    if complete:
        _stamp(order, reported_on=received_on)
    trail.record(
        "orders.correct_on_the_spot" if on_the_spot else "orders.correct",
        order,
        by=by,
        at=at,
        data={
            "items": [i.ordinal for i in items],
            "completed_on": completed_on,
            "complete": complete,
        },
    )
    return correction


order_day = reasons.order_day


@transaction.atomic
def record_reinspection(
    order: Order,
    results: Mapping[int, tuple[str, date | None, str]],
    *,
    by: User,
    at: datetime,
    held_on: date,
    officers: tuple[User, User],
    note: str = "",
    evidence: Iterable[Evidence] = (),
) -> Reinspection:
    """Enter one round: `results` maps an item's id to (outcome, day completed, note).

    Items that are not named keep the result of the round before. When an item is found not
    corrected, the enterprise's report no longer counts: it owes a new one.
    """
    order = _lock(order)
    _refuse(
        reasons.can_record_reinspection(order, by, periods.local_date(at))
        + _round_reasons(order, results, held_on=held_on, officers=officers, at=at)
    )
    reinspection = Reinspection.objects.create(
        order=order,
        round=order.reinspections.count() + 1,
        held_on=held_on,
        officer_1=officers[0],
        officer_2=officers[1],
        note=note,
        entered_at=at,
        entered_by=by,
    )
    reinspection.evidence.set(evidence)
    Result.objects.bulk_create(
        Result(
            reinspection=reinspection,
            item_id=item_id,
            outcome=outcome,
            completed_on=completed_on if outcome == Outcome.CORRECTED else None,
            note=remark,
        )
        for item_id, (outcome, completed_on, remark) in results.items()
    )
    unmet = [
        i
        for i, (outcome, *_rest) in results.items()
        if outcome not in (Outcome.CORRECTED, Outcome.WAIVED)
    ]
    if unmet and order.reported_on is not None:
        _stamp(order, reported_on=None)
    trail.record(
        "orders.reinspect",
        order,
        by=by,
        at=at,
        data={
            "round": reinspection.round,
            "corrected": len(results) - len(unmet),
            "unmet": len(unmet),
        },
    )
    return reinspection


def _round_reasons(
    order: Order,
    results: Mapping[int, tuple[str, date | None, str]],
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
    if order.served_on is not None and held_on < order.served_on:
        found.append(Reason(_("复查日期不能早于送达日期。"), field="held_on"))
    if held_on > periods.local_date(at):
        found.append(Reason(_("复查日期不能晚于今天。"), field="held_on"))
    if officers[0].pk == officers[1].pk:
        found.append(
            Reason(_("复查须由两名民警进行。"), basis=reasons.TWO_OFFICERS, field="officer_2")
        )
    found += [
        Reason(
            _("%(name)s的执法证件在复查日期无效或已过期。") % {"name": officer.name},
            basis=reasons.TWO_OFFICERS,
            field=f"officer_{n}",
        )
        for n, officer in enumerate(officers, start=1)
        if not officer.certificate_valid_on(held_on)
    ]
    for outcome, completed_on, _remark in results.values():
        if outcome == Outcome.CORRECTED and completed_on is None:
            found.append(Reason(_("已改正的项须填写认定的完成日期。"), field="results"))
        elif completed_on is not None and completed_on > held_on:
            found.append(Reason(_("认定的完成日期不能晚于复查日期。"), field="results"))
    return found


@transaction.atomic
def correct_on_the_spot(
    order: Order,
    *,
    by: User,
    at: datetime,
    officers: tuple[User, User],
    note: str,
    evidence: Iterable[Evidence] = (),
) -> Order:
    """Everything was put right in front of the officers (现场整改): report, round and verdict."""
    day = periods.local_date(at)
    items = list(order.items.all())
    evidence = list(evidence)
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
        evidence=evidence,
    )
    return order


@transaction.atomic
def judge(order: Order, *, by: User, at: datetime) -> Order:
    """Answer: was it met by its deadline? The facts decide, not the person."""
    order = _lock(order)
    _refuse(reasons.can_judge(order, by, periods.local_date(at)))
    answer = judge_facts(order.due_on, finishes(order), basis=settings.RECTIFICATION_VERDICT_BASIS)
    deadline = _deadline(order)
    if answer.verdict in (Verdict.PARTLY, Verdict.NOT_MET):
        clock.cancel(deadline, reason=str(answer.verdict.label), by=by, at=at)
    else:
        done = answer.basis.get("decided_by") or periods.local_date(at).isoformat()
        clock.meet(deadline, on=date.fromisoformat(done), by=by, at=at)
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
    )
    return order


def finishes(order: Order) -> list[Finish]:
    """The latest result of each item, as `verdict.judge` wants it."""
    latest: dict[int, Finish] = {}
    for result in (
        Result.objects.filter(reinspection__order=order)
        .select_related("reinspection", "item")
        .order_by("reinspection__round")
    ):
        latest[result.item_id] = Finish(
            ordinal=result.item.ordinal,
            outcome=result.outcome,
            completed_on=result.completed_on,
            verified_on=result.reinspection.held_on,
        )
    return list(latest.values())


# ---- what may come after ---------------------------------------------------------------------


@transaction.atomic
def escalate(order: Order, *, by: User, at: datetime, to: str, reason: str) -> Order:
    """Hand an unmet order on: to a penalty case, to the superior unit, to another authority."""
    order = _lock(order)
    _refuse(
        reasons.can_escalate(order, by, periods.local_date(at))
        + _needs(to, "to")
        + _needs(reason, "reason")
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
        escalated_to=to,
    )
    return order


@transaction.atomic
def withdraw(order: Order, *, by: User, at: datetime, reason: str) -> Order:
    """Take an issued order back. The paper stays what it was, marked withdrawn; the number is
    never used again; the findings are free for another order."""
    order = _lock(order)
    _refuse(reasons.can_withdraw(order, by, periods.local_date(at)) + _needs(reason, "reason"))
    papers.withdraw(order.notice, reason=reason, by=by, at=at)
    deadline = clock.running(order, DEADLINE_KIND)
    if deadline is not None:
        clock.cancel(deadline, reason=reason, by=by, at=at)
    for extension in order.extensions.filter(state=ExtensionState.REQUESTED):
        trail.move(
            extension,
            ExtensionState.LAPSED,
            by=by,
            at=at,
            verb="orders.lapse_extension",
            subject=order,
        )
    for item in order.items.select_related("finding"):
        fieldwork.dispose(item.finding, "none", by=by, at=at, note=reason)
    order.items.update(released=True)
    trail.move(
        order,
        OrderState.WITHDRAWN,
        by=by,
        at=at,
        verb="orders.withdraw",
        reason=reason,
        withdrawn_at=at,
        withdrawn_by=by,
        withdraw_reason=reason,
    )
    return order


# ---- helpers of the verbs --------------------------------------------------------------------


def _lock(order: Order) -> Order:
    """The row as it is now, held until the transaction ends."""
    return (
        Order.objects.select_for_update(of=("self",))
        .select_related("unit", "enterprise", "inspection", "system", "notice", "drafted_by")
        .get(pk=order.pk)
    )


def _refuse(found: list[Reason]) -> None:
    if found:
        raise Refused(found)


def _needs(text: str, field: str) -> list[Reason]:
    return [] if text.strip() else [Reason(_("这一项必须填写。"), field=field)]


def _stamp(order: Order, **facts: Any) -> None:
    """Repeat on the order a fact that another row of the same transaction owns."""
    for name, value in facts.items():
        setattr(order, name, value)
    order.version += 1
    order.save(update_fields=[*facts, "version"])


def _deadline(order: Order) -> Deadline:
    deadline = clock.running(order, DEADLINE_KIND)
    assert deadline is not None, "a served order has a running deadline"
    return deadline
