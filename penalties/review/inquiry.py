"""The investigation: statements, evidence, preservation, appraisal, report, and its clock."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penalties.models import Route, Statement
from penalties.review.rules import MAJOR, MINOR, SERIOUS, Fault, Look, rule, said


@rule("statement_unsigned", gettext_lazy("询问笔录没有签名"), MAJOR, "APL@2021:55")
def statement_unsigned(look: Look) -> Iterator[Fault]:
    """Signed, or refused with what happened written down."""
    for row in look.file.statements:
        if row.signature == Statement.Signature.NONE:
            yield Fault(said(_("%(who)s的询问笔录没有签名。"), who=row.person), row=row)


@rule("statement_rights", gettext_lazy("询问没有告知权利义务"), MAJOR, "APL@2021:55")
def statement_rights(look: Look) -> Iterator[Fault]:
    for row in look.file.statements:
        if not row.rights_told:
            text = _("询问%(who)s没有记明出示证件、告知权利义务。")
            yield Fault(said(text, who=row.person), row=row)


@rule("statement_twice", gettext_lazy("同一民警同时作两份询问笔录"), SERIOUS, "APL@2021:42(1)")
def statement_twice(look: Look) -> Iterator[Fault]:
    """Nobody is in two rooms at once."""
    rows = sorted(look.file.statements, key=lambda row: row.begun_at)
    for place, row in enumerate(rows):
        mine = {row.officer_1_id, row.officer_2_id}
        for other in rows[:place]:
            if other.ended_at > row.begun_at and mine & {other.officer_1_id, other.officer_2_id}:
                text = _("询问%(who)s的时间与询问%(other)s的时间重叠，办案民警相同。")
                yield Fault(said(text, who=row.person, other=other.person), row=row)


@rule("evidence_none", gettext_lazy("没有证据清单"), SERIOUS, "APL@2021:46(2)")
def evidence_none(look: Look) -> Iterator[Fault]:
    used = [row for row in look.file.exhibits if not row.excluded_reason]
    if look.ordinary and not used:
        yield Fault(_("作出了决定，证据清单是空的。"), tab="inquiry")


@rule("evidence_unverified", gettext_lazy("证据没有查证"), MAJOR, "APL@2021:46(2)")
def evidence_unverified(look: Look) -> Iterator[Fault]:
    """Owed once something was decided on it."""
    if not look.ordinary:
        return
    for row in look.file.exhibits:
        if not row.verified and not row.excluded_reason:
            text = _("证据 %(n)s“%(title)s”没有查证属实。")
            yield Fault(said(text, n=row.number, title=row.title), row=row)


@rule("evidence_officers", gettext_lazy("取证民警不足二人"), MAJOR, "APL@2021:42(1)")
def evidence_officers(look: Look) -> Iterator[Fault]:
    """Of what was collected in this case; what was taken over has officers of its own."""
    for row in look.file.exhibits:
        if row.evidence_id or row.statement_id or row.notice_id or row.excluded_reason:
            continue
        if row.officer_1_id is None or row.officer_2_id in (None, row.officer_1_id):
            text = _("证据 %(n)s“%(title)s”由不足二名民警收集。")
            yield Fault(said(text, n=row.number, title=row.title), row=row)


@rule("preservation", gettext_lazy("先行登记保存没有按时处理"), MAJOR, "APL@2021:56")
def preservation(look: Look) -> Iterator[Fault]:
    for row in look.file.preservations:
        lapsed = row.disposal == row.Disposal.LAPSED
        if row.disposed_on is None and look.today > row.due_on:
            text = _("先行登记保存应在%(due)s前处理，至今没有处理记录。")
            yield Fault(said(text, due=row.due_on), row=row)
        elif row.disposed_on is not None and row.disposed_on > row.due_on and not lapsed:
            text = _("先行登记保存应在%(due)s前处理，%(done)s才处理。")
            yield Fault(said(text, due=row.due_on, done=row.disposed_on), row=row)


@rule("appraisal_copy", gettext_lazy("鉴定意见复印件没有按时送达"), MINOR, "MPSP@2020:97")
def appraisal_copy(look: Look) -> Iterator[Fault]:
    for row in look.file.appraisals:
        if row.received_on is None or row.copy_due_on is None:
            continue
        if (row.copy_served_on or look.today) > row.copy_due_on:
            text = _("“%(what)s”的鉴定意见复印件应在%(due)s前送达当事人。")
            yield Fault(said(text, what=row.subject, due=row.copy_due_on), row=row)


@rule("appraisal_open", gettext_lazy("鉴定没有结果就作出决定"), MAJOR, "APL@2021:46(2)")
def appraisal_open(look: Look) -> Iterator[Fault]:
    for row in look.file.appraisals:
        if look.ordinary and (row.received_on is None or row.received_on > look.day):
            text = _("“%(what)s”的鉴定意见在决定之日还没有收到。")
            yield Fault(said(text, what=row.subject), row=row)


@rule("exclusion_open", gettext_lazy("不计入期限的期间没有结束"), MINOR, "APL@2021:60")
def exclusion_open(look: Look) -> Iterator[Fault]:
    """Days that were still left out of the ninety when the case was decided."""
    for row in look.file.exclusions:
        if look.ordinary and row.to_on is None:
            text = _("“%(ground)s”自%(first)s起不计入办案期限，作出决定后仍未登记结束。")
            yield Fault(said(text, ground=row.get_ground_display(), first=row.from_on), row=row)


@rule("report_missing", gettext_lazy("没有调查终结报告"), SERIOUS, "APL@2021:57(1)")
def report_missing(look: Look) -> Iterator[Fault]:
    if look.ordinary and look.file.report is None:
        yield Fault(_("作出了决定，没有调查终结报告。"), tab="inquiry")


@rule("ninety", gettext_lazy("超过办案期限"), MAJOR, "APL@2021:60")
def ninety(look: Look) -> Iterator[Fault]:
    """With the days that do not count, as the case keeps its last day."""
    case = look.case
    if case.decision_due_on is None or case.route == Route.SPOT:
        return
    late = [row for row in look.ordinary if row.decided_on > case.decision_due_on]
    if late:
        row = late[-1]
        text = _("办案期限到%(due)s，%(day)s才作出决定。")
        yield Fault(said(text, due=case.decision_due_on, day=row.decided_on), row=row)
    elif case.state == case.State.FILED and look.today > case.decision_due_on:
        text = _("办案期限到%(due)s，还没有作出决定。")
        yield Fault(said(text, due=case.decision_due_on), tab="case")
