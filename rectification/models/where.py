"""The words people say of orders, as conditions, each written once: lists, figures, counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from rectification.models.words import OrderState, Verdict

if TYPE_CHECKING:
    from accounts.models import User


def live() -> Q:
    return ~Q(state__in=[OrderState.DISCARDED, OrderState.WITHDRAWN])


def to_sign(user: User) -> Q:
    return Q(state=OrderState.APPROVED) | (Q(state=OrderState.SUBMITTED) & ~Q(drafted_by=user))


def returned_to(user: User) -> Q:
    return Q(state=OrderState.RETURNED, drafted_by=user)


def to_serve() -> Q:
    return Q(state=OrderState.ISSUED)


def running() -> Q:
    # The state first: the database asks in this order, and most orders are done with.
    return Q(state=OrderState.SERVED) & Q(
        suspended=False,
        reported_on__isnull=True,
        reinspected_on__isnull=True,
        extension_pending=False,
    )


def in_term(today: date) -> Q:
    return Q(state=OrderState.SERVED) & Q(due_on__gte=today, reported_on__isnull=True)


def due_between(first: date, last: date) -> Q:
    return running() & Q(due_on__gte=first, due_on__lte=last)


def overdue(today: date) -> Q:
    return running() & Q(due_on__lt=today)


def to_reinspect(today: date) -> Q:
    waiting = Q(state=OrderState.SERVED) & Q(suspended=False, reinspected_on__isnull=True)
    ended = Q(due_on__lt=today, extension_pending=False)
    return waiting & (Q(reported_on__isnull=False) | ended)


def to_judge() -> Q:
    return Q(state=OrderState.SERVED) & Q(
        suspended=False, extension_pending=False, reinspected_on__isnull=False
    )


def extension_to_decide() -> Q:
    waits = Q(extension_pending=True) | Q(late_request=True)
    return Q(state=OrderState.SERVED) & waits


def open_() -> Q:
    return Q(state__in=[OrderState.ISSUED, OrderState.SERVED])


def judged() -> Q:
    return ~Q(verdict="") & ~Q(state=OrderState.WITHDRAWN)


def unmet() -> Q:
    """Judged not to be met, or not wholly, and nothing followed yet."""
    return Q(state=OrderState.JUDGED, verdict__in=[Verdict.PARTLY, Verdict.NOT_MET])


def suspended() -> Q:
    return Q(state=OrderState.SERVED, suspended=True)
