"""举行听证通知书: time, place, who presides, the rights of the party (行政处罚法 64, MPSP 136)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from audit.trail import Reason
from notices import completeness, elements, kinds, papers
from notices.kinds.penalties import HEARING_NOTICE
from penalties.models import Case, Hearing


@dataclass(frozen=True, kw_only=True)
class Plan:
    """When and where the hearing is to be held. `contact` is a person with a telephone number."""

    planned_at: datetime
    place: str
    is_public: bool = True
    closed_reason: str = ""
    contact: str = ""


def facts(hearing: Hearing, plan: Plan) -> dict[str, Any]:
    """The elements of the paper."""
    members: Sequence[str] = hearing.members
    return {
        "requested_on": hearing.requested_on,
        "cause": hearing.case.cause,
        "held_at": plan.planned_at,
        "place": plan.place,
        "openness": "公开举行" if plan.is_public else f"不公开举行（{plan.closed_reason}）",
        "presider": hearing.presider.name if hearing.presider is not None else "",
        "members": list(members),
        "recorder": hearing.recorder,
        "contact": plan.contact,
    }


def context(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as the template gets them."""
    return elements.context(kinds.get(HEARING_NOTICE).elements, facts)


def lacking(case: Case, addressee: str, facts: Mapping[str, Any], on: date) -> list[Reason]:
    """What the paper lacks; what the unit lacks names who mends it."""
    found = papers.can_issue(HEARING_NOTICE, case.unit, addressee, context(facts), on)
    return completeness.linked(found, {}, unit=case.unit)
