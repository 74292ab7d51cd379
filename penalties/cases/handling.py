"""What a case is about and who handles it, as it changes while the case is investigated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from enterprises.models import Enterprise
from inspections.models import Finding, Inspection
from legal import periods
from penalties.casefile import File
from penalties.cases import _row, _void, opening
from penalties.models import Case, CaseFinding, CaseOfficer, CaseState, Recusal

trail.words(
    {
        "cases.amend_case": gettext_lazy("修改案件情况"),
        "cases.add_findings": gettext_lazy("并入发现"),
        "cases.drop_finding": gettext_lazy("移出发现"),
        "cases.add_officer": gettext_lazy("增加办案民警"),
        "cases.let_go_officer": gettext_lazy("办案民警退出"),
    }
)

FACTS = (
    "cause",
    "summary",
    "origin_note",
    "jurisdiction",
    "is_long_limitation",
)
RECUSED = "APL@2021:43"


def _undecided(case: Case) -> list[Reason]:
    if case.state in (CaseState.OPENED, CaseState.FILED):
        return []
    return [Reason(_("案件已经决定或者办结，不能再改。"))]


# --- What it is about ----------------------------------------------------------------------------


def can_amend_case(file: File, row: None, user: User, today: date) -> list[Reason]:
    """Before the decision."""
    return _undecided(file.case)


@transaction.atomic
def amend_case(case: Case, *, by: User, at: datetime, **facts: Any) -> Case:
    """Change the facts named in `FACTS`; saving without a change leaves no line.

    Raises Refused without a cause or a summary.
    """
    case = _row.lock(case)
    given = {name: facts[name] for name in FACTS if name in facts}
    _row.refuse(
        can_amend_case(File(case), None, by, periods.local_date(at))
        + _row.needs(given.get("cause", case.cause), "cause", _("案由必须填写。"))
        + _row.needs(
            given.get("summary", case.summary), "summary", _("写明简要案情。"), opening.FILING
        )
    )
    changed = {name: value for name, value in given.items() if value != getattr(case, name)}
    if not changed:
        return case
    _row.settle(case, at=at, **changed)
    _row.record("cases.amend_case", case, by=by, at=at, data={"fields": sorted(changed)})
    return case


def open_findings(enterprise: Enterprise, user: User) -> QuerySet[Finding]:
    """Findings of final visits to the enterprise, in sight, that no live case holds."""
    return (
        Finding.objects.visible_to(user)
        .filter(
            inspection__enterprise=enterprise,
            inspection__in=Inspection.objects.final().values("pk"),
        )
        .exclude(casefindings__live=True)
        .select_related("inspection__unit", "violation_type")
        .order_by("-inspection__started_at", "inspection_id", "ordinal")
    )


def can_add_findings(file: File, row: None, user: User, today: date) -> list[Reason]:
    """Before the decision."""
    return _undecided(file.case)


@transaction.atomic
def add_findings(
    case: Case, *, by: User, at: datetime, findings: Sequence[Finding], reason: str
) -> Case:
    """Take more findings on the same enterprise into the case. A notice that does not tell of them
    is void, and owed again.

    Raises Refused: a visit that is not final, another enterprise, a finding in another live case.
    """
    case = _row.lock(case)
    found = can_add_findings(File(case), None, by, periods.local_date(at))
    if not findings:
        found.append(Reason(_("选择要并入的发现。"), field="findings"))
    found += opening.can_open(case.enterprise, findings)
    _row.refuse(found + _row.needs(reason, "reason"))
    opening.link(case, findings)
    facts: dict[str, Any] = {}
    if case.inspection_id is None:
        facts["inspection"] = min((row.inspection for row in findings), key=_begun)
    _void.void_changed(File(case), by=by, at=at, reason=_("并入了新的违法事实"))
    _row.settle(case, at=at, **facts)
    data = {"findings": [str(row.pk) for row in findings]}
    _row.record("cases.add_findings", case, by=by, at=at, reason=reason, data=data)
    return case


def _begun(visit: Inspection) -> datetime:
    return visit.started_at


def can_drop_finding(file: File, row: CaseFinding, user: User, today: date) -> list[Reason]:
    """Before the decision, and not the last one of a case that came of a visit."""
    found = _undecided(file.case)
    if not found and len(file.findings) < 2 and file.case.origin in opening.FROM_VISITS:
        found.append(Reason(_("这是案件唯一的发现。不再查处的，终止案件调查。")))
    if any(item.findings.filter(pk=row.finding_id).exists() for item in file.items):
        found.append(Reason(_("已有处罚建议依据这项发现，先改处罚建议。")))
    return found


@transaction.atomic
def drop_finding(row: CaseFinding, *, by: User, at: datetime, reason: str) -> Case:
    """Take a finding out of the case; it is free for another one."""
    case = row.case = _row.lock(row.case)
    file = File(case)
    _row.refuse(
        can_drop_finding(file, row, by, periods.local_date(at)) + _row.needs(reason, "reason")
    )
    finding = row.finding_id
    row.delete()
    _void.void_changed(file, by=by, at=at, reason=_("移出了一项违法事实"))
    _row.settle(case, at=at)
    data = {"finding": str(finding)}
    _row.record("cases.drop_finding", case, by=by, at=at, reason=reason, data=data)
    return case


# --- Who handles it ------------------------------------------------------------------------------


def possible_officers(case: Case) -> QuerySet[User]:
    """Officers of the unit and below who do not handle the case yet."""
    return (
        User.objects.officers()
        .filter(unit__path__startswith=case.unit.path)
        .exclude(pk__in=CaseOfficer.objects.filter(case=case, until_on=None).values("officer"))
        .order_by("unit__path", "police_number")
    )


def can_add_officer(file: File, row: None, user: User, today: date) -> list[Reason]:
    """Until the case is closed: a decision is still to be served and carried out."""
    if file.case.state in (CaseState.CLOSED, CaseState.DECLINED):
        return [Reason(_("案件已经办结。"))]
    return []


@transaction.atomic
def add_officer(case: Case, *, by: User, at: datetime, officer: User, from_on: date) -> CaseOfficer:
    """Somebody joins those who handle the case.

    Raises Refused: no certificate valid on that day, who recused or was recused, who reviewed,
    hosted or approved in this case, who is in it already.
    """
    case = _row.lock(case)
    today = periods.local_date(at)
    file = File(case)
    found = can_add_officer(file, None, by, today)
    if from_on > today:
        found.append(Reason(_("参与日期不能晚于今天。"), field="from_on"))
    if any(row.officer_id == officer.pk for row in file.officers):
        found.append(Reason(_("这名民警已经在办理这个案件。"), field="officer"))
    if not officer.certificate_valid_on(from_on):
        text = _("%(name)s 当日没有有效的执法证。") % {"name": officer.name}
        found.append(Reason(text, basis=opening.TWO_OFFICERS, field="officer"))
    found += _of_another_part(file, officer)
    _row.refuse(found)
    row = opening.handler(case, officer, on=from_on, by=by, at=at)
    row.save(force_insert=True)
    _row.settle(case, at=at)
    _row.record("cases.add_officer", case, by=by, at=at, row=row, data={"name": officer.name})
    return row


def _of_another_part(file: File, officer: User) -> list[Reason]:
    """Whoever investigates does not review, host or decide (行政处罚法 57, 58, 64)."""
    if any(row.person_id == officer.pk and _keeps_out(row) for row in file.recusals):
        text = _("%(name)s 在这个案件中回避。") % {"name": officer.name}
        return [Reason(text, basis=RECUSED, field="officer")]
    others = {file.case.approved_by_id}
    others |= {row.reviewer_id for row in file.reviews}
    others |= {row.presider_id for row in file.hearings}
    others |= {row.entered_by_id for row in file.approvals}
    if officer.pk not in others:
        return []
    text = _("%(name)s 审核、审批或者主持过这个案件，不能再参与调查。") % {"name": officer.name}
    return [Reason(text, basis="APL@2021:58(1)", field="officer")]


def _keeps_out(recusal: Recusal) -> bool:
    return recusal.granted is True


def can_let_go_officer(file: File, row: CaseOfficer, user: User, today: date) -> list[Reason]:
    """Two must remain (行政处罚法 42(1))."""
    if row.until_on is not None:
        return [Reason(_("这名民警已经退出。"))]
    if len(file.officers) > opening.OFFICERS:
        return []
    text = _("退出以后办案民警少于二人，先增加一人。")
    return [Reason(text, basis=opening.TWO_OFFICERS)]


@transaction.atomic
def let_go_officer(
    row: CaseOfficer, *, by: User, at: datetime, until_on: date, reason: str
) -> CaseOfficer:
    """Somebody leaves the case; what they did stays, and they still do not review or decide it."""
    case = row.case = _row.lock(row.case)
    today = periods.local_date(at)
    found = can_let_go_officer(File(case), row, by, today)
    if until_on > today:
        found.append(Reason(_("退出日期不能晚于今天。"), field="until_on"))
    if until_on < row.from_on:
        found.append(Reason(_("退出日期不能早于参与日期。"), field="until_on"))
    _row.refuse(found + _row.needs(reason, "reason"))
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    _row.settle(case, at=at)
    _row.record(
        "cases.let_go_officer",
        case,
        by=by,
        at=at,
        reason=reason,
        row=row,
        data={"name": row.name, "on": until_on},
    )
    return row
