"""The report that ends the investigation (案件调查终结报告): what was found, what is proposed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import periods
from penalties import grounds
from penalties.casefile import File
from penalties.cases import _inquiry, _row, exhibits
from penalties.cases._void import void_changed
from penalties.models import Case, CaseState, Report, Route, Statement

trail.words(
    {
        "cases.report_findings": gettext_lazy("提交调查终结报告"),
        "cases.report_again": gettext_lazy("重新提交调查终结报告"),
    }
)
trail.tones({"cases.report_findings": "key", "cases.report_again": "key"})

Proposal = Report.Proposal
BASIS = "APL@2021:57(1)"
#: A proposal that says what somebody did needs evidence that was verified (行政处罚法 40, 46(2)).
_UNPROVEN = "not_established"


def can_report_findings(file: File, row: None, user: User, today: date) -> list[Reason]:
    """Filed, the ordinary procedure, two officers with valid certificates (行政处罚法 42, 54)."""
    case = file.case
    if case.state == CaseState.OPENED:
        return [Reason(_("案件还没有批准立案。"), basis="APL@2021:54(2)")]
    if case.state != CaseState.FILED:
        return _inquiry.is_open(file)
    if case.route == Route.SPOT:
        return [Reason(_("当场处罚不作调查终结报告。"), basis="APL@2021:51")]
    found = _inquiry.enough(file)
    if not found:
        handling = [row.officer for row in file.officers]
        valid = [row for row in handling if not _inquiry.uncertified(file, row, today)]
        if len(valid) < _inquiry.AT_LEAST:
            text = _("本案执法证有效的办案民警不足二人。")
            found = [Reason(text, basis=_inquiry.TWO_OFFICERS)]
    return found


def reminders(file: File) -> list[Reason]:
    """What a good file has and no law makes a condition of the report; said, never refused."""
    url = f"{reverse('cases:detail', args=[file.case.pk])}?tab=inquiry"
    found = []
    if not any(row.respondent_id for row in file.statements):
        text = _("没有当事人的询问笔录。当事人拒绝的，也登记一份注明拒绝情况的笔录。")
        found.append(Reason(text, basis="APL@2021:55", url=url, url_text=_("去登记")))
    if any(row.signature == Statement.Signature.NONE for row in file.statements):
        found.append(Reason(_("有询问笔录没有签名。"), basis="APL@2021:55"))
    if exhibits.unverified(file):
        text = _("证据清单里还有没有查证的证据，没有查证的不能作为认定事实的根据。")
        found.append(Reason(text, basis=exhibits.VERIFIED_BASIS, url=url, url_text=_("去查证")))
    if any(row.received_on is None for row in file.appraisals):
        found.append(Reason(_("有鉴定意见还没有收到。"), basis="MPSP@2020:97"))
    if any(row.disposal == "" for row in file.preservations):
        text = _("有先行登记保存的证据还没有处理。")
        found.append(Reason(text, basis="APL@2021:56"))
    if any(row.granted is None for row in file.recusals):
        text = _("有回避还没有决定，决定前不停止调查。")
        found.append(Reason(text, basis="APL@2021:43"))
    return found


@transaction.atomic
def report_findings(
    case: Case,
    *,
    by: User,
    at: datetime,
    facts: str,
    reasons: str,
    proposal: str,
    on: date,
    ground: str = "",
) -> Report:
    """The investigation ends with this report; a later one takes its place, and what was told,
    reviewed or approved upon another text is void.

    Args:
        ground: a code of `penalties.grounds`, for a proposal not to punish.

    Raises Refused: not two officers with valid certificates; facts asserted without one verified
    exhibit (行政处罚法 40, 46(2)); no ground for not punishing, or one without need; a day before
    filing or the last report.
    """
    _row.lock(case)
    file = File(case)
    today = periods.local_date(at)
    found = can_report_findings(file, None, by, today)
    found += _row.needs(facts, "facts", _("写明查明的事实。"), "APL@2021:54(1)")
    found += _row.needs(reasons, "reasons", _("写明处理的理由。"), BASIS)
    last = file.report
    first = last.reported_on if last else file.case.filed_on
    found += _inquiry.day_of(on, today, field="on", not_before=first)
    found += _ground(proposal, ground) + _proven(file, proposal, ground)
    _row.refuse(found)
    row = Report.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        round=len(file.reports) + 1,
        facts=facts.strip(),
        reasons=reasons.strip(),
        proposal=proposal,
        ground=ground if proposal == Proposal.NO_PENALTY else "",
        reported_on=on,
    )
    void = void_changed(
        File(case), by=by, at=at, reason=_("调查终结报告已更新，处理建议或者事实有变化。")
    )
    _row.settle(case, at=at)
    data = {"round": row.round, "proposal": proposal, "void": len(void)}
    verb = "cases.report_findings" if last is None else "cases.report_again"
    _row.record(verb, case, by=by, at=at, row=row, data=data)
    return row


def _ground(proposal: str, ground: str) -> list[Reason]:
    if proposal == Proposal.NO_PENALTY and ground not in grounds.GROUNDS:
        text = _("不予行政处罚的，选择法定情形。")
        return [Reason(text, basis="APL@2021:33(1)", field="ground")]
    if proposal != Proposal.NO_PENALTY and ground:
        return [Reason(_("只有建议不予行政处罚时才选择不予处罚的情形。"), field="ground")]
    return []


def _proven(file: File, proposal: str, ground: str) -> list[Reason]:
    if proposal not in (Proposal.PENALTY, Proposal.NO_PENALTY) or ground == _UNPROVEN:
        return []
    if exhibits.usable(file):
        return []
    return [
        Reason(
            _("没有一件查证属实的证据，不能认定违法事实。"),
            basis=exhibits.VERIFIED_BASIS,
            url=f"{reverse('cases:detail', args=[file.case.pk])}?tab=inquiry",
            url_text=_("去查证证据"),
        )
    ]
