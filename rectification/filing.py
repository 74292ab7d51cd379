"""The file of an order to correct (案卷): what it holds, and what its cover says.

Chinese only: it is printed.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import User
from inspections import filing as visits
from notices import filing
from notices.filing import Cover, Entry, Sort, Stage, Withheld
from rectification.models import Attachment, Extension, Order, OrderState, Verdict

_VERDICTS = {
    Verdict.MET_EARLY: "提前改正",
    Verdict.MET_ON_TIME: "按期改正",
    Verdict.MET_LATE: "逾期改正",
    Verdict.PARTLY: "部分改正",
    Verdict.NOT_MET: "未改正",
    Verdict.MOOT: "不再要求改正",
}


def rows() -> Any:
    """Orders as the file needs them."""
    return Order.objects.select_related("enterprise", "unit", "notice", "inspection__unit").defer(
        "notice__words", "notice__snapshot", "notice__fingerprint"
    )


def entries(order: Order, user: User) -> list[Entry]:
    """The visit, the order, and all that came after it."""
    return [*visits.entries(order.inspection, user), *own(order, user)]


def own(order: Order, user: User) -> list[Entry]:
    """Without the visit, which a case has already."""
    requests = list(Extension.objects.filter(order=order))
    found = filing.papers_of([order, *requests], user)
    attached = (
        Attachment.objects.filter(order=order)
        .select_related("file", "correction", "reinspection", "extension", "suspension")
        .order_by("received_at", "id")
    )
    closed = None if user.may("orders.view") else Withheld.ROLE
    # Materials of a stage stand before the paper that answers them.
    return [_attachment(row, closed) for row in attached] + found


def _attachment(row: Attachment, closed: Withheld | None) -> Entry:
    if row.reinspection is not None:
        stage, word = Stage.REINSPECTION, f"第{row.reinspection.round}次复查材料"
    elif row.extension is not None:
        stage, word = Stage.EXTENSION, "延期申请材料"
    elif row.suspension is not None:
        stage, word = Stage.EXTENSION, "中止材料"
    else:
        stage, word = Stage.CORRECTION, "改正材料"
    return Entry(
        key=f"attachment:{row.pk}",
        stage=stage,
        sort=Sort.MATERIAL,
        title=f"{word}：{row.title}",
        day=timezone.localdate(row.received_at),
        file=row.file,
        facts=(("收到时间", filing.moment(row.received_at)),),
        withheld=closed,
    )


def cover(order: Order) -> Cover:
    """封面."""
    number = order.notice.number if order.notice else ""
    closed = order.judged_at or order.withdrawn_at
    return Cover(
        kind="责令改正案卷",
        unit=order.unit,
        name=f"{order.enterprise.name}责令限期改正",
        party=order.notice.addressee if order.notice else order.enterprise.name,
        numbers=(("责令改正文号", number),) if number else (),
        opened=timezone.localdate(order.drafted_at),
        closed=timezone.localdate(closed) if closed else None,
        officers=visits.officers(order.inspection),
        outcome=_outcome(order),
        demonstration=order.is_demonstration,
        url=order.get_absolute_url(),
    )


def _outcome(order: Order) -> str:
    if order.state == OrderState.WITHDRAWN:
        return "已撤回"
    return _VERDICTS[Verdict(order.verdict)] if order.verdict else ""


filing.source("rectification.order", entries=entries, cover=cover, verb="orders.view", rows=rows)
