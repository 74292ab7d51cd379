"""The file of a penalty case (案卷): what it holds, and what its cover says.

A case rests on a visit, and often on an order: their papers and evidence belong to its file.
Chinese only: it is printed.
"""

from __future__ import annotations

from typing import Any

from accounts.models import User
from inspections import filing as visits
from notices import filing
from notices.filing import Cover, Entry
from penalties.models import Case
from rectification import filing as orders

_MEASURES = {
    "warning": "警告",
    "criticism": "通报批评",
    "fine": "罚款",
    "confiscation": "没收违法所得",
    "suspension": "责令停产停业",
    "closure": "责令关闭",
    "revocation": "吊销许可证件",
    "unstated": "行政处罚",
}


def rows() -> Any:
    """Cases as the file needs them."""
    return Case.objects.select_related(
        "enterprise", "unit", "inspection__unit", "order__notice", "order__unit"
    ).defer("order__notice__words", "order__notice__snapshot", "order__notice__fingerprint")


def entries(case: Case, user: User) -> list[Entry]:
    """The visit, the order beside the case, and the papers of the case itself."""
    found = visits.entries(case.inspection, user)
    if case.order is not None:
        found += orders.own(case.order, user)
    return found + filing.papers_of([case], user)


def cover(case: Case) -> Cover:
    """封面."""
    numbers = []
    if case.document_number:
        numbers.append(("处罚决定书文号", case.document_number))
    if case.order is not None and case.order.notice is not None:
        numbers.append(("责令改正文号", case.order.notice.number))
    return Cover(
        kind="行政处罚案卷",
        unit=case.unit,
        name=f"{case.enterprise.name}{case.cause}案",
        party=case.enterprise.name,
        numbers=tuple(numbers),
        opened=case.filed_on,
        closed=case.closed_on,
        officers=visits.officers(case.inspection),
        outcome="、".join(_MEASURES[measure] for measure in case.measures),
        demonstration=case.is_demonstration,
        url=case.get_absolute_url(),
    )


filing.source("penalties.case", entries=entries, cover=cover, verb="cases.view", rows=rows)
