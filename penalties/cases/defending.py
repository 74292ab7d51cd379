"""The party's answers to what it was told: rights waived and taken up again, its defence and the
organ's answer (行政处罚法 44, 45; MPSP 134).

A defence stays what it is: one against a former notice is answered as well, and a late one is heard
as long as nothing is decided (45 sets no period; the window is a rule of the house).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from deadlines import clock
from legal import periods
from penalties import clocks, rights
from penalties.casefile import File
from penalties.cases import _row
from penalties.cases.telling import DEFENCE, HEARING, Answer, Way, not_open
from penalties.models import Defence, Told
from rectification.reasons import day_words
from vault import files
from vault.uploads import Checked

__all__ = [
    "DEFENCE",
    "HEARING",
    "answer_defence",
    "can_answer_defence",
    "can_change_answer",
    "can_record_defence",
    "change_answer",
    "lapse",
    "record_defence",
]

trail.words(
    {
        "cases.change_answer": gettext_lazy("变更对权利的回答"),
        "cases.record_defence": gettext_lazy("登记陈述申辩"),
        "cases.answer_defence": gettext_lazy("复核陈述申辩"),
    }
)


# --- The answers to both rights ---------------------------------------------------------------


def can_change_answer(file: File, told: Told, user: User, today: date) -> list[Reason]:
    """The notice must be in force, and nothing decided."""
    return _not_in_force(file, told)


def _not_in_force(file: File, told: Told) -> list[Reason]:
    respondent = file.respondent(told.respondent_id)
    if told.void_on is not None:
        text = _("这次告知已于 %(day)s 失效：%(reason)s")
        given = {"day": day_words(told.void_on), "reason": told.void_reason}
        return [Reason(text % given)]
    return not_open(file, respondent)


@transaction.atomic
def change_answer(
    told: Told, *, right: str, answer: str, on: date, reason: str, by: User, at: datetime
) -> Told:
    """The party waives a right later, or takes its waiver back inside the window (MPSP 134).

    Args:
        right: DEFENCE or HEARING.
        answer: WAIVED, or LATER for a waiver that is taken back. Claiming is done by stating a
            defence or asking for a hearing.

    Raises Refused: the window is over, nothing would change, a hearing is under way.
    """
    case = told.case = _row.lock(told.case)
    file = File(case)
    told = _fresh(file, told)
    _row.refuse(can_change_answer(file, told, by, periods.local_date(at)))
    found = _row.needs(reason, "reason", _("写明当事人怎样表示的。")) + _dated(told, on, at, "on")
    hearing = rights.hearing_on(file, told)
    if right == HEARING and not told.hearing_ground:
        text = _("这次告知没有听证权利。")
        found.append(Reason(text, basis="APL@2021:63(1)", field="right"))
    elif right == HEARING and hearing is not None and not hearing.is_over:
        text, url_text = _("当事人已经要求听证；放弃的，登记撤回听证。"), _("去撤回听证")
        url = hearing.get_absolute_url()
        found.append(Reason(text, field="answer", url=url, url_text=url_text))
    if answer not in (Answer.WAIVED, Answer.LATER) or getattr(told, right) == answer:
        found.append(Reason(_("回答没有变化。"), field="answer"))
    elif answer == Answer.LATER and getattr(told, right) != Answer.WAIVED:
        found.append(Reason(_("当事人没有放弃这项权利。"), field="answer"))
    elif answer == Answer.LATER:
        found += _renewed(told, right, on)
    _row.refuse(found)
    setattr(told, right, answer)
    told.save(update_fields=[right])
    if right == HEARING:
        _clock_of_answer(told, answer, reason, by=by, at=at)
    _row.settle(case, at=at)
    data = {"right": right, "answer": answer, "on": on}
    _row.record("cases.change_answer", case, by=by, at=at, reason=reason, row=told, data=data)
    return told


def _renewed(told: Told, right: str, on: date) -> list[Reason]:
    """Why a waiver cannot be taken back on this day."""
    if right == HEARING:
        return rights.too_late(told, on, field="on")
    if on <= told.defence_until:
        return []
    text = _("陈述申辩期限已于 %(day)s 届满；当事人仍要陈述的，登记陈述申辩。")
    return [Reason(text % {"day": day_words(told.defence_until)}, house=True, field="on")]


def _clock_of_answer(told: Told, answer: str, reason: str, *, by: User, at: datetime) -> None:
    if answer == Answer.WAIVED:
        clocks.cancel("HEARING_REQUEST", told, reason=reason, by=by, at=at)
        return
    published = told.way == Way.PUBLICATION
    told_on = told.defence_until if published else periods.local_date(told.given_at)
    if clock.running(told, "HEARING_REQUEST") is None:
        period = clocks.due("HEARING_REQUEST", told_on)
        clocks.start("HEARING_REQUEST", told, period, case=told.case, by=by, at=at)


def lapse(told: Told, *, by: User, at: datetime) -> None:
    """The window for a hearing passed, or the right was waived, and a decision is made: the clock
    of the party ends. For the verb that decides."""
    clocks.cancel("HEARING_REQUEST", told, reason=_("未要求听证，已作出决定"), by=by, at=at)


def _fresh(file: File, told: Told) -> Told:
    """The row as it is under the lock."""
    return next(row for row in file.tolds if row.pk == told.pk)


def _dated(told: Told, on: date, at: datetime, field: str) -> list[Reason]:
    if on < periods.local_date(told.given_at):
        return [Reason(_("日期不能早于告知。"), field=field)]
    if on > periods.local_date(at):
        return [Reason(_("日期不能晚于今天。"), field=field)]
    return []


# --- Defence ----------------------------------------------------------------------------------


def can_record_defence(file: File, told: Told, user: User, today: date) -> list[Reason]:
    """Heard until the decision, also late (行政处罚法 45); against the last notice."""
    respondent = file.respondent(told.respondent_id)
    own = [row for row in file.tolds if row.respondent_id == told.respondent_id]
    if own[-1].pk != told.pk:
        return [Reason(_("已经重新告知，陈述申辩登记在新的告知下。"))]
    return not_open(file, respondent)


@transaction.atomic
def record_defence(
    told: Told,
    *,
    received_on: date,
    text: str,
    oral: bool = False,
    upload: Checked | None = None,
    by: User,
    at: datetime,
) -> Defence:
    """What the party stated, by word of mouth or in writing. After the window it is late, and is
    heard all the same. Raises Refused: a date before the notice or after today, no text."""
    case = told.case = _row.lock(told.case)
    file = File(case)
    told = _fresh(file, told)
    _row.refuse(can_record_defence(file, told, by, periods.local_date(at)))
    found = _dated(told, received_on, at, "received_on")
    _row.refuse(found + _row.needs(text, "text", _("写明陈述和申辩的内容。")))
    stored = None
    if upload is not None:
        stored = files.store(upload.data, upload.name, upload.content_type, by)
    row = Defence.objects.create(
        case=case,
        told=told,
        entered_at=at,
        entered_by=by,
        received_on=received_on,
        oral=oral,
        text=text.strip(),
        file=stored,
    )
    told.defence = Answer.CLAIMED
    told.save(update_fields=["defence"])
    _row.settle(case, at=at)
    data = {"received_on": received_on, "late": rights.is_late(told, row)}
    _row.record("cases.record_defence", case, by=by, at=at, row=row, data=data)
    return row


def can_answer_defence(file: File, defence: Defence, user: User, today: date) -> list[Reason]:
    """Once, before the decision."""
    if defence.finding and defence.answered_on is not None:
        day = day_words(defence.answered_on)
        return [Reason(_("%(day)s 已经复核。") % {"day": day}, basis="APL@2021:45")]
    told = next(row for row in file.tolds if row.pk == defence.told_id)
    return not_open(file, file.respondent(told.respondent_id))


@transaction.atomic
def answer_defence(
    defence: Defence, *, finding: str, answer: str, on: date, by: User, at: datetime
) -> Defence:
    """The organ reviews facts, reasons and evidence, and says why it follows them or not (45(1)).
    Nobody is treated worse for it (45(2)). Raises Refused: no reasons, a date out of order."""
    case = defence.case = _row.lock(defence.case)
    file = File(case)
    row = next(each for each in file.defences if each.pk == defence.pk)
    _row.refuse(can_answer_defence(file, row, by, periods.local_date(at)))
    found = _row.needs(answer, "answer", _("写明复核的理由。"), "APL@2021:45")
    if finding not in Defence.Finding.values:
        found.append(Reason(_("选择复核结论。"), field="finding"))
    if on < row.received_on:
        found.append(Reason(_("复核不能早于收到陈述申辩。"), field="on"))
    if on > periods.local_date(at):
        found.append(Reason(_("日期不能晚于今天。"), field="on"))
    _row.refuse(found)
    row.finding, row.answer = finding, answer.strip()
    row.answered_on, row.answered_by = on, by
    row.save(update_fields=["finding", "answer", "answered_on", "answered_by"])
    _row.settle(case, at=at)
    data = {"finding": finding, "on": on}
    _row.record("cases.answer_defence", case, by=by, at=at, row=row, data=data)
    return row
