"""The file of a penalty case (案卷): what it holds, and what its cover says.

A case rests on visits, and often on an order: their papers and evidence belong to its file. One
that came from a complaint or a transfer has none.
Chinese only: it is printed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from inspections import filing as visits
from inspections.models import Inspection
from notices import filing
from notices.filing import Cover, Entry, Sort, Stage
from penalties.casefile import File
from penalties.models import Case, CaseState, Outcome
from rectification import filing as orders
from vault.models import StoredFile

_KINDS = {
    "document": "书证",
    "object": "物证",
    "recording": "视听资料",
    "electronic": "电子数据",
    "witness": "证人证言",
    "party": "当事人陈述",
    "appraisal": "鉴定意见",
    "scene": "勘验、现场笔录",
}
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
    """The visits that the case rests on, the order beside it, its own papers, and what is kept as
    a file on its records: statements, evidence, defences, minutes."""
    file = File(case)
    found = [entry for visit in _visits(file) for entry in visits.entries(visit, user)]
    if case.order is not None:
        found += orders.own(case.order, user)
    return found + _files(file) + filing.papers_of(file.paper_subjects(), user)


def _visits(file: File) -> list[Inspection]:
    """The first visit, and those of the findings that came in from others, each once."""
    first = [file.case.inspection] if file.case.inspection else []
    every = first + [row.inspection for row in file.findings]
    return list({visit.pk: visit for visit in every}.values())


def _files(file: File) -> list[Entry]:
    """What was taken over from a visit stands among its evidence already."""
    kept: tuple[Any, ...] = (*file.statements, *file.exhibits, *file.defences, *file.discussions)
    stored = StoredFile.objects.in_bulk([row.file_id for row in kept if row.file_id])
    found = [
        _entry(
            f"statement:{row.pk}",
            Stage.EVIDENCE,
            f"询问笔录：{row.person}",
            timezone.localdate(row.begun_at),
            stored[row.file_id],
            (("询问时间", filing.moment(row.begun_at)), ("询问地点", row.place)),
        )
        for row in file.statements
        if row.file_id
    ]
    found += [
        _entry(
            f"exhibit:{row.pk}",
            Stage.EVIDENCE,
            f"证据{row.number}（{_KINDS[row.kind]}）：{row.title}",
            row.collected_on,
            stored[row.file_id],
            (("证明", row.proves), ("来源", row.source)),
        )
        for row in file.exhibits
        if row.file_id and row.evidence_id is None and row.statement_id is None
    ]
    found += [
        _entry(
            f"defence:{row.pk}", Stage.TELLING, "陈述申辩材料", row.received_on, stored[row.file_id]
        )
        for row in file.defences
        if row.file_id
    ]
    found += [
        _entry(
            f"discussion:{row.pk}",
            Stage.DECISION,
            "集体讨论记录",
            timezone.localdate(row.held_at),
            stored[row.file_id],
        )
        for row in file.discussions
        if row.file_id
    ]
    return found


def _entry(
    key: str,
    stage: Stage,
    title: str,
    day: date,
    file: StoredFile,
    facts: tuple[tuple[str, str], ...] = (),
) -> Entry:
    return Entry(
        key=key, stage=stage, sort=Sort.MATERIAL, title=title, day=day, file=file, facts=facts
    )


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
        outcome=_outcome(case),
        demonstration=case.is_demonstration,
        url=case.get_absolute_url(),
    )


def _outcome(case: Case) -> str:
    if case.outcome == Outcome.NO_PENALTY:
        return "不予行政处罚"
    if case.state == CaseState.DECLINED:
        return "不予立案"
    return "、".join(_MEASURES[measure] for measure in case.measures)


filing.source("penalties.case", entries=entries, cover=cover, verb="cases.view", rows=rows)
