"""行政案件立案登记表 (APL 54(2), MPSP 61): what it says, from the file of the case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import User
from audit.trail import Reason
from legal import periods
from notices import completeness, elements, kinds, papers, previews
from notices.completeness import Mend
from notices.kinds import penalties as kinds_of_penalties
from notices.models import Notice, Preview
from penalties.models import Case, Origin

KIND = kinds_of_penalties.CASE_FILING
#: The source as the form ticks it; a word that it does not know is written beside 其他.
SOURCES = {
    Origin.INSPECTION: kinds_of_penalties.FOUND_AT_WORK,
    Origin.UNMET_ORDER: kinds_of_penalties.FOUND_AT_WORK,
    Origin.COMPLAINT: kinds_of_penalties.REPORTED,
    Origin.TRANSFER: kinds_of_penalties.TRANSFERRED,
    Origin.INCIDENT: "网络安全事件",
    Origin.ASSIGNED: kinds_of_penalties.ASSIGNED,
}
PROPOSED = "经审查，有违反网络安全管理的事实，需要追究行政责任，属于本机关管辖，建议立案调查"
REFUSED = "责令限期改正后拒不改正"
AGREED = "同意立案"
SEALED = "身份信息另行保密存放"


def facts(case: Case, approval: str = "") -> dict[str, Any]:
    """The elements; `approval` is the opinion of whoever approves, empty before."""
    opinion = PROPOSED
    if case.origin == Origin.UNMET_ORDER:
        opinion = f"{REFUSED}：{case.origin_note.rstrip('。')}。{PROPOSED}"
    if case.jurisdiction:
        opinion = f"{opinion}。管辖依据：{case.jurisdiction.rstrip('。')}"
    return {
        "source": SOURCES[Origin(case.origin)],
        # Whoever reports is kept secret: the name stays sealed in the file.
        "informant": SEALED if case.origin == Origin.COMPLAINT else case.informant,
        "found_at": case.found_on,
        "cause": case.cause,
        "summary": case.summary,
        "handler_opinion": opinion,
        "leader_opinion": approval,
    }


def _context(case: Case, approval: str) -> dict[str, Any]:
    return elements.context(kinds.get(KIND).elements, facts(case, approval))


def lacking(case: Case, on: date, mend: Mend) -> list[Reason]:
    """What stands in the way of the paper; `mend` is where the facts of the case are changed."""
    found = papers.can_issue(KIND, case.unit, case.enterprise.name, facts(case, AGREED), on)
    return completeness.linked(found, {"": mend}, unit=case.unit)


def preview(case: Case, *, by: User, at: datetime, mend: Mend) -> Preview:
    """The form as it would be issued now. Raises Refused: a character is in no face."""
    return previews.make(
        KIND,
        unit=case.unit,
        addressee=case.enterprise.name,
        context=_context(case, AGREED),
        subject=case,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
        lacking=lacking(case, periods.local_date(at), mend),
    )


def issue(case: Case, *, by: User, at: datetime) -> Notice:
    """Freeze the form with the opinion of whoever approved. Raises Refused for what it lacks."""
    approval = case.approval_note.strip() or AGREED
    return papers.issue_notice(
        KIND,
        unit=case.unit,
        addressee=case.enterprise.name,
        context=_context(case, approval),
        snapshot={**facts(case, approval), "case": str(case.pk)},
        subject=case,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
    )
