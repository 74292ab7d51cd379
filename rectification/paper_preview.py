"""The papers of an order before they are issued: looked at, and compared with what holds now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from audit.trail import Refused
from legal import periods
from notices import completeness as of_papers
from notices import papers, previews
from notices.kinds import CORRECTION_ORDER, EXTENSION_DECISION
from notices.models import Preview
from rectification import completeness, extension_words, words
from rectification.completeness import BEFORE_ISSUE
from rectification.models import Item, Order
from rectification.orders.term import decision_facts


def _paper(order: Order, at: datetime) -> dict[str, Any]:
    """The arguments of `notices.previews` for the order as it stands; nobody issued it yet."""
    facts = words.facts(order, on=periods.local_date(at))
    return {
        "unit": order.unit,
        "addressee": order.enterprise.name,
        "context": {**words.context(order, facts), "approved_by": previews.AT_ISSUE},
        "at": at,
        "demonstration": order.is_demonstration,
    }


def of_order(order: Order, *, by: User, at: datetime) -> Preview:
    """The 责令限期改正通知书 as it would be issued now, whole or not.

    Raises Refused: a character is in no face, or the words are too long.
    """
    lacking = completeness.of_paper(order, periods.local_date(at))
    return previews.make(
        CORRECTION_ORDER, subject=order, by=by, lacking=lacking, **_paper(order, at)
    )


def of_decision(
    order: Order,
    *,
    granted: bool,
    note: str,
    items: Collection[Item],
    until: date | None,
    by: User,
    at: datetime,
) -> Preview:
    """The 延期决定书 that these answers would make. Raises Refused as the decision would."""
    extension, facts = decision_facts(
        order, by=by, at=at, granted=granted, note=note, items=items, until=until
    )
    context, addressee = extension_words.context(order, facts), facts["enterprise"]["name"]
    lacking = papers.can_issue(
        EXTENSION_DECISION, order.unit, addressee, context, periods.local_date(at)
    )
    return previews.make(
        EXTENSION_DECISION,
        unit=order.unit,
        addressee=addressee,
        context=context,
        subject=extension,
        by=by,
        at=at,
        demonstration=order.is_demonstration,
        lacking=of_papers.linked(lacking, {}, unit=order.unit),
    )


@dataclass(frozen=True)
class Compared:
    """What a confirm page says of the paper: `seen` is the preview that the person looked at, else
    the one of whoever approved; `differences` is where the paper says something else by now.
    `digest` is what the page stands for; "" where the paper cannot even be drafted."""

    digest: str = ""
    seen: Preview | None = None
    differences: tuple[previews.Difference, ...] = ()


def compared(order: Order, user: User, at: datetime) -> Compared:
    """For the pages on which somebody answers for the paper."""
    if order.state not in BEFORE_ISSUE:
        return Compared()
    try:
        paper = _paper(order, at)
        seen = previews.latest(order, CORRECTION_ORDER, by=user)
        if seen is None and order.approved_by is not None:
            seen = previews.latest(order, CORRECTION_ORDER, by=order.approved_by)
        found = previews.differences(seen, **paper) if seen else []
        return Compared(previews.digest(CORRECTION_ORDER, **paper), seen, tuple(found))
    except Refused:  # the reasons stand beside the button
        return Compared()
