"""The house's own rules for one order: those that held on the day on which it was issued.

Caps on more time, who is late, which day decides the verdict: what was issued is judged by them
for good, whatever the house sets for itself later.
"""

from __future__ import annotations

from datetime import date

from deadlines import policies
from deadlines.models import Policy
from legal import periods
from rectification.models import Order

_KEPT = "_house"


def rules(order: Order) -> Policy:
    """The policy of the order; one query the first time, kept on the order in hand.

    An order that is not issued yet has the rules of the day of its draft.
    """
    kept: Policy | None = order.__dict__.get(_KEPT)
    if kept is None:
        kept = order.__dict__[_KEPT] = policies.of(order.unit, _day(order))
    return kept


def _day(order: Order) -> date:
    return periods.local_date(order.issued_at or order.drafted_at)
