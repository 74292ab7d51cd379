"""Whom a decision is told to, inside its own transaction: rooms above register at start-up."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from penalties.models import Case

Listener = Callable[..., None]
_listeners: list[Listener] = []


def on_decision(listener: Listener) -> Listener:
    """Register `listener(case, by=…, at=…)` (may be used as a decorator). Its refusals refuse."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell_decided(case: Case, *, by: User, at: datetime) -> None:
    """Say to every room above that this case has its decision."""
    for listener in _listeners:
        listener(case, by=by, at=at)
