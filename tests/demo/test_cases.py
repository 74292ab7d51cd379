"""The six published cases, carried to a decision and closed by the verbs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from audit.models import Event
from demo import cases_page, ground
from demo.six import CASE_MARK, WARNING_CHOSEN
from legal import citations
from penalties.casefile import File
from penalties.models import CaseState, ClosingGround, Decision, Measure

CASES = {case["id"]: case for case in ground.read("cases.json")["cases"]}
#: What the publication cites the wrong clause for: (number of the finding, what is wrong).
DUTY, PENALTY, WHOLE = "不涉及这一行为", "与这一行为不符", "没有写明条款"
WARNED = {
    "S1-1": [(2, DUTY), (2, PENALTY)],
    "S1-2": [(2, DUTY), (2, PENALTY)],
    "S1-3": [(n, what) for n in (1, 2, 3) for what in (DUTY, PENALTY)],
    "S1-4": [(2, DUTY), (2, PENALTY), (4, DUTY)],
    "S1-5": [(1, DUTY), (1, PENALTY), (3, DUTY), (4, DUTY), (4, PENALTY)],
    "S2-1": [(n, WHOLE) for n in (1, 2, 3, 4)],
}
VERBS = [
    "cases.open_case",
    "cases.approve_filing",
    "cases.record_statement",
    "cases.adopt_exhibits",
    "cases.verify_exhibits",
    "cases.report_findings",
    "cases.set_item",
    "cases.give_notice",
    "cases.approve_decision",
    "cases.issue_decision",
    "cases.record_service",
    "cases.ask_closing",
    "cases.approve_closing",
]


def file_of(key: str) -> File:
    return File(cases_page.case_of(key))


@pytest.mark.parametrize("key", CASES)
def test_each_is_decided_served_and_closed_by_the_verbs(key: str) -> None:
    file = file_of(key)
    case, decision = file.case, file.decisions[0]
    told = Event.objects.filter(subject_id=str(case.pk), verb__startswith="cases.")
    assert list(told.order_by("id").values_list("verb", flat=True)) == VERBS
    assert (case.state, case.closing_ground) == (CaseState.CLOSED, ClosingGround.PERFORMED)
    assert (decision.kind, decision.measures) == (Decision.Kind.PENALTY, [Measure.WARNING])
    assert decision.served_on is not None
    assert decision.service_due_on is not None
    assert decision.served_on <= decision.service_due_on
    assert case.decision_due_on is not None
    assert decision.decided_on <= case.decision_due_on
    assert decision.decided_on <= date.fromisoformat(CASES[key]["published"])
    assert case.approved_by_id not in file.investigator_ids
    assert decision.decided_by_id not in file.investigator_ids


@pytest.mark.parametrize("key", CASES)
def test_what_is_chosen_is_marked_in_the_record(key: str) -> None:
    file = file_of(key)
    assert [item.condition_reason for item in file.items] == [WARNING_CHOSEN]
    assert file.case.approval_note == CASE_MARK
    assert CASE_MARK in file.reports[0].reasons
    assert CASE_MARK in file.closings[0].note


@pytest.mark.parametrize("key", CASES)
def test_the_portal_warns_of_what_was_published(key: str) -> None:
    found = cases_page.warnings(file_of(key), citations.register())
    assert [number for number, _text in found] == [number for number, _what in WARNED[key]]
    for (_number, text), (_same, what) in zip(found, WARNED[key], strict=True):
        assert what in text


@pytest.mark.parametrize("key", CASES)
def test_the_self_review_finds_nothing(key: str) -> None:
    closing = file_of(key).closings[0]
    assert (closing.score, closing.defects) == (100, [])


def test_the_day_of_donglan_is_the_published_one() -> None:
    decision = file_of("S2-1").decisions[0]
    assert decision.decided_on == decision.served_on == date(2024, 7, 8)


def test_the_page_of_the_six_says_what_the_records_say() -> None:
    page = Path(django_settings.BASE_DIR) / "docs" / "cases.md"
    assert page.read_text(encoding="utf-8") == cases_page.document()
