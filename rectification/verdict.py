"""Was the order met by its deadline? The one place that answers, from facts alone.

    every item waived                                   → moot
    every other item corrected, each against its own due day:
        all verified before it                          → met early
        all completed on or before it                   → met on time
        one completed after it                          → met late, by the n calendar days of
                                                          the item that is the latest of all
    some corrected, or some better than they were       → partly met
    none                                                → not met

Items have days of their own where more time was granted for some of them only; otherwise all have
that of the order. Two dates are known of a corrected item: when the enterprise finished (as the
officers accepted it) and when the officers saw it. Which of the two decides is a rule of the house
(`Policy.verdict_basis` of the day of issue), printed with the verdict. With "completion", the
default, a regulator that looks late never makes a punctual enterprise late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from rectification.models import Outcome, Verdict

Basis = Literal["completion", "verification"]


@dataclass(frozen=True)
class Finish:
    """The latest word of the officers on one item, and the day by which it was due."""

    ordinal: int
    outcome: str
    completed_on: date | None
    verified_on: date
    due_on: date

    def decided_on(self, basis: Basis) -> date:
        """The day that counts for a corrected item. Raises ValueError where it has none."""
        if self.completed_on is None:
            raise ValueError(f"item {self.ordinal} is corrected without a date")
        return self.completed_on if basis == "completion" else self.verified_on

    def days_late(self, basis: Basis) -> int:
        """Calendar days after its own due day; 0 and less: in time."""
        return (self.decided_on(basis) - self.due_on).days


@dataclass(frozen=True)
class Judgement:
    verdict: Verdict
    days_late: int | None
    basis: dict[str, Any]


def judge(finishes: Iterable[Finish], *, basis: Basis = "completion") -> Judgement:
    """Say whether an order with these items was met.

    `days_late` counts calendar days after the due day of the item that is the latest, and is None
    unless the verdict is "met late". Raises ValueError when there is no item at all, or a
    corrected one without date.
    """
    items = sorted(finishes, key=lambda f: f.ordinal)
    if not items:
        raise ValueError("an order without items cannot be judged")
    asked = [f for f in items if f.outcome != Outcome.WAIVED]
    done = [f for f in asked if f.outcome == Outcome.CORRECTED]
    facts: dict[str, Any] = {
        "policy": basis,
        "due_on": max(f.due_on for f in items).isoformat(),
        "items": [_told(f, basis) for f in items],
    }
    if not asked:
        return Judgement(Verdict.MOOT, None, facts)
    if len(done) < len(asked):
        better = done or any(f.outcome == Outcome.PARTLY for f in asked)
        return Judgement(Verdict.PARTLY if better else Verdict.NOT_MET, None, facts)

    worst = max(done, key=lambda f: (f.days_late(basis), f.verified_on))
    facts |= {
        "due_on": worst.due_on.isoformat(),
        "decided_by": worst.decided_on(basis).isoformat(),
        "verified_on": max(f.verified_on for f in done).isoformat(),
    }
    if worst.days_late(basis) > 0:
        return Judgement(Verdict.MET_LATE, worst.days_late(basis), facts)
    if all(f.verified_on < f.due_on for f in done):
        return Judgement(Verdict.MET_EARLY, None, facts)
    return Judgement(Verdict.MET_ON_TIME, None, facts)


def _told(finish: Finish, basis: Basis) -> dict[str, Any]:
    """One item as the verdict keeps it."""
    corrected = finish.outcome == Outcome.CORRECTED
    return {
        "ordinal": finish.ordinal,
        "outcome": finish.outcome,
        "due_on": finish.due_on.isoformat(),
        "completed_on": finish.completed_on.isoformat() if finish.completed_on else None,
        "verified_on": finish.verified_on.isoformat(),
        "days_late": max(0, finish.days_late(basis)) if corrected else None,
    }
