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
from penalties.casefile import File
from penalties.models import Case
from rectification import filing as orders

_MEASURES = {
    "warning": "警告",
    "criticism": "通报批评",
    "fine": "罚款",
    "confiscation": "没收违法所得",
    "goods": "没收非法财物",
    "suspension": "责令停产停业",
    "restriction": "限制开展生产经营活动",
    "closure": "责令关闭",
    "revocation": "吊销许可证件",
    "downgrade": "降低资质等级",
    "ban": "限制从业",
    "unstated": "行政处罚",
}


def rows() -> Any:
    """Cases as the file needs them."""
    return Case.objects.select_related(
        "enterprise", "unit", "inspection__unit", "order__notice", "order__unit"
    ).defer("order__notice__words", "order__notice__snapshot", "order__notice__fingerprint")


def entries(case: Case, user: User) -> list[Entry]:
    """The visit, the order beside the case, and the papers of the case itself."""
    found = visits.entries(case.inspection, user) if case.inspection else []
    if case.order is not None:
        found += orders.own(case.order, user)
    return found + filing.papers_of(File(case).paper_subjects(), user)


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
        officers=tuple(row.name for row in File(case).officers),
        outcome="、".join(_MEASURES[measure] for measure in case.measures),
        demonstration=case.is_demonstration,
        url=case.get_absolute_url(),
    )


filing.source("penalties.case", entries=entries, cover=cover, verb="cases.view", rows=rows)
