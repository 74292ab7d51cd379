"""Legal review, discussion, the leader's word, and the decision (行政处罚法 33, 57–59)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.models import Notice
from penalties.gate.words import is_qualified, needs_review
from penalties.grounds import GROUNDS
from penalties.models import Decision, Demand, Hearing, LegalReview, Told
from penalties.review.rules import MAJOR, SERIOUS, Fault, Look, rule, said


@rule("review_missing", gettext_lazy("应当法制审核没有审核"), SERIOUS, "APL@2021:58(1)")
def review_missing(look: Look) -> Iterator[Fault]:
    why = needs_review(look.file)
    if look.ordinary and why and not look.file.reviews:
        yield Fault(said(_("%(why)s，没有经过法制审核就作出了决定。"), why=why), tab="decision")


@rule("reviewer_investigated", gettext_lazy("法制审核人员参与过调查"), SERIOUS, "APL@2021:58(1)")
def reviewer_investigated(look: Look) -> Iterator[Fault]:
    for row in look.file.reviews:
        if row.reviewer_id in look.file.investigator_ids:
            text = _("%(who)s参与过调查，又作法制审核。")
            yield Fault(said(text, who=row.reviewer.name), row=row)


@rule("reviewer_unqualified", gettext_lazy("法制审核人员没有资格"), SERIOUS, "APL@2021:58(2)")
def reviewer_unqualified(look: Look) -> Iterator[Fault]:
    for row in look.file.reviews:
        if not is_qualified(look.file.qualified.get(row.reviewer_id)):
            text = _("%(who)s没有登记法律职业资格。")
            yield Fault(said(text, who=row.reviewer.name), row=row)


@rule("review_ignored", gettext_lazy("法制审核意见没有处理"), MAJOR, "MPSP@2020:171")
def review_ignored(look: Look) -> Iterator[Fault]:
    """The last word of the reviewer: sent back, or amended and nobody said what became of it."""
    if not look.ordinary or not look.file.reviews:
        return
    last = look.file.reviews[-1]
    if last.opinion == LegalReview.Opinion.RETURN:
        yield Fault(_("法制审核退回补充调查，没有重新审核就作出了决定。"), row=last)
    elif last.opinion == LegalReview.Opinion.AMEND and not last.follow_up.strip():
        yield Fault(_("法制审核提出修改意见，没有写明采纳情况。"), row=last)


@rule("discussion_missing", gettext_lazy("没有集体讨论"), SERIOUS, "APL@2021:57(2)")
def discussion_missing(look: Look) -> Iterator[Fault]:
    if look.ordinary and look.case.is_grave and not look.file.discussions:
        text = _("情节复杂或者重大违法行为，没有负责人集体讨论记录。")
        yield Fault(text, tab="decision")


@rule("discussion_minutes", gettext_lazy("集体讨论记录不完整"), MAJOR, "APL@2021:57(2)")
def discussion_minutes(look: Look) -> Iterator[Fault]:
    """Who was there, what was said, and that they agreed to it."""
    for row in look.file.discussions:
        if not row.minutes.strip():
            yield Fault(_("集体讨论没有讨论记录。"), row=row)
        elif len(row.attendees) < 2:
            yield Fault(_("集体讨论记载的参加人员不足二人。"), row=row)


@rule("approval_missing", gettext_lazy("决定没有负责人审批"), SERIOUS, "APL@2021:57(1)")
def approval_missing(look: Look) -> Iterator[Fault]:
    if not look.ordinary:
        return
    agreed = [row for row in look.file.approvals if row.agreed]
    if not agreed:
        text = _("负责人没有同意就作出了决定。") if look.file.approvals else _("没有负责人审批。")
        yield Fault(text, tab="decision")


@rule("approver_investigated", gettext_lazy("审批人参与过调查"), SERIOUS, "APL@2021:57(1)")
def approver_investigated(look: Look) -> Iterator[Fault]:
    for row in look.file.approvals:
        if row.void_on is None and row.entered_by_id in look.file.investigator_ids:
            text = _("%(who)s参与过调查，又审批决定。")
            yield Fault(said(text, who=row.entered_by.name), row=row)


@rule("unnumbered", gettext_lazy("决定没有文号"), MAJOR, "APL@2021:59")
def unnumbered(look: Look) -> Iterator[Fault]:
    for row in look.decisions:
        if row.notice_id is None and not row.number.strip():
            yield Fault(_("决定没有文书，也没有文号。"), row=row)


@rule("paper_void", gettext_lazy("使用已失效的文书"), SERIOUS, "APL@2021:59")
def paper_void(look: Look) -> Iterator[Fault]:
    """A record that still counts, on a paper that was withdrawn or replaced."""
    file = look.file
    rows: list[Told | Decision | Hearing | Demand] = [
        *(row for row in file.tolds if row.void_on is None),
        *look.decisions,
        *(row for row in file.hearings if row.is_held),
        *file.demands,
    ]
    for row in rows:
        if row.notice is not None and row.notice.state != Notice.State.VALID:
            text = _("%(title)s %(number)s%(state)s，仍作为依据。")
            yield Fault(
                said(
                    text,
                    title=row.notice.title,
                    number=row.notice.number,
                    state=row.notice.get_state_display(),
                ),
                row=row,
            )


@rule("education", gettext_lazy("不予处罚没有教育"), MAJOR, "APL@2021:33(3)")
def education(look: Look) -> Iterator[Fault]:
    for row in look.decisions:
        if row.kind != Decision.Kind.NO_PENALTY:
            continue
        ground = GROUNDS.get(row.ground)
        if ground is not None and ground.education and not row.education.strip():
            yield Fault(_("不予行政处罚，没有记载对当事人的教育。"), row=row)
