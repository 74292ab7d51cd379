"""One look at what stays in memory: whether the register or the calendars changed is asked once.

    with at_hand.once():
        ...   # limits.of, citations.register, calendars.load ask the database once together

Outside of it each asks for itself. Whoever only reads uses it, for as long as one answer takes; it
may stand inside another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from legal.models import RegisterStamp

Kept = TypeVar("Kept")

_seen: ContextVar[dict[str, Any] | None] = ContextVar("legal_at_hand", default=None)


@contextmanager
def once() -> Iterator[None]:
    """Within it what was asked is not asked again."""
    if _seen.get() is not None:
        yield
        return
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def kept(name: str, ask: Callable[[], Kept]) -> Kept:
    """What `ask` says; within `once`, what it said first under this name."""
    seen = _seen.get()
    if seen is None:
        return ask()
    if name not in seen:
        seen[name] = ask()
    found: Kept = seen[name]
    return found


def register_stamp() -> UUID | None:
    """The stamp of the register of law: another one after each change."""
    return kept("register", lambda: RegisterStamp.objects.values_list("stamp", flat=True).first())
