"""Review, discussion, the leader's word, and the decision (行政处罚法 57–61).

    mark_gravity  give_review → follow_up_review  hold_discussion  approve_decision
    issue_decision   one respondent, one paper; the gate is asked under the lock

Whoever investigated neither reviews nor approves nor decides (57, 58). What the gate asks stands in
`penalties.gate`; here stand only who may act and what an act writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from inspections import fieldwork
from inspections.models import Finding
from legal import periods
from notices import papers, previews
from notices.models import Notice, Preview
from penalties import clocks, gate, proposal, registry
from penalties.casefile import File
from penalties.cases import _row, defending, serving
from penalties.cases.recusing import stands_aside
from penalties.gate.words import is_qualified
from penalties.models import (
    Approval,
    Case,
    CaseState,
    Decision,
    Discussion,
    Item,
    LegalReview,
    Measure,
    Outcome,
    Report,
    Respondent,
    Reviewer,
    Route,
)
from penalties.papers import decisions as wording
from penalties.papers.typed import Typed
from vault import files
from vault.uploads import Checked

trail.words(
    {
        "cases.mark_gravity": gettext_lazy("认定案件情节"),
        "cases.give_review": gettext_lazy("法制审核"),
        "cases.follow_up_review": gettext_lazy("写明法制审核意见采纳情况"),
        "cases.hold_discussion": gettext_lazy("登记集体讨论"),
        "cases.approve_decision": gettext_lazy("审批决定"),
        "cases.issue_decision": gettext_lazy("作出决定"),
    }
)
trail.tones({"cases.issue_decision": "key"})

#: What was found and not yet disposed of becomes part of a penalty; an order beside it stays one.
_UNDISPOSED = (Finding.Disposition.NONE, Finding.Disposition.ADVICE)


def outcome_of(file: File, respondent: Respondent) -> str:
    """What would be decided on this respondent: a kind of `gate`.

    Whom the report spares, and for whom nothing is proposed while others are punished, is not
    punished.
    """
    report = file.report
    if report is not None and report.proposal == Report.Proposal.NO_PENALTY:
        return gate.NO_PENALTY
    if file.items and not file.items_of(respondent):
        return gate.NO_PENALTY
    return gate.PENALTY


# --- What stands against each -----------------------------------------------------------------


def _at_work(file: File) -> list[Reason]:
    if file.case.state == CaseState.FILED and file.case.route == Route.ORDINARY:
        return []
    return [
        Reason(_("案件现在是“%(state)s”，不能办理。") % {"state": file.case.get_state_display()})
    ]


def _of_another(file: File, user: User, basis: str) -> list[Reason]:
    """Who investigated, or stands aside, does not review, approve or decide."""
    found = []
    if user.pk in file.investigator_ids:
        found.append(Reason(_("您参与过本案的调查，须由其他人办理。"), basis=basis))
    if stands_aside(file, user) is not None:
        found.append(Reason(_("您在本案中回避，须由其他人办理。"), basis="APL@2021:43"))
    return found


def _reported(file: File) -> list[Reason]:
    if file.report is not None:
        return []
    url = f"{file.case.get_absolute_url()}?tab=inquiry"
    text = _("还没有调查终结报告。")
    return [Reason(text, basis="APL@2021:57(1)", url=url, url_text=_("写报告"))]


def can_mark_gravity(file: File, row: Any, user: User, today: date) -> list[Reason]:
    return _at_work(file)


def can_give_review(file: File, row: Any, user: User, today: date) -> list[Reason]:
    """By somebody on the list of reviewers, certified, who did not investigate (58(2))."""
    found = _at_work(file) or _reported(file)
    found += _of_another(file, user, "APL@2021:58(1)")
    if not is_qualified(Reviewer.objects.filter(user=user).first()):
        text = _("您没有登记法律职业资格，不能作法制审核。")
        found.append(Reason(text, basis="APL@2021:58(2)"))
    return found


def can_follow_up_review(file: File, row: LegalReview, user: User, today: date) -> list[Reason]:
    found = _at_work(file)
    if row.followed_up_on is not None:
        found.append(Reason(_("采纳情况已经写明。")))
    return found


def can_hold_discussion(file: File, row: Any, user: User, today: date) -> list[Reason]:
    return _at_work(file) or _reported(file)


def can_approve_decision(file: File, row: Any, user: User, today: date) -> list[Reason]:
    """Who may give the leader's word; what must be met before a yes is asked by the verb."""
    found = _at_work(file) or _reported(file)
    return found + _of_another(file, user, "APL@2021:57(1)")


def owed_before_approval(file: File, today: date) -> list[Reason]:
    """What the gate still asks, of anybody left to be decided on, before the leader may agree."""
    found: dict[str, Reason] = {}
    for respondent in file.standing_respondents:
        if file.decision(respondent) is None:
            kind = outcome_of(file, respondent)
            for reason in gate.reasons(gate.of(file, respondent, kind, today, late=False)):
                found.setdefault(str(reason.text), reason)
    return list(found.values())


def can_issue_decision(file: File, row: Respondent, user: User, today: date) -> list[Reason]:
    """The unmet conditions of the gate, and nothing else but who acts."""
    found = gate.reasons(gate.of(file, row, outcome_of(file, row), today))
    return found + _of_another(file, user, "APL@2021:57(1)")


def _not_later(day: date, at: datetime, field: str) -> list[Reason]:
    if day <= periods.local_date(at):
        return []
    return [Reason(_("日期不能晚于今天。"), field=field)]


def _not_before_report(file: File, day: date, field: str) -> list[Reason]:
    if file.report is None or day >= file.report.reported_on:
        return []
    return [Reason(_("日期不能早于调查终结报告。"), field=field)]


# --- Before the decision ----------------------------------------------------------------------


@transaction.atomic
def mark_gravity(
    case: Case,
    *,
    is_grave: bool,
    is_of_public_interest: bool,
    is_intricate: bool,
    reason: str,
    by: User,
    at: datetime,
) -> Case:
    """Say whether what the law leaves to judgement applies (57(2), 58(1)): it decides what is owed
    before the decision. Raises Refused without a reason."""
    file = File(_row.lock(case))
    found = can_mark_gravity(file, None, by, periods.local_date(at))
    _row.refuse(found + _row.needs(reason, "reason", _("写明认定的理由。")))
    flags = {
        "is_grave": is_grave,
        "is_of_public_interest": is_of_public_interest,
        "is_intricate": is_intricate,
    }
    _row.settle(case, at=at, **flags)
    _row.record("cases.mark_gravity", case, by=by, at=at, reason=reason, data=flags)
    return case


@transaction.atomic
def give_review(
    case: Case,
    *,
    asked_on: date,
    on: date,
    opinion: str,
    text: str,
    by: User,
    at: datetime,
) -> LegalReview:
    """The opinion of legal review (58) on what is proposed now. Raises Refused."""
    file = File(_row.lock(case))
    found = can_give_review(file, None, by, periods.local_date(at))
    found += _row.needs(text, "text", _("写明审核理由。"), "APL@2021:58(1)")
    found += _not_later(on, at, "on") + _not_before_report(file, asked_on, "asked_on")
    if on < asked_on:
        found.append(Reason(_("审核日期不能早于送审日期。"), field="on"))
    if opinion not in LegalReview.Opinion.values:
        found.append(Reason(_("选择审核意见。"), field="opinion"))
    _row.refuse(found)
    row = LegalReview.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        digest=proposal.whole_digest(file),
        asked_on=asked_on,
        reviewer=by,
        opinion=opinion,
        text=text,
        given_on=on,
    )
    _row.settle(case, at=at)
    _row.record("cases.give_review", case, by=by, at=at, row=row, data={"opinion": opinion})
    return row


@transaction.atomic
def follow_up_review(
    case: Case, row: LegalReview, *, text: str, on: date, by: User, at: datetime
) -> LegalReview:
    """What became of an opinion. Raises Refused."""
    file = File(_row.lock(case))
    row = next(each for each in file.reviews if each.pk == row.pk)
    found = can_follow_up_review(file, row, by, periods.local_date(at))
    found += _row.needs(text, "text", _("写明采纳情况。"), "APL@2021:58(1)")
    found += _not_later(on, at, "on")
    if on < row.given_on:
        found.append(Reason(_("不能早于审核日期。"), field="on"))
    _row.refuse(found)
    row.follow_up, row.followed_up_on = text, on
    row.save(update_fields=["follow_up", "followed_up_on"])
    _row.settle(case, at=at)
    _row.record("cases.follow_up_review", case, by=by, at=at, row=row)
    return row


@transaction.atomic
def hold_discussion(
    case: Case,
    *,
    held_at: datetime,
    presider: str,
    attendees: Sequence[str],
    minutes: str,
    agreed: bool,
    conclusion: str,
    scan: Checked | None = None,
    by: User,
    at: datetime,
) -> Discussion:
    """Those in charge discussed the case (57(2)): who, what was said, what they came to. Raises
    Refused."""
    file = File(_row.lock(case))
    found = can_hold_discussion(file, None, by, periods.local_date(at))
    found += _row.needs(presider, "presider", _("写明主持人。"), "APL@2021:57(2)")
    found += _row.needs(minutes, "minutes", _("写明讨论记录。"), "APL@2021:57(2)")
    found += _row.needs(conclusion, "conclusion", _("写明结论。"), "APL@2021:57(2)")
    if len({name.strip() for name in attendees if name.strip()}) < 2:
        text = _("集体讨论至少有二名负责人参加。")
        found.append(Reason(text, basis="APL@2021:57(2)", field="attendees"))
    if held_at > at:
        found.append(Reason(_("讨论时间不能晚于现在。"), field="held_at"))
    found += _not_before_report(file, periods.local_date(held_at), "held_at")
    _row.refuse(found)
    row = Discussion.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        digest=proposal.whole_digest(file),
        held_at=held_at,
        presider=presider,
        attendees=list(attendees),
        minutes=minutes,
        agreed=agreed,
        conclusion=conclusion,
        file=files.store(scan.data, scan.name, scan.content_type, by) if scan else None,
    )
    _row.settle(case, at=at)
    _row.record("cases.hold_discussion", case, by=by, at=at, row=row, data={"agreed": agreed})
    return row


@transaction.atomic
def approve_decision(case: Case, *, agreed: bool, opinion: str, by: User, at: datetime) -> Approval:
    """The word of the person in charge (57(1)) on what is proposed now. A yes needs everything
    that comes before it: rights, review, discussion. Raises Refused."""
    file = File(_row.lock(case))
    today = periods.local_date(at)
    found = can_approve_decision(file, None, by, today)
    found += _row.needs(opinion, "opinion", _("写明审批意见。"), "APL@2021:57(1)")
    if agreed:
        found += owed_before_approval(file, today)
    _row.refuse(found)
    row = Approval.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        digest=proposal.whole_digest(file),
        agreed=agreed,
        opinion=opinion,
    )
    _row.settle(case, at=at)
    _row.record("cases.approve_decision", case, by=by, at=at, row=row, data={"agreed": agreed})
    return row


# --- The decision -----------------------------------------------------------------------------


@transaction.atomic
def issue_decision(
    case: Case, respondent: Respondent, *, typed: Typed, by: User, at: datetime
) -> Decision:
    """Decide on one respondent and issue the paper, dated with the day of `at`.

    The gate is asked under the lock of the case; what is unmet is what refuses. When nobody is
    left to decide on, the case is decided: its facts repeat the decisions, the ninety days are met,
    and the rooms above are told of a penalty. Raises Refused, or Decided when somebody was quicker.
    """
    file = File(_row.lock(case))
    respondent, today = file.respondent(respondent.pk), periods.local_date(at)
    kind = outcome_of(file, respondent)
    found = gate.reasons(gate.of(file, respondent, kind, today, typed))
    _row.refuse(found + _of_another(file, by, "APL@2021:57(1)"))
    worded = wording.worded(file, respondent, kind, typed, on=today)
    items = file.items_of(respondent) if kind == gate.PENALTY else []
    decision = keep(file, respondent, kind, items, typed, by=by, at=at)
    issue_paper(file.case, decision, worded, by=by, at=at)
    _decide_case(case, decision, by=by, at=at)
    return decision


def keep(
    file: File,
    respondent: Respondent,
    kind: str,
    items: Sequence[Item],
    typed: Typed,
    *,
    by: User,
    at: datetime,
    **facts: Any,
) -> Decision:
    """The row of a decision, its penalties frozen; not for callers outside a verb that decides."""
    today = periods.local_date(at)
    report = file.report
    ground = typed.ground or (report.ground if report else "")
    fine = wording.total(list(items), Measure.FINE)
    decision = Decision.objects.create(
        case=file.case,
        entered_at=at,
        entered_by=by,
        respondent=respondent,
        kind=kind,
        decided_on=today,
        decided_by=by,
        measures=list(dict.fromkeys(row.measure for row in items)),
        items=[proposal.item(row) for row in items],
        fine=fine,
        ground="" if items else ground,
        education=typed.education,
        **facts,
    )
    serving.owe(decision, by=by, at=at)
    told = file.told(respondent)
    if told is not None:
        defending.lapse(told, by=by, at=at)
    return decision


def issue_paper(
    case: Case, decision: Decision, worded: wording.Worded, *, by: User, at: datetime
) -> Notice:
    """The paper of a decision, and its number on the row."""
    notice = papers.issue_notice(
        worded.kind,
        unit=case.unit,
        addressee=worded.addressee,
        context=worded.context,
        snapshot=worded.snapshot,
        subject=decision,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
    )
    decision.notice, decision.number = notice, notice.number
    decision.save(update_fields=["notice", "number"])
    return notice


def _decide_case(case: Case, decision: Decision, *, by: User, at: datetime) -> None:
    """One line in the record; the state of the case when nobody is left."""
    file = File(case)
    said = {
        "row": f"{decision._meta.label_lower}:{decision.pk}",
        "number": decision.number,
        "respondent": decision.respondent.name,
        "kind": decision.kind,
        "measures": decision.measures,
        "fine": decision.fine,
    }
    if is_all_decided(file):
        close_deciding(case, file, verb="cases.issue_decision", said=said, by=by, at=at)
    else:
        _row.settle(case, at=at)
        trail.record("cases.issue_decision", case, by=by, at=at, data=said)


def is_all_decided(file: File) -> bool:
    """Whether a case at work has a decision on everybody who still stands, and one at least."""
    if file.case.state != CaseState.FILED or not file.valid_decisions:
        return False
    return all(file.decision(each) is not None for each in file.standing_respondents)


def close_deciding(
    case: Case, file: File, *, verb: str, said: dict[str, Any], by: User, at: datetime
) -> None:
    """Everybody is decided on: the case repeats its decisions and moves on."""
    made = file.valid_decisions
    punishing = [row for row in made if row.punishes]
    main = _main(file, punishing or made)
    last = max(row.decided_on for row in made)
    trail.move(
        case,
        CaseState.DECIDED,
        by=by,
        at=at,
        verb=verb,
        data=said,
        decided_on=main.decided_on,
        outcome=Outcome.PENALTY if punishing else Outcome.NO_PENALTY,
        measures=list(main.measures),
        document_number=main.number,
        fine=main.fine,
        decision_entered_by=by,
    )
    clocks.meet("CASE_90", case, on=last, by=by, at=at)
    if punishing:
        _dispose(file, main, by=by, at=at)
    _row.settle(case, at=at)
    if punishing:
        registry.tell_decided(case, by=by, at=at)


def _main(file: File, made: Sequence[Decision]) -> Decision:
    """The decision that stands for the case: of its main party, else the earliest."""
    for row in made:
        if row.respondent.enterprise_id == file.case.enterprise_id and not row.respondent.is_person:
            return row
    return made[0]


def _dispose(file: File, decision: Decision, *, by: User, at: datetime) -> None:
    by_visit: dict[Any, list[Finding]] = defaultdict(list)
    for finding in file.findings:
        if finding.disposition in _UNDISPOSED:
            by_visit[finding.inspection_id].append(finding)
    for findings in by_visit.values():
        fieldwork.dispose_all(
            findings, Finding.Disposition.PENALTY, by=by, at=at, note=decision.number
        )


def preview(case: Case, respondent: Respondent, *, typed: Typed, by: User, at: datetime) -> Preview:
    """The paper as it would be issued now, whole or not. Raises Refused: a character is in no face,
    or the words are too long."""
    file = File(case)
    respondent, today = file.respondent(respondent.pk), periods.local_date(at)
    kind = outcome_of(file, respondent)
    worded = wording.worded(file, respondent, kind, typed, on=today)
    return previews.make(
        worded.kind,
        unit=case.unit,
        addressee=worded.addressee,
        context=worded.context,
        subject=respondent,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
        lacking=gate.reasons(gate.of(file, respondent, kind, today, typed)),
    )
