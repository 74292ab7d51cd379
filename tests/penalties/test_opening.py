"""Opening a case and its approval: beside an order, after an unmet one, without any visit."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Region
from audit.models import Event
from audit.trail import Refused
from deadlines.models import Deadline
from inspections import fieldwork
from inspections.models import Finding
from legal.models import Article, ViolationType
from notices.models import Notice
from penalties import cases, cautions, limitation
from penalties.casefile import File
from penalties.models import Case, CaseFinding, CaseState, Origin, Respondent, Step
from rectification import orders
from rectification.models import OrderState, Outcome
from tests.factories.accounts import RegionFactory, UserFactory
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.inspections import finding
from tests.factories.inspections import visit as bare_visit
from tests.factories.penalties import FILED_ON, case_alone, case_beside, item, party
from tests.factories.rectification import ISSUED_ON, Desk, at
from tests.rectification.doors import url as order_url

AFTER = date(2025, 2, 13)
OPEN = "/cases/open/"


def url(case: Case, act: str = "detail", *more: Any) -> str:
    return reverse(f"cases:{act}", args=[case.pk, *more])


def lines(case: Case) -> list[str]:
    events = Event.objects.filter(subject_id=str(case.pk)).order_by("id")
    return list(events.values_list("verb", flat=True))


def opened(desk: Desk, **facts: Any) -> Case:
    """A case that waits for approval, from a visit of 6 January."""
    visit = facts.pop("visit", None) or desk.visit(1)
    given = {
        "cause": "不履行网络安全保护义务",
        "officers": desk.pair,
        "findings": list(visit.findings.all()),
        "at": at(FILED_ON),
        "by": desk.inspector,
    } | facts
    return cases.open_case(visit.enterprise, **given)


def form_for(desk: Desk, findings: Any, **more: Any) -> dict[str, Any]:
    return {
        "form_token": str(uuid4()),
        "origin": "inspection",
        "cause": "不履行网络安全保护义务",
        "findings": [str(row.pk) for row in findings],
        "officers": [str(row.pk) for row in desk.pair],
    } | more


# ---- opening ---------------------------------------------------------------------------------


def test_a_case_beside_an_order_waits_then_runs(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    client, chief = door(desk.inspector), door(desk.supervisor)
    form = form_for(desk, Finding.objects.all())
    address = f"{OPEN}?order={order.pk}"
    with on(FILED_ON):
        assert address in client.get(order_url(order)).content.decode()
        shown = client.get(address).content.decode()
        answers = [client.post(address, form) for _n in range(2)]
        case = Case.objects.get()
        waiting = (case.state, case.step, case.decision_due_on)
        page = client.get(url(case)).content.decode()
        own = client.get(url(case, "approve_filing"))
        form = {"seen": case.version, "note": "同意立案调查"}
        told = [chief.post(url(case, "approve_filing"), form) for _n in range(2)]
        after = chief.get(url(case), {"tab": "case"}).content.decode()
        beside = client.get(order_url(order)).content.decode()
    order.refresh_from_db()
    case.refresh_from_db()

    assert "案件与责令改正并行" in shown
    assert {answer.url for answer in answers} == {case.get_absolute_url()}
    assert waiting == (CaseState.OPENED, Step.FILING, None)
    assert "待立案审批" in page
    assert own.status_code == 403
    assert {answer.status_code for answer in told} == {302}
    assert (case.origin, case.state) == (Origin.INSPECTION, CaseState.FILED)
    assert case.decision_due_on == date(2025, 4, 10)
    assert "2025年4月10日" in after
    assert case.filing_notice is not None
    assert case.filing_notice.number in after.replace("<wbr>", "")
    assert "同意立案调查" in case.filing_notice.words
    assert order.state == OrderState.SERVED
    assert url(case) in beside
    assert address not in beside
    assert Deadline.objects.get(kind="CASE_90").due_on == case.decision_due_on
    assert lines(case) == ["cases.open_case", "cases.approve_filing"]
    assert Notice.objects.filter(kind="case_filing").count() == 1


def test_an_unmet_order_goes_over_at_approval(desk: Desk, door: Any, on: Any) -> None:
    order = desk.judged(on=AFTER, outcome=Outcome.UNCHANGED)
    form = form_for(desk, Finding.objects.all(), origin="unmet_order", cause="拒不改正")
    with on(AFTER):
        client = door(desk.inspector)
        silent = client.post(f"{OPEN}?order={order.pk}", form | {"origin_note": " "})
        client.post(f"{OPEN}?order={order.pk}", form | {"origin_note": "两次复查未改正"})
        case = Case.objects.get()
        order.refresh_from_db()
        before = order.state
        door(desk.supervisor).post(url(case, "approve_filing"), {"seen": case.version})
    order.refresh_from_db()
    case.refresh_from_db()

    assert "写明认定拒不改正的理由" in silent.content.decode()
    assert (case.origin, before) == (Origin.UNMET_ORDER, OrderState.JUDGED)
    assert (order.state, order.escalated_to) == (OrderState.ESCALATED, "行政处罚立案")
    assert case.filing_notice is not None
    assert "拒不改正：两次复查未改正" in case.filing_notice.words


def test_an_order_that_went_elsewhere_meanwhile_is_not_filed_upon(desk: Desk) -> None:
    order = desk.judged(on=AFTER, outcome=Outcome.UNCHANGED)
    case = opened(desk, visit=order.inspection, order=order, origin_note="未改正", at=at(AFTER))
    orders.escalate(order, by=desk.supervisor, at=at(AFTER), to="总队", reason="x")
    with pytest.raises(Refused, match="不能再以拒不改正立案"):
        cases.approve_filing(case, by=desk.supervisor, at=at(AFTER))
    assert not Deadline.objects.filter(kind="CASE_90").exists()


def test_a_case_without_a_visit(desk: Desk, door: Any, on: Any) -> None:
    company = desk.visit(0).enterprise
    form = form_for(desk, [], origin="complaint", found_on="2025-01-09")
    with on(FILED_ON):
        client = door(desk.inspector)
        pick = client.get(OPEN, {"q": "客货"}).content.decode()
        address = f"{OPEN}?enterprise={company.pk}"
        silent = client.post(address, form).content.decode()
        more = {"informant": "覃举报", "summary": "群众反映该公司网站泄露旅客信息。"}
        answer = client.post(address, form | more)
    case = Case.objects.get()
    cases.approve_filing(case, by=desk.supervisor, at=at(FILED_ON))
    with on(FILED_ON):
        page = client.get(answer.url, {"tab": "case"}).content.decode()
        shown = client.post(
            "/trail/reveal/",
            {
                "model": "penalties.case",
                "field": "informant",
                "pk": str(case.pk),
                "reason": "核实举报",
                "next": "/",
            },
        )
    assert address in pick
    assert "写明报案人或者移送单位" in silent
    assert "写明简要案情" in silent
    assert case.inspection is None
    assert case.unit == desk.unit
    assert case.filing_notice is not None
    assert "覃举报" not in case.filing_notice.words
    assert "覃举报" not in page
    assert "还没有登记发现" in page
    assert shown.status_code == 200
    assert "覃举报" in shown.content.decode()
    assert "覃举报" not in str(list(Event.objects.values_list("payload", flat=True)))


def test_findings_of_several_visits_in_one_case(desk: Desk) -> None:
    first = desk.visit(1)
    second = desk.visit(2, day=date(2025, 1, 8), enterprise=first.enterprise)
    rows = [*second.findings.all(), *first.findings.all()]
    case = opened(desk, visit=first, findings=rows)
    assert (case.inspection, case.found_on) == (first, date(2025, 1, 6))
    assert len(File(case).findings) == 3
    assert case.summary.startswith("1．")


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ("draft", "还没有签发"),
        ("withdrawn", "已撤回或作废"),
        ("taken", "已经立案"),
        ("escalated", "已经转入"),
    ],
)
def test_opening_is_refused(desk: Desk, door: Any, on: Any, made: str, sentence: str) -> None:
    order = desk.draft() if made == "draft" else desk.issued()
    if made == "withdrawn":
        orders.withdraw(order, by=desk.supervisor, at=at(ISSUED_ON, 18), reason="x")
    if made == "taken":
        case_beside(desk, order)
    if made == "escalated":
        order = desk.serve(order)
        desk.look(order, AFTER, Outcome.UNCHANGED)
        orders.judge(order, by=desk.supervisor, at=at(AFTER))
        orders.escalate(order, by=desk.supervisor, at=at(AFTER), to="总队", reason="x")
    with on(AFTER):
        page = door(desk.supervisor).get(OPEN, {"order": order.pk}).content.decode()
    with pytest.raises(Refused, match=sentence):
        opened(desk, visit=order.inspection, order=order, at=at(AFTER))
    assert sentence in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cause": " "}, "案由必须填写"),
        ({"findings": []}, "选择这个案件涉及的发现"),
        ({"officers": []}, "不得少于二人"),
        ({"found_on": date(2025, 1, 11)}, "不能晚于今天"),
        ({"at": at(date(2031, 1, 10))}, "没有有效的执法证"),
    ],
)
def test_opening_needs_its_facts(desk: Desk, changes: dict[str, Any], sentence: str) -> None:
    for officer in desk.pair:
        officer.certificate_number, officer.certificate_expires_on = "桂A1", date(2030, 1, 1)
    with pytest.raises(Refused, match=sentence):
        opened(desk, **changes)
    assert not Case.objects.exists()


def test_strangers_and_forged_addresses(desk: Desk, door: Any) -> None:
    order = desk.served()
    stranger = door(UserFactory(supervisor=True))
    assert stranger.get(OPEN, {"order": order.pk}).status_code == 404
    assert stranger.get(OPEN, {"enterprise": order.enterprise_id}).status_code == 404
    for name in ("order", "inspection", "enterprise"):
        assert door(desk.inspector).get(OPEN, {name: "x"}).status_code == 404
    assert door(UserFactory(unit=desk.unit, legal_reviewer=True)).get(OPEN).status_code == 403


# ---- the same act once -----------------------------------------------------------------------


def test_a_finding_is_in_one_live_case(desk: Desk, door: Any, on: Any) -> None:
    visit = desk.visit(1)
    first = opened(desk, visit=visit)
    with pytest.raises(Refused, match="同一违法行为不能再立案"):
        opened(desk, visit=visit, by=desk.colleague)
    with on(FILED_ON):
        page = door(desk.inspector).get(OPEN, {"inspection": visit.pk}).content.decode()
    assert str(visit.findings.get().pk) not in page
    other = opened(desk, visit=desk.visit(1, enterprise=visit.enterprise), by=desk.colleague)
    with (
        pytest.raises(IntegrityError, match="case_finding_in_one_live_case"),
        transaction.atomic(),
    ):
        CaseFinding.objects.create(case=other, finding=visit.findings.get())
    cases.decline_filing(first, by=desk.supervisor, at=at(FILED_ON), reason="证据不足")
    again = opened(desk, visit=visit, by=desk.colleague)
    assert (first.state, first.step, again.state) == ("declined", Step.DONE, "opened")


def test_two_openers_race_for_one_order(desk: Desk) -> None:
    order = desk.served()
    case_beside(desk, order)
    with (
        pytest.raises(IntegrityError, match="case_order_in_one_live_case"),
        transaction.atomic(),
    ):
        Case.objects.create(
            unit=order.unit,
            enterprise=order.enterprise,
            order=order,
            origin=Origin.INSPECTION,
            cause="x",
            filed_on=FILED_ON,
            filed_by=desk.colleague,
        )


def test_findings_come_and_go_with_a_reason(desk: Desk) -> None:
    case = case_alone(desk)
    more = desk.visit(1, day=date(2025, 1, 8), enterprise=case.enterprise)
    who = {"by": desk.inspector, "at": at(AFTER)}
    rows = list(more.findings.all())
    with pytest.raises(Refused, match="必须填写"):
        cases.add_findings(case, findings=rows, reason=" ", **who)
    cases.add_findings(case, findings=rows, reason="同一系统的另一违法行为", **who)
    with pytest.raises(Refused, match="同一违法行为不能再立案"):
        cases.add_findings(case, findings=rows, reason="再并一次", **who)
    row = CaseFinding.objects.get(case=case, finding=rows[0])
    penalty = item(case)
    penalty.findings.add(rows[0])
    with pytest.raises(Refused, match="先改处罚建议"):
        cases.drop_finding(row, reason="不成立", **who)
    penalty.findings.clear()
    row = CaseFinding.objects.get(case=case, finding=rows[0])
    cases.drop_finding(row, reason="不成立", **who)
    with pytest.raises(Refused, match="唯一的发现"):
        cases.drop_finding(CaseFinding.objects.get(case=case), reason="x", **who)
    assert lines(case)[-2:] == ["cases.add_findings", "cases.drop_finding"]


# ---- approval --------------------------------------------------------------------------------


def test_nobody_files_alone(desk: Desk) -> None:
    case = opened(desk, by=desk.supervisor, officers=desk.pair)
    other = UserFactory(unit=desk.unit, supervisor=True)
    for person in (desk.supervisor, desk.inspector):
        with pytest.raises(Refused, match="不能审批自己的案件"):
            cases.approve_filing(case, by=person, at=at(FILED_ON))
        with pytest.raises(Refused, match="不能审批自己的案件"):
            cases.decline_filing(case, by=person, at=at(FILED_ON), reason="x")
    cases.approve_filing(case, by=other, at=at(FILED_ON))
    with pytest.raises(Refused, match="不在等待"):
        cases.decline_filing(case, by=other, at=at(FILED_ON), reason="x")
    assert case.approved_by == other


def test_a_party_elsewhere_needs_the_ground_of_competence(desk: Desk, door: Any, on: Any) -> None:
    visit = desk.visit(1)
    visit.enterprise.region = RegionFactory()
    visit.enterprise.save()
    with on(FILED_ON):
        page = door(desk.inspector).get(OPEN, {"inspection": visit.pk}).content.decode()
    case = opened(desk, visit=visit)
    with pytest.raises(Refused, match="不在本单位辖区") as refused:
        cases.approve_filing(case, by=desk.supervisor, at=at(FILED_ON))
    cases.amend_case(case, by=desk.inspector, at=at(FILED_ON), jurisdiction="服务器在南宁市青秀区")
    cases.approve_filing(case, by=desk.supervisor, at=at(FILED_ON))
    assert "管辖依据" in page
    assert refused.value.reasons[0].url == url(case, "refer")
    assert case.filing_notice is not None
    assert "服务器在南宁市青秀区" in case.filing_notice.words


def test_a_county_lies_in_its_city(desk: Desk) -> None:
    county = RegionFactory(parent=Region.objects.get(pk=desk.unit.region_id))
    visit = desk.visit(1)
    visit.enterprise.region = county
    visit.enterprise.save()
    case = opened(desk, visit=visit)
    cases.approve_filing(case, by=desk.supervisor, at=at(FILED_ON))
    assert case.state == CaseState.FILED


def test_a_year_without_calendar_is_refused_whole(desk: Desk) -> None:
    case = opened(desk, at=at(date(2026, 12, 1)))
    with pytest.raises(Refused, match="2027年日历未导入"):
        cases.approve_filing(case, by=desk.supervisor, at=at(date(2026, 12, 1)))
    case.refresh_from_db()
    assert (case.state, Notice.objects.filter(kind="case_filing").count()) == ("opened", 0)


# ---- what the first tab warns of -------------------------------------------------------------


def texts(case: Case, day: date = AFTER) -> str:
    return "\n".join(reason.text for reason in cautions.warnings(File(case), day))


def ended(desk: Desk, end: date) -> Case:
    """A case about an act that ended on that day and was found on 6 January 2025."""
    company = EnterpriseFactory(unit=desk.unit)
    visit = bare_visit(
        desk.inspector,
        enterprise=company,
        started_at=at(date(2025, 1, 6), 10),
        ended_at=at(date(2025, 1, 6), 12),
        officers=list(desk.pair),
    )
    finding(
        visit,
        desk.inspector,
        at=at(date(2025, 1, 6), 12),
        violation_type=ViolationType.objects.get(pk="PII_UNENCRYPTED"),
        duty=[Article.objects.by_ref("CSL@2016:21")],
        penalty=[Article.objects.by_ref("CSL@2016:59(1)")],
        act_from=date(2022, 1, 1),
        act_to=end,
    )
    signed = fieldwork.record_inspection(visit, by=desk.inspector, at=at(date(2025, 1, 6), 13))
    return opened(desk, visit=signed)


def test_limitation_counts_to_the_day_it_was_found(desk: Desk) -> None:
    continuing, last_day = opened(desk), ended(desk, date(2023, 1, 6))
    for case in (continuing, last_day):
        assert limitation.limitation(File(case), AFTER) == []
    case = ended(desk, date(2023, 1, 5))
    assert limitation.limitation(File(case), AFTER)
    assert "已超过追究时效" in texts(case)
    case.found_on = date(2024, 12, 1)  # a report came before the visit
    assert limitation.limitation(File(case), AFTER) == []
    case.found_on, case.is_long_limitation = None, True
    assert limitation.limitation(File(case), AFTER) == []


def test_an_order_withdrawn_under_a_running_case_is_told(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    case = case_beside(desk, order)
    orders.withdraw(order, by=desk.supervisor, at=at(AFTER), reason="送达对象错误")
    with on(AFTER):
        page = door(desk.inspector).get(url(case), {"tab": "case"}).content.decode()
    assert "与本案并行的责令改正已撤回" in page
    assert case.state == CaseState.FILED


def test_an_article_that_was_not_in_force_is_refused(desk: Desk) -> None:
    visit = desk.visit(1)
    version = Article.objects.by_ref("CSL@2016:59(1)").version
    version.effective_to = date(2024, 12, 31)  # the register was corrected after the visit
    version.save()
    with pytest.raises(Refused, match="第五十九条") as refused:
        opened(desk, visit=visit)
    assert refused.value.reasons[0].url.startswith(visit.get_absolute_url())


def test_officers_join_and_leave_and_two_remain(desk: Desk) -> None:
    case = case_alone(desk)
    who = {"by": desk.inspector, "at": at(AFTER)}
    row = File(case).officers[0]
    with pytest.raises(Refused, match="先增加一人"):
        cases.let_go_officer(row, until_on=AFTER, reason="调离", **who)
    bare = UserFactory(
        unit=desk.unit, inspector=True, certificate_number="", certificate_expires_on=None
    )
    with pytest.raises(Refused, match="没有有效的执法证"):
        cases.add_officer(case, officer=bare, from_on=AFTER, **who)
    with pytest.raises(Refused, match="不能再参与调查"):
        cases.add_officer(case, officer=desk.supervisor, from_on=AFTER, **who)
    third = UserFactory(unit=desk.unit, inspector=True)
    cases.add_officer(case, officer=third, from_on=AFTER, **who)
    with pytest.raises(Refused, match="已经在办理"):
        cases.add_officer(case, officer=third, from_on=AFTER, **who)
    row = File(case).officers[0]
    cases.let_go_officer(row, until_on=AFTER, reason="调离", **who)
    assert row.officer_id in File(case).investigator_ids
    assert len(File(case).officers) == 2


def test_the_first_party_is_the_enterprise_as_registered(desk: Desk) -> None:
    case = case_alone(desk)
    row = party(case)
    assert (row.kind, row.name) == (Respondent.Kind.UNIT, case.enterprise.name)
