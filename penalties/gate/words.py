"""Legal review, collective discussion and the leader's word (行政处罚法 57, 58), each on what is
decided now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legal import periods
from penalties import proposal
from penalties.casefile import File
from penalties.gate.condition import Answer, Asked, condition, idle, lacks, met
from penalties.gate.standing import ORDINARY
from penalties.models import LegalReview, Reviewer, Voidable

#: Until then one became a reviewer without the examination, and may go on (行政处罚法 2017 修正自
#: 2018 年起施行; MPSP 171).
CERTIFIED_SINCE = date(2018, 1, 1)

Word = TypeVar("Word", bound=Voidable)


def is_held(file: File) -> bool:
    """Whether there was a hearing in this case."""
    return any(row.is_held for row in file.hearings)


def needs_review(file: File) -> str:
    """Why legal review is owed (58(1)), in words; "" where it is not."""
    case = file.case
    if is_held(file):
        return _("经过听证")
    if case.is_of_public_interest:
        return _("涉及重大公共利益")
    if case.is_intricate:
        return _("案情疑难复杂、涉及多个法律关系")
    return ""


def is_qualified(reviewer: Reviewer | None) -> bool:
    """Whether somebody may review: certified, or at it since before the law asked (58(2))."""
    if reviewer is None:
        return False
    return bool(reviewer.qualification_number) or reviewer.reviewing_since < CERTIFIED_SINCE


def current(file: File, rows: Sequence[Word]) -> list[Word]:
    """Those that rest on what is proposed now, by the last report."""
    digest, report = proposal.whole_digest(file), file.report
    return [
        row
        for row in rows
        if row.void_on is None
        and row.digest == digest
        and (report is None or row.entered_at >= report.entered_at)
    ]


def last_hearing(file: File) -> date | None:
    """The day on which the last hearing ended."""
    days = [periods.local_date(row.ended_at) for row in file.hearings if row.ended_at]
    return max(days, default=None)


@condition("reviewed", gettext_lazy("法制审核通过"), "APL@2021:58(1)", *ORDINARY)
def reviewed(asked: Asked) -> Answer:
    """By somebody qualified (58(2), MPSP 171) who did not investigate, of what is decided now; it
    agreed, or what became of its opinion is written down."""
    file, url = asked.file, asked.tab("decision")
    why = needs_review(file)
    if not why and not file.reviews:
        return idle(_("不在必须法制审核的情形。"))
    rows = current(file, file.reviews)
    if not rows:
        if not why:
            return idle(_("不在必须法制审核的情形。"))
        text = (
            _("法制审核以后拟处罚有变化，须重新审核（%(why)s）。")
            if file.reviews
            else _("%(why)s，应当经过法制审核。")
        )
        return lacks(text % {"why": why}, url, _("去审核"))
    last = rows[-1]
    return _against_review(asked, last, url) or met(on=last.given_on, whom=last.reviewer.name)


def _against_review(asked: Asked, row: LegalReview, url: str) -> Answer | None:
    file, said = asked.file, {"who": row.reviewer.name}
    if row.reviewer_id in file.investigator_ids:
        return lacks(_("%(who)s参与过调查，不能作法制审核。") % said, url, _("去审核"))
    if not is_qualified(file.qualified.get(row.reviewer_id)):
        text = _("%(who)s没有登记法律职业资格，不能作法制审核。") % said
        return lacks(text, url, _("去审核"), basis="APL@2021:58(2)")
    hearing = last_hearing(file)
    if hearing is not None and row.given_on < hearing:
        return lacks(_("法制审核在听证之前，须在听证以后重新审核。"), url, _("去审核"))
    if row.opinion == LegalReview.Opinion.RETURN:
        return lacks(_("法制审核退回补充调查，须重新审核。"), url, _("去审核"))
    if row.opinion == LegalReview.Opinion.AMEND and not row.follow_up.strip():
        text = _("法制审核提出修改意见，还没有写明采纳情况。")
        return lacks(text, asked.tab("decision", row), _("去写明"))
    return None


@condition("discussed", gettext_lazy("负责人集体讨论决定"), "APL@2021:57(2)", *ORDINARY)
def discussed(asked: Asked) -> Answer:
    """Intricate facts or a grave act (57(2)); after the hearing, on what is decided now."""
    file, url = asked.file, asked.tab("decision")
    if not file.case.is_grave:
        return idle(_("没有认定为情节复杂或者重大违法行为。"))
    rows = current(file, file.discussions)
    if not rows:
        text = _("情节复杂或者重大违法行为，应当由负责人集体讨论决定。")
        if file.discussions:
            text = _("集体讨论以后拟处罚有变化，须重新讨论。")
        return lacks(text, url, _("去登记"))
    last = rows[-1]
    day, hearing = periods.local_date(last.held_at), last_hearing(file)
    if hearing is not None and day < hearing:
        return lacks(_("集体讨论在听证之前，须在听证以后重新讨论。"), url, _("去登记"))
    if not last.agreed:
        return lacks(_("集体讨论不同意拟作出的决定。"), url, _("看讨论记录"))
    return met(on=day, whom=last.presider)


@condition("approved", gettext_lazy("负责人审批同意"), "APL@2021:57(1)", *ORDINARY, late=True)
def approved(asked: Asked) -> Answer:
    """The word of the person in charge, who did not investigate, after review and discussion, on
    what is decided now."""
    file, url = asked.file, asked.tab("decision")
    rows = current(file, file.approvals)
    if not rows:
        text = _("负责人还没有审批。")
        if file.approvals:
            text = _("负责人审批以后拟处罚有变化，须重新审批。")
        return lacks(text, url, _("去审批"))
    last = rows[-1]
    if last.entered_by_id in file.investigator_ids:
        text = _("%(who)s参与过调查，不能由本人审批。") % {"who": last.entered_by.name}
        return lacks(text, url, _("去审批"))
    if not last.agreed:
        return lacks(_("负责人没有同意：%(why)s") % {"why": last.opinion}, url, _("看审批意见"))
    words = [*current(file, file.reviews), *current(file, file.discussions)]
    if any(row.entered_at > last.entered_at for row in words):
        return lacks(_("审批以后又有法制审核或者集体讨论，须重新审批。"), url, _("去审批"))
    return met(on=periods.local_date(last.entered_at), whom=last.entered_by.name)
