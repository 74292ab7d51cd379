"""Telling several stories as one: whatever happened first is told first.

Papers of one kind are numbered without gaps as they are issued, so that two courses which overlap
cannot be told one after the other. A telling is a generator: it yields the day of what it tells
next, and the one with the earliest day goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from heapq import heapify, heappop, heappush

Telling = Iterator[date]


def together(tellings: Iterable[Telling]) -> None:
    """Tell all of them to their ends, by day; those of one day in the order given.

    Raises ValueError where a telling goes back in time.
    """
    waiting = [
        (day, place, telling)
        for place, telling in enumerate(tellings)
        if (day := next(telling, None)) is not None
    ]
    heapify(waiting)
    while waiting:
        day, place, telling = heappop(waiting)
        following = next(telling, None)
        if following is None:
            continue
        if following < day:
            raise ValueError(f"told backwards: {following} after {day}")
        heappush(waiting, (following, place, telling))
