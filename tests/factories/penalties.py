"""Penalty cases in each situation.

`case_beside` files through the verb. The other functions put single records into the file of a
case, so that a test of one part of the procedure need not walk all that lies before it; each
leaves the case settled. Days: found on 6 January 2025, filed on the 10th.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from demo import samples
from inspections.models import Inspection
from legal.models import Article, PenaltyTier
from notices import papers
from penalties import cases, proposal
from penalties.casefile import File
from penalties.cases import _row
from penalties.models import (
    Approval,
    Case,
    Circumstance,
    Decision,
    DiscretionGrade,
    DiscretionTable,
    Item,
    LegalReview,
    Report,
    Respondent,
    Reviewer,
    Told,
)
from penalties.papers.typed import Typed
from rectification.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.rectification import Desk, at

FILED_ON = date(2025, 1, 10)
TOLD_ON = date(2025, 1, 20)
DECIDED_ON = date(2025, 2, 14)


def filed(
    inspection: Inspection,
    *,
    by: User,
    at: datetime,
    cause: str,
    approved_by: User,
    order: Order | None = None,
    reason: str = "",
    form_token: uuid.UUID | None = None,
) -> Case:
    """Opened and approved in one go, upon every finding of the order (of the visit, without one)
    that no other case holds. Raises Refused as both verbs do."""
    findings = inspection.findings.select_related("inspection__unit", "violation_type")
    if order is not None:
        findings = findings.filter(order_items__order=order)
    case = cases.open_case(
        inspection.enterprise,
        by=by,
        at=at,
        cause=cause,
        officers=[row.officer for row in inspection.officers.select_related("officer")],
        findings=list(findings.exclude(casefindings__live=True).order_by("ordinal")),
        order=order,
        origin_note=reason,
        form_token=form_token,
    )
    if case.state == Case.State.OPENED:
        cases.approve_filing(case, by=approved_by, at=at)
    return case


def case_beside(desk: Desk, order: Order | None = None, **facts: Any) -> Case:
    """A case that runs beside an order (a served one, if none is given)."""
    order = order or desk.served()
    given = {"cause": "不履行网络安全保护义务", "order": order} | facts
    moment = given.pop("at", at(FILED_ON))
    who = {"by": desk.inspector, "approved_by": desk.supervisor}
    return filed(order.inspection, at=moment, **who, **given)


def case_alone(desk: Desk, *, day: date = date(2025, 1, 6), **facts: Any) -> Case:
    """A case upon a visit, without any order; filed four days after it."""
    visit = facts.pop("inspection", None) or desk.visit(1, day=day)
    given = {"cause": "不履行网络安全保护义务", "at": at(day + timedelta(days=4))} | facts
    return filed(visit, by=desk.inspector, approved_by=desk.supervisor, **given)


def reviewer(desk: Desk) -> User:
    """Somebody of the unit who is qualified for legal review and has nothing to do with cases."""
    found = User.objects.filter(unit=desk.unit, reviewer__isnull=False).first()
    if found is None:
        found = UserFactory(unit=desk.unit, legal_reviewer=True, name="陆文静")
        Reviewer.objects.create(
            user=found, qualification_number="A20184501000001", reviewing_since=date(2019, 1, 1)
        )
    return found


def party(case: Case) -> Respondent:
    """The unit that the case is about."""
    return Respondent.objects.filter(case=case, kind=Respondent.Kind.UNIT).first()  # type: ignore[return-value]


def person(case: Case, **facts: Any) -> Respondent:
    """A person in charge, made up."""
    given = {
        "kind": Respondent.Kind.PERSON,
        "role": Respondent.Role.IN_CHARGE,
        "name": "陈某某",
        "sex": "男",
        "identity_kind": "居民身份证",
        "identity": "450100198406090033",
        "born_on": "1984-06-09",
        "residence": "南宁市兴宁区",
        "address": "南宁市青秀区演示路22号",
    } | facts
    row = Respondent.objects.create(
        case=case, entered_at=at(FILED_ON), entered_by=case.filed_by, **given
    )
    _row.settle(case, at=at(FILED_ON))
    return row


def tier(ref: str = "CSL@2016:59(1)", position: int = 0) -> PenaltyTier:
    """A rung of a penalty clause."""
    return list(Article.objects.by_ref(ref).tiers.order_by("position"))[position]


def report(case: Case, on: date = FILED_ON, **facts: Any) -> Report:
    """The report that ends the investigation."""
    given = {
        "facts": "该公司以明文存储个人信息，未采取加密措施",
        "reasons": "违法事实清楚，证据确凿",
        "proposal": Report.Proposal.PENALTY,
        "reported_on": on,
        "round": case.reports.count() + 1,
    } | facts
    row = Report.objects.create(case=case, entered_at=at(on), entered_by=case.filed_by, **given)
    _row.settle(case, at=at(on))
    return row


def item(
    case: Case,
    respondent: Respondent | None = None,
    measure: str = "warning",
    amount: Decimal | int | None = None,
    **facts: Any,
) -> Item:
    """One penalty for one respondent (the unit, if none is named)."""
    rung = facts.pop("tier", None) or tier()
    row = Item.objects.create(
        case=case,
        entered_at=at(FILED_ON),
        entered_by=case.filed_by,
        respondent=respondent or party(case),
        measure=measure,
        tier=rung,
        clause={"ref": rung.article.ref, "cite": rung.article.cite_zh(), "tier": rung.tier},
        condition_met=True,
        condition_reason="违法事实符合该档次",
        amount=None if amount is None else Decimal(amount),
        **facts,
    )
    _row.settle(case, at=at(FILED_ON))
    return row


def told(desk: Desk, case: Case, respondent: Respondent | None = None, **facts: Any) -> Told:
    """The notice before the penalty, as things stand; both rights waived unless said otherwise."""
    whom = respondent or party(case)
    proposed = proposal.of(File(case), whom)
    given = {
        "given_at": at(TOLD_ON),
        "officer_1": desk.inspector,
        "officer_2": desk.colleague,
        "informed": "覃某某（法定代表人）",
        "proposal": proposed,
        "digest": proposal.digest(proposed),
        "defence": Told.Answer.WAIVED,
        "defence_until": TOLD_ON + timedelta(days=3),
        "hearing": Told.Answer.WAIVED,
    } | facts
    row = Told.objects.create(
        case=case, entered_at=at(TOLD_ON), entered_by=desk.inspector, respondent=whom, **given
    )
    _row.settle(case, at=at(TOLD_ON))
    return row


def reviewed(desk: Desk, case: Case, **facts: Any) -> LegalReview:
    """Legal review in favour of what is proposed now."""
    given = {
        "reviewer": reviewer(desk),
        "opinion": LegalReview.Opinion.AGREE,
        "text": "事实清楚，证据确凿，适用法律正确，程序合法",
        "asked_on": TOLD_ON,
        "given_on": TOLD_ON + timedelta(days=10),
        "digest": proposal.whole_digest(File(case)),
    } | facts
    row = LegalReview.objects.create(
        case=case, entered_at=at(TOLD_ON), entered_by=reviewer(desk), **given
    )
    _row.settle(case, at=at(TOLD_ON))
    return row


def approved(desk: Desk, case: Case, **facts: Any) -> Approval:
    """The leader agrees to what is proposed now."""
    given = {
        "agreed": True,
        "opinion": "同意",
        "digest": proposal.whole_digest(File(case)),
    } | facts
    row = Approval.objects.create(
        case=case, entered_at=at(DECIDED_ON, 9), entered_by=desk.supervisor, **given
    )
    _row.settle(case, at=at(DECIDED_ON, 9))
    return row


def decision(case: Case, respondent: Respondent | None = None, **facts: Any) -> Decision:
    """A decision row without its paper, for what comes after decisions; the case is decided."""
    whom = respondent or party(case)
    given = {
        "kind": Decision.Kind.PENALTY,
        "number": f"南公（网安）行罚决字〔2025〕{case.decisions.count() + 1}号",
        "decided_on": DECIDED_ON,
        "decided_by": case.filed_by,
        "measures": ["fine"] if facts.get("fine") else ["warning"],
        "entered_at": at(DECIDED_ON),
    } | facts
    row = Decision.objects.create(case=case, respondent=whom, entered_by=case.filed_by, **given)
    if case.decided_on is None:
        case.state = Case.State.DECIDED
        _row.settle(
            case,
            at=row.entered_at,
            state=Case.State.DECIDED,
            outcome="penalty" if row.punishes else "no_penalty",
            decided_on=row.decided_on,
            document_number=f"{row.number}",
            measures=list(row.measures),
            fine=row.fine,
            decision_entered_by=case.filed_by,
        )
    return row


def paper_of(row: Decision, by: User) -> Decision:
    """The decision with a paper of its kind, in the words of the sample."""
    sample = samples.of(f"{row.kind}_decision")
    row.notice = papers.issue_notice(
        sample.kind,
        unit=row.case.unit,
        addressee=row.respondent.name,
        context=sample.context,
        snapshot={},
        subject=row,
        by=by,
        at=row.entered_at,
        demonstration=False,
    )
    row.save(update_fields=["notice"])
    return row


def circumstance(case: Case, respondent: Respondent | None = None, **facts: Any) -> Circumstance:
    """A mitigating circumstance of the unit, unless said otherwise."""
    given = {
        "effect": "lighter",
        "text": "主动消除危害后果",
        "article": Article.objects.by_ref("APL@2021:32"),
    } | facts
    row = Circumstance.objects.create(
        case=case,
        respondent=respondent or party(case),
        entered_at=at(FILED_ON),
        entered_by=case.filed_by,
        **given,
    )
    _row.settle(case, at=at(FILED_ON))
    return row


def discretion_table(unit: Any, **facts: Any) -> DiscretionTable:
    """A table in force with the usual rung for a unit at the graver tier of the old clause."""
    given = {"title": "本市裁量基准", "effective_from": date(2024, 1, 1)} | facts
    made = DiscretionTable.objects.create(unit=unit, **given)
    DiscretionGrade.objects.create(
        table=made, tier=tier("CSL@2016:59(1)", 1), whom="unit", rung="usual", low=30_000,
        high=60_000,
    )  # fmt: skip
    return made


def walked(desk: Desk, case: Case | None = None, *, fine: Decimal | int | None = None) -> Case:
    """A decided case, reached through the verbs alone: filed and approved, evidence verified,
    reported, proposed, told with every right waived, reviewed, approved, issued on 14 February.

    A fine takes the second rung of 网络安全法 59(1); without one it is a warning.
    """
    case = case or case_alone(desk)
    who = {"by": desk.inspector, "at": at(FILED_ON, 16)}
    cases.add_exhibit(
        case,
        kind="scene",
        title="监督检查记录",
        proves="以明文存储个人信息",
        source="检查",
        collected_on=date(2025, 1, 6),
        officers=desk.pair,
        **who,
    )
    cases.verify_exhibits(case, exhibits=File(case).exhibits, **who)
    cases.report_findings(
        case,
        facts="该公司以明文存储个人信息，未采取加密措施",
        reasons="违法事实清楚，证据确凿",
        proposal=Report.Proposal.PENALTY,
        on=FILED_ON,
        **who,
    )
    rung = tier(position=0 if fine is None else 1)
    for measure, amount in (("warning", None), *((("fine", Decimal(fine)),) if fine else ())):
        cases.set_item(
            case,
            party(case),
            measure=measure,
            tier=rung,
            findings=File(case).findings,
            condition_met=fine is not None,
            condition_reason="符合第一档" if fine is None else "导致个人信息泄露的后果",
            amount=amount,
            **who,
        )
    cases.give_notice(
        _of(case),
        cases.Given(
            given_at=at(TOLD_ON, 10),
            officers=desk.pair,
            informed="覃某某（法定代表人）",
            defence=Told.Answer.WAIVED,
            hearing=Told.Answer.WAIVED if fine else Told.Answer.LATER,
        ),
        by=desk.inspector,
        at=at(TOLD_ON),
    )
    case = Case.objects.get(pk=case.pk)
    reviewed_on = TOLD_ON + timedelta(days=10)
    cases.give_review(
        case,
        asked_on=TOLD_ON,
        on=reviewed_on,
        opinion=LegalReview.Opinion.AGREE,
        text="事实清楚，证据确凿，适用法律正确，程序合法",
        by=reviewer(desk),
        at=at(reviewed_on),
    )
    cases.approve_decision(
        case, agreed=True, opinion="同意", by=desk.supervisor, at=at(DECIDED_ON, 9)
    )
    cases.issue_decision(
        case,
        party(case),
        typed=Typed(
            pay_to="中国农业银行南宁分行" if fine else "",
            performance="警告自本决定书送达之日起执行",
            correction="在2025年3月14日前对存储的个人信息采取加密措施",
        ),
        by=desk.supervisor,
        at=at(DECIDED_ON),
    )
    return case


def _of(case: Case) -> Respondent:
    return Respondent.objects.select_related("case__unit").get(pk=party(case).pk)
