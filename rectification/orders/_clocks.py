"""The deadlines of an order: the one that service started, and one for each group of items that
was given more time apart from the rest.

An item falls under the newest extension that was granted for it and has a deadline of its own;
otherwise under the order's. When all items of a deadline are moved to another day, that deadline is
replaced; when some are, it stays for the others and the extension starts one for those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from deadlines import clock
from deadlines.models import Deadline, DeadlineQuerySet
from legal import calendars, periods
from legal.derivations import en, zh
from legal.periods import Calendar, Period
from rectification import course
from rectification.models import Extension, Item, Order
from rectification.orders._row import DEADLINE_KIND, TERM_BASIS


@dataclass(frozen=True)
class Group:
    """A deadline that runs or is suspended, and the items (ids) that fall under it."""

    deadline: Deadline
    items: frozenset[int]


def groups(order: Order) -> list[Group]:
    """The open deadlines of the order, its own first."""
    happened = course.of(order)
    subjects = _subjects(order)
    found = {
        deadline.subject_id: deadline
        for deadline in _rows(subjects).open().select_related("unit", "owner")
    }
    under: dict[UUID, set[int]] = {subject: set() for subject in subjects if subject in found}
    for item in happened.items:
        own = [grant.id for grant in happened.grants(item) if grant.id in found]
        subject = own[-1] if own else order.pk
        if subject in under:
            under[subject].add(item)
    return [Group(found[subject], frozenset(items)) for subject, items in under.items()]


def _subjects(order: Order) -> list[UUID]:
    """The order first, then its requests as they were entered."""
    return [order.pk, *(request.id for request in course.of(order).requests)]


def _rows(subjects: list[UUID]) -> DeadlineQuerySet:
    # Naming the types lets the index by subject answer.
    types = [Order._meta.label_lower, Extension._meta.label_lower]
    return Deadline.objects.filter(
        subject_type__in=types, subject_id__in=subjects, kind=DEADLINE_KIND
    )


def of_the_day(order: Order) -> Deadline:
    """The deadline that stands, or stood last, for the due day of the order."""
    rows = _rows(_subjects(order))
    found = rows.filter(due_on=order.due_on).order_by("-entered_at").first()
    return found or rows.order_by("-entered_at")[0]


def start(order: Order, period: Period, *, by: User, at: datetime) -> Deadline:
    """Service: one deadline, and every item falls due on its day."""
    deadline = clock.start(
        order,
        unit=order.unit,
        kind=DEADLINE_KIND,
        period=period,
        by=by,
        at=at,
        owner=order.drafted_by,
    )
    order.items.update(due_on=deadline.due_on)
    return deadline


def extended(order: Order, old: date, new: date) -> Period:
    """The day that a grant names, with the day in whose place it comes."""
    named = periods.named(new, order.served_on, calendars.load(), basis=TERM_BASIS)

    def make() -> dict[str, Any]:
        told, days = named.derivation, (new - old).days
        by = f"{days} day" if days == 1 else f"{days} days"
        said = (
            f"改正期限由{zh(old)}延长至{zh(new)}，增加{days}日；期限按延期决定书载明的日期，"
            "不另计算。",
            f"The due day moves from {en(old)} to {en(new)}, by {by}. The date stands as "
            "the decision names it.",
        )
        warned = told["warnings"]
        return told | {
            "former_due": old.isoformat(),
            "sentence_zh": said[0] + "".join(each["zh"] for each in warned),
            "sentence_en": said[1] + "".join(f" {each['en']}" for each in warned),
        }

    return replace(named, make=make)


def move(
    order: Order,
    extension: Extension,
    items: Collection[int],
    period: Period,
    *,
    by: User,
    at: datetime,
) -> None:
    """Give these items the day of the extension; the deadlines follow."""
    moved = set(items)
    touched = [group for group in groups(order) if group.items & moved]
    apart = any(not group.items <= moved for group in touched)
    for group in touched:
        if not apart:
            clock.replace(group.deadline, period, reason=extension.reason, by=by, at=at)
        elif group.items <= moved:  # they go on with the others, under one deadline
            clock.cancel(group.deadline, reason=extension.reason, by=by, at=at)
    if apart:
        clock.start(
            extension,
            unit=order.unit,
            kind=DEADLINE_KIND,
            period=period,
            by=by,
            at=at,
            owner=order.drafted_by,
        )
    _set_day(items, period.due, extension=extension)


def suspend(order: Order, *, on: date, reason: str, by: User, at: datetime) -> None:
    """All clocks of the order stand still: those that have run out already stay what they are."""
    for group in groups(order):
        if group.deadline.due_on >= on:
            clock.suspend(group.deadline, on=on, reason=reason, by=by, at=at)


def resume(order: Order, *, on: date, calendar: Calendar, by: User, at: datetime) -> None:
    """The clocks that stood go on, each with what was left of it."""
    for group in groups(order):
        if group.deadline.state == Deadline.SUSPENDED:
            new = clock.resume(group.deadline, on=on, calendar=calendar, by=by, at=at)
            _set_day(group.items, new.due_on)


def hold(order: Order) -> None:
    """Hold the clocks under which nothing is expected of the enterprise for now: every item is
    reported, or waits for a decision on more time that was asked for in time."""
    happened = course.of(order)
    request = happened.pending
    asked = set(request.items) if request is not None and not request.late else set()
    expected = happened.unreported() - asked
    for group in groups(order):
        if group.deadline.state == Deadline.RUNNING:
            clock.hold(group.deadline, not group.items & expected)


def cancel(order: Order, *, reason: str, by: User, at: datetime) -> None:
    """Nothing falls due any more."""
    for group in groups(order):
        clock.cancel(group.deadline, reason=reason, by=by, at=at)


def _set_day(items: Iterable[int], day: date, **more: Extension) -> None:
    Item.objects.filter(pk__in=items).update(due_on=day, **more)
