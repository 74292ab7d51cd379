"""The list of exhibits (证据清单): taken over from visits, added, verified, left out.

Numbers run without gaps: an exhibit is never deleted, one that is not used says why (行政处罚法
46: eight kinds, and only what is verified supports a decision).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audit import trail
from audit.trail import Reason
from inspections.fieldwork.evidence import Upload
from inspections.models import Evidence, Inspection
from legal import periods
from notices.models import Notice
from penalties.casefile import File
from penalties.cases import _inquiry, _row
from penalties.models import Case, Exhibit
from vault import files

trail.words(
    {
        "cases.adopt_exhibits": gettext_lazy("接收检查证据"),
        "cases.add_exhibit": gettext_lazy("登记证据"),
        "cases.amend_exhibit": gettext_lazy("修改证据登记"),
        "cases.verify_exhibits": gettext_lazy("证据查证属实"),
        "cases.exclude_exhibit": gettext_lazy("证据不予采用"),
        "cases.restore_exhibit": gettext_lazy("恢复采用证据"),
    }
)

KINDS_BASIS = "APL@2021:46(1)"
VERIFIED_BASIS = "APL@2021:46(2)"

#: What a file of a visit is among the eight kinds, until an officer says otherwise.
_KIND_OF_EVIDENCE = {
    Evidence.Kind.PHOTO: Exhibit.Kind.RECORDING,
    Evidence.Kind.SCREENSHOT: Exhibit.Kind.ELECTRONIC,
    Evidence.Kind.DOCUMENT: Exhibit.Kind.DOCUMENT,
    Evidence.Kind.LOG: Exhibit.Kind.ELECTRONIC,
    Evidence.Kind.OTHER: Exhibit.Kind.DOCUMENT,
}
_RECORDS = ("inspection_record",)


def add(case: Case, *, by: User, at: datetime, **facts: Any) -> Exhibit:
    """The next on the list; for verbs that hold the case and record what they did."""
    taken = Exhibit.objects.filter(case=case).count()
    return Exhibit.objects.create(
        case=case, entered_at=at, entered_by=by, number=taken + 1, **facts
    )


def is_over(file: File) -> bool:
    """Whether the investigation has ended for good, so that pages offer none of its acts."""
    return bool(_inquiry.is_open(file))


# --- Taken over from the visits ----------------------------------------------------------------


def visits(file: File) -> list[Inspection]:
    """The visits that the case rests on, each once."""
    found = {row.inspection_id: row.inspection for row in file.findings}
    if file.case.inspection is not None:
        found.setdefault(file.case.inspection.pk, file.case.inspection)
    return list(found.values())


def to_adopt(file: File) -> tuple[list[Evidence], list[Notice]]:
    """Evidence of the visits, and papers of the visits and of the order, not on the list yet; read
    once for each file."""
    kept: tuple[list[Evidence], list[Notice]] | None = file.__dict__.get("_to_adopt")
    if kept is None:
        kept = file.__dict__["_to_adopt"] = _to_adopt(file)
    return kept


def _to_adopt(file: File) -> tuple[list[Evidence], list[Notice]]:
    held = visits(file)
    had = {pk for row in file.exhibits for pk in (row.evidence_id, row.notice_id) if pk}
    evidence = (
        Evidence.objects.filter(inspection__in=held)
        .exclude(pk__in=had)
        .select_related("finding__violation_type", "inspection", "file")
        .order_by("inspection__started_at", "finding__ordinal", "received_at", "id")
    )
    about = Q()
    for subject in [*held, *([file.case.order] if file.case.order else [])]:
        about |= Q(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)
    if not about:
        return list(evidence), []
    papers = (
        Notice.objects.valid()
        .filter(about)
        .exclude(pk__in=had)
        .defer("words", "snapshot", "fingerprint")
        .order_by("issued_at", "id")
    )
    return list(evidence), list(papers)


def can_adopt_exhibits(file: File, row: None, user: User, today: date) -> list[Reason]:
    """The investigation is open, and something is there to take over."""
    found = _inquiry.is_open(file)
    if not found and not any(to_adopt(file)):
        found.append(Reason(_("检查的证据和文书都已经在证据清单里。")))
    return found


@transaction.atomic
def adopt_exhibits(case: Case, *, by: User, at: datetime) -> list[Exhibit]:
    """Put all evidence and papers of the visits on the list in one act, unverified."""
    _row.lock(case)
    file = File(case)
    _row.refuse(can_adopt_exhibits(file, None, by, periods.local_date(at)))
    evidence, papers = to_adopt(file)
    officers = {visit.pk: _two(visit) for visit in visits(file)}
    facts = [_of_evidence(row, officers) for row in evidence] + [_of_paper(row) for row in papers]
    rows = [
        Exhibit(case=case, entered_at=at, entered_by=by, number=number, **each)
        for number, each in enumerate(facts, start=len(file.exhibits) + 1)
    ]
    Exhibit.objects.bulk_create(rows)
    _row.settle(case, at=at)
    _row.record(
        "cases.adopt_exhibits", case, by=by, at=at, data={"numbers": [row.number for row in rows]}
    )
    return rows


def _two(visit: Inspection) -> dict[str, Any]:
    ids = [row.officer_id for row in visit.officers.order_by("position")[:2]]
    return dict(zip(("officer_1_id", "officer_2_id"), ids, strict=False))


def _of_evidence(row: Evidence, officers: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    """Words of the list are Chinese: it is printed."""
    proves = "检查现场的情况"
    if row.finding is not None:
        proves = f"第{row.finding.ordinal}项发现：{row.finding.violation_type.zh}"
    return {
        "kind": _KIND_OF_EVIDENCE[Evidence.Kind(row.kind)],
        "title": row.title,
        "proves": proves[:500],
        "source": f"监督检查（{row.inspection.number}）取得",
        "collected_on": timezone.localdate(row.captured_at or row.received_at),
        "evidence": row,
        **officers.get(row.inspection_id, {}),
    }


def _of_paper(row: Notice) -> dict[str, Any]:
    is_record = row.kind in _RECORDS
    return {
        "kind": Exhibit.Kind.SCENE if is_record else Exhibit.Kind.DOCUMENT,
        "title": f"{row.title} {row.number}"[:200],
        "proves": "检查经过和发现的问题" if is_record else "执法程序和责令改正的情况",
        "source": "本机关制作",
        "collected_on": timezone.localdate(row.issued_at),
        "notice": row,
    }


# --- Added, amended ----------------------------------------------------------------------------


def can_add_exhibit(file: File, row: None, user: User, today: date) -> list[Reason]:
    return _inquiry.is_open(file)


@transaction.atomic
def add_exhibit(
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: str,
    title: str,
    proves: str,
    source: str,
    collected_on: date,
    officers: Sequence[User] = (),
    upload: Upload | None = None,
) -> Exhibit:
    """A piece of evidence of whatever kind, with its file if it has one.

    Raises Refused: no title, no word on what it proves, a day in the future; officers named who
    do not handle the case.
    """
    _row.lock(case)
    file = File(case)
    today = periods.local_date(at)
    found = can_add_exhibit(file, None, by, today)
    found += _described(title, proves, source)
    found += _inquiry.day_of(collected_on, today, field="collected_on")
    if officers:
        found += _inquiry.pair(file, officers, collected_on)
    _row.refuse(found)
    named = dict(zip(("officer_1", "officer_2"), officers, strict=False))
    stored = None
    if upload is not None:
        stored = files.store(upload.data, upload.name, upload.content_type, by)
    row = add(
        case,
        by=by,
        at=at,
        kind=kind,
        title=title.strip(),
        proves=proves.strip(),
        source=source.strip(),
        collected_on=collected_on,
        file=stored,
        **named,
    )
    _row.settle(case, at=at)
    _row.record("cases.add_exhibit", case, by=by, at=at, row=row, data={"number": row.number})
    return row


def _described(title: str, proves: str, source: str) -> list[Reason]:
    return [
        *_row.needs(title, "title"),
        *_row.needs(proves, "proves", _("写明证明什么。"), KINDS_BASIS),
        *_row.needs(source, "source"),
    ]


def can_amend_exhibit(file: File, row: Exhibit, user: User, today: date) -> list[Reason]:
    """Until it is verified; afterwards its words are what was verified."""
    found = _inquiry.is_open(file)
    if row.verified:
        found.append(Reason(_("已经查证属实的证据不再修改登记。"), basis=VERIFIED_BASIS))
    return found


@transaction.atomic
def amend_exhibit(
    case: Case,
    exhibit: Exhibit,
    *,
    by: User,
    at: datetime,
    kind: str,
    title: str,
    proves: str,
    source: str,
) -> Exhibit:
    """Say better what it is and what it proves. The file itself never changes."""
    _row.lock(case)
    found = can_amend_exhibit(File(case), exhibit, by, periods.local_date(at))
    found += _described(title, proves, source)
    _row.refuse(found)
    before = {"kind": exhibit.kind, "title": exhibit.title, "proves": exhibit.proves}
    exhibit.kind, exhibit.title = kind, title.strip()
    exhibit.proves, exhibit.source = proves.strip(), source.strip()
    exhibit.save(update_fields=["kind", "title", "proves", "source"])
    _row.settle(case, at=at)
    _row.record("cases.amend_exhibit", case, by=by, at=at, row=exhibit, data={"before": before})
    return exhibit


# --- Verified, left out ------------------------------------------------------------------------


def unverified(file: File) -> list[Exhibit]:
    return [row for row in file.exhibits if not row.verified and not row.excluded_reason]


def usable(file: File) -> list[Exhibit]:
    """What a decision may rest on (行政处罚法 46(2))."""
    return [row for row in file.exhibits if row.verified and not row.excluded_reason]


def can_verify_exhibits(file: File, row: None, user: User, today: date) -> list[Reason]:
    found = _inquiry.is_open(file)
    if not file.exhibits:
        found.append(Reason(_("证据清单还是空的。"), basis=KINDS_BASIS))
    elif not unverified(file):
        found.append(Reason(_("没有等待查证的证据。"), basis=VERIFIED_BASIS))
    return found


@transaction.atomic
def verify_exhibits(
    case: Case, *, by: User, at: datetime, exhibits: Iterable[Exhibit]
) -> list[Exhibit]:
    """These were examined and are true (查证属实). Raises Refused for none, and for one that was
    left out."""
    _row.lock(case)
    file = File(case)
    found = can_verify_exhibits(file, None, by, periods.local_date(at))
    wanted = {row.pk for row in exhibits}
    waiting = [row for row in unverified(file) if row.pk in wanted]
    if not wanted:
        found.append(Reason(_("至少选择一件证据。"), field="exhibits"))
    elif len(waiting) != len(wanted):
        found.append(Reason(_("选择的证据里有已经查证或者不采用的。"), field="exhibits"))
    _row.refuse(found)
    Exhibit.objects.filter(pk__in=wanted, case=case).update(verified=True)
    _row.settle(case, at=at)
    numbers = [row.number for row in waiting]
    _row.record("cases.verify_exhibits", case, by=by, at=at, data={"numbers": numbers})
    return waiting


def verified_words(rows: Sequence[Exhibit]) -> str:
    """已查证 3 件证据。"""
    return ngettext("已查证 %(n)d 件证据。", "已查证 %(n)d 件证据。", len(rows)) % {"n": len(rows)}


def can_exclude_exhibit(file: File, row: Exhibit, user: User, today: date) -> list[Reason]:
    found = _inquiry.is_open(file)
    if row.excluded_reason:
        found.append(Reason(_("这件证据已经不采用。")))
    return found


@transaction.atomic
def exclude_exhibit(
    case: Case, exhibit: Exhibit, *, by: User, at: datetime, reason: str
) -> Exhibit:
    """It is not used, and why; it keeps its number and is not verified any more."""
    _row.lock(case)
    found = can_exclude_exhibit(File(case), exhibit, by, periods.local_date(at))
    _row.refuse(found + _row.needs(reason, "reason", _("写明不采用的理由。")))
    exhibit.excluded_reason, exhibit.verified = reason.strip()[:300], False
    exhibit.save(update_fields=["excluded_reason", "verified"])
    _row.settle(case, at=at)
    _row.record("cases.exclude_exhibit", case, by=by, at=at, row=exhibit, reason=reason)
    return exhibit


def can_restore_exhibit(file: File, row: Exhibit, user: User, today: date) -> list[Reason]:
    found = _inquiry.is_open(file)
    if not row.excluded_reason:
        found.append(Reason(_("这件证据没有被排除。")))
    return found


@transaction.atomic
def restore_exhibit(
    case: Case, exhibit: Exhibit, *, by: User, at: datetime, reason: str
) -> Exhibit:
    """It is used after all; it waits to be verified again."""
    _row.lock(case)
    found = can_restore_exhibit(File(case), exhibit, by, periods.local_date(at))
    _row.refuse(found + _row.needs(reason, "reason"))
    exhibit.excluded_reason = ""
    exhibit.save(update_fields=["excluded_reason"])
    _row.settle(case, at=at)
    _row.record("cases.restore_exhibit", case, by=by, at=at, row=exhibit, reason=reason)
    return exhibit
