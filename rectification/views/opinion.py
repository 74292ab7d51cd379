"""The opinion on a re-inspection goes out as a paper."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from notices.shown import basis_links
from rectification import forms, opinion_words, opinions, orders
from rectification.models import Order
from rectification.views.door import door


def _rounds(order: Order, form: Any) -> dict[str, Any]:
    """What each round that may be chosen found, and on what the paper on it rests."""
    shown = []
    for found in opinions.owed(order):
        facts = opinion_words.snapshot(order, found, "", at=found.entered_at)
        house = opinion_words.is_house_practice(found.held_on)
        shown.append(
            {
                "number": found.number,
                "held_on": found.held_on,
                "officers": found.officers,
                "results": opinion_words.context(facts)["results"],
                "house": house,
                "basis": [] if house else basis_links([opinion_words.BASIS]),
            }
        )
    return {"rounds": shown}


issue_opinion = door(
    "issue_opinion",
    forms.OpinionForm,
    do=lambda order, form, who: orders.issue_opinion(
        order,
        opinion=form.cleaned_data["opinion"],
        round_number=form.cleaned_data["round_number"],
        **who,
    ),
    say=lambda order, notice: (
        _("复查意见书 %(number)s 正在排队打印，打印后送达企业。") % {"number": notice.number}
    ),
    effect=lambda: _("逐项结果取自复查记录，签发时连同意见一起冻结；不改变改正期限和结论。"),
    more=_rounds,
    own_template=True,
)
