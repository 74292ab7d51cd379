"""Whether an order rests on an article that was not in force: the one note that stands in the way.

Everything else that is said of citations is shown on the page and left to the officer.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from audit.trail import Reason
from inspections import noted
from legal import citations
from rectification.models import Order

BASIS = "APL@2021:37"


def citation_reasons(order: Order, **link: Any) -> list[Reason]:
    """One reason for each item that cites what was not in force on its day, without saying why.

    One query for the register, however many items; citations come from the prefetch.
    """
    books = citations.register()
    if order.inspection.unit_id == order.unit_id:
        order.inspection.unit = order.unit
    found = []
    for item in order.items.all():
        item.finding.inspection = order.inspection
        rows = list(item.finding.citations.all())
        for note in noted.notes(item.finding, books, rows=rows):
            if note.level == citations.BLOCK:
                words = {"n": item.ordinal, "note": note.text}
                text = _("第 %(n)d 项：%(note)s须更换条款，或者写明引用的理由。") % words
                found.append(Reason(text, basis=BASIS, **link))
    return found
