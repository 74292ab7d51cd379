"""Was the order met by its deadline? The one place that answers, from facts alone.

    every item waived                                   → moot
    every other item corrected, last one verified
        before the due day                              → met early
        and completed on or before the due day          → met on time
        and completed after the due day                 → met late, by n calendar days
    some corrected, or some better than they were       → partly met
    none                                                → not met

Two dates are known of a corrected item: when the enterprise finished (as the officers accepted
it) and when the officers saw it. Which of the two decides is a policy of the house
(`settings.RECTIFICATION_VERDICT_BASIS`), printed with the verdict. With "completion", the
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
    """The latest word of the officers on one item."""

    ordinal: int
    outcome: str
    completed_on: date | None
    verified_on: date


@dataclass(frozen=True)
class Judgement:
    verdict: Verdict
    days_late: int | None
    basis: dict[str, Any]


def judge(due_on: date, finishes: Iterable[Finish], *, basis: Basis = "completion") -> Judgement:
    """Say whether an order due on `due_on` was met.

    `days_late` counts calendar days after the due day, and is None unless the verdict is
    "met late". Raises ValueError when there is no item at all, or a corrected one without date.
    """
    items = sorted(finishes, key=lambda f: f.ordinal)
    if not items:
        raise ValueError("an order without items cannot be judged")
    asked = [f for f in items if f.outcome != Outcome.WAIVED]
    done = [f for f in asked if f.outcome == Outcome.CORRECTED]
    facts: dict[str, Any] = {
        "policy": basis,
        "due_on": due_on.isoformat(),
        "items": [
            {
                "ordinal": f.ordinal,
                "outcome": f.outcome,
                "completed_on": f.completed_on.isoformat() if f.completed_on else None,
                "verified_on": f.verified_on.isoformat(),
            }
            for f in items
        ],
    }
    if not asked:
        return Judgement(Verdict.MOOT, None, facts)
    if len(done) < len(asked):
        better = done or any(f.outcome == Outcome.PARTLY for f in asked)
        return Judgement(Verdict.PARTLY if better else Verdict.NOT_MET, None, facts)

    completed = max(_completed(f) for f in done)
    verified = max(f.verified_on for f in done)
    decisive = completed if basis == "completion" else verified
    facts |= {"decided_by": decisive.isoformat(), "verified_on": verified.isoformat()}
    if decisive > due_on:
        return Judgement(Verdict.MET_LATE, (decisive - due_on).days, facts)
    if verified < due_on:
        return Judgement(Verdict.MET_EARLY, None, facts)
    return Judgement(Verdict.MET_ON_TIME, None, facts)


def _completed(finish: Finish) -> date:
    if finish.completed_on is None:
        raise ValueError(f"item {finish.ordinal} is corrected without a date")
    return finish.completed_on
