"""Which reminders there must be, worked out from what happened, in the plainest way.

Nothing of `deadlines` is asked: the built-in ladder is written out once more, and each sweep is
played again over each deadline. A sweep sees what had been entered by then, in the order of entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

OFFICER, SUPERVISOR, UPPER, ENTERPRISE = "officer", "supervisor", "upper", "enterprise"
#: Days from the due day → who; the last rung comes back every seven days.
RECTIFY = {
    -7: {OFFICER},
    -3: {OFFICER, ENTERPRISE},
    -1: {OFFICER, ENTERPRISE},
    0: {OFFICER},
    1: {OFFICER, SUPERVISOR},
    3: {OFFICER, SUPERVISOR},
    10: {OFFICER, SUPERVISOR, UPPER},
}
OTHERS = {-1: {OFFICER}, 0: {OFFICER}, 1: {OFFICER, SUPERVISOR}, 8: {OFFICER, SUPERVISOR}}
WEEK = 7

Said = list[tuple[date, list[date], list[str]]]


@dataclass
class Row:
    """A deadline as it was seen to begin and to end: `begins` and `ends` are places in the order
    of entry; `ends` is None while it still runs. `held` are spans of places, the last one open."""

    key: Any
    order: int
    kind: str
    trigger_on: date
    due_on: date
    started_on: date
    is_successor: bool
    begins: int
    ends: int | None = None
    held: list[list[int | None]] = field(default_factory=list)

    def holds(self, place: int) -> bool:
        """Whether nobody was to be reminded then."""
        return any(
            first is not None and first < place and (last is None or place < last)
            for first, last in self.held
        )

    @property
    def first(self) -> date:
        """Before this day there was nothing to be reminded of."""
        return self.started_on if self.is_successor else min(self.trigger_on, self.started_on)

    def seen_by(self, sweeps: Iterable[Sweep]) -> list[Sweep]:
        """The sweeps that found it running and not held."""
        return [
            sweep
            for sweep in sweeps
            if self.begins < sweep.place
            and (self.ends is None or sweep.place < self.ends)
            and not self.holds(sweep.place)
        ]


@dataclass(frozen=True)
class Sweep:
    """When beat ran: its place in the order of entry, and its day of reminders."""

    place: int
    today: date


def who(row: Row, day: date) -> set[str]:
    """Who is reminded on that day; nobody on most days."""
    ladder = RECTIFY if row.kind == "RECTIFY" else OTHERS
    last = max(ladder)
    offset = (day - row.due_on).days
    if offset > last and (offset - last) % WEEK == 0:
        offset = last
    return ladder.get(offset, set())


def expected(row: Row, sweeps: Iterable[Sweep]) -> Said:
    """(day, the days that it stands for, who) of each reminder of this deadline, in order."""
    said: Said = []
    after = row.first - timedelta(days=1)
    for sweep in row.seen_by(sweeps):
        days = [
            day
            for n in range((sweep.today - after).days)
            if who(row, day := after + timedelta(days=n + 1))
        ]
        if days:
            people = sorted(set().union(*(who(row, day) for day in days)))
            said.append((days[-1], days, people))
            after = days[-1]
    return said


def covered(said: Said) -> set[date]:
    """The rungs that these reminders stand for."""
    return {day for _fires, days, _people in said for day in days}
