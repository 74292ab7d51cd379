"""Statements (询问笔录): questions and answers before two officers (行政处罚法 55)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from inspections.fieldwork.evidence import Upload
from legal import periods
from penalties.casefile import File
from penalties.cases import _inquiry, _row, exhibits
from penalties.models import Case, Exhibit, Respondent, Statement
from vault import files
from vault.models import StoredFile

trail.words(
    {
        "cases.record_statement": gettext_lazy("登记询问笔录"),
        "cases.scan_statement": gettext_lazy("上传询问笔录扫描件"),
    }
)

BASIS = "APL@2021:55"


def can_record_statement(file: File, row: None, user: User, today: date) -> list[Reason]:
    """The investigation is open, and two officers handle the case."""
    return [*_inquiry.is_open(file), *_inquiry.enough(file)]


@transaction.atomic
def record_statement(
    case: Case,
    *,
    by: User,
    at: datetime,
    person: str,
    begun_at: datetime,
    ended_at: datetime,
    place: str,
    officers: Sequence[User],
    answers: Sequence[dict[str, str]],
    rights_told: bool,
    signature: str,
    refusal_note: str = "",
    respondent: Respondent | None = None,
    standing: str = "",
    upload: Upload | None = None,
) -> Statement:
    """What somebody said, as it was written down and signed; it goes onto the list of exhibits,
    unverified.

    Args:
        officers: who asked, and who wrote it down.
        answers: [{"q", "a"}] in their order.
        upload: the signed paper, checked by `vault.uploads`.

    Raises Refused: not two officers of the case with valid certificates (42(1)), certificates not
    shown (55(1)), times out of order or in the future, an officer or the person in two rooms at
    once, no question with an answer, no signature and no note of its refusal.
    """
    _row.lock(case)
    file = File(case)
    day = periods.local_date(begun_at)
    found = can_record_statement(file, None, by, periods.local_date(at))
    found += _row.needs(person, "person") + _row.needs(place, "place")
    found += _times(file, begun_at, ended_at, at)
    found += _inquiry.pair(file, officers, day)
    found += _content(answers, rights_told, signature, refusal_note)
    if not found:
        found = _elsewhere(file, officers, person, begun_at, ended_at)
    _row.refuse(found)
    statement = Statement.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        respondent=respondent,
        person=person.strip(),
        standing=standing.strip(),
        begun_at=begun_at,
        ended_at=ended_at,
        place=place.strip(),
        officer_1=officers[0],
        officer_2=officers[1],
        rights_told=rights_told,
        answers=list(answers),
        signature=signature,
        refusal_note=refusal_note.strip(),
        file=_stored(upload, by),
    )
    exhibits.add(
        case,
        by=by,
        at=at,
        kind=Exhibit.Kind.WITNESS if respondent is None else Exhibit.Kind.PARTY,
        title=f"{statement.person}的询问笔录"[:200],
        proves="被询问人关于本案事实的陈述",
        source="询问",
        collected_on=day,
        officer_1=officers[0],
        officer_2=officers[1],
        statement=statement,
    )
    _row.settle(case, at=at)
    _row.record(
        "cases.record_statement",
        case,
        by=by,
        at=at,
        row=statement,
        data={"begun_at": begun_at, "ended_at": ended_at, "signature": signature},
    )
    return statement


def can_scan_statement(file: File, row: Statement, user: User, today: date) -> list[Reason]:
    """One scan for one statement; it is never replaced."""
    if row.file_id is None:
        return []
    return [Reason(_("这份笔录已经有扫描件，扫描件不能替换。"))]


@transaction.atomic
def scan_statement(
    case: Case, statement: Statement, *, by: User, at: datetime, upload: Upload
) -> Statement:
    """The signed paper comes into the file. Raises Refused when there is one already."""
    _row.lock(case)
    _row.refuse(can_scan_statement(File(case), statement, by, periods.local_date(at)))
    statement.file = _stored(upload, by)
    statement.save(update_fields=["file"])
    _row.settle(case, at=at)
    data = {"sha256": statement.file.sha256 if statement.file else ""}
    _row.record("cases.scan_statement", case, by=by, at=at, row=statement, data=data)
    return statement


def _stored(upload: Upload | None, by: User) -> StoredFile | None:
    if upload is None:
        return None
    return files.store(upload.data, upload.name, upload.content_type, by)


def _times(file: File, begun_at: datetime, ended_at: datetime, at: datetime) -> list[Reason]:
    found = []
    if ended_at <= begun_at:
        found.append(Reason(_("结束时间应当晚于开始时间。"), field="ended_at"))
    if ended_at > at:
        found.append(Reason(_("结束时间不能晚于现在。"), field="ended_at"))
    first = _inquiry.began_on(file)
    if periods.local_date(begun_at) < first:
        text = _("开始时间不能早于发现违法线索之日（%(day)s）。") % {"day": first.isoformat()}
        found.append(Reason(text, field="begun_at"))
    return found


def _content(
    answers: Sequence[dict[str, str]], rights_told: bool, signature: str, note: str
) -> list[Reason]:
    found = []
    if not rights_told:
        text = _("询问前应当出示执法证件、告知权利义务；没有做到的，笔录不能作为证据登记。")
        found.append(Reason(text, basis="APL@2021:55", field="rights_told"))
    if not any(row.get("q", "").strip() and row.get("a", "").strip() for row in answers):
        found.append(Reason(_("至少写一组问和答。"), basis="APL@2021:55", field="answers"))
    if any(row.get("a", "").strip() and not row.get("q", "").strip() for row in answers):
        found.append(Reason(_("有的回答没有对应的问题。"), field="answers"))
    if signature == Statement.Signature.REFUSED and not note.strip():
        found.append(Reason(_("写明拒绝签名的情况。"), field="refusal_note"))
    if signature == Statement.Signature.NONE:
        text = _("笔录应当由被询问人签名；拒绝签名的，注明情况。")
        found.append(Reason(text, basis="APL@2021:55", field="signature"))
    return found


def _elsewhere(
    file: File, officers: Sequence[User], person: str, begun_at: datetime, ended_at: datetime
) -> list[Reason]:
    """Nobody is in two rooms at once: officers in whatever case, the person in this one.

    The rows of the officers are held, so that two cases cannot take the same hour at once.
    """
    ids = [officer.pk for officer in officers]
    list(
        User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    )
    both = Q(officer_1__in=ids) | Q(officer_2__in=ids)
    rows = Statement.objects.filter(
        both | Q(case=file.case, person=person.strip()),
        begun_at__lt=ended_at,
        ended_at__gt=begun_at,
    )
    found = []
    for row in rows:
        times = {
            "from": f"{timezone.localtime(row.begun_at):%Y-%m-%d %H:%M}",
            "to": f"{timezone.localtime(row.ended_at):%H:%M}",
        }
        busy = {row.officer_1_id, row.officer_2_id}
        for field, officer in zip(("officer_1", "officer_2"), officers, strict=True):
            if officer.pk in busy:
                text = _("%(name)s在 %(from)s 至 %(to)s 正在做另一份询问笔录。")
                found.append(Reason(text % {"name": officer.name, **times}, field=field))
        if row.case_id == file.case.pk and row.person == person.strip():
            text = _("%(name)s在 %(from)s 至 %(to)s 正在接受另一次询问。")
            found.append(Reason(text % {"name": row.person, **times}, field="begun_at"))
    return found
