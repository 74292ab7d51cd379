"""While the term runs: more time for some items or all, and days that do not count."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import calendars, periods
from legal.periods import Period
from notices import papers
from notices.models import Notice
from rectification import course, extension_words, term_reasons
from rectification.models import (
    Asked,
    Extension,
    ExtensionState,
    Ground,
    Item,
    Order,
    Suspension,
)
from rectification.orders import _clocks, _duty
from rectification.orders._row import (
    DECISION_KIND,
    Upload,
    attach,
    lock,
    needs,
    refuse,
    settle,
    stamp,
)


@transaction.atomic
def request_extension(
    order: Order,
    *,
    by: User,
    at: datetime,
    until: date,
    reason: str,
    by_enterprise: bool = True,
    items: Iterable[Item] | None = None,
    asked_at: datetime | None = None,
    evidence: Iterable[Upload] = (),
) -> Extension:
    """Ask for more time for these items (all that are still owed, if none are named).

    `asked_at` is when it was asked, on the last day of the term at the latest (24:00 of that day);
    it may be entered later. A request that came after that is refused, unless the house takes
    late ones: then it is marked and holds nothing. The items must share one due day.
    """
    order = lock(order)
    asked_at = asked_at or at
    refuse(term_reasons.can_request_extension(order, by, periods.local_date(at)))
    happened = course.of(order)
    chosen = happened.unreported() if items is None else {item.pk for item in items}
    late = term_reasons.is_late(happened, chosen, asked_at)
    refuse(
        term_reasons.of_items(order, chosen)
        + term_reasons.of_asking(order, chosen, asked_at, at)
        + needs(reason, "reason", _("写明需要延期的理由。"))
        + term_reasons.of_day(order, chosen, until)
    )
    old_due_on = happened.due_on[min(chosen)]
    assert old_due_on is not None, "items of a served order fall due"
    extension = Extension.objects.create(
        order=order,
        by_enterprise=by_enterprise,
        reason=reason.strip(),
        asked_at=asked_at,
        late=late,
        until=until,
        old_due_on=old_due_on,
        requested_at=at,
        requested_by=by,
    )
    Asked.objects.bulk_create(Asked(extension=extension, item_id=item) for item in sorted(chosen))
    attach(order, evidence, by=by, at=at, extension=extension)
    stamp(order, extension_pending=not late, late_request=late)
    _clocks.hold(order)
    trail.record(
        "orders.request_extension",
        order,
        by=by,
        at=at,
        reason=reason,
        data={
            "due_on": old_due_on,
            "until": until,
            "by_enterprise": by_enterprise,
            "items": happened.numbers(chosen),
            "asked_at": asked_at,
            "late": late,
        },
    )
    _duty.start_deciding(order, extension, by=by, at=at)
    return extension


@transaction.atomic
def decide_extension(
    order: Order,
    *,
    by: User,
    at: datetime,
    granted: bool,
    note: str = "",
    items: Iterable[Item] | None = None,
    until: date | None = None,
) -> Extension:
    """Grant or refuse more time, on a paper of its own; never by the person who entered the
    request.

    A grant may be for fewer items (`items`) and an earlier day (`until`) than were asked for. Items
    that are moved as a whole get their deadline replaced; some of several get one of their own.
    The old one stays readable.
    """
    order = lock(order)
    refuse(term_reasons.can_decide_extension(order, by, periods.local_date(at)))
    extension = order.extensions.select_related("order").get(state=ExtensionState.REQUESTED)
    answer = _answer(order, extension, granted, note, items, until)
    asked, chosen, until = answer.asked, answer.chosen, answer.until
    if answer.period is not None:
        _clocks.move(order, extension, chosen, answer.period, by=by, at=at)
        extension.asked.filter(item__in=chosen).update(granted=True)
    notice = _paper(order, extension, answer, by=by, at=at)
    trail.move(
        extension,
        ExtensionState.GRANTED if granted else ExtensionState.REFUSED,
        by=by,
        at=at,
        verb="orders.grant_extension" if granted else "orders.refuse_extension",
        reason=note,
        data={
            "due_on": extension.old_due_on,
            "until": until or extension.until,
            "items": course.of(order).numbers(chosen),
            "asked": course.of(order).numbers(asked),
            "number": notice.number,
        },
        decided_at=at,
        decided_by=by,
        decision_note=note.strip(),
        granted_until=until,
        notice=notice,
    )
    settle(order, extension_pending=False, late_request=False)
    _clocks.hold(order)
    _duty.decided(extension, by=by, at=at)
    _duty.keep(order, by=by, at=at)
    return extension


@dataclass(frozen=True)
class _Answer:
    """A decision: the items (ids) asked for and those that it is about, and the new day."""

    asked: set[int]
    chosen: set[int]
    until: date | None
    period: Period | None
    note: str


def _answer(
    order: Order,
    extension: Extension,
    granted: bool,
    note: str,
    items: Iterable[Item] | None,
    until: date | None,
) -> _Answer:
    """Raises `Refused` for a grant that is none, and a refusal without its reason."""
    asked = {row.item_id for row in extension.asked.all()}
    chosen = asked if items is None or not granted else {item.pk for item in items}
    until = (until or extension.until) if granted else None
    refuse(
        term_reasons.of_grant(extension, asked, chosen, until)
        if granted
        else needs(note, "note", _("不予延期的，写明理由。"))
    )
    period = _clocks.extended(order, extension.old_due_on, until) if until else None
    return _Answer(asked, chosen, until, period, note)


def decision_facts(
    order: Order,
    *,
    by: User,
    at: datetime,
    granted: bool,
    note: str = "",
    items: Iterable[Item] | None = None,
    until: date | None = None,
) -> tuple[Extension, dict[str, Any]]:
    """What the paper on these answers would rest on; writes nothing. Raises `Refused` as
    `decide_extension` does."""
    refuse(term_reasons.can_decide_extension(order, by, periods.local_date(at)))
    extension = order.extensions.select_related("order").get(state=ExtensionState.REQUESTED)
    answer = _answer(order, extension, granted, note, items, until)
    return extension, _facts(order, extension, answer, at=at)


def _facts(order: Order, extension: Extension, answer: _Answer, *, at: datetime) -> dict[str, Any]:
    period = answer.period
    return extension_words.snapshot(
        order,
        extension,
        asked=answer.asked,
        decided=answer.chosen,
        granted_until=period.due if period else None,
        derivation=period.derivation["sentence_zh"] if period else "",
        grounds=answer.note.strip(),
        whole=course.of(order).unreported() <= answer.chosen,
        at=at,
    )


def _paper(
    order: Order, extension: Extension, answer: _Answer, *, by: User, at: datetime
) -> Notice:
    facts = _facts(order, extension, answer, at=at)
    return papers.issue_notice(
        DECISION_KIND,
        unit=order.unit,
        addressee=facts["enterprise"]["name"],
        context=extension_words.context(order, facts),
        snapshot=facts,
        subject=extension,
        by=by,
        at=at,
        demonstration=order.is_demonstration,
    )


def lapse(order: Order, states: Collection[str], *, reason: str, by: User, at: datetime) -> None:
    """The order ends, or its service does: requests in these states come to nothing, and so does
    the paper of a grant."""
    for extension in order.extensions.filter(state__in=states).select_related("notice"):
        _duty.lapsed(extension, reason=reason, by=by, at=at)
        trail.move(
            extension,
            ExtensionState.LAPSED,
            by=by,
            at=at,
            verb="orders.lapse_extension",
            reason=reason,
        )
        if extension.notice is not None and extension.notice.state == Notice.State.VALID:
            papers.withdraw(extension.notice, reason=reason, by=by, at=at)


@transaction.atomic
def suspend(
    order: Order,
    *,
    by: User,
    at: datetime,
    from_on: date,
    reason: str,
    ground: str = Ground.OTHER,
    document_number: str = "",
    evidence: Iterable[Upload] = (),
) -> Suspension:
    """Let the clock stand from that day on, on a ground (for instance while a court has sealed a
    system); `document_number` and `evidence` name what the ground rests on."""
    order = lock(order)
    today = periods.local_date(at)
    found = term_reasons.can_suspend(order, by, today)
    found += needs(reason, "reason", _("写明中止的理由。"))
    if ground not in Ground.values:
        found.append(Reason(_("选择中止的事由。"), field="ground"))
    if order.served_on and not order.served_on <= from_on <= today:
        found.append(Reason(_("中止日期须在送达之后、今天或以前。"), field="from_on"))
    refuse(found)
    _clocks.suspend(order, on=from_on, reason=reason, by=by, at=at)
    suspension = Suspension.objects.create(
        order=order,
        ground=ground,
        document_number=document_number.strip(),
        reason=reason.strip(),
        from_on=from_on,
        suspended_by=by,
    )
    attach(order, evidence, by=by, at=at, suspension=suspension)
    stamp(order, suspended=True)
    trail.record(
        "orders.suspend",
        order,
        by=by,
        at=at,
        reason=reason,
        data={"from_on": from_on, "ground": ground, "document_number": document_number.strip()},
    )
    _duty.keep(order, by=by, at=at)
    return suspension


@transaction.atomic
def resume(order: Order, *, by: User, at: datetime, on: date) -> Order:
    """Let the clock run again; the due days move by the span that stood still."""
    order = lock(order)
    today = periods.local_date(at)
    found = term_reasons.can_resume(order, by, today)
    suspension = order.suspensions.filter(resumed_on__isnull=True).first()
    if suspension is not None and not suspension.from_on <= on <= today:
        found.append(Reason(_("恢复日期须在中止日期之后、今天或以前。"), field="on"))
    refuse(found)
    assert suspension is not None
    _clocks.resume(order, on=on, calendar=calendars.load(), by=by, at=at)
    suspension.resumed_on, suspension.resumed_by = on, by
    suspension.save(update_fields=["resumed_on", "resumed_by"])
    settle(order, suspended=False)
    _clocks.hold(order)
    trail.record("orders.resume", order, by=by, at=at, data={"on": on, "due_on": order.due_on})
    _duty.keep(order, by=by, at=at)
    return order
