"""Closing: what each reason asks for, who approves, the form, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.trail import Decided, Refused
from deadlines.models import Deadline
from penalties import cases
from penalties.casefile import File
from penalties.cases import closing
from penalties.models import (
    Case,
    CaseState,
    Closing,
    CourtApplication,
    Decision,
    Payment,
    Referral,
    Remedy,
    Report,
    Respondent,
    Step,
)
from tests.factories.penalties import (
    case_alone,
    case_beside,
    decision,
    report,
)
from tests.factories.rectification import Desk, at
from tests.penalties.test_serving import due, handed_over

pytestmark = pytest.mark.django_db
ASKED_ON, CLOSED_ON = date(2025, 3, 10), date(2025, 3, 11)
SPOKEN = "已逐条核对，附书面说明"


def served(desk: Desk, case: Case | None = None, **facts: Any) -> Decision:
    given = {"fine": Decimal(20_000), "measures": ["warning", "fine"]} | facts
    row = decision(case or case_alone(desk), **given)
    handed_over(desk, row)
    return row


def paid(row: Decision, amount: Any = 20_000) -> Payment:
    return Payment.objects.create(
        case=row.case,
        decision=row,
        entered_at=at(date(2025, 3, 3)),
        entered_by=row.entered_by,
        paid_on=date(2025, 3, 3),
        amount=Decimal(amount),
    )


def ask(desk: Desk, case: Case, ground: str = "performed", **facts: Any) -> Closing:
    given = {"note": "罚款已经缴清", "defects_note": SPOKEN, "at": at(ASKED_ON)} | facts
    return cases.ask_closing(case, by=desk.inspector, ground=ground, **given)


def approve(desk: Desk, row: Closing, **facts: Any) -> Case:
    given = {"by": desk.supervisor, "at": at(CLOSED_ON), "note": "同意结案"} | facts
    return cases.approve_closing(row, **given)


def against(case: Case, ground: str) -> str:
    return "\n".join(str(each) for each in closing.against(File(case), ground, ASKED_ON))


# --- Each reason ---------------------------------------------------------------------------------


def test_a_paid_fine_closes_the_case_with_its_form(desk: Desk) -> None:
    row = served(desk)
    case = row.case
    assert "没有缴清" in against(case, "performed")
    with pytest.raises(Refused, match="没有缴清"):
        ask(desk, case)
    paid(row)
    assert against(case, "performed") == ""
    request = ask(desk, case)
    assert request.score is not None
    with pytest.raises(Refused, match="不能自己审批"):
        approve(desk, request, by=desk.inspector)
    approve(desk, request)
    case.refresh_from_db()
    request.refresh_from_db()
    assert (case.state, case.step, case.closed_on) == (CaseState.CLOSED, Step.DONE, CLOSED_ON)
    assert case.closing_ground == "performed"
    words = request.notice.words
    for told in (row.number, "☑作出行政处罚等处理决定且已执行", "已缴20000元", "同意结案"):
        assert told in words
    assert request.notice.subject_id == request.pk
    assert due(row, "SUE_6M") is not None  # the party may still sue
    with pytest.raises(Refused, match="已结案"):
        ask(desk, case)


def test_a_payment_one_fen_short_is_not_performed(desk: Desk) -> None:
    row = served(desk)
    paid(row, "19999.99")
    assert "没有缴清" in against(row.case, "performed")
    paid(row, "0.01")
    assert against(row.case, "performed") == ""


def test_nobody_is_punished(desk: Desk) -> None:
    facts = {"kind": "no_penalty", "measures": [], "fine": None, "ground": "minor"}
    row = decision(case_alone(desk), **facts)
    assert "还没有送达" in against(row.case, "unpunished")
    assert "没有有效的处罚决定" in against(row.case, "performed")
    handed_over(desk, row)
    request = ask(desk, row.case, "unpunished", note="不予处罚决定已经送达")
    approve(desk, request)
    assert "☑作出不予行政处罚决定" in Closing.objects.get().notice.words


def test_one_who_dies_before_paying(desk: Desk) -> None:
    row = served(desk)
    assert "还可以执行" in against(row.case, "impossible")
    Respondent.objects.filter(pk=row.respondent_id).update(
        status="dead", status_on=ASKED_ON, status_note="病故"
    )
    request = ask(desk, row.case, "impossible", note="当事人死亡，没有可以执行的财产")
    approve(desk, request)
    notice = Closing.objects.get().notice
    assert "☑作出处理决定后无法执行或者无需执行" in notice.words
    assert "死亡" in notice.words
    assert due(row, "FINE_PAYMENT") is None


def test_the_court_found_nothing(desk: Desk) -> None:
    row = served(desk)
    CourtApplication.objects.create(
        case=row.case,
        decision=row,
        entered_at=at(ASKED_ON),
        entered_by=desk.inspector,
        court="南宁市青秀区人民法院",
        applied_on=date(2025, 3, 3),
        principal=Decimal(20_000),
        surcharge=Decimal(0),
        result="terminated",
        result_on=ASKED_ON,
    )
    assert against(row.case, "impossible") == ""
    assert "没有缴清" in against(row.case, "performed")


def test_handed_to_the_criminal_police(desk: Desk) -> None:
    case = case_alone(desk)
    assert "还没有受理" in against(case, "crime")
    Referral.objects.create(
        case=case,
        entered_at=at(ASKED_ON),
        entered_by=desk.inspector,
        to="criminal",
        organ="南宁市公安局刑事侦查支队",
        reason="涉嫌犯罪",
        sent_on=date(2025, 3, 3),
        answer="accepted",
        answered_on=ASKED_ON,
    )
    request = ask(desk, case, "crime", note="已转为刑事案件办理")
    approve(desk, request)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert not case.casefindings.filter(live=True).exists()
    assert Deadline.objects.of(case).get(kind="CASE_90").state == Deadline.CANCELLED
    assert "☑转为刑事案件办理" in Closing.objects.get().notice.words


def test_terminated_upon_the_report_by_a_leader_who_did_not_investigate(
    desk: Desk, door: Any, on: Any
) -> None:
    case = case_alone(desk)
    page = reverse("cases:terminate", args=[case.pk])
    with pytest.raises(Refused, match="没有建议终止调查"):
        cases.terminate(case, by=desk.supervisor, at=at(ASKED_ON), note="没有违法事实")
    report(case, proposal=Report.Proposal.TERMINATION)
    assert case.step == Step.CLOSING
    with pytest.raises(Refused, match="没有参与调查的负责人"):
        cases.terminate(case, by=desk.inspector, at=at(ASKED_ON), note="没有违法事实")
    with on(CLOSED_ON):
        client = door(desk.supervisor)
        assert "终止案件调查" in client.get(case.get_absolute_url()).content.decode()
        client.post(page, {"seen": case.version, "note": "经查没有违法事实"})
    case.refresh_from_db()
    row = Closing.objects.get()
    assert (case.state, case.closing_ground) == (CaseState.CLOSED, "terminated")
    assert (row.entered_by, row.approved_by) == (desk.inspector, desk.supervisor)
    assert "☑终止案件调查" in row.notice.words
    assert not case.casefindings.filter(live=True).exists()


def test_measures_remedies_and_the_order_beside_come_first(desk: Desk) -> None:
    item = {"measure": "suspension", "length": 10, "length_unit": "day", "detail": "停业"}
    row = served(desk, case_beside(desk), measures=["suspension"], fine=None, items=[item])
    assert "限期措施没有解除" in against(row.case, "performed")
    over = date(2025, 3, 3)
    cases.end_measure(row.stop_measures.get(), by=desk.inspector, at=at(over))
    case = Case.objects.get(pk=row.case_id)
    with pytest.raises(Refused, match="责令改正还没有结论"):
        ask(desk, case)
    remedy = Remedy.objects.create(
        case=case,
        decision=row,
        entered_at=at(over),
        entered_by=desk.inspector,
        kind="reconsideration",
        body="南宁市人民政府",
        applied_on=over,
    )
    with pytest.raises(Refused, match="行政复议还没有生效的结果"):
        ask(desk, case, order_note="改正期限到五月")
    remedy.delete()
    request = ask(desk, case, order_note="改正期限到五月，另行复查")
    assert "责令改正：改正期限到五月" in request.note


def test_a_reason_that_does_not_belong_here(desk: Desk) -> None:
    case = case_alone(desk)
    for ground in ("performed", "settled", "nonsense"):
        assert "不适用这种结案理由" in against(case, ground)


# --- The request -----------------------------------------------------------------------------


def test_serious_defects_are_spoken_of(desk: Desk) -> None:
    row = served(desk)
    paid(row)
    assert closing.serious(File(row.case), ASKED_ON)  # decided without a notice
    with pytest.raises(Refused, match="严重问题") as refused:
        ask(desk, row.case, defects_note=" ")
    assert refused.value.reasons[0].house
    assert "评查问题：" in ask(desk, row.case).note


def test_sent_back_and_asked_again(desk: Desk, door: Any, on: Any) -> None:
    row = served(desk)
    paid(row)
    request = ask(desk, row.case)
    with pytest.raises(Refused, match="等待审批"):
        ask(desk, row.case)
    page = reverse("cases:return_closing", args=[row.case_id, request.pk])
    with on(CLOSED_ON):
        assert door(desk.inspector).get(page).status_code == 403
        client = door(desk.supervisor)
        silent = client.post(page, {"note": " "}).content.decode()
        client.post(page, {"note": "缺少缴款票据"})
        tab = client.get(row.case.get_absolute_url() + "?tab=closing").content.decode()
    assert "退回的理由" in silent
    assert "缺少缴款票据" in tab
    case = Case.objects.get(pk=row.case_id)
    assert case.state == CaseState.DECIDED
    assert ask(desk, case).approved is None


def test_what_came_since_the_request_stands_against_it(desk: Desk) -> None:
    row = served(desk)
    payment = paid(row)
    request = ask(desk, row.case)
    Payment.objects.filter(pk=payment.pk).update(void_on=ASKED_ON, void_reason="重复登记")
    with pytest.raises(Refused, match="没有缴清"):
        approve(desk, request)
    assert Closing.objects.get().approved is None


def test_the_second_of_two_is_told(desk: Desk) -> None:
    row = served(desk)
    paid(row)
    request = ask(desk, row.case)
    other = Closing.objects.select_related("case").get(pk=request.pk)
    approve(desk, request)
    with pytest.raises(Decided, match="覃海波 已于"):
        approve(desk, other)


def test_the_doors_show_conditions_review_and_preview(desk: Desk, door: Any, on: Any) -> None:
    row = served(desk)
    case = row.case

    def url(name: str, *more: Any) -> str:
        return reverse(f"cases:{name}", args=[case.pk, *more])

    with on(ASKED_ON):
        client = door(desk.inspector)
        before = client.get(case.get_absolute_url() + "?tab=closing").content.decode()
        paid(row)
        asked = client.get(url("ask_closing")).content.decode()
        client.post(
            url("ask_closing"),
            {"ground": "performed", "note": "罚款已经缴清", "defects_note": SPOKEN},
        )
        request = Closing.objects.get()
        looked = client.post(url("preview_closing", request.pk))
    assert "没有缴清" in before
    assert "案卷评查" in asked
    assert looked.url.startswith("/notices/")
    with on(CLOSED_ON):
        client = door(desk.supervisor)
        client.post(url("approve_closing", request.pk), {"note": "同意结案"})
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


# --- The database ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("closing_approved_whole", lambda row: {"approved": True}),
        ("closing_approved_whole", lambda row: {"approved_on": CLOSED_ON}),
    ],
)
def test_the_database_refuses(
    desk: Desk, name: str, change: Callable[[Closing], dict[str, Any]]
) -> None:
    row = raw(desk, case_alone(desk))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Closing.objects.filter(pk=row.pk).update(**change(row))


def test_the_database_refuses_two_requests(desk: Desk) -> None:
    row = raw(desk, case_alone(desk))
    with pytest.raises(IntegrityError, match="closing_one_request"), transaction.atomic():
        raw(desk, row.case)


def raw(desk: Desk, case: Case) -> Closing:
    return Closing.objects.create(
        case=case,
        entered_at=at(ASKED_ON),
        entered_by=desk.inspector,
        ground="terminated",
        note="x",
    )
