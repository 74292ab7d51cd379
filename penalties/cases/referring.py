"""Handing a case to whom it belongs (移送), with the answer that is waited for; and talks with
those in charge (约谈), which are no penalty and no step towards one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import trail
from audit.trail import Reason
from deadlines import clock
from inspections import fieldwork
from inspections.models import Finding
from legal import periods
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _row
from penalties.models import Case, CaseFinding, CaseState, Interview, Referral
from rectification.reasons import ORDER_176_FROM

trail.words(
    {
        "cases.refer": gettext_lazy("移送"),
        "cases.record_answer": gettext_lazy("登记移送答复"),
        "cases.record_interview": gettext_lazy("登记约谈"),
        "cases.follow_up_interview": gettext_lazy("登记约谈跟进"),
    }
)

KIND = "TRANSFER_24H"
COMPETENT, CRIME = "MPSP@2020:61", "APL@2021:27(1)"
NETWORK_TALKS, DATA_TALKS = "MPS176@2026:19(1)", "MPS176@2026:19(2)"


def _running(file: File) -> list[Reason]:
    if file.case.state in (CaseState.CLOSED, CaseState.DECLINED):
        return [Reason(_("案件已经办结。"))]
    return []


# --- Referral ------------------------------------------------------------------------------------


def waiting(file: File) -> Referral | None:
    """The referral of the whole case that is not answered yet, or was accepted."""
    for row in file.referrals:
        if row.whole and row.answer in ("", Referral.Answer.ACCEPTED):
            return row
    return None


def can_refer(file: File, row: None, user: User, today: date) -> list[Reason]:
    """While nothing is decided, and the whole is not with others already."""
    found = _running(file)
    if file.case.state == CaseState.DECIDED:
        found.append(Reason(_("案件已经作出决定，不能再移送。")))
    whole = waiting(file)
    if whole is not None:
        found.append(
            Reason(
                _("全案已移送%(organ)s。") % {"organ": whole.organ},
                url=whole.get_absolute_url(),
                url_text=_("看移送"),
            )
        )
    return found


@transaction.atomic
def refer(
    case: Case,
    *,
    by: User,
    at: datetime,
    to: str,
    organ: str,
    reason: str,
    sent_on: date,
    found_at: datetime | None = None,
    document_number: str = "",
    whole: bool = True,
    findings: Sequence[Finding] = (),
) -> Referral:
    """Hand over the case, or the findings named.

    Args:
        found_at: when it was found that others are competent; twenty-four hours run from it
            (程序规定 61), and whether they were kept is told. Owed unless a crime is suspected.

    Raises Refused: nothing named for a part, a finding of another case, days out of order.
    """
    case = _row.lock(case)
    today = periods.local_date(at)
    file = File(case)
    found = can_refer(file, None, by, today)
    found += _row.needs(organ, "organ", _("写明接收单位。"))
    found += _row.needs(
        reason, "reason", _("写明移送理由。"), CRIME if to == Referral.To.CRIMINAL else COMPETENT
    )
    found += _of_days(to, found_at, sent_on, at)
    own = {row.pk for row in file.findings}
    if not whole and not findings:
        found.append(Reason(_("移送一部分的，选择移送哪些发现。"), field="findings"))
    if not whole and own and len({row.pk for row in findings}) == len(own):
        found.append(Reason(_("选择了全部发现，请选“移送全案”。"), field="findings"))
    if any(row.pk not in own for row in findings):
        found.append(Reason(_("发现不属于本案。"), field="findings"))
    _row.refuse(found)
    row = Referral.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        to=to,
        organ=organ.strip(),
        reason=reason.strip(),
        found_at=found_at,
        sent_on=sent_on,
        document_number=document_number.strip(),
        whole=whole,
    )
    if not whole:
        row.findings.set(findings)
    if found_at is not None:
        period = clocks.due(KIND, found_at)
        clock.meet(
            clocks.start(KIND, row, period, case=case, by=by, at=at), on=sent_on, by=by, at=at
        )
    _row.settle(case, at=at)
    data = {"to": to, "organ": organ, "whole": whole}
    _row.record("cases.refer", case, by=by, at=at, reason=reason, row=row, data=data)
    return row


def _of_days(to: str, found_at: datetime | None, sent_on: date, at: datetime) -> list[Reason]:
    found = []
    if sent_on > periods.local_date(at):
        found.append(Reason(_("移送日期不能晚于今天。"), field="sent_on"))
    if found_at is None:
        if to != Referral.To.CRIMINAL:
            text = _("填写发现不属于本单位管辖的时间，自此二十四小时内移送。")
            found.append(Reason(text, field="found_at", basis=COMPETENT))
    elif found_at > at:
        found.append(Reason(_("发现时间不能晚于现在。"), field="found_at"))
    elif sent_on < periods.local_date(found_at):
        found.append(Reason(_("移送日期不能早于发现的时间。"), field="sent_on"))
    return found


def can_record_answer(file: File, row: Referral, user: User, today: date) -> list[Reason]:
    """Once."""
    return [Reason(_("已经登记过答复。"))] if row.answer else []


@transaction.atomic
def record_answer(
    row: Referral,
    *,
    by: User,
    at: datetime,
    answer: str,
    answered_on: date,
    answer_number: str = "",
    answer_note: str = "",
) -> Referral:
    """What the other organ answered. Accepted: its findings are no longer this case's to punish.
    Declined or returned: the case goes on here, and its ninety days went on all the time.

    Raises Refused: answered before, a day before sending or after today, a refusal without a word.
    """
    case = row.case = _row.lock(row.case)
    today = periods.local_date(at)
    file = File(case)
    found = can_record_answer(file, row, by, today)
    if answered_on > today:
        found.append(Reason(_("答复日期不能晚于今天。"), field="answered_on"))
    if answered_on < row.sent_on:
        found.append(Reason(_("答复日期不能早于移送日期。"), field="answered_on"))
    if answer != Referral.Answer.ACCEPTED:
        found += _row.needs(answer_note, "answer_note", _("写明不予受理或者退回的理由。"))
    _row.refuse(found)
    row.answer, row.answered_on = answer, answered_on
    row.answer_number, row.answer_note = answer_number.strip(), answer_note.strip()
    row.save(update_fields=["answer", "answered_on", "answer_number", "answer_note"])
    if answer == Referral.Answer.ACCEPTED:
        _hand_over(file, row, by=by, at=at)
    _row.settle(case, at=at)
    data = {"answer": answer, "on": answered_on}
    _row.record("cases.record_answer", case, by=by, at=at, reason=answer_note, row=row, data=data)
    return row


def _hand_over(file: File, row: Referral, *, by: User, at: datetime) -> None:
    part = file.findings if row.whole else list(row.findings.select_related("inspection"))
    ids = [finding.pk for finding in part]
    CaseFinding.objects.filter(case=file.case, finding__in=ids).update(live=False)
    for visit in {finding.inspection_id for finding in part}:
        fieldwork.dispose_all(
            [finding for finding in part if finding.inspection_id == visit],
            Finding.Disposition.TRANSFERRED,
            by=by,
            at=at,
            note=row.organ,
        )


# --- Talks ---------------------------------------------------------------------------------------


def can_record_interview(file: File, row: None, user: User, today: date) -> list[Reason]:
    """While the case is open."""
    return _running(file)


def competent_for(unit: Unit, subject: str, on: date) -> list[Reason]:
    """Who may summon to a talk (公安部令第176号 19): about network and content security a unit
    of the province or above, about data and personal information any from the county up."""
    if subject != Interview.Subject.NETWORK or unit.level == Unit.Level.PROVINCE:
        return []
    basis = NETWORK_TALKS if on >= ORDER_176_FROM else ""
    text = _("就网络安全、信息安全约谈的，须是省级以上公安机关；本单位可以提请省级公安机关约谈。")
    return [Reason(text, basis=basis, field="subject")]


@transaction.atomic
def record_interview(
    case: Case,
    *,
    by: User,
    at: datetime,
    subject: str,
    held_at: datetime,
    place: str,
    attendees: Sequence[str],
    officers: Sequence[str],
    demands: str,
    commitments: str = "",
    follow_up_on: date | None = None,
) -> Interview:
    """A talk was held. Raises Refused: the unit's level, nobody named, a time in the future."""
    case = _row.lock(case)
    today = periods.local_date(at)
    day = periods.local_date(held_at)
    found = can_record_interview(File(case), None, by, today)
    found += competent_for(case.unit, subject, day)
    if held_at > at:
        found.append(Reason(_("约谈时间不能晚于现在。"), field="held_at"))
    if follow_up_on is not None and follow_up_on < day:
        found.append(Reason(_("跟进日期不能早于约谈。"), field="follow_up_on"))
    found += _row.needs(place, "place") + _row.needs(demands, "demands", _("写明提出的要求。"))
    found += _row.needs("".join(attendees), "attendees", _("写明被约谈人。"))
    found += _row.needs("".join(officers), "officers", _("写明约谈人。"))
    _row.refuse(found)
    row = Interview.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        subject=subject,
        held_at=held_at,
        place=place.strip(),
        attendees=list(attendees),
        officers=list(officers),
        demands=demands.strip(),
        commitments=commitments.strip(),
        follow_up_on=follow_up_on,
    )
    _row.settle(case, at=at)
    data = {"subject": subject, "held_at": held_at}
    _row.record("cases.record_interview", case, by=by, at=at, row=row, data=data)
    return row


def can_follow_up_interview(file: File, row: Interview, user: User, today: date) -> list[Reason]:
    """Once."""
    return [Reason(_("已经登记过跟进。"))] if row.followed_up_on else []


@transaction.atomic
def follow_up_interview(
    row: Interview, *, by: User, at: datetime, followed_up_on: date, follow_up: str
) -> Interview:
    """What became of the demands. Raises Refused: a day before the talk or after today."""
    case = row.case = _row.lock(row.case)
    today = periods.local_date(at)
    found = can_follow_up_interview(File(case), row, by, today)
    if followed_up_on > today:
        found.append(Reason(_("跟进日期不能晚于今天。"), field="followed_up_on"))
    if followed_up_on < periods.local_date(row.held_at):
        found.append(Reason(_("跟进日期不能早于约谈。"), field="followed_up_on"))
    _row.refuse(found + _row.needs(follow_up, "follow_up", _("写明跟进的情况。")))
    row.followed_up_on, row.follow_up = followed_up_on, follow_up.strip()
    row.save(update_fields=["followed_up_on", "follow_up"])
    _row.settle(case, at=at)
    _row.record("cases.follow_up_interview", case, by=by, at=at, row=row)
    return row
