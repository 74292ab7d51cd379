"""What apps above say beside an order: the penalty that runs next to it. Filled at start-up.

A source answers with pairs for components/desc.html, an act source with acts of its own
(components/acts.html) that the order's page offers beside those of `rectification.acts`; both
together cost one query.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from rectification.models import Order

Answer = Callable[[Order, User], list[dict[str, Any]]]
_sources: list[Answer] = []
_acts: list[Answer] = []


def source(answer: Answer) -> Answer:
    """Register a source (may be used as a decorator); twice changes nothing."""
    if answer not in _sources:
        _sources.append(answer)
    return answer


def act_source(answer: Answer) -> Answer:
    """Register a source of acts (may be used as a decorator); twice changes nothing."""
    if answer not in _acts:
        _acts.append(answer)
    return answer


def of(order: Order, user: User) -> list[dict[str, Any]]:
    """The pairs of all sources."""
    return [pair for answer in _sources for pair in answer(order, user)]


def acts(order: Order, user: User) -> list[dict[str, Any]]:
    """The acts of all sources."""
    return [act for answer in _acts for act in answer(order, user)]
