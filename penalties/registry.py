"""What rooms above hear of and say about cases: they register at start-up.

`tell_decided` and `tell_fallen` run inside the transaction of the act; what a listener refuses
refuses the act.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from accounts.models import User
from penalties.models import Case, Decision

Listener = Callable[..., None]
#: (case, user) -> pairs of components/desc.html
Source = Callable[[Case, User], list[dict[str, Any]]]

_listeners: list[Listener] = []
_of_falls: list[Listener] = []
_sources: list[Source] = []


def on_decision(listener: Listener) -> Listener:
    """Register `listener(case, by=…, at=…)` (may be used as a decorator). Its refusals refuse."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell_decided(case: Case, *, by: User, at: datetime) -> None:
    """Say to every room above that this case has its decision."""
    for listener in _listeners:
        listener(case, by=by, at=at)


def on_fall(listener: Listener) -> Listener:
    """Register `listener(decision, on=…, note=…, by=…, at=…)`: the decision was changed, revoked,
    withdrawn, or held unlawful or void (its `standing` says which) on that day, by that paper."""
    if listener not in _of_falls:
        _of_falls.append(listener)
    return listener


def tell_fallen(decision: Decision, *, on: date, note: str, by: User, at: datetime) -> None:
    """Say to every room above that this decision does not stand as it was issued any more."""
    for listener in _of_falls:
        listener(decision, on=on, note=note, by=by, at=at)


def on_page(source: Source) -> Source:
    """Register what a room above says beside the decisions of a case, for this user."""
    if source not in _sources:
        _sources.append(source)
    return source


def beside(case: Case, user: User) -> list[dict[str, Any]]:
    """What the rooms above say of this case."""
    return [pair for source in _sources for pair in source(case, user)]
