"""Notice, defence and hearing (行政处罚法 44, 45, 62–65)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legal import limits
from legal.periods import PeriodRefused
from penalties import gate, proposal, ranges
from penalties.gate.rights import not_heavier
from penalties.models import Hearing, Told
from penalties.review.rules import MAJOR, MINOR, SERIOUS, Fault, Look, local, rule, said


@rule("told_missing", gettext_lazy("没有告知"), SERIOUS, "APL@2021:44")
def told_missing(look: Look) -> Iterator[Fault]:
    """Before each penalty its party is told; the notice may have been given again since."""
    for row in look.punishing:
        tolds = [each for each in look.file.tolds if each.respondent_id == row.respondent_id]
        if not tolds:
            text = _("对%(who)s作出处罚决定前没有告知。")
            yield Fault(said(text, who=row.respondent.name), tab="telling")


@rule("told_other", gettext_lazy("告知的内容与决定不一致"), SERIOUS, "APL@2021:44")
def told_other(look: Look) -> Iterator[Fault]:
    """What was decided is what was told: kinds, sums, terms, and the clauses behind them."""
    for row in look.punishing:
        told = look.told(row)
        if told is None:
            continue
        decided = row.items or [proposal.item(each) for each in look.file.items_of(row.respondent)]
        if _core(told.proposal.get("items", [])) != _core(decided):
            text = _("对%(who)s决定的处罚与%(day)s告知的不一致，没有重新告知。")
            yield Fault(said(text, who=row.respondent.name, day=told.given_at), row=told)


def _core(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What a party has to know of each penalty, in no order."""
    return sorted(
        (
            str(each.get("measure")),
            str(each.get("amount") or ""),
            str(each.get("length") or ""),
            str(each.get("length_unit") or ""),
            str((each.get("clause") or {}).get("ref", "")),
        )
        for each in items
    )


@rule("defence_window", gettext_lazy("陈述申辩期限没有过就作出决定"), SERIOUS, "APL@2021:45")
def defence_window(look: Look) -> Iterator[Fault]:
    for row in look.punishing:
        told = look.told(row)
        if told is None or told.defence == Told.Answer.WAIVED:
            continue
        if row.decided_on <= told.defence_until:
            text = _("陈述申辩期限到%(until)s，%(day)s就作出了决定。")
            yield Fault(said(text, until=told.defence_until, day=row.decided_on), row=told)


@rule("defence_unanswered", gettext_lazy("陈述申辩没有复核"), SERIOUS, "APL@2021:45")
def defence_unanswered(look: Look) -> Iterator[Fault]:
    """Answered before the decision; a statement that came after it is no part of it."""
    decided = {row.respondent_id: row for row in look.punishing}
    whose = {row.pk: row.respondent_id for row in look.file.tolds}
    for row in look.file.defences:
        made = decided.get(whose[row.told_id])
        if made is None or row.received_on > made.decided_on:
            continue
        if row.answered_on is None:
            text = _("%(day)s收到的陈述申辩没有复核就作出了决定。")
            yield Fault(said(text, day=row.received_on), row=row)
        elif row.answered_on > made.decided_on:
            text = _("%(day)s收到的陈述申辩在决定之后（%(on)s）才复核。")
            yield Fault(said(text, day=row.received_on, on=row.answered_on), row=row)


@rule("heavier", gettext_lazy("因陈述申辩加重处罚"), SERIOUS, "APL@2021:45")
def heavier(look: Look) -> Iterator[Fault]:
    """As the gate compares them: heavier than what was told before the party defended itself."""
    for row in look.punishing:
        asked = gate.Asked(look.file, row.respondent, row.kind, row.decided_on)
        answer = not_heavier(asked)
        if answer.met is False:
            yield Fault(str(answer.reasons[0].text), row=row)


@rule("hearing_unoffered", gettext_lazy("应当告知听证权没有告知"), SERIOUS, "APL@2021:63(1)")
def hearing_unoffered(look: Look) -> Iterator[Fault]:
    for party, told in look.tolds():
        ground = ranges.hearing_ground(look.file.items_of(party), party.is_person)
        if ground and not told.hearing_ground:
            text = _("对%(who)s：%(ground)s，没有告知要求听证的权利。")
            yield Fault(said(text, who=party.name, ground=ground), row=told)


@rule("hearing_window", gettext_lazy("要求听证期限没有过就作出决定"), SERIOUS, "APL@2021:64(1)[1]")
def hearing_window(look: Look) -> Iterator[Fault]:
    """Neither waived nor asked for (who asks early is heard early)."""
    asked = {row.told_id for row in look.file.hearings}
    for row in look.punishing:
        told = look.told(row)
        if told is None or told.hearing_until is None or told.pk in asked:
            continue
        if told.hearing != Told.Answer.WAIVED and row.decided_on <= told.hearing_until:
            text = _("要求听证的期限到%(until)s，%(day)s就作出了决定。")
            yield Fault(said(text, until=told.hearing_until, day=row.decided_on), row=told)


@rule("hearing_unheld", gettext_lazy("要求听证没有办结就作出决定"), SERIOUS, "APL@2021:63(1)")
def hearing_unheld(look: Look) -> Iterator[Fault]:
    """Asked for, neither refused nor withdrawn, and not held."""
    decided = {told.pk for row in look.punishing if (told := look.told(row)) is not None}
    for row in look.file.hearings:
        if row.told_id in decided and not row.is_over and not row.is_held:
            yield Fault(_("当事人要求听证，没有举行就作出了决定。"), row=row)


def _held(look: Look) -> list[Hearing]:
    return [row for row in look.file.hearings if row.is_held]


@rule("hearing_accept_late", gettext_lazy("听证申请没有按时答复"), MINOR, "MPSP@2020:135")
def hearing_accept_late(look: Look) -> Iterator[Fault]:
    """An answer after the day counts as acceptance; the delay stays."""
    for row in look.file.hearings:
        if row.withdrawn_on is not None and row.withdrawn_on <= row.accept_due_on:
            continue
        if (row.accepted_on or look.today) > row.accept_due_on:
            text = _("听证申请应在%(due)s前决定是否受理。")
            yield Fault(said(text, due=row.accept_due_on), row=row)


@rule("hearing_notice_late", gettext_lazy("听证通知不足七个工作日"), SERIOUS, "APL@2021:64(1)[2]")
def hearing_notice_late(look: Look) -> Iterator[Fault]:
    """Counted back from the day on which it was held, by the calendar."""
    known = limits.of("HEARING_NOTICE")
    for row in _held(look):
        if row.begun_at is None:
            continue
        day = local(row.begun_at)
        if row.noticed_on is None:
            yield Fault(said(_("%(day)s举行的听证没有通知送达记录。"), day=day), row=row)
            continue
        try:
            last = known.due(day, look.calendar).due
        except PeriodRefused:
            continue
        if row.noticed_on > last:
            text = _("%(day)s举行的听证至迟应在%(last)s通知，%(on)s才通知。")
            yield Fault(said(text, day=day, last=last, on=row.noticed_on), row=row)


@rule("hearing_host", gettext_lazy("听证由调查人员主持"), SERIOUS, "APL@2021:64(1)[4]")
def hearing_host(look: Look) -> Iterator[Fault]:
    for row in _held(look):
        if row.presider_id in look.file.investigator_ids:
            assert row.presider is not None
            text = _("%(who)s参与过调查，又主持听证。")
            yield Fault(said(text, who=row.presider.name), row=row)


@rule("hearing_unsigned", gettext_lazy("听证笔录没有签名"), MAJOR, "APL@2021:64")
def hearing_unsigned(look: Look) -> Iterator[Fault]:
    for row in _held(look):
        if not row.record_signed:
            yield Fault(_("听证笔录没有交当事人签名。"), row=row)


@rule("hearing_unreported", gettext_lazy("举行听证没有听证报告"), MAJOR, "APL@2021:65")
def hearing_unreported(look: Look) -> Iterator[Fault]:
    for row in _held(look):
        if not row.report and (look.ordinary or look.is_over):
            yield Fault(_("听证举行后没有听证报告。"), row=row)
