"""Whether the paper of an order is whole, before it is issued: each lack with what mends it.

A draft is mended in its own form; once it was submitted, it is sent back first. What was found and
who was there is mended on the visit, the name of the party in its file, the bodies of the unit by
its system administrator.
"""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.trail import Reason
from notices import completeness, papers
from notices.completeness import Mend
from notices.kinds import CORRECTION_ORDER
from rectification import words
from rectification.models import Order, OrderState

#: Before issue: the states in which a paper is still to come.
BEFORE_ISSUE = (
    OrderState.DRAFT,
    OrderState.RETURNED,
    OrderState.SUBMITTED,
    OrderState.APPROVED,
)

_KEPT = "_lacking"


def of_paper(order: Order, today: date) -> list[Reason]:
    """What the order's paper would lack if it were issued today, in the order of the form.

    Asked once for the order in hand: the page shows it, and the act of issue is refused by it.
    """
    kept: tuple[date, list[Reason]] | None = order.__dict__.get(_KEPT)
    if kept is None or kept[0] != today:
        kept = order.__dict__[_KEPT] = (today, _of_paper(order, today))
    return list(kept[1])


def _of_paper(order: Order, today: date) -> list[Reason]:
    facts = words.facts(order, on=today)
    paper = words.paper(order, facts)
    found = paper.missing_facts()
    told = {reason.field for reason in found}
    found += [
        reason
        for reason in papers.can_issue(
            CORRECTION_ORDER, order.unit, order.enterprise.name, paper.context(), today
        )
        if reason.field not in told
    ]
    return completeness.linked(found, _mends(order), unit=order.unit)


def _mends(order: Order) -> dict[str, Mend]:
    visit = Mend(order.inspection.get_absolute_url(), _("查看检查记录"))
    return {
        "findings": _in_draft(order, "div_id_findings"),
        "term": _in_draft(order, "div_id_term_kind"),
        "interim_measures": _in_draft(order, "div_id_interim_measures"),
        "addressee": Mend(
            f"{reverse('enterprises:edit', args=[order.enterprise_id])}#div_id_name",
            _("去补企业名称"),
        ),
        completeness.OTHER: visit,
    }


def _in_draft(order: Order, anchor: str) -> Mend:
    if order.in_draft:
        return Mend(f"{reverse('orders:amend', args=[order.pk])}#{anchor}", _("去修改"))
    return Mend(reverse("orders:send_back", args=[order.pk]), _("退回修改"))
