"""Cases: who finds them, the list, what the database refuses."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit import trail
from inspections.models import Finding
from penalties.models import Case, CaseState
from tests.factories.accounts import UserFactory
from tests.factories.penalties import case_alone, case_beside, walked
from tests.factories.rectification import SERVED_ON, Desk

AFTER = date(2025, 2, 13)


def url(case: Case, act: str = "detail") -> str:
    return reverse(f"cases:{act}", args=[case.pk])


# ---- the decision, and closing ---------------------------------------------------------------


def test_a_decision_disposes_of_what_no_order_holds(desk: Desk) -> None:
    walked(desk, case_alone(desk, inspection=desk.visit()))
    assert set(Finding.objects.values_list("disposition", flat=True)) == {"penalty"}


# ---- doors, constraints, words ---------------------------------------------------------------


def test_strangers_find_nothing_and_readers_only_read(desk: Desk, door: Any) -> None:
    case = case_beside(desk)
    stranger, reader = (
        UserFactory(supervisor=True),
        UserFactory(unit=desk.unit, legal_reviewer=True),
    )
    for act in ("detail", "amend_case"):
        assert door(stranger).get(url(case, act)).status_code == 404
    assert door(reader).get(url(case, "amend_case")).status_code == 403
    assert door(reader).get(url(case)).status_code == 200


def test_the_list_and_its_conditions(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    case = case_beside(desk)
    with on(date(2025, 4, 9)):
        client = door(desk.supervisor)
        client.get("/cases/")
        with django_assert_max_num_queries(12):
            page = client.get("/cases/").content.decode()
        with django_assert_max_num_queries(38):
            client.get(url(case))
        nothing = client.get("/cases/", {"state": "closed"}).content.decode()
        found = client.get(
            "/cases/",
            {"q": "客货", "unit": desk.unit.pk, "origin": "inspection", "filed_to": "2025-01-10"},
        ).content.decode()
    assert "还剩 1 天" in page
    assert "没有符合条件的案件" in nothing
    assert url(case) in found


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("case_decided_whole", {"decided_on": AFTER}),
        ("case_decided_whole", {"measures": ["warning"]}),
        ("case_fine_when_fined", {"fine": 5}),
        ("case_state_has_its_facts", {"state": "decided"}),
        ("case_state_has_its_facts", {"state": "closed"}),
        ("case_from_unmet_order_has_order", {"origin": "unmet_order", "order": None}),
    ],
)
def test_the_database_refuses(desk: Desk, name: str, facts: dict[str, Any]) -> None:
    case = case_beside(desk)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**facts)
    assert "violates check constraint" in str(refused.value)
    if name != "case_fine_when_fined":
        assert name in str(refused.value)


def test_a_number_is_unique_in_the_database(desk: Desk) -> None:
    order = desk.served()
    first = case_beside(desk, order)
    second = case_alone(desk, inspection=desk.visit(enterprise=order.enterprise))
    Case.objects.filter(pk=first.pk).update(document_number="8号")
    with pytest.raises(IntegrityError, match="case_document_number_once"), transaction.atomic():
        Case.objects.filter(pk=second.pk).update(document_number="8号")


def test_every_state_is_reachable_and_each_act_has_its_word() -> None:
    assert set(Case.MOVES) == set(CaseState)
    assert {to for steps in Case.MOVES.values() for to in steps} | {"opened"} == set(CaseState)
    known = trail.known_words()
    assert known["cases.record_decision"] == "登记处罚决定"
    assert SERVED_ON < AFTER
