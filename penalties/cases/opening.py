"""Opening a case, and its approval (立案, 行政处罚法 54(2), 程序规定 61).

    open_case ──▶ approve_filing: the ninety days run, the filing form is issued
        └───────▶ decline_filing: its findings are free for another case

A case is opened by whoever found the matter and approved by somebody else: nobody files alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import reveal, trail
from audit.trail import Reason, Refused
from enterprises.models import Enterprise
from inspections import noted
from inspections.models import Finding, Inspection
from legal import citations, periods
from notices.completeness import Mend
from penalties import jurisdiction as competence
from penalties.casefile import File
from penalties.cases import _ninety, _row
from penalties.models import (
    Case,
    CaseFinding,
    CaseOfficer,
    CaseState,
    Origin,
    Respondent,
)
from penalties.papers import filing_form
from rectification import orders
from rectification.models import UNMET, Order, OrderState

trail.words(
    {
        "cases.open_case": gettext_lazy("提请立案"),
        "cases.approve_filing": gettext_lazy("批准立案"),
        "cases.decline_filing": gettext_lazy("不予立案"),
        # Lines of earlier years:
        "cases.record_decision": gettext_lazy("登记处罚决定"),
        "cases.file": gettext_lazy("立案"),
    }
)
trail.tones({"cases.approve_filing": "ok"})
reveal.allow("penalties.case", "informant", "personal.reveal", gettext_lazy("报案人或者移送单位"))

FILING = "APL@2021:54(2)"
TWO_OFFICERS, OFFICERS = "APL@2021:42(1)", 2
#: Origins whose matter somebody from outside brought.
FROM_OUTSIDE = (Origin.COMPLAINT, Origin.TRANSFER)
FROM_VISITS = (Origin.INSPECTION, Origin.UNMET_ORDER)
LONGEST_SUMMARY = 2000


# --- Opening -------------------------------------------------------------------------------------


def is_unmet(order: Order | None) -> bool:
    """Whether a case upon this order takes it over: it was judged, and not carried out."""
    return order is not None and order.state == OrderState.JUDGED and order.verdict in UNMET


def can_open(
    enterprise: Enterprise, findings: Sequence[Finding] = (), order: Order | None = None
) -> list[Reason]:
    """Why no case can be opened upon these findings, or upon this order."""
    return [*_of_findings(enterprise, findings), *(_of_order(enterprise, order) if order else [])]


def _of_findings(enterprise: Enterprise, findings: Sequence[Finding]) -> list[Reason]:
    found: list[Reason] = []
    visits = {row.inspection_id: row.inspection for row in findings}
    for visit in visits.values():
        if visit.enterprise_id != enterprise.pk:
            text = _("检查 %(number)s 不是对这家企业的检查。")
            found.append(Reason(text % {"number": visit.number}))
        if not visit.is_final:
            found.append(
                Reason(
                    _("检查记录还没有签字确认，不能立案。"),
                    basis=FILING,
                    url=visit.get_absolute_url(),
                    url_text=_("去完成检查记录"),
                )
            )
    return found + taken(findings) + uncitable(findings)


def taken(findings: Iterable[Finding]) -> list[Reason]:
    """Findings that another live case holds: the same act is not punished twice."""
    rows = CaseFinding.objects.filter(finding__in=[row.pk for row in findings], live=True)
    return [
        Reason(
            _("“%(finding)s”已在案件“%(case)s”中办理，同一违法行为不能再立案。")
            % {"finding": row.finding, "case": row.case},
            basis="APL@2021:29",
            field="findings",
            url=row.case.get_absolute_url(),
            url_text=_("查看案件"),
        )
        for row in rows.select_related("finding__violation_type", "case__enterprise")
    ]


def uncitable(findings: Sequence[Finding]) -> list[Reason]:
    """Findings that cite an article which was not in force for their act, without saying why."""
    if not findings:
        return []
    books = citations.register()
    found = []
    for row in findings:
        for note in noted.notes(row, books):
            if note.level != citations.BLOCK:
                continue
            url = f"{row.inspection.get_absolute_url()}#finding-{row.ordinal}"
            found.append(Reason(note.text, field="findings", url=url, url_text=_("看这项发现")))
    return found


def _of_order(enterprise: Enterprise, order: Order) -> list[Reason]:
    found: list[Reason] = []
    if order.enterprise_id != enterprise.pk:
        found.append(Reason(_("责令改正不是对这家企业的。")))
    holder = Case.objects.filter(order=order).exclude(state=CaseState.DECLINED).first()
    if holder is not None:
        found.append(
            Reason(
                _("这份责令改正已经立案。"),
                url=holder.get_absolute_url(),
                url_text=_("查看案件"),
            )
        )
    if order.state in (OrderState.WITHDRAWN, OrderState.DISCARDED):
        found.append(Reason(_("责令改正已撤回或作废，不能据以立案。")))
    elif order.issued_at is None:
        found.append(Reason(_("责令改正还没有签发，不能据以立案。")))
    elif order.state == OrderState.ESCALATED:
        found.append(Reason(_("责令改正已经转入：%(to)s。") % {"to": order.escalated_to}))
    return found


def can_handle(officers: Sequence[User], on: date) -> list[Reason]:
    """Two officers at least, each with a certificate valid on that day (行政处罚法 42(1))."""
    found = [
        Reason(
            _("%(name)s 当日没有有效的执法证。") % {"name": row.name},
            basis=TWO_OFFICERS,
            field="officers",
        )
        for row in officers
        if not row.certificate_valid_on(on)
    ]
    if len({row.pk for row in officers}) < OFFICERS:
        text = _("办案民警不得少于二人。")
        found.append(Reason(text, basis=TWO_OFFICERS, field="officers"))
    return found


@transaction.atomic
def open_case(
    enterprise: Enterprise,
    *,
    by: User,
    at: datetime,
    cause: str,
    officers: Sequence[User],
    origin: str = Origin.INSPECTION,
    findings: Sequence[Finding] = (),
    order: Order | None = None,
    found_on: date | None = None,
    summary: str = "",
    origin_note: str = "",
    informant: str = "",
    jurisdiction: str = "",
    is_long_limitation: bool = False,
    form_token: uuid.UUID | None = None,
) -> Case:
    """Open a case, to be approved by somebody else.

    Args:
        findings: of one or more visits to this enterprise; may be empty where the case came in
            another way than by a visit.
        order: beside which it runs. Where the order was judged unmet the case takes it over, and
            `origin_note` is why the party refused to correct.
        found_on: when the matter became known; by default the first of the visits.
        summary: what it is about; by default what the findings say.
        informant: who reported it, or the organ that handed it over; kept sealed.
        form_token: of the form; the same one posted twice opens one case.

    Raises Refused.
    """
    # Cases against one enterprise queue here: the second of two equal forms finds the first case.
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    if form_token is not None:
        made = Case.objects.filter(form_token=form_token, filed_by=by).first()
        if made is not None:
            return made
    day = periods.local_date(at)
    origin = _origin(origin, order)
    days = [row.inspection.day for row in findings]
    found_on = found_on or (min(days) if days else None)
    summary = summary.strip() or _told_by(findings)
    _row.refuse(
        [
            *can_open(enterprise, findings, order),
            *_row.needs(cause, "cause", _("案由必须填写。")),
            *_facts_owed(origin, findings, found_on, day, summary, origin_note, informant),
            *can_handle(officers, day),
        ]
    )
    first = min((row.inspection for row in findings), key=_begun, default=None)
    case = Case(
        unit=_unit(by, order, first),
        enterprise=enterprise,
        inspection=first or (order.inspection if order else None),
        order=order,
        origin=origin,
        origin_note=origin_note.strip(),
        informant=informant.strip(),
        found_on=found_on,
        cause=cause.strip(),
        summary=summary,
        jurisdiction=jurisdiction.strip(),
        is_long_limitation=is_long_limitation,
        filed_on=day,
        filed_by=by,
        form_token=form_token or uuid.uuid4(),
        state=CaseState.OPENED,
    )
    _create(case, order)
    link(case, findings)
    _enter_party(case, by=by, at=at)
    CaseOfficer.objects.bulk_create(handler(case, row, on=day, by=by, at=at) for row in officers)
    _row.settle(case, at=at)
    # The origin's story and the informant may name people; the record does not repeat them.
    data = {"cause": cause, "origin": origin, "findings": len(findings)}
    _row.record("cases.open_case", case, by=by, at=at, data=data)
    return case


def _origin(origin: str, order: Order | None) -> str:
    """An order that was not carried out is the origin, whatever else was typed."""
    if is_unmet(order):
        return Origin.UNMET_ORDER
    return Origin.INSPECTION if order is not None else origin


def _begun(visit: Inspection) -> datetime:
    return visit.started_at


def _unit(by: User, order: Order | None, visit: Inspection | None) -> Unit:
    """The unit that visited handles the case; a case without a visit is the opener's."""
    if order is not None:
        return order.unit
    if visit is not None:
        return visit.unit
    if by.unit is None:
        raise Refused([Reason(_("您不属于任何单位，不能立案。"))])
    return by.unit


def _told_by(findings: Sequence[Finding]) -> str:
    """1. what was seen; 2. …, as far as it has room."""
    if len(findings) == 1:
        return findings[0].seen[:LONGEST_SUMMARY]
    told = [f"{place}．{row.seen.rstrip('。；')}" for place, row in enumerate(findings, start=1)]
    return "；\n".join(told)[:LONGEST_SUMMARY]


def _facts_owed(
    origin: str,
    findings: Sequence[Finding],
    found_on: date | None,
    day: date,
    summary: str,
    origin_note: str,
    informant: str,
) -> list[Reason]:
    found: list[Reason] = []
    if origin in FROM_VISITS and not findings:
        found.append(Reason(_("选择这个案件涉及的发现。"), field="findings", basis=FILING))
    if origin == Origin.UNMET_ORDER:
        found += _row.needs(origin_note, "origin_note", _("写明认定拒不改正的理由。"))
    if origin in FROM_OUTSIDE:
        text = _("写明报案人或者移送单位；匿名举报的，写“匿名”。")
        found += _row.needs(informant, "informant", text, "MPSP@2020:61")
    if found_on is None:
        found.append(Reason(_("填写发现日期。"), field="found_on", basis="MPSP@2020:61"))
    elif found_on > day:
        found.append(Reason(_("发现日期不能晚于今天。"), field="found_on"))
    return found + _row.needs(summary, "summary", _("写明简要案情。"), basis=FILING)


def _create(case: Case, order: Order | None) -> None:
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as fault:
        if "case_order_in_one_live_case" not in str(fault):
            raise
        raise Refused(_of_order(case.enterprise, order) if order else []) from fault


def link(case: Case, findings: Iterable[Finding]) -> None:
    """Put findings into the case. Raises Refused when another case took one meanwhile."""
    rows = list(findings)
    try:
        with transaction.atomic():
            CaseFinding.objects.bulk_create(CaseFinding(case=case, finding=row) for row in rows)
    except IntegrityError as fault:
        if "case_finding_in_one_live_case" not in str(fault):
            raise
        raise Refused(taken(rows)) from fault


def _enter_party(case: Case, *, by: User, at: datetime) -> None:
    """The enterprise is the first party, as it is registered now."""
    enterprise = case.enterprise
    Respondent.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        kind=Respondent.Kind.UNIT,
        enterprise=enterprise,
        name=enterprise.name,
        credit_code=enterprise.uscc or "",
        representative=enterprise.legal_representative,
        address=enterprise.address,
    )


def handler(case: Case, officer: User, *, on: date, by: User, at: datetime) -> CaseOfficer:
    """The row of an officer who handles the case from this day on, with the certificate held."""
    return CaseOfficer(
        case=case,
        entered_at=at,
        entered_by=by,
        officer=officer,
        name=officer.name,
        police_number=officer.police_number or "",
        certificate_number=officer.certificate_number,
        certificate_expires_on=officer.certificate_expires_on,
        from_on=on,
    )


# --- Approval ------------------------------------------------------------------------------------


def amend_page(case: Case) -> Mend:
    """Where the facts of the case are changed."""
    return Mend(reverse("cases:amend_case", args=[case.pk]), _("去补充"))


def _can_decide(file: File, user: User) -> list[Reason]:
    """Somebody else than the opener and the officers decides whether a case is filed."""
    if file.case.state != CaseState.OPENED:
        return [Reason(_("这个案件不在等待立案审批。"))]
    if user.pk in file.investigator_ids:
        text = _("提请立案的人和办案民警不能审批自己的案件。")
        return [Reason(text, basis=FILING)]
    return []


def can_preview_filing(file: File, row: None, user: User, today: date) -> list[Reason]:
    """While it waits for approval; what the paper lacks stands beside the preview."""
    if file.case.state == CaseState.OPENED:
        return []
    return [Reason(_("这个案件不在等待立案审批。"))]


def can_approve_filing(file: File, row: None, user: User, today: date) -> list[Reason]:
    """Everything the paper and the law ask for before a case is filed."""
    case = file.case
    found = _can_decide(file, user)
    if case.state != CaseState.OPENED:
        return found
    order = case.order
    if case.origin == Origin.UNMET_ORDER and not is_unmet(order):
        found.append(
            Reason(
                _("责令改正现在是“%(state)s”，不能再以拒不改正立案。")
                % {"state": order.get_state_display() if order else ""},
                url=order.get_absolute_url() if order else "",
                url_text=_("查看责令改正"),
            )
        )
    found += uncitable(file.findings)
    found += competence.owed(case)
    found += _linked_to_officers(case, can_handle([row.officer for row in file.officers], today))
    return found + filing_form.lacking(case, today, amend_page(case))


def _linked_to_officers(case: Case, found: list[Reason]) -> list[Reason]:
    url = reverse("cases:add_officer", args=[case.pk])
    return [
        Reason(each.text, basis=each.basis, url=url, url_text=_("去增加民警")) for each in found
    ]


@transaction.atomic
def approve_filing(case: Case, *, by: User, at: datetime, note: str = "") -> Case:
    """File the case: the ninety days run from this day, and the filing form is issued. An order
    that was not carried out goes over into the case.

    Raises Refused: the approver opened or handles the case, the form lacks something, the unit is
    not competent, no calendar of the year in which the ninety days end.
    """
    case = _row.lock(case)
    day = periods.local_date(at)
    file = File(case)
    _row.refuse(can_approve_filing(file, None, by, day))
    counted = _ninety.period(case, day)
    trail.move(
        case,
        CaseState.FILED,
        by=by,
        at=at,
        verb="cases.approve_filing",
        reason=note,
        filed_on=day,
        approved_at=at,
        approved_by=by,
        approval_note=note.strip(),
        decision_due_on=counted.due,
        decision_derivation=counted.derivation,
    )
    _ninety.start(case, on=day, by=by, at=at)
    if case.origin == Origin.UNMET_ORDER and case.order is not None:
        to = "行政处罚立案"
        orders.escalate(case.order, by=by, at=at, to=to, reason=case.origin_note)
    notice = filing_form.issue(case, by=by, at=at)
    _row.settle(case, at=at, filing_notice=notice)
    return case


def can_decline_filing(file: File, row: None, user: User, today: date) -> list[Reason]:
    """While it waits; by somebody else than the opener."""
    return _can_decide(file, user)


@transaction.atomic
def decline_filing(case: Case, *, by: User, at: datetime, reason: str) -> Case:
    """No case is filed. Its findings and its order are free for another one."""
    case = _row.lock(case)
    _row.refuse(
        can_decline_filing(File(case), None, by, periods.local_date(at))
        + _row.needs(reason, "reason", _("写明不予立案的理由。"), basis=FILING)
    )
    CaseFinding.objects.filter(case=case).update(live=False)
    trail.move(
        case,
        CaseState.DECLINED,
        by=by,
        at=at,
        verb="cases.decline_filing",
        reason=reason,
        approval_note=reason.strip(),
    )
    _row.settle(case, at=at)
    return case
