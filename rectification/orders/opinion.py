"""What the officers saw is told to the enterprise: the opinion on a re-inspection."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import periods
from notices import papers
from notices.kinds.orders import REINSPECTION_OPINION
from notices.models import Notice
from rectification import opinion_words, opinions
from rectification.course import Round
from rectification.models import Order
from rectification.orders._row import lock, needs, paper_of, refuse, stamp


@transaction.atomic
def issue_opinion(
    order: Order, *, by: User, at: datetime, opinion: str, round_number: int | None = None
) -> Notice:
    """Issue the opinion on one round (the newest without one, if none is named).

    Its words are the results of that round, those of earlier rounds for items not looked at again,
    and `opinion`. Order 151 asked for it (art. 19); for a round since 2026-10-01 it is practice of
    the house, and the paper names the house's rule.

    Raises `Refused`: the reasons of `opinions.can_issue_opinion`, no text, no such round.
    """
    order = lock(order)
    refuse(opinions.can_issue_opinion(order, by, periods.local_date(at)))
    owed = {each.number: each for each in opinions.owed(order)}
    chosen = max(owed) if round_number is None else round_number
    refuse(needs(opinion, "opinion", _("写明复查意见。")) + _no_such_round(chosen, owed))
    found = owed[chosen]
    facts = opinion_words.snapshot(order, found, opinion, at=at)
    notice = papers.issue_notice(
        REINSPECTION_OPINION,
        unit=order.unit,
        addressee=paper_of(order).addressee,
        context=opinion_words.context(facts),
        snapshot=facts,
        subject=order.reinspections.get(pk=found.id),
        by=by,
        at=at,
        demonstration=order.is_demonstration,
    )
    stamp(order)
    trail.record(
        "orders.issue_opinion",
        order,
        by=by,
        at=at,
        data={"number": notice.number, "round": found.number},
    )
    return notice


def _no_such_round(number: int, owed: dict[int, Round]) -> list[Reason]:
    if number in owed:
        return []
    return [Reason(_("这一轮复查不存在，或者已经有复查意见书。"), field="round_number")]


def withdraw_opinions(order: Order, *, reason: str, by: User, at: datetime) -> None:
    """The order is withdrawn: so is what was said of its rounds."""
    for notice in Notice.objects.filter(pk__in=opinions.papers_of(order)):
        papers.withdraw(notice, reason=reason, by=by, at=at)
