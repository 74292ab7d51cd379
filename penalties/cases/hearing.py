"""The hearing (听证), from the request to the report (行政处罚法 63 to 65; MPSP 123 to 153).

    request_hearing ──▶ decide_request ──▶ appoint_hearing ──▶ notify_hearing ──▶ (served)
                            │ refused                               │ postpone_hearing
                            ▼                                       ▼
                           over ◀── withdraw_hearing        hold_hearing ──▶ report_hearing
                                             (`sitting`)

1.  Asked for within five working days of being told (64(1)[1], 85; MPSP 133 still prints three). A
    party that waived or withdrew may ask anew inside these days (MPSP 134).
2.  Decided on within two days; after that the request is accepted by law (MPSP 135). Nobody writes
    that down: it follows from the calendar (`rights.is_accepted`).
3.  Seven working days lie between the service of the notice and the hearing (64(1)[2]). The day of
    service is read from the service of the paper (`Service`); `noticed_on` repeats it once the
    hearing was held upon it.
4.  Ten days from request to hearing (MPSP 137) hardly leave room for that: they are a duty on the
    desk, and stand in nobody's way.
5.  Who investigated neither presides nor sits beside (64(1)[4]).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from deadlines import clock
from legal import calendars, limits, periods
from legal.periods import Words
from notices import papers, previews
from notices.kinds.penalties import HEARING_NOTICE
from notices.models import Notice, Preview
from penalties import clocks, rights
from penalties.casefile import File
from penalties.cases import _asked, _row
from penalties.cases.recusing import stands_aside
from penalties.cases.telling import not_open
from penalties.models import Hearing, Told
from penalties.papers import hearing as paper
from penalties.papers.hearing import Plan
from rectification.reasons import day_words

MOST_MEMBERS = 4
HELD = Words("举行听证", "the hearing")
APART = "APL@2021:64(1)[4]"
AHEAD = "APL@2021:64(1)[2]"

trail.words(
    {
        "cases.request_hearing": gettext_lazy("登记听证要求"),
        "cases.decide_request": gettext_lazy("决定是否受理听证"),
        "cases.appoint_hearing": gettext_lazy("指定听证人员"),
        "cases.notify_hearing": gettext_lazy("签发举行听证通知书"),
        "cases.postpone_hearing": gettext_lazy("改期举行听证"),
    }
)


# --- What stands against any act ---------------------------------------------------------------


def told_of(file: File, hearing: Hearing) -> Told:
    """The notice upon which the hearing was asked for."""
    return next(row for row in file.tolds if row.pk == hearing.told_id)


def ended(file: File, hearing: Hearing) -> list[Reason]:
    """Why nothing can be done on this hearing any more."""
    told = told_of(file, hearing)
    if told.void_on is not None:
        text = _("告知已于 %(day)s 失效，听证随之终结；要求听证的，在新的告知下提出。")
        return [Reason(text % {"day": day_words(told.void_on)})]
    if hearing.withdrawn_on is not None:
        text = _("已于 %(day)s 终结：%(how)s")
        given = {"day": day_words(hearing.withdrawn_on), "how": hearing.withdrawn_how}
        return [Reason(text % given)]
    if hearing.accepted is False and hearing.accepted_on is not None:
        text = _("已于 %(day)s 决定不予受理。") % {"day": day_words(hearing.accepted_on)}
        return [Reason(text)]
    return not_open(file, file.respondent(told.respondent_id))


def held(hearing: Hearing) -> list[Reason]:
    if hearing.begun_at is None:
        return []
    day = day_words(periods.local_date(hearing.begun_at))
    return [Reason(_("听证已于 %(day)s 举行。") % {"day": day})]


def not_accepted(file: File, hearing: Hearing, today: date) -> list[Reason]:
    if rights.is_accepted(hearing, today):
        return []
    text = _("还没有决定受理；%(day)s 期满未决定的，视为受理。")
    given = {"day": day_words(hearing.accept_due_on)}
    return [Reason(text % given, basis="MPSP@2020:135")]


def dated(on: date, at: datetime, field: str, *, after: date, word: str) -> list[Reason]:
    """`word` is said of a day before `after`."""
    if on < after:
        return [Reason(word, field=field)]
    if on > periods.local_date(at):
        return [Reason(_("日期不能晚于今天。"), field=field)]
    return []


def fresh(file: File, hearing: Hearing) -> Hearing:
    """The row as it is under the lock."""
    return next(row for row in file.hearings if row.pk == hearing.pk)


# --- The request --------------------------------------------------------------------------------


def can_request_hearing(file: File, told: Told, user: User, today: date) -> list[Reason]:
    """Why this party cannot ask; whether it is in time depends on the day on which it asked."""
    respondent = file.respondent(told.respondent_id)
    if told.void_on is not None:
        return [Reason(_("告知已失效；要求听证的，在新的告知下提出。"))]
    if not told.hearing_ground:
        text = _("拟作出的处罚不属于可以要求听证的情形。")
        return [Reason(text, basis="APL@2021:63(1)")]
    found = not_open(file, respondent)
    hearing = rights.hearing_on(file, told)
    if not rights.may_ask(told, hearing) and hearing is not None:
        day = day_words(hearing.requested_on)
        text = _("%(day)s 已经要求听证。") % {"day": day}
        url, url_text = hearing.get_absolute_url(), _("查看听证")
        found.append(Reason(text, url=url, url_text=url_text))
    return found


@transaction.atomic
def request_hearing(told: Told, *, on: date, by: User, at: datetime) -> Hearing:
    """The party asks on this day, by word of mouth or in writing. What it waived or withdrew before
    it may ask for anew inside the window. Raises Refused: later than the last day, with the dates.
    """
    case = told.case = _row.lock(told.case)
    file = File(case)
    told = next(row for row in file.tolds if row.pk == told.pk)
    _row.refuse(can_request_hearing(file, told, by, periods.local_date(at)))
    given_on = periods.local_date(told.given_at)
    found = dated(on, at, "on", after=given_on, word=_("日期不能早于告知。"))
    _row.refuse(found + rights.too_late(told, on, field="on"))
    former = rights.hearing_on(file, told)
    if former is not None and former.notice is not None and not papers.can_withdraw(former.notice):
        papers.withdraw(former.notice, reason=_("重新要求听证"), by=by, at=at)
    hearing = _asked.ask(case, told, former, on=on, by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.request_hearing", case, by=by, at=at, row=hearing, data={"on": on})
    return hearing


def can_decide_request(file: File, hearing: Hearing, user: User, today: date) -> list[Reason]:
    """Once; and refused only while the time to decide runs."""
    found = ended(file, hearing) or held(hearing)
    if not found and hearing.accepted and hearing.accepted_on is not None:
        day = day_words(hearing.accepted_on)
        found.append(Reason(_("已于 %(day)s 决定受理。") % {"day": day}))
    return found


@transaction.atomic
def decide_request(
    hearing: Hearing, *, accepted: bool, on: date, refusal: str = "", by: User, at: datetime
) -> Hearing:
    """Accept the request, or refuse it with reasons. Raises Refused: a refusal without reasons, or
    after the last day, when the request counts as accepted (MPSP 135)."""
    case = hearing.case = _row.lock(hearing.case)
    file = File(case)
    hearing = fresh(file, hearing)
    _row.refuse(can_decide_request(file, hearing, by, periods.local_date(at)))
    word = _("日期不能早于收到申请。")
    found = dated(on, at, "on", after=hearing.requested_on, word=word)
    if not accepted:
        found += _row.needs(refusal, "refusal", _("写明不予受理的理由。"), "MPSP@2020:135")
        if on > hearing.accept_due_on:
            text = _("%(day)s 期满没有决定，已经视为受理，不能再不予受理。")
            given = {"day": day_words(hearing.accept_due_on)}
            found.append(Reason(text % given, basis="MPSP@2020:135", field="accepted"))
    _row.refuse(found)
    hearing.accepted, hearing.accepted_on = accepted, on
    hearing.refusal = "" if accepted else refusal.strip()
    hearing.save(update_fields=["accepted", "accepted_on", "refusal"])
    clocks.meet("HEARING_ACCEPT", hearing, on=on, by=by, at=at)
    if not accepted:
        _asked.over(hearing, on=on, reason=_("不予受理"), by=by, at=at)
    _row.settle(case, at=at)
    data = {"accepted": accepted, "on": on}
    _row.record("cases.decide_request", case, by=by, at=at, reason=refusal, row=hearing, data=data)
    return hearing


# --- Who sits -------------------------------------------------------------------------------------


def investigated(file: File, user: User) -> bool:
    """Whether this person had a part in the inquiry (行政处罚法 64(1)[4])."""
    return user.pk in file.investigator_ids


def can_appoint_hearing(file: File, hearing: Hearing, user: User, today: date) -> list[Reason]:
    """Accepted, and not held."""
    return ended(file, hearing) or held(hearing) or not_accepted(file, hearing, today)


@transaction.atomic
def appoint_hearing(
    hearing: Hearing,
    *,
    presider: User,
    members: Sequence[str] = (),
    recorder: str,
    by: User,
    at: datetime,
) -> Hearing:
    """Say who presides, sits beside and takes the record. A notice that names others is withdrawn,
    and owed again. Raises Refused: somebody investigated, or sits twice."""
    case = hearing.case = _row.lock(hearing.case)
    file = File(case)
    hearing = fresh(file, hearing)
    _row.refuse(can_appoint_hearing(file, hearing, by, periods.local_date(at)))
    _row.refuse(_bench(file, presider, members, recorder))
    _seat(hearing, presider, members, recorder)
    if hearing.notice is not None:
        if not papers.can_withdraw(hearing.notice):
            papers.withdraw(hearing.notice, reason=_("更换听证人员"), by=by, at=at)
        hearing.notice = hearing.planned_at = None
    hearing.save(update_fields=["presider", "members", "recorder", "notice", "planned_at"])
    _row.settle(case, at=at)
    data = {"presider": presider.name, "members": list(members), "recorder": recorder}
    _row.record("cases.appoint_hearing", case, by=by, at=at, row=hearing, data=data)
    return hearing


def _seat(hearing: Hearing, presider: User, members: Sequence[str], recorder: str) -> None:
    hearing.presider = presider
    hearing.members = [each.strip() for each in members if each.strip()]
    hearing.recorder = recorder.strip()


def _bench(file: File, presider: User, members: Sequence[str], recorder: str) -> list[Reason]:
    found = _row.needs(recorder, "recorder", _("写明记录员。"), "APL@2021:64")
    named = [each.strip() for each in members if each.strip()]
    if len(named) > MOST_MEMBERS:
        text = _("听证员最多 %(most)s 名。") % {"most": MOST_MEMBERS}
        found.append(Reason(text, field="members"))
    if investigated(file, presider):
        text = _("%(name)s 参与了本案调查，不能主持听证。") % {"name": presider.name}
        found.append(Reason(text, basis=APART, field="presider"))
    if stands_aside(file, presider) is not None:
        text = _("%(name)s 在本案中回避，不能主持听证。") % {"name": presider.name}
        found.append(Reason(text, basis="APL@2021:43", field="presider"))
    if not presider.may("cases.hear"):
        text = _("%(name)s 没有主持听证的权限。") % {"name": presider.name}
        found.append(Reason(text, house=True, field="presider"))
    investigators = {row.name for row in file.all_officers} | {file.case.filed_by.name}
    for field, name in [*(("members", each) for each in named), ("recorder", recorder.strip())]:
        if name in investigators:
            text = _("%(name)s 参与了本案调查，不能担任听证员或者记录员。") % {"name": name}
            found.append(Reason(text, basis=APART, field=field))
    seats = [presider.name, *named, recorder.strip()]
    if len(set(seats)) != len(seats):
        found.append(Reason(_("主持人、听证员、记录员不能是同一人。"), field="recorder"))
    return found


# --- The notice -----------------------------------------------------------------------------------


def last_notice_day(planned_on: date) -> periods.Period:
    """The last day on which the notice of a hearing on that day can be served, counted back.

    Raises Refused for a year without calendar."""
    try:
        return limits.of("HEARING_NOTICE").due(planned_on, calendars.load(), words=HELD)
    except periods.PeriodRefused as refused:
        raise Refused([clock.refusal(refused, field="planned_at")]) from None


def earliest_day(served_on: date) -> date:
    """The first working day on which a hearing can be held if the notice is served on that day.

    Raises Refused for a year without calendar."""
    day = served_on + timedelta(days=1)
    while True:
        if last_notice_day(day).due >= served_on and periods.is_working_day(day, calendars.load()):
            return day
        day += timedelta(days=1)


def _too_soon(planned_at: datetime, served_on: date) -> list[Reason]:
    last = last_notice_day(periods.local_date(planned_at))
    if served_on <= last.due:
        return []
    text = _("举行听证的七个工作日前须通知当事人；今天送达的，最早 %(day)s 举行。%(counted)s")
    how = last.derivation
    given = {
        "day": day_words(earliest_day(served_on)),
        "counted": clock.said({"zh": how["sentence_zh"], "en": how["sentence_en"]}),
    }
    return [Reason(text % given, basis=AHEAD, field="planned_at")]


def can_notify_hearing(file: File, hearing: Hearing, user: User, today: date) -> list[Reason]:
    """Accepted, those who sit appointed, and not notified yet."""
    found = ended(file, hearing) or held(hearing) or not_accepted(file, hearing, today)
    if found:
        return found
    if hearing.notice_id is not None:
        return [Reason(_("已经通知；改变时间、地点的，办理改期。"))]
    if hearing.presider is None:
        return [Reason(_("还没有指定听证主持人。"), basis=APART)]
    if investigated(file, hearing.presider):
        text = _("%(name)s 参与了本案调查，不能主持听证。") % {"name": hearing.presider.name}
        return [Reason(text, basis=APART)]
    return []


def _against(plan: Plan, today: date) -> list[Reason]:
    found = _row.needs(plan.place, "place", _("写明听证地点。"), AHEAD)
    if not plan.is_public:
        found += _row.needs(
            plan.closed_reason, "closed_reason", _("写明不公开举行的理由。"), "APL@2021:64"
        )
    return found + _too_soon(plan.planned_at, today)


def preview_hearing(hearing: Hearing, plan: Plan, *, by: User, at: datetime) -> Preview:
    """The notice as it would be issued now. Raises Refused as `previews.make` does."""
    file = File(hearing.case)
    hearing = fresh(file, hearing)
    addressee, facts = _addressee(file, hearing), paper.facts(hearing, plan)
    return previews.make(
        HEARING_NOTICE,
        unit=file.case.unit,
        addressee=addressee,
        context=paper.context(facts),
        subject=hearing,
        by=by,
        at=at,
        demonstration=file.case.is_demonstration,
        lacking=paper.lacking(file.case, addressee, facts, periods.local_date(at)),
    )


def _addressee(file: File, hearing: Hearing) -> str:
    return file.respondent(told_of(file, hearing).respondent_id).name


@transaction.atomic
def notify_hearing(hearing: Hearing, plan: Plan, *, by: User, at: datetime) -> Hearing:
    """Issue the notice of time and place; it is served through the door of papers.

    Raises Refused: fewer than seven working days are left even if it is served today.
    """
    case = hearing.case = _row.lock(hearing.case)
    file = File(case)
    hearing = fresh(file, hearing)
    today = periods.local_date(at)
    _row.refuse(can_notify_hearing(file, hearing, by, today))
    _row.refuse(_against(plan, today))
    _issue(file, hearing, plan, by=by, at=at)
    data = {"planned_at": plan.planned_at, "place": plan.place}
    _row.record("cases.notify_hearing", case, by=by, at=at, row=hearing, data=data)
    return hearing


def _issue(file: File, hearing: Hearing, plan: Plan, *, by: User, at: datetime) -> None:
    """Plan and paper on the row, the file settled."""
    hearing.planned_at, hearing.place = plan.planned_at, plan.place.strip()
    hearing.is_public = plan.is_public
    hearing.closed_reason = "" if plan.is_public else plan.closed_reason.strip()
    hearing.save()
    _row.settle(file.case, at=at)
    hearing.notice = papers.issue_notice(
        HEARING_NOTICE,
        unit=file.case.unit,
        addressee=_addressee(file, hearing),
        context=paper.context(paper.facts(hearing, plan)),
        snapshot={"planned_at": plan.planned_at, "place": hearing.place},
        subject=hearing,
        by=by,
        at=at,
        demonstration=file.case.is_demonstration,
    )
    hearing.save(update_fields=["notice"])


def can_postpone_hearing(file: File, hearing: Hearing, user: User, today: date) -> list[Reason]:
    """Notified and not held."""
    found = ended(file, hearing) or held(hearing)
    if not found and hearing.notice_id is None:
        found.append(Reason(_("还没有通知举行听证，不需要改期。")))
    return found


@transaction.atomic
def postpone_hearing(
    hearing: Hearing, plan: Plan, *, reason: str, by: User, at: datetime
) -> Hearing:
    """Another time or place, asked for by the party or set by the presider (MPSP 138): a new notice
    takes the place of the former one, with seven working days of its own."""
    case = hearing.case = _row.lock(hearing.case)
    file = File(case)
    hearing = fresh(file, hearing)
    today = periods.local_date(at)
    _row.refuse(can_postpone_hearing(file, hearing, by, today))
    found = _row.needs(reason, "reason", _("写明改期的原因。"), "MPSP@2020:138")
    _row.refuse(found + _against(plan, today))
    assert hearing.notice is not None
    former = Notice.objects.get(pk=hearing.notice.pk)
    _issue(file, hearing, plan, by=by, at=at)
    assert hearing.notice is not None
    papers.supersede(former, hearing.notice, reason=reason, by=by, at=at)
    data = {"planned_at": plan.planned_at, "place": plan.place}
    _row.record("cases.postpone_hearing", case, by=by, at=at, reason=reason, row=hearing, data=data)
    return hearing
