"""Whether the party was told, could answer, and was heard (行政处罚法 44, 45, 62–65)."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.trail import Reason
from legal import periods
from penalties import lawful, ranges, rights
from penalties.gate.condition import (
    PENALTY,
    Answer,
    Asked,
    against,
    condition,
    idle,
    lacks,
    met,
)
from penalties.models import Hearing, Told
from rectification.reasons import day_words


@condition("told", gettext_lazy("已告知拟处罚的内容"), "APL@2021:44", PENALTY)
def told(asked: Asked) -> Answer:
    """Told what is decided now: content, facts, grounds, basis (44)."""
    row = asked.file.told(asked.respondent)
    url = asked.tab("telling")
    if row is None:
        before = [each for each in asked.file.tolds if each.respondent_id == asked.respondent.pk]
        text = _("告知以后拟处罚的内容有变化，须重新告知。") if before else _("还没有告知。")
        return lacks(text, url, _("去告知"))
    if not rights.covers(asked.file, asked.respondent, row):
        text = _("告知以后拟处罚的内容有变化，须重新告知。")
        return lacks(text, url, _("去重新告知"))
    day = periods.local_date(row.given_at)
    return met(on=day, whom=_("、").join((row.officer_1.name, row.officer_2.name)))


@condition("defence_over", gettext_lazy("陈述申辩期限已过或者放弃"), "APL@2021:62", PENALTY)
def defence_over(asked: Asked) -> Answer:
    row = asked.file.told(asked.respondent)
    if row is None:
        return idle(_("告知以后才开始。"))
    if row.defence == Told.Answer.WAIVED:
        return met(_("当事人放弃陈述申辩。"), on=periods.local_date(row.given_at))
    if asked.today > row.defence_until:
        return met(_("期限到 %(day)s。") % {"day": day_words(row.defence_until)})
    text = _("陈述申辩期限到 %(day)s，还没有过。") % {"day": day_words(row.defence_until)}
    return lacks(text, asked.tab("telling", row), _("看告知"))


@condition("defence_answered", gettext_lazy("陈述申辩经过复核"), "APL@2021:45", PENALTY)
def defence_answered(asked: Asked) -> Answer:
    """What the party said was looked into and answered (45(1), MPSP 169)."""
    rows = asked.file.defences_of(asked.respondent)
    row = asked.file.told(asked.respondent)
    if not rows:
        if row is not None and row.defence == Told.Answer.CLAIMED:
            text = _("当事人提出了陈述申辩，还没有登记内容。")
            return lacks(text, asked.tab("telling", row), _("去登记"))
        return idle(_("当事人没有陈述申辩。"))
    found = [
        Reason(
            _("%(day)s 收到的陈述申辩还没有复核答复。") % {"day": day_words(each.received_on)},
            url=asked.tab("telling", each),
            url_text=_("去复核"),
        )
        for each in rows
        if not each.finding
    ]
    days = [each.answered_on for each in rows if each.answered_on]
    return against(found, met(on=max(days, default=None)))


@condition("not_heavier", gettext_lazy("没有因申辩加重"), "APL@2021:45", PENALTY)
def not_heavier(asked: Asked) -> Answer:
    """No heavier than what was told before the party defended itself, unless new facts came to
    light (45(2), MPSP 169)."""
    file, respondent = asked.file, asked.respondent
    if not file.defences_of(respondent) and not file.hearings_of(respondent):
        return idle(_("当事人没有陈述申辩。"))
    found = lawful.heavier(file, respondent, file.items_of(respondent))
    url, text = asked.tab("proposal"), _("去改拟处罚")
    return against([replace(each, url=url, url_text=text) for each in found], met())


# --- The hearing ------------------------------------------------------------------------------


def _asked_for(asked: Asked) -> list[Hearing]:
    """The hearings upon the notice in force."""
    row = asked.file.told(asked.respondent)
    return [each for each in asked.file.hearings if row is not None and each.told_id == row.pk]


@condition("hearing_offered", gettext_lazy("应当告知听证权的已告知"), "APL@2021:63(1)", PENALTY)
def hearing_offered(asked: Asked) -> Answer:
    ground = ranges.hearing_ground(
        asked.file.items_of(asked.respondent), asked.respondent.is_person
    )
    if not ground:
        return idle(_("拟处罚不在可以要求听证的范围。"))
    row = asked.file.told(asked.respondent)
    if row is None or row.hearing_ground:
        return met(ground) if row is not None else idle(_("告知时一并告知听证权。"))
    text = _("%(ground)s，应当告知要求听证的权利。") % {"ground": ground}
    return lacks(text, asked.tab("telling"), _("去重新告知"))


@condition("hearing_over", gettext_lazy("要求听证期限已过或者放弃"), "APL@2021:64", PENALTY)
def hearing_over(asked: Asked) -> Answer:
    row = asked.file.told(asked.respondent)
    if row is None or not row.hearing_ground or row.hearing_until is None:
        return idle(_("没有听证权。"))
    if _asked_for(asked):
        return met(_("当事人已要求听证。"))
    if row.hearing == Told.Answer.WAIVED:
        return met(_("当事人放弃听证。"), on=periods.local_date(row.given_at))
    if asked.today > row.hearing_until:
        return met(_("期限到 %(day)s。") % {"day": day_words(row.hearing_until)})
    text = _("要求听证的期限到 %(day)s，还没有过。") % {"day": day_words(row.hearing_until)}
    return lacks(text, asked.tab("telling", row), _("看告知"))


@condition("hearing_held", gettext_lazy("要求的听证已办结"), "APL@2021:65", PENALTY)
def hearing_held(asked: Asked) -> Answer:
    """Asked for: refused with a reason, withdrawn, or held and reported on; the decision rests on
    its record (65)."""
    row, found = asked.file.told(asked.respondent), []
    rows = _asked_for(asked)
    if not rows:
        if row is not None and row.hearing == Told.Answer.CLAIMED:
            text = _("当事人要求听证，还没有登记申请。")
            return lacks(text, asked.tab("telling", row), _("去登记"))
        return idle(_("没有要求听证。"))
    for each in rows:
        if not each.is_over:
            text = _("听证报告还没有写。") if each.is_held else _("当事人要求的听证还没有办结。")
            url = asked.tab("hearing", each)
            found.append(Reason(text, url=url, url_text=_("去听证")))
    return against(found, met(on=rows[-1].reported_on))


@condition("together", gettext_lazy("其他当事人的听证已办结"), "MPSP@2020:140", PENALTY)
def together(asked: Asked) -> Answer:
    """Where some of several parties asked for a hearing, all are decided together after it."""
    if len(asked.file.standing_respondents) < 2:
        return idle(_("只有一个当事人。"))
    found = rights.open_rights(asked.file, asked.respondent, asked.today)
    return against([each for each in found if each.basis == "MPSP@2020:140"], met())
