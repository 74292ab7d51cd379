"""What a case file (案卷) holds, and in which order. The rooms above fill this at start-up.

    filing.source("rectification.order", entries=..., cover=..., verb=..., rows=...)

`entries(subject, user)` gives everything that belongs to the file, as that person may see it;
what must stay closed to them comes as an entry with `withheld`, never left out. The order of the
file is that of the procedure: `Stage` first, then the order in which the source gives them.

Words here are Chinese only: they are printed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Unit, User
from notices import writing
from notices.models import Notice
from vault.models import StoredFile


class Stage(IntEnum):
    """Where in the procedure a part of the file belongs."""

    FILING = 10  # 立案
    NOTICE = 20  # 检查通知
    RECORD = 30  # 检查记录
    EVIDENCE = 40  # 证据
    ORDER = 50  # 责令改正
    EXTENSION = 60  # 延期、中止
    CORRECTION = 70  # 改正材料
    REINSPECTION = 80  # 复查
    TELLING = 90  # 处罚告知、听证
    DECISION = 100  # 决定
    ENFORCEMENT = 110  # 催告、强制执行
    PAYMENT = 120  # 缴款
    CLOSING = 130  # 结案
    OTHER = 140


STAGES: dict[str, Stage] = {
    "case_filing": Stage.FILING,
    "inspection_notice": Stage.NOTICE,
    "inspection_record": Stage.RECORD,
    "correction_order": Stage.ORDER,
    "advisory": Stage.ORDER,
    "extension_decision": Stage.EXTENSION,
    "reinspection_opinion": Stage.REINSPECTION,
    "penalty_notice": Stage.TELLING,
    "hearing_notice": Stage.TELLING,
    "spot_decision": Stage.DECISION,
    "no_penalty_decision": Stage.DECISION,
    "penalty_decision": Stage.DECISION,
    "demand": Stage.ENFORCEMENT,
    "enforcement_application": Stage.ENFORCEMENT,
    "closing_approval": Stage.CLOSING,
}


class Sort(StrEnum):
    PAPER = "paper"
    SCAN = "scan"
    EVIDENCE = "evidence"
    MATERIAL = "material"


class Withheld(StrEnum):
    """Why a part stays closed; a sheet in its place says so."""

    INFORMANT = "informant"
    PERSONAL = "personal"
    ROLE = "role"


@dataclass(frozen=True)
class Entry:
    """One part of a file.

    Args:
        key: "evidence:<id>": names the part again when the file is made, later.
        title: as the catalogue prints it.
        day: of the paper, or on which the thing was taken or received.
        file: the stored bytes; None while a paper is not printed.
        number: of a paper.
        party: to whom a paper goes.
        facts: what the caption adds: (label, value), Chinese.
        withheld: why it stays closed; its file is then not read.
        ended: the paper was withdrawn or replaced.
    """

    key: str
    stage: Stage
    sort: Sort
    title: str
    day: date | None
    file: StoredFile | None
    number: str = ""
    party: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    withheld: Withheld | None = None
    ended: str = ""

    @property
    def sha256(self) -> str:
        return self.file.sha256 if self.file is not None else ""


@dataclass(frozen=True)
class Cover:
    """What the cover (封面) says. `kind` is the name of the file: 行政处罚案卷."""

    kind: str
    unit: Unit
    name: str
    party: str
    numbers: tuple[tuple[str, str], ...]
    opened: date | None
    closed: date | None
    officers: tuple[str, ...]
    outcome: str
    demonstration: bool
    url: str


@dataclass(frozen=True)
class Source:
    entries: Callable[[Any, User], list[Entry]]
    cover: Callable[[Any], Cover]
    verb: str
    rows: Callable[[], Any]

    def find(self, pk: Any, user: User) -> Any | None:
        """The record, while it is within the person's reach; None otherwise."""
        return self.rows().visible_to(user).filter(pk=pk).first() if user.may(self.verb) else None

    def parts(self, subject: Any, user: User) -> list[Entry]:
        """All parts in the order of the procedure."""
        return sorted(self.entries(subject, user), key=lambda entry: entry.stage)


_SOURCES: dict[str, Source] = {}


def source(
    label: str,
    *,
    entries: Callable[[Any, User], list[Entry]],
    cover: Callable[[Any], Cover],
    verb: str,
    rows: Callable[[], Any],
) -> None:
    """Say what the file of a record holds. Once for each model.

    Args:
        label: "rectification.order".
        entries: the parts, for that person.
        cover: the facts of the cover.
        verb: whoever may have the file made holds it.
        rows: the queryset from which the record is taken; scoped by `visible_to`.
    """
    _SOURCES[label] = Source(entries, cover, verb, rows)


def of(subject_type: ContentType) -> Source:
    """Raises KeyError for a kind of record that has no file."""
    return _SOURCES[f"{subject_type.app_label}.{subject_type.model}"]


# --- Parts that every source has ---------------------------------------------------------------


def papers_of(subjects: Iterable[models.Model], user: User) -> list[Entry]:
    """The papers about these records, each followed by its receipts and scans: five queries.

    What the person may not see of papers comes withheld.
    """
    about = Q()
    for subject in subjects:
        about |= Q(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)
    if not about:
        return []
    found = list(_rows(user).filter(about).order_by("issued_at", "id"))
    of_notices = ContentType.objects.get_for_model(Notice)
    receipts: dict[Any, list[Notice]] = {}
    for receipt in _rows(user).filter(
        subject_type=of_notices, subject_id__in=[notice.pk for notice in found]
    ):
        receipts.setdefault(receipt.subject_id, []).append(receipt)
    closed = None if user.may("notices.view") else Withheld.ROLE
    parts: list[Entry] = []
    for notice in found:
        stage = STAGES.get(notice.kind, Stage.OTHER)
        parts.append(_paper(notice, stage))
        for receipt in sorted(receipts.get(notice.pk, []), key=lambda each: each.issued_at):
            parts.append(_paper(receipt, stage))
            parts += _returned(receipt, stage)
        parts += _returned(notice, stage)
    return [replace(part, withheld=closed) for part in parts] if closed else parts


def _rows(user: User) -> Any:
    return (
        Notice.objects.visible_to(user)
        .select_related("pdf")
        .prefetch_related("services__proof", "scans__file")
        .defer("words", "snapshot", "fingerprint")
    )


def paper(notice: Notice) -> Entry:
    """One paper by itself."""
    return _paper(notice, STAGES.get(notice.kind, Stage.OTHER))


def _paper(notice: Notice, stage: Stage) -> Entry:
    return Entry(
        key=f"notice:{notice.pk}",
        stage=stage,
        sort=Sort.PAPER,
        title=notice.title,
        day=notice.issued_on,
        file=notice.pdf,
        number=notice.number,
        party=notice.addressee,
        ended=notice.state if notice.state != Notice.State.VALID else "",
    )


_SCANS = {"signed_copy": "签收的附卷联", "receipt": "送达回证", "stub": "存根", "other": "其他"}


def _returned(notice: Notice, stage: Stage) -> list[Entry]:
    """The proofs of its services and the scans of what came back, oldest first."""
    found = [
        (
            service.recorded_at,
            Entry(
                key=f"proof:{service.pk}",
                stage=stage,
                sort=Sort.SCAN,
                title=f"送达凭证（{notice.title}）",
                day=service.attempted_on,
                file=service.proof,
                number=notice.number,
                facts=(("收到时间", moment(service.proof.stored_at)),),
            ),
        )
        for service in notice.services.all()
        if service.proof is not None
    ] + [
        (
            scan.filed_at,
            Entry(
                key=f"scan:{scan.pk}",
                stage=stage,
                sort=Sort.SCAN,
                title=f"{_SCANS[scan.kind]}（{notice.title}）",
                day=timezone.localdate(scan.filed_at),
                file=scan.file,
                number=notice.number,
                facts=(("归档时间", moment(scan.filed_at)),),
            ),
        )
        for scan in notice.scans.all()
    ]
    return [entry for _at, entry in sorted(found, key=lambda each: each[0])]


def moment(at: datetime | None) -> str:
    """2025年1月8日9时05分; 未记录 where nobody wrote it down."""
    return writing.moment(at) if at is not None else "未记录"
