"""Telling the party what is proposed (行政处罚法 44, 62; MPSP 167, 168), and what follows from it.

    give_notice ──▶ record_defence ──▶ answer_defence         (`defending`)
         │
         ├──▶ change_answer: a right is waived, or the waiver is taken back (`defending`)
         └──▶ request_hearing ──▶ …                           (`hearing`)

1.  What is told is frozen with its digest. Once facts, clauses or amounts change, the notice does
    not cover them (`_void`), and each respondent is told anew in another round.
2.  A new round opens both rights anew and in full, because it speaks of other facts or of another
    penalty. A hearing that was asked for upon the former notice ends with it, held or not: it was
    about something else. Whoever still wants one says so to the new notice.
3.  A publication is told on its seventh day: until then the defence may be stated (MPSP 168), and
    from there the days to ask for a hearing count.
4.  Nobody is treated worse for a defence (45(2)): upon the same facts a further notice may not
    propose more than the one that was defended against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from deadlines import clock
from legal import calendars, limits, periods
from notices import papers, previews
from notices.kinds.penalties import PENALTY_NOTICE
from notices.models import Preview
from penalties import clocks, proposal, ranges, rights
from penalties.casefile import File
from penalties.cases import _asked, _ninety, _row
from penalties.models import (
    Case,
    CaseState,
    Defence,
    Exclusion,
    Report,
    Respondent,
    Route,
    Told,
)
from penalties.papers import telling as paper
from rectification.reasons import day_words

Answer, Way = Told.Answer, Told.Way
DEFENCE, HEARING = "defence", "hearing"

trail.words({"cases.give_notice": gettext_lazy("处罚前告知")})


def _tab(file: File, tab: str) -> str:
    return f"{file.case.get_absolute_url()}?tab={tab}"


def not_open(file: File, respondent: Respondent | None = None) -> list[Reason]:
    """Why nothing before a decision can be done any more (or yet)."""
    if file.case.state == CaseState.OPENED:
        return [Reason(_("案件还没有立案。"), basis="APL@2021:54(2)")]
    if file.case.state != CaseState.FILED and not _undecided(file, respondent):
        return [Reason(_("案件已经决定或者结案。"))]
    if respondent is not None and file.decision(respondent) is not None:
        return [Reason(_("对%(name)s已经作出决定。") % {"name": respondent.name})]
    return []


def _undecided(file: File, respondent: Respondent | None) -> bool:
    """One respondent may be decided before another."""
    return (
        file.case.state == CaseState.DECIDED
        and respondent is not None
        and file.decision(respondent) is None
    )


# --- The notice -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the officers say of a notice.

    Args:
        given_at: when it was told, or the moment of publication.
        informed: who was told (MPSP 167); of a publication, where it was published.
        defence_text: what was stated on the spot; `finding` and `answer` where it was reviewed at
            once.
    """

    given_at: datetime
    officers: Sequence[User]
    informed: str
    way: str = Way.RECORD
    defence: str = Answer.LATER
    defence_text: str = ""
    finding: str = ""
    answer: str = ""
    hearing: str = Answer.LATER
    reason: str = ""

    @property
    def day(self) -> date:
        return periods.local_date(self.given_at)

    @property
    def is_published(self) -> bool:
        return self.way == Way.PUBLICATION


def hearing_ground(file: File, respondent: Respondent) -> str:
    """What gives a right to a hearing now; empty where nothing does (行政处罚法 63(1))."""
    return ranges.hearing_ground(file.items_of(respondent), respondent.is_person)[:300]


def can_give_notice(file: File, respondent: Respondent, user: User, today: date) -> list[Reason]:
    """Why this respondent cannot be told now."""
    found = not_open(file, respondent)
    if file.case.route == Route.SPOT:
        found.append(Reason(_("当场处罚在决定前口头告知。"), basis="APL@2021:52"))
    if respondent.status != Respondent.Status.STANDING:
        text = _("%(name)s：%(status)s，不能再处罚。")
        given = {"name": respondent.name, "status": respondent.get_status_display()}
        found.append(Reason(text % given, url=_tab(file, "parties"), url_text=_("查看当事人")))
    if found:
        return found
    found = _not_proposed(file, respondent)
    told = file.told(respondent)
    if told is not None and rights.covers(file, respondent, told):
        day = day_words(periods.local_date(told.given_at))
        text = _("%(day)s 已经告知，拟作出的处罚没有变化。") % {"day": day}
        return [Reason(text, url=told.get_absolute_url(), url_text=_("查看告知"))]
    if found:
        return found
    return _worse(file, respondent) + _lacking(file, respondent, today)


def _not_proposed(file: File, respondent: Respondent) -> list[Reason]:
    report = file.report
    if report is None:
        text = _("还没有调查终结报告，不能告知。")
        url, url_text = _tab(file, "inquiry"), _("去写调查报告")
        return [Reason(text, basis="APL@2021:44", url=url, url_text=url_text)]
    if report.proposal != Report.Proposal.PENALTY:
        return [Reason(_("调查报告没有建议处罚，不需要告知。"), basis="APL@2021:44")]
    if not file.items_of(respondent):
        text = _("还没有写对%(name)s拟作出的处罚。") % {"name": respondent.name}
        url, url_text = _tab(file, "proposal"), _("去写处罚建议")
        return [Reason(text, basis="APL@2021:44", url=url, url_text=url_text)]
    return []


def _worse(file: File, respondent: Respondent) -> list[Reason]:
    """Upon the same facts, nothing heavier than what a defence was made against."""
    defended = {row.told_id for row in file.defences_of(respondent)}
    now = proposal.of(file, respondent)
    _kinds, fine, gains = paper.penalties(now)
    kinds = {row["measure"] for row in now["items"]}
    for told in file.tolds:
        then = told.proposal
        if told.pk not in defended or then.get("facts") != now["facts"]:
            continue
        _kinds, fine_then, gains_then = paper.penalties(then)
        kinds_then = {row["measure"] for row in then.get("items", ())}
        # Another kind beside all the former ones is more; in the place of one it may be less.
        if kinds > kinds_then or _sum(fine) > _sum(fine_then) or _sum(gains) > _sum(gains_then):
            text = _("%(day)s 告知以后，当事人作了陈述申辩；事实没有变化，不得因此给予更重的处罚。")
            day = day_words(periods.local_date(told.given_at))
            url, url_text = _tab(file, "proposal"), _("去核对处罚建议")
            return [Reason(text % {"day": day}, basis="APL@2021:45", url=url, url_text=url_text)]
    return []


def _sum(amount: Decimal | None) -> Decimal:
    return amount or Decimal(0)


def _lacking(file: File, respondent: Respondent, today: date) -> list[Reason]:
    """What the paper lacks that no answer on the form can give."""
    stand_in = Given(given_at=_noon(today), officers=(), informed=previews.AT_ISSUE)
    try:
        windows = _windows(file, respondent, stand_in)
    except Refused as refused:
        return refused.reasons
    facts = _facts(file, respondent, stand_in, windows)
    found = paper.lacking(file, respondent, facts, today)
    return [each for each in found if each.field != "officers"]


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=periods.SHANGHAI)


@dataclass(frozen=True)
class Windows:
    """Until when the party may do what, with how it was counted."""

    defence: periods.Period
    hearing: periods.Period | None
    ground: str

    @property
    def hearing_until(self) -> date | None:
        return self.hearing.due if self.hearing is not None else None

    @property
    def derivation(self) -> dict[str, Any]:
        found = {DEFENCE: self.defence.derivation}
        if self.hearing is not None:
            found[HEARING] = self.hearing.derivation
        return found


def _windows(file: File, respondent: Respondent, given: Given) -> Windows:
    """The periods that this notice sets going. Raises Refused for a year without calendar.

    A publication is told on its seventh day: the defence may be stated until then (MPSP 168), and
    the days to ask for a hearing count from there.
    """
    ground = hearing_ground(file, respondent)
    try:
        calendar = calendars.load()
        if given.is_published:
            defence = limits.of("NOTICE_BY_PUBLICATION").due(given.day, calendar)
        else:
            defence = limits.of("STATEMENT_DEFENCE").due(
                given.day,
                calendar,
                length=settings.CASE_DEFENCE_DAYS,
                unit=periods.WORKING_DAY,
            )
    except periods.PeriodRefused as refused:
        raise Refused([clock.refusal(refused, field="given_at")]) from None
    told_on = defence.due if given.is_published else given.day
    hearing = clocks.due("HEARING_REQUEST", told_on) if ground else None
    return Windows(defence, hearing, ground)


def _facts(file: File, respondent: Respondent, given: Given, windows: Windows) -> dict[str, Any]:
    way = paper.Way(
        officers=given.officers,
        informed=given.informed,
        published=given.is_published,
        defence=given.defence,
        defence_text=given.defence_text,
        defence_until=windows.defence.due,
        finding=given.finding,
        review=given.answer,
        hearing_ground=windows.ground,
        hearing=given.hearing,
        hearing_until=windows.hearing_until,
    )
    return paper.facts(file, respondent, proposal.of(file, respondent), way)


def _against(
    file: File, respondent: Respondent, given: Given, windows: Windows, at: datetime
) -> list[Reason]:
    """What is wrong with what was typed."""
    found: list[Reason] = []
    report = file.report
    if given.given_at > at:
        found.append(Reason(_("告知时间不能晚于现在。"), field="given_at"))
    if report is not None and given.day < report.reported_on:
        found.append(Reason(_("告知不能早于调查报告。"), basis="APL@2021:44", field="given_at"))
    former = [row for row in file.tolds if row.respondent_id == respondent.pk]
    if former and given.given_at <= former[-1].given_at:
        found.append(Reason(_("重新告知不能早于上一次告知。"), field="given_at"))
    if file.told(respondent) is not None:
        found += _row.needs(given.reason, "reason", _("写明为什么重新告知。"))
    found += _officers(given)
    found += _row.needs(given.informed, "informed", _("写明被告知人。"), "MPSP@2020:167")
    if given.is_published and {given.defence, given.hearing} != {Answer.LATER}:
        text = _("公告告知的，没有当场的回答。")
        found.append(Reason(text, basis="MPSP@2020:168", field="way"))
    if given.defence == Answer.CLAIMED:
        found += _row.needs(given.defence_text, "defence_text", _("写明陈述和申辩的内容。"))
    elif given.defence_text.strip() or given.finding:
        text = _("写了陈述申辩的内容，但没有选“提出”。")
        found.append(Reason(text, field="defence"))
    if bool(given.finding) != bool(given.answer.strip()):
        text = _("当场复核的，结论和理由都要写。")
        found.append(Reason(text, basis="APL@2021:45", field="answer"))
    if not windows.ground and given.hearing != Answer.LATER:
        text = _("拟作出的处罚不属于可以要求听证的情形。")
        found.append(Reason(text, basis="APL@2021:63(1)", field="hearing"))
    return found


def _officers(given: Given) -> list[Reason]:
    officers = list(given.officers)
    if len({each.pk for each in officers}) != 2:
        return [
            Reason(_("告知须由两名民警进行。"), basis="APL@2021:42(1)", field="officers"),
        ]
    return [
        Reason(
            _("%(name)s 在 %(day)s 没有有效的执法证，换一名民警。")
            % {"name": each.name, "day": date_format(given.day)},
            basis="APL@2021:42(1)",
            field="officers",
        )
        for each in officers
        if not each.certificate_valid_on(given.day)
    ]


def preview_notice(respondent: Respondent, given: Given, *, by: User, at: datetime) -> Preview:
    """The record as it would be issued now, whole or not. Raises Refused: a year without calendar,
    a character in no face, words too long."""
    file = File(respondent.case)
    facts = _facts(file, respondent, given, _windows(file, respondent, given))
    return previews.make(
        PENALTY_NOTICE,
        unit=file.case.unit,
        addressee=respondent.name,
        context=paper.context(facts),
        subject=respondent,
        by=by,
        at=at,
        demonstration=file.case.is_demonstration,
        lacking=paper.lacking(file, respondent, facts, given.day),
    )


@transaction.atomic
def give_notice(respondent: Respondent, given: Given, *, by: User, at: datetime) -> Told:
    """Tell this respondent what is proposed, with its rights; the record (笔录) is issued.

    A notice in force that does not cover the proposal any more is voided with `given.reason`. A
    hearing claimed on the record is asked for by that (day of the notice). A publication stops the
    ninety days while it runs, if the house counts so (`settings.CASE_EXCLUSIONS`).

    Raises Refused with the list of `can_give_notice`, and for officers, answers and dates.
    """
    case = respondent.case = _row.lock(respondent.case)
    file = File(case)
    respondent = file.respondent(respondent.pk)
    _row.refuse(can_give_notice(file, respondent, by, periods.local_date(at)))
    windows = _windows(file, respondent, given)
    _row.refuse(_against(file, respondent, given, windows, at))
    former = _void_former(file, respondent, given, by=by, at=at)
    proposed = proposal.of(file, respondent)
    told = Told.objects.create(
        case=case,
        respondent=respondent,
        entered_at=at,
        entered_by=by,
        round=former + 1,
        way=given.way,
        given_at=given.given_at,
        officer_1=given.officers[0],
        officer_2=given.officers[1],
        informed=given.informed.strip(),
        proposal=proposed,
        digest=proposal.digest(proposed),
        defence=given.defence,
        defence_until=windows.defence.due,
        hearing_ground=windows.ground,
        hearing=given.hearing if windows.ground else Answer.LATER,
        hearing_until=windows.hearing_until,
        derivation=windows.derivation,
    )
    if given.defence == Answer.CLAIMED:
        _state_at_once(told, given, by=by, at=at)
    _start(told, windows, given, by=by, at=at)
    if given.is_published:
        _exclude(case, given.day, windows.defence.due, by=by, at=at)
    _row.settle(case, at=at)
    told.notice = papers.issue_notice(
        PENALTY_NOTICE,
        unit=case.unit,
        addressee=respondent.name,
        context=paper.context(_facts(file, respondent, given, windows)),
        snapshot={"proposal": proposed, "digest": told.digest, "round": told.round},
        subject=told,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
    )
    told.save(update_fields=["notice"])
    _row.record(
        "cases.give_notice",
        case,
        by=by,
        at=at,
        reason=given.reason,
        row=told,
        data={"respondent": respondent.name, "round": told.round, "digest": told.digest},
    )
    return told


def _void_former(
    file: File, respondent: Respondent, given: Given, *, by: User, at: datetime
) -> int:
    """Void the notice in force; how many rounds there were."""
    told = file.told(respondent)
    if told is not None:
        told.void_on, told.void_reason = given.day, given.reason.strip()[:300]
        told.save(update_fields=["void_on", "void_reason"])
        why = _("告知已失效：%(reason)s") % {"reason": given.reason}
        clocks.cancel("HEARING_REQUEST", told, reason=why, by=by, at=at)
        hearing = rights.hearing_on(file, told)
        if hearing is not None and not hearing.is_over:
            _asked.over(hearing, on=given.day, reason=why, by=by, at=at)
    return max((row.round for row in file.tolds if row.respondent_id == respondent.pk), default=0)


def _state_at_once(told: Told, given: Given, *, by: User, at: datetime) -> None:
    """What was stated on the record, answered there or not."""
    answered = bool(given.finding)
    Defence.objects.create(
        case=told.case,
        told=told,
        entered_at=at,
        entered_by=by,
        received_on=given.day,
        oral=True,
        text=given.defence_text.strip(),
        finding=given.finding,
        answer=given.answer.strip(),
        answered_on=given.day if answered else None,
        answered_by=by if answered else None,
    )


def _start(told: Told, windows: Windows, given: Given, *, by: User, at: datetime) -> None:
    """The party's clock for a hearing, unless it waived it; a hearing claimed is asked for."""
    if windows.hearing is None or given.hearing == Answer.WAIVED:
        return
    clocks.start("HEARING_REQUEST", told, windows.hearing, case=told.case, by=by, at=at)
    if given.hearing == Answer.CLAIMED:
        _asked.ask(told.case, told, None, on=given.day, by=by, at=at)


def _exclude(case: Case, published: date, last: date, *, by: User, at: datetime) -> None:
    """The days of the publication; days that another one excludes already are not taken twice."""
    first = published + timedelta(days=1)
    ground = Exclusion.Ground.PUBLICATION
    taken = Exclusion.objects.filter(case=case, ground=ground, to_on__gte=first)
    first = max([first, *(row.to_on + timedelta(days=1) for row in taken if row.to_on)])
    if first > last:
        return
    row = _ninety.exclude(case, ground, first, _("公告告知"), by=by, at=at)
    row.case = case
    _ninety.include(row, last, by=by, at=at)
