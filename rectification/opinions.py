"""The opinions on the rounds of an order (复查意见书): which there are, why none can be made."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from audit.trail import Reason
from notices import papers
from notices.kinds.orders import REINSPECTION_OPINION
from rectification import course
from rectification.course import Round
from rectification.models import Order, OrderState
from rectification.reasons import listed, order_day, reinspection_basis, served, url

if TYPE_CHECKING:
    from accounts.models import User

_AFTER = (OrderState.SERVED, OrderState.JUDGED, OrderState.ESCALATED)


def papers_of(order: Order) -> list[UUID]:
    """The valid opinions on the rounds of the order, oldest first."""
    return [each.opinion_id for each in course.of(order).rounds if each.opinion_id is not None]


def owed(order: Order) -> list[Round]:
    """The rounds on which there is no valid opinion, newest first."""
    return [each for each in reversed(course.of(order).rounds) if each.opinion_id is None]


def can_issue_opinion(order: Order, user: User, today: date) -> list[Reason]:
    """A round that is recorded, of an order that holds, without an opinion yet."""
    if order.state not in _AFTER:
        return served(order)
    rounds = course.of(order).rounds
    if not rounds:
        return [
            Reason(
                _("还没有登记复查，没有可以写进复查意见书的结果。"),
                basis=reinspection_basis(order_day(order)),
                url=url(order, "record_reinspection"),
                url_text=_("登记复查"),
            )
        ]
    if not owed(order):
        words = {"n": listed([each.number for each in rounds])}
        return [Reason(_("第 %(n)s 轮复查已经有复查意见书。") % words)]
    assert order.notice is not None
    return papers.can_issue(REINSPECTION_OPINION, order.unit, order.notice.addressee)
