"""A hearing held, reported on, or given up (行政处罚法 64, 65; MPSP 134, 138). See `hearing`."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import periods
from notices import papers
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _asked, _row
from penalties.cases.hearing import (
    AHEAD,
    APART,
    dated,
    ended,
    fresh,
    held,
    last_notice_day,
    not_accepted,
    told_of,
)
from penalties.models import Hearing, Told
from rectification.reasons import day_words

PARTY, ABSENT = "party", "absent"
#: As the file keeps it.
_HOW = {PARTY: "当事人撤回听证要求", ABSENT: "无正当理由拒不出席，视为放弃听证"}

trail.words(
    {
        "cases.hold_hearing": gettext_lazy("登记听证笔录"),
        "cases.report_hearing": gettext_lazy("提交听证报告"),
        "cases.withdraw_hearing": gettext_lazy("登记撤回或者放弃听证"),
    }
)


def served_on(hearing: Hearing) -> date | None:
    """The day on which the notice counts as served; None while it does not. One query until the
    hearing was held."""
    if hearing.noticed_on is not None or hearing.notice is None:
        return hearing.noticed_on
    return hearing.notice.served_on()


def can_hold_hearing(file: File, hearing: Hearing, user: User, today: date) -> list[Reason]:
    """Notified and served seven working days ahead; the day has come."""
    found = ended(file, hearing) or held(hearing) or not_accepted(file, hearing, today)
    if found:
        return found
    if hearing.notice is None or hearing.planned_at is None:
        return [Reason(_("还没有签发举行听证通知书。"), basis=AHEAD)]
    day, planned_on = served_on(hearing), periods.local_date(hearing.planned_at)
    if day is None:
        return [
            Reason(
                _("举行听证通知书还没有送达。"),
                basis=AHEAD,
                url=reverse("notices:serve", args=[hearing.notice.pk]),
                url_text=_("去送达"),
            )
        ]
    if day > last_notice_day(planned_on).due:
        text = _("通知书 %(served)s 才送达，距 %(day)s 不足七个工作日，须改期。")
        given = {"served": day_words(day), "day": day_words(planned_on)}
        return [Reason(text % given, basis=AHEAD)]
    if today < planned_on:
        text = _("通知的听证日期是 %(day)s。") % {"day": day_words(planned_on)}
        return [Reason(text)]
    return []


@transaction.atomic
def hold_hearing(
    hearing: Hearing,
    *,
    begun_at: datetime,
    ended_at: datetime,
    attendees: str,
    record: str,
    signed: bool,
    by: User,
    at: datetime,
) -> Hearing:
    """The hearing was held: times, who came, and its record. Raises Refused: another day or an
    earlier time than was notified, times out of order, no record."""
    case = hearing.case = _row.lock(hearing.case)
    file = File(case)
    hearing = fresh(file, hearing)
    _row.refuse(can_hold_hearing(file, hearing, by, periods.local_date(at)))
    assert hearing.planned_at is not None
    found = _row.needs(attendees, "attendees", _("写明到场人员。"))
    found += _row.needs(record, "record", _("写明听证笔录。"), "APL@2021:65")
    day = periods.local_date(begun_at)
    if day != periods.local_date(hearing.planned_at) or begun_at < hearing.planned_at:
        text = _("通知的听证时间是 %(when)s；在别的日期或者提前举行的，须改期后重新通知。")
        when = f"{timezone.localtime(hearing.planned_at):%Y-%m-%d %H:%M}"
        found.append(Reason(text % {"when": when}, basis=AHEAD, field="begun_at"))
    if ended_at <= begun_at:
        found.append(Reason(_("结束时间须晚于开始时间。"), field="ended_at"))
    if ended_at > at:
        found.append(Reason(_("结束时间不能晚于现在。"), field="ended_at"))
    _row.refuse(found)
    hearing.noticed_on = served_on(hearing)
    hearing.begun_at, hearing.ended_at = begun_at, ended_at
    hearing.attendees, hearing.record = attendees.strip(), record.strip()
    hearing.record_signed = signed
    hearing.save()
    clocks.cancel("HEARING_ACCEPT", hearing, reason=_("逾期未决定，视为受理"), by=by, at=at)
    clocks.meet("HEARING_HOLD", hearing, on=day, by=by, at=at)
    _asked.count_again(hearing, on=day, by=by, at=at)
    _row.settle(case, at=at)
    data = {"begun_at": begun_at, "ended_at": ended_at, "signed": signed}
    _row.record("cases.hold_hearing", case, by=by, at=at, row=hearing, data=data)
    return hearing


def can_report_hearing(file: File, hearing: Hearing, user: User, today: date) -> list[Reason]:
    """Held, not reported on, and by whoever presided."""
    found = ended(file, hearing)
    if found:
        return found
    if hearing.begun_at is None:
        return [Reason(_("听证还没有举行。"), basis="APL@2021:65")]
    if hearing.reported_on is not None:
        day = day_words(hearing.reported_on)
        return [Reason(_("已于 %(day)s 提交听证报告。") % {"day": day})]
    if hearing.presider_id != user.pk and hearing.presider is not None:
        text = _("听证报告由主持人 %(name)s 提交。") % {"name": hearing.presider.name}
        return [Reason(text, basis=APART)]
    return []


@transaction.atomic
def report_hearing(
    hearing: Hearing, *, report: str, opinion: str, on: date, by: User, at: datetime
) -> Hearing:
    """The presider reports what was heard and what he or she proposes."""
    case = hearing.case = _row.lock(hearing.case)
    file = File(case)
    hearing = fresh(file, hearing)
    _row.refuse(can_report_hearing(file, hearing, by, periods.local_date(at)))
    assert hearing.begun_at is not None
    held_on = periods.local_date(hearing.begun_at)
    found = _row.needs(report, "report", _("写明听证报告。"), "APL@2021:65")
    found += _row.needs(opinion, "opinion", _("写明处理意见和建议。"))
    _row.refuse(found + dated(on, at, "on", after=held_on, word=_("报告不能早于听证。")))
    hearing.report, hearing.report_opinion = report.strip(), opinion.strip()
    hearing.reported_on = on
    hearing.save(update_fields=["report", "report_opinion", "reported_on"])
    _row.settle(case, at=at)
    _row.record("cases.report_hearing", case, by=by, at=at, row=hearing, data={"on": on})
    return hearing


def can_withdraw_hearing(file: File, hearing: Hearing, user: User, today: date) -> list[Reason]:
    """Asked for and not held."""
    return ended(file, hearing) or held(hearing)


@transaction.atomic
def withdraw_hearing(
    hearing: Hearing, *, how: str, on: date, note: str, by: User, at: datetime
) -> Hearing:
    """The party withdraws (PARTY), or stays away without good reason, which the law takes as giving
    up (ABSENT; 64(1)[6]). Inside the window it may ask anew (MPSP 134)."""
    case = hearing.case = _row.lock(hearing.case)
    file = File(case)
    hearing = fresh(file, hearing)
    _row.refuse(can_withdraw_hearing(file, hearing, by, periods.local_date(at)))
    word = _("日期不能早于收到申请。")
    found = dated(on, at, "on", after=hearing.requested_on, word=word)
    found += _row.needs(note, "note", _("写明情况。"))
    if how not in _HOW:
        found.append(Reason(_("选择是撤回还是缺席。"), field="how"))
    if how == ABSENT:
        found += _absent(hearing, on)
    _row.refuse(found)
    hearing.withdrawn_on = on
    hearing.withdrawn_how = f"{_HOW[how]}：{note.strip()}"[:300]
    hearing.save(update_fields=["withdrawn_on", "withdrawn_how"])
    told = told_of(file, hearing)
    told.hearing = Told.Answer.WAIVED
    told.save(update_fields=["hearing"])
    _asked.over(hearing, on=on, reason=_HOW[how], by=by, at=at)
    if hearing.notice is not None and not papers.can_withdraw(hearing.notice):
        papers.withdraw(hearing.notice, reason=_HOW[how], by=by, at=at)
    _row.settle(case, at=at)
    data = {"how": how, "on": on}
    _row.record("cases.withdraw_hearing", case, by=by, at=at, reason=note, row=hearing, data=data)
    return hearing


def _absent(hearing: Hearing, on: date) -> list[Reason]:
    """Whoever was not called in time was not absent."""
    day = served_on(hearing)
    if day is None or hearing.planned_at is None:
        text = _("举行听证通知书还没有送达，不能认定缺席。")
        return [Reason(text, basis=AHEAD, field="how")]
    planned_on = periods.local_date(hearing.planned_at)
    if on < planned_on:
        text = _("通知的听证日期是 %(day)s。") % {"day": day_words(planned_on)}
        return [Reason(text, field="on")]
    if day > last_notice_day(planned_on).due:
        text = _("通知书送达距听证不足七个工作日，不能认定缺席。")
        return [Reason(text, basis=AHEAD, field="how")]
    return []
