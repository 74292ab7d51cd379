"""What a visit brings to the file of an order or of a case: its papers, and the evidence.

Chinese only: it is printed.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from inspections.models import Evidence, Inspection, RemoteTest, Withholding
from notices import filing
from notices.filing import Entry, Sort, Stage, Withheld

_KINDS = {
    "photo": "照片",
    "screenshot": "截图",
    "document": "文件",
    "log": "日志",
    "other": "其他",
}


def entries(inspection: Inspection, user: User) -> list[Entry]:
    """Papers first, then the evidence by finding and in the order in which it came."""
    tests = RemoteTest.objects.filter(inspection=inspection)
    found = filing.papers_of([inspection, *tests], user)
    rows = (
        Evidence.objects.visible_to(user)
        .filter(inspection=inspection)
        .select_related("file", "finding", "withholding")
    )
    evidence = sorted(
        rows, key=lambda row: (row.finding.ordinal if row.finding else 0, row.received_at)
    )
    return found + [_entry(row, user) for row in evidence]


def _entry(row: Evidence, user: User) -> Entry:
    proves = f"第{row.finding.ordinal}项发现" if row.finding else "整次检查"
    taken = row.captured_at or row.received_at
    return Entry(
        key=f"evidence:{row.pk}",
        stage=Stage.EVIDENCE,
        sort=Sort.EVIDENCE,
        title=f"证据（{_KINDS[row.kind]}）：{row.title}",
        day=timezone.localdate(taken),
        file=row.file,
        facts=(
            ("证明", proves),
            ("拍摄、取得时间", filing.moment(row.captured_at)),
            ("收到时间", filing.moment(row.received_at)),
        ),
        withheld=closed(row, user),
    )


def closed(row: Evidence, user: User) -> Withheld | None:
    """Why this evidence stays closed to the person; None where it does not."""
    if not user.may("inspections.view"):
        return Withheld.ROLE
    kept: Withholding | None = getattr(row, "withholding", None)
    if kept is None:
        return None
    if kept.why == Withholding.Why.INFORMANT:
        return Withheld.INFORMANT
    return None if user.may("personal.reveal") else Withheld.PERSONAL


def officers(inspection: Inspection) -> tuple[str, ...]:
    """By the names that the record gives them."""
    return tuple(officer.name for officer in inspection.officers.all())
