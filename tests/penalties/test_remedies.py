"""Reconsideration, suits, stays: what is entered, and what becomes of the decision."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.trail import Refused
from bulletins import publications
from bulletins.models import Publication
from deadlines import clock
from notices import blocks
from penalties import cases
from penalties.casefile import File
from penalties.cases import _ninety, remedies
from penalties.models import Case, CaseState, Closing, Decision, Remedy, Stay, Step, Told
from tests.factories.penalties import (
    DECIDED_ON,
    approved,
    case_alone,
    decision,
    item,
    paper_of,
    person,
    report,
    reviewed,
    told,
)
from tests.factories.rectification import Desk, at
from tests.penalties.test_serving import due, handed_over

pytestmark = pytest.mark.django_db
APPLIED_ON = date(2025, 3, 3)
RESULT_ON = date(2025, 4, 28)
BODY, COURT = "南宁市人民政府", "南宁市青秀区人民法院"


def served(desk: Desk, **facts: Any) -> Decision:
    """Told, reviewed, approved, decided on 14 February and served on the 18th."""
    case = case_alone(desk)
    report(case)
    item(case, measure="fine", amount=20_000)
    told(desk, case), reviewed(desk, case), approved(desk, case)
    row = decision(case, **{"fine": Decimal(20_000), "measures": ["warning", "fine"]} | facts)
    handed_over(desk, row)
    return row


def asked(desk: Desk, row: Decision, kind: str = "reconsideration", **facts: Any) -> Remedy:
    given = {"body": BODY if kind == "reconsideration" else COURT, "applied_on": APPLIED_ON} | facts
    moment = at(max(given["applied_on"], APPLIED_ON))
    return cases.record_remedy(row, by=desk.inspector, at=moment, kind=kind, **given)


def ended(desk: Desk, row: Remedy, result: str, **facts: Any) -> Remedy:
    given = {"result_on": RESULT_ON, "result_received_on": RESULT_ON} | facts
    moment = at(given["result_received_on"])
    return cases.record_result(row, by=desk.inspector, at=moment, result=result, **given)


def test_the_answer_is_due_and_the_time_to_sue_follows_the_result(desk: Desk) -> None:
    row = served(desk)
    remedy = asked(desk, row, copy_received_on=APPLIED_ON)
    assert remedy.answer_due_on == date(2025, 3, 17)  # ten working days
    assert (remedy.applicant, remedies.is_late(File(row.case), remedy)) == (
        row.respondent.name,
        False,
    )
    assert (due(row, "RECONSIDER_60"), due(row, "SUE_6M")) == (None, None)
    cases.answer_remedy(
        remedy, by=desk.inspector, at=at(date(2025, 3, 14)), answered_on=date(2025, 3, 14)
    )
    assert due(remedy, "ARL_ANSWER") is None
    ended(desk, remedy, "upheld", document_number="南府复决〔2025〕3号")
    row.refresh_from_db()
    assert row.is_valid
    assert due(row, "SUE_6M") == date(2025, 5, 13)  # fifteen days, not six months
    suit = asked(desk, row, "suit", applied_on=date(2025, 5, 13), copy_received_on=None)
    assert not remedies.is_late(File(row.case), suit)
    assert remedies.last_day(File(row.case), suit) == date(2025, 5, 13)


def test_one_that_came_late_is_entered_with_its_word(desk: Desk, door: Any, on: Any) -> None:
    row = served(desk)
    late = asked(desk, row, applied_on=date(2025, 4, 22))
    assert remedies.is_late(File(row.case), late)
    with on(date(2025, 4, 22)):
        page = door(desk.inspector).get(late.case.get_absolute_url() + "?tab=remedies")
    assert "超过期限（2025年4月21日）" in page.content.decode()


@pytest.mark.parametrize("result", ["dismissed", "withdrawn"])
def test_after_a_decision_on_the_spot_no_suit_comes_first(desk: Desk, result: str) -> None:
    """行政复议法 23(1)[1], 34."""
    row = served(desk, kind="spot", fine=Decimal(2000))
    with pytest.raises(Refused, match="须先申请行政复议") as refused:
        asked(desk, row, "suit")
    assert refused.value.reasons[0].basis == "ARL@2023:23(1)"
    remedy = asked(desk, row)
    ended(desk, remedy, result)
    if result == "withdrawn":
        with pytest.raises(Refused, match="须先申请行政复议"):
            asked(desk, row, "suit", applied_on=RESULT_ON)
        assert due(row, "SUE_6M") is None
    else:
        assert asked(desk, row, "suit", applied_on=RESULT_ON).kind == "suit"


@pytest.mark.parametrize(
    ("kind", "needle"),
    [("penalty_decision", "可以"), ("spot_decision", "先"), ("no_penalty_decision", "可以")],
)
def test_remedies_are_stated_by_the_kind_of_decision(kind: str, needle: str) -> None:
    """On the spot: reconsideration first; else a choice."""
    block = "remedies_spot" if kind == "spot_decision" else "remedies_decision"
    assert needle in blocks.BLOCKS[block].default


def test_changed_it_binds_with_the_new_fine(desk: Desk) -> None:
    row = served(desk)
    remedy = asked(desk, row)
    with pytest.raises(Refused, match="一般不得加重"):
        ended(desk, remedy, "changed", new_fine=Decimal(30_000))
    ended(desk, remedy, "changed", new_fine=Decimal("5000.50"))
    row.refresh_from_db()
    file = File(row.case)
    assert (row.standing, row.is_valid, row.fine) == ("changed", True, Decimal(20_000))
    assert file.fine_of(row) == Decimal("5000.50")
    assert row.case.fine == Decimal("5000.50")
    assert row.case.step == Step.PERFORMING
    assert due(row, "FINE_PAYMENT") is not None
    suit = asked(desk, row, "suit", applied_on=RESULT_ON)
    ended(
        desk,
        suit,
        "changed",
        new_fine=Decimal(0),
        result_on=date(2025, 8, 1),
        result_received_on=date(2025, 8, 1),
    )
    assert File(row.case).fine_of(row) is None
    assert due(row, "FINE_PAYMENT") is None
    assert row.case.step == Step.CLOSING


def test_revoked_by_the_court_and_to_be_taken_anew_after_closing(desk: Desk) -> None:
    """The case is at work again: told anew, ninety days from the receipt of the result."""
    row = paper_of(served(desk), desk.supervisor)
    publication = Publication.objects.create(
        case=row.case, unit=row.case.unit, decided_on=DECIDED_ON
    )
    case = row.case
    Closing.objects.create(
        case=case,
        entered_at=at(RESULT_ON),
        entered_by=desk.inspector,
        ground="performed",
        note="已执行",
        approved=True,
        approved_on=RESULT_ON,
        approved_by=desk.supervisor,
    )
    Case.objects.filter(pk=case.pk).update(
        state="closed", closed_on=RESULT_ON, closing_ground="performed", closing_reason="已执行"
    )
    case.refresh_from_db()
    suit = asked(desk, row, "suit", copy_received_on=APPLIED_ON)
    received = date(2025, 7, 2)
    ended(desk, suit, "revoked_redo", result_on=date(2025, 6, 30), result_received_on=received)
    case.refresh_from_db()
    row.refresh_from_db()
    assert (case.state, case.decided_on, case.closed_on) == (CaseState.FILED, None, None)
    assert case.step == Step.TELLING
    assert case.decision_due_on == date(2025, 9, 30)
    assert due(case, "CASE_90") == case.decision_due_on
    assert (row.standing, row.ended_on) == ("revoked", date(2025, 6, 30))
    assert [due(row, kind) for kind in ("FINE_PAYMENT", "RECONSIDER_60", "SUE_6M")] == [None] * 3
    file = File(case)
    assert not [each for each in [*file.tolds, *file.reviews, *file.approvals] if not each.void_on]
    assert file.closings[0].reopened_on == received
    assert all(link.live for link in case.casefindings.all())
    row.notice.refresh_from_db()
    assert row.notice.state == "withdrawn"
    publication.refresh_from_db()
    assert (publication.state, publication.fall) == ("lapsed", "revoked")
    # days left out afterwards are counted from the new beginning, not from filing
    exclusion = _ninety.exclude(case, "appraisal", received, by=desk.inspector, at=at(received))
    _ninety.include(exclusion, received + timedelta(days=9), by=desk.inspector, at=at(received))
    assert case.decision_due_on == date(2025, 10, 9)
    # a second decision brings the duty to publish again
    decision(case, fine=Decimal(10_000), decided_on=date(2025, 8, 1), entered_at=at(RESULT_ON))
    publications.demand(case, by=desk.supervisor, at=at(date(2025, 8, 1)))
    publication.refresh_from_db()
    assert (publication.state, publication.decided_on) == ("due", date(2025, 8, 1))


def test_only_what_was_left_of_the_ninety_where_the_house_says_so(
    desk: Desk, settings: Any
) -> None:
    settings.CASE_REDO_COUNTS_ANEW = False
    row = served(desk)
    left = (row.case.decision_due_on - DECIDED_ON).days
    ended(desk, asked(desk, row), "revoked_redo")
    due_on = clock.running(row.case, "CASE_90").derivation["last_day"]
    assert due_on == (RESULT_ON + timedelta(days=left)).isoformat()


def test_revoked_for_good_frees_the_findings(desk: Desk) -> None:
    row = served(desk)
    case = row.case
    ended(desk, asked(desk, row), "revoked")
    case.refresh_from_db()
    assert (case.state, case.step, case.fine) == (CaseState.DECIDED, Step.CLOSING, None)
    assert not case.casefindings.filter(live=True).exists()
    visit = case.inspection
    assert case_alone(desk, inspection=visit, day=date(2025, 5, 6)).casefindings.count() > 0
    with pytest.raises(Refused, match="已经撤销"):
        asked(desk, row, "suit", applied_on=RESULT_ON)


def test_what_falls_for_one_party_stands_for_the_other(desk: Desk) -> None:
    row = served(desk)
    other = person(row.case)
    second = decision(row.case, other, fine=Decimal(5000), measures=["fine"])
    handed_over(desk, second)
    ended(desk, asked(desk, row), "void")
    case = Case.objects.get(pk=row.case_id)
    assert (case.state, case.fine) == (CaseState.DECIDED, Decimal(5000))
    assert case.casefindings.filter(live=True).exists()


def test_a_first_judgment_holds_when_nobody_appeals(desk: Desk) -> None:
    row = served(desk)
    suit = asked(desk, row, "suit")
    ended(desk, suit, "revoked", effective=False)
    row.refresh_from_db()
    assert (row.is_valid, suit.is_open) == (True, True)
    appeal = asked(desk, row, "appeal", applied_on=date(2025, 5, 6))
    suit = Remedy.objects.select_related("case").get(pk=suit.pk)
    with pytest.raises(Refused, match="一审裁判没有生效"):
        cases.take_effect(suit, by=desk.inspector, at=at(date(2025, 5, 20)), on=date(2025, 5, 20))
    ended(
        desk,
        appeal,
        "withdrawn",
        result_on=date(2025, 6, 3),
        result_received_on=date(2025, 6, 3),
    )
    row.refresh_from_db()
    suit.refresh_from_db()
    assert (row.standing, suit.effective_on) == ("revoked", date(2025, 6, 3))


def test_nobody_appealed(desk: Desk) -> None:
    row = served(desk)
    suit = asked(desk, row, "suit")
    with pytest.raises(Refused, match="先登记没有生效的一审裁判"):
        asked(desk, row, "appeal")
    ended(desk, suit, "changed", new_fine=Decimal(1000), effective=False)
    assert File(row.case).fine_of(row) == Decimal(20_000)
    cases.take_effect(suit, by=desk.inspector, at=at(date(2025, 5, 14)), on=date(2025, 5, 14))
    assert File(row.case).fine_of(row) == Decimal(1000)


def test_the_organ_takes_its_own_decision_back(desk: Desk, door: Any, on: Any) -> None:
    row = served(desk)
    page = reverse("cases:withdraw_decision", args=[row.case_id, row.pk])
    form = {"seen": row.case.version, "reason": "当事人主体认定错误", "redo": "yes"}
    with on(APPLIED_ON):
        assert door(desk.inspector).get(page).status_code == 403
        door(desk.supervisor).post(page, form)
    row.refresh_from_db()
    case = Case.objects.get(pk=row.case_id)
    assert (row.standing, case.state, case.step) == ("withdrawn", "filed", Step.TELLING)
    assert Told.objects.get(case=case).void_on == APPLIED_ON


def test_a_stay_holds_the_terms_of_measures(desk: Desk) -> None:
    row = served(
        desk,
        measures=["fine", "suspension"],
        items=[
            {"measure": "suspension", "length": 1, "length_unit": "month", "detail": "停业整顿"}
        ],
    )
    measure = row.stop_measures.get()
    assert measure.ends_on == date(2025, 3, 18)
    stay = cases.record_stay(
        row, by=desk.inspector, at=at(APPLIED_ON), by_whom=BODY, ground="复议", from_on=APPLIED_ON
    )
    with pytest.raises(Refused, match="已经停止执行"):
        cases.record_stay(
            row, by=desk.inspector, at=at(APPLIED_ON), by_whom="x", ground="x", from_on=APPLIED_ON
        )
    until = date(2025, 3, 12)
    cases.end_stay(stay, by=desk.inspector, at=at(date(2025, 3, 13)), until_on=until)
    measure.refresh_from_db()
    assert measure.ends_on == date(2025, 3, 28)  # ten days later
    assert due(measure, "STOP_MEASURE") == measure.ends_on


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("remedy_result_pair", {"result": "upheld"}),
        ("remedy_days_in_order", {"result": "upheld", "result_on": date(2025, 3, 2)}),
        ("remedy_effective_after_result", {"effective_on": RESULT_ON}),
        ("remedy_new_fine_not_negative", {"new_fine": Decimal(-1)}),
    ],
)
def test_the_database_refuses(desk: Desk, name: str, facts: dict[str, Any]) -> None:
    remedy = asked(desk, served(desk))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Remedy.objects.filter(pk=remedy.pk).update(**facts)


def test_the_database_refuses_two_open_ones(desk: Desk) -> None:
    row = served(desk)
    remedy = asked(desk, row)
    made = {"case": row.case, "decision": row, "entered_at": at(APPLIED_ON)}
    made["entered_by"] = desk.inspector
    with pytest.raises(IntegrityError, match="remedy_one_open"), transaction.atomic():
        Remedy.objects.create(kind=remedy.kind, body="x", applied_on=APPLIED_ON, **made)
    Stay.objects.create(by_whom="x", ground="x", from_on=APPLIED_ON, **made)
    with pytest.raises(IntegrityError, match="stay_one_open"), transaction.atomic():
        Stay.objects.create(by_whom="x", ground="x", from_on=APPLIED_ON, **made)
    with pytest.raises(IntegrityError, match="stay_days_in_order"), transaction.atomic():
        Stay.objects.update(until_on=DECIDED_ON)


def test_the_doors_of_a_remedy(desk: Desk, door: Any, on: Any) -> None:
    row = served(desk)
    case = row.case

    def page(name: str, pk: Any) -> str:
        return reverse(f"cases:{name}", args=[case.pk, pk])

    with on(APPLIED_ON):
        client = door(desk.inspector)
        form = {"kind": "suit", "body": COURT, "applied_on": "2025-03-04", "note": "留着的字"}
        refused = client.post(page("record_remedy", row.pk), form).content.decode()
        client.post(page("record_remedy", row.pk), form | {"applied_on": "2025-03-03"})
    remedy = Remedy.objects.get()
    assert "日期不能晚于今天" in refused
    assert "留着的字" in refused
    with on(RESULT_ON):
        client = door(desk.inspector)
        result = {"result": "changed", "result_on": "2025-04-28", "new_fine": "1万"}
        result |= {"result_received_on": "2025-04-28", "document_number": "（2025）桂01行初3号"}
        wrong = client.post(page("record_result", remedy.pk), result).content.decode()
        client.post(
            page("record_result", remedy.pk), result | {"new_fine": "１0,000", "effective": "on"}
        )
        tab = client.get(f"{case.get_absolute_url()}?tab=remedies").content.decode()
    assert "金额写成" in wrong
    assert "罚款变更为 10,000 元" in tab
    row.refresh_from_db()
    assert row.standing == "changed"
