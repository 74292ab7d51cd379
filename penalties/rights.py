"""What a party may still do before a penalty, and what the organ still owes it: defence and hearing
(行政处罚法 44, 45, 62 to 64; MPSP 133 to 135).

Asked by the gate before a decision, by the tabs, and by the verbs. Nothing is written here.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from audit.trail import Reason
from deadlines import clock
from penalties import proposal
from penalties.casefile import File
from penalties.models import Defence, Hearing, Respondent, Told
from rectification.reasons import day_words

Answer = Told.Answer


def open_rights(file: File, respondent: Respondent, today: date) -> list[Reason]:
    """Why no decision can be made on this respondent yet, as far as its rights go; empty when
    nothing is open. Days are compared with `today`, the day of the decision.

    A right that was waived on the record is not waited for; the party may renew it until its last
    day, and a decision before that is lawful (MPSP 134).
    """
    told = file.told(respondent)
    if told is None:
        return [_not_told(file, respondent)]
    if not covers(file, respondent, told):
        return [_told_otherwise(respondent, told)]
    found = _defence(told, today) + unanswered(file, respondent)
    if told.hearing_ground:
        found += _hearing(told, hearing_on(file, told), today)
    return found + _of_others(file, told)


def _tab(file: File, tab: str) -> str:
    return f"{file.case.get_absolute_url()}?tab={tab}"


def _not_told(file: File, respondent: Respondent) -> Reason:
    return Reason(
        _("还没有把拟作出的处罚告知%(name)s。") % {"name": respondent.name},
        basis="APL@2021:44",
        url=_tab(file, "telling"),
        url_text=_("去告知"),
    )


def covers(file: File, respondent: Respondent, told: Told) -> bool:
    """Whether what was told is what is proposed now."""
    return told.digest == proposal.digest(proposal.of(file, respondent))


def _told_otherwise(respondent: Respondent, told: Told) -> Reason:
    return Reason(
        _("告知以后，拟作出的处罚有了变化，须重新告知%(name)s。") % {"name": respondent.name},
        basis="APL@2021:44",
        url=told.get_absolute_url(),
        url_text=_("去重新告知"),
    )


# --- Defence ----------------------------------------------------------------------------------


def _defence(told: Told, today: date) -> list[Reason]:
    """The window is left to the party in full, also after a first statement, unless it said that
    it has nothing (more) to state."""
    if told.defence == Answer.WAIVED or today > told.defence_until:
        return []
    published = told.way == Told.Way.PUBLICATION
    return [
        Reason(
            _("陈述申辩期限到 %(day)s 为止，期满以前不能作出决定。")
            % {"day": day_words(told.defence_until)},
            basis="MPSP@2020:168" if published else "APL@2021:45",
            house=not published,
            url=told.get_absolute_url(),
            url_text=_("查看告知"),
        )
    ]


def unanswered(file: File, respondent: Respondent) -> list[Reason]:
    """Statements that nobody reviewed yet, also late ones and those against a former notice."""
    return [
        Reason(
            _("%(day)s 收到的陈述申辩还没有复核。") % {"day": day_words(row.received_on)},
            basis="APL@2021:45",
            url=row.get_absolute_url(),
            url_text=_("去复核"),
        )
        for row in file.defences_of(respondent)
        if not row.finding
    ]


def is_late(told: Told, defence: Defence) -> bool:
    """Received after the window; it is heard all the same as long as nothing is decided."""
    return defence.received_on > told.defence_until


# --- Hearing ----------------------------------------------------------------------------------


def hearing_on(file: File, told: Told) -> Hearing | None:
    """The hearing that was asked for upon this notice."""
    for row in file.hearings:
        if row.told_id == told.pk:
            return row
    return None


def is_accepted(hearing: Hearing, today: date) -> bool:
    """Accepted, or deemed to be since the time to decide passed without a decision (MPSP 135).

    The latter follows from the calendar and is not written down by anybody.
    """
    if hearing.accepted is None:
        return today > hearing.accept_due_on
    return hearing.accepted


def is_deemed(hearing: Hearing, today: date) -> bool:
    """Accepted by the passing of time alone."""
    return hearing.accepted is None and is_accepted(hearing, today)


def may_ask(told: Told, hearing: Hearing | None) -> bool:
    """Whether nothing but the calendar stands between the party and a request."""
    if not told.hearing_ground or told.void_on is not None:
        return False
    return hearing is None or hearing.withdrawn_on is not None or hearing.accepted is False


def too_late(told: Told, on: date, field: str = "") -> list[Reason]:
    """A request on this day is after the last one; with the dates and how they were counted."""
    until = told.hearing_until
    if until is None or on <= until:
        return []
    how = told.derivation.get("hearing", {"sentence_zh": "", "sentence_en": ""})
    sentence = clock.said({"zh": how["sentence_zh"], "en": how["sentence_en"]})
    return [
        Reason(
            _("要求听证的最后一日是 %(until)s，%(day)s 提出已经逾期。%(counted)s")
            % {"until": day_words(until), "day": day_words(on), "counted": sentence},
            basis="APL@2021:64(1)[1]",
            field=field,
        )
    ]


def _hearing(told: Told, hearing: Hearing | None, today: date) -> list[Reason]:
    if hearing is not None and not hearing.is_over:
        return [_not_over(hearing, today)]
    if hearing is not None or told.hearing == Answer.WAIVED:
        return []
    if told.hearing_until is None or today > told.hearing_until:
        return []
    return [
        Reason(
            _("要求听证的期限到 %(day)s 为止，期满以前不能作出决定。")
            % {"day": day_words(told.hearing_until)},
            basis="APL@2021:64(1)[1]",
            url=told.get_absolute_url(),
            url_text=_("查看告知"),
        )
    ]


def _of_others(file: File, told: Told) -> list[Reason]:
    """Where some parties asked for a hearing, all are decided together after it (MPSP 140)."""
    standing = {row.pk: row for row in file.standing_respondents}
    found = []
    for other in file.tolds:
        hearing = hearing_on(file, other)
        if other.pk == told.pk or other.void_on is not None or hearing is None or hearing.is_over:
            continue
        if other.respondent_id in standing:
            name = standing[other.respondent_id].name
            text = _("%(name)s要求听证，听证以后一并作出决定。") % {"name": name}
            url = hearing.get_absolute_url()
            found.append(Reason(text, basis="MPSP@2020:140", url=url, url_text=_("查看听证")))
    return found


def _not_over(hearing: Hearing, today: date) -> Reason:
    if hearing.is_held:
        text, basis = _("听证已经举行，还没有听证报告。"), "APL@2021:65"
    elif is_accepted(hearing, today):
        text, basis = _("当事人要求听证，还没有举行。"), "APL@2021:63(1)"
    else:
        text, basis = _("当事人要求听证，还没有决定是否受理。"), "MPSP@2020:135"
    return Reason(text, basis=basis, url=hearing.get_absolute_url(), url_text=_("去办理听证"))
