"""Earlier decisions and unmet orders: of whom, of the same kind, how long before the act."""

from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string

from enterprises.models import Enterprise
from penalties import history
from penalties.casefile import File
from penalties.history import History, base_name
from penalties.models import Case, Decision
from rectification.models import Outcome
from tests.factories.accounts import UnitFactory
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.penalties import case_alone, decision, party, person
from tests.factories.rectification import Desk, at

pytestmark = pytest.mark.django_db
COMPANY = "南宁某客货服务有限责任公司"
NOW = date(2026, 3, 9)


def firm(desk: Desk, name: str = COMPANY, **facts: Any) -> Enterprise:
    return EnterpriseFactory(**{"unit": desk.unit, "name": name} | facts)


def case_of(desk: Desk, enterprise: Enterprise, day: date) -> Case:
    return case_alone(desk, day=day, inspection=desk.visit(1, day=day, enterprise=enterprise))


def punished(desk: Desk, enterprise: Enterprise, day: date, on: date, **facts: Any) -> Decision:
    facts.setdefault("number", f"{on}-{enterprise.pk}")
    return decision(case_of(desk, enterprise, day), decided_on=on, entered_at=at(on), **facts)


def of(case: Case) -> History:
    return history.of(File(Case.objects.select_related("unit", "enterprise").get(pk=case.pk)), NOW)


def test_the_same_duty_under_its_new_number_and_the_span(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    """Acts of 2025 cite article 21 of 2016, the one of 2026 article 23 of 2025."""
    company = firm(desk)
    old = punished(desk, company, date(2023, 5, 8), date(2023, 6, 5), number="8号")
    middle = punished(desk, company, date(2024, 9, 2), date(2024, 10, 8), fine=20_000)
    fresh = [punished(desk, company, date(2025, 4, 7), date(2025, 5, day)) for day in (12, 13)]
    revoked = punished(desk, company, date(2025, 6, 2), date(2025, 6, 30))
    Decision.objects.filter(pk=revoked.pk).update(standing="revoked", ended_on=NOW)
    case = case_of(desk, company, date(2026, 3, 2))
    file = File(Case.objects.select_related("unit", "enterprise").get(pk=case.pk))
    found = history.of(file, NOW)
    with django_assert_max_num_queries(14):
        history.of(File(file.case), NOW)

    assert [entry.on for entry in found.entries] == [
        date(2025, 5, 13),
        date(2025, 5, 12),
        middle.decided_on,
        old.decided_on,
    ]
    assert [entry.span for entry in found.entries] == ["year", "year", "two_years", "older"]
    assert found.entries[0].same == ("《网络安全法》（2025）第二十三条",)
    assert "20,000" in found.entries[2].what
    assert (found.same_within_year, found.is_repeated, found.is_first) == (2, True, False)
    page = render_to_string("penalties/_history.html", {"history": found})
    assert "因同类违法行为受过 2 次处罚" in page
    assert fresh[0].case.get_absolute_url() in page
    assert "只查 南宁市公安局 及其下级单位的记录" in page


def test_head_office_branch_and_code_count_others_do_not(desk: Desk) -> None:
    branch = firm(desk, f"{COMPANY}青秀分公司")
    head = firm(desk, COMPANY)
    sister = firm(desk, f"{COMPANY}江南分公司")
    firm(desk, f"{COMPANY}某某技术学校")
    stranger = firm(desk, "柳州某客货服务有限责任公司")
    for enterprise in (head, sister, stranger):
        punished(desk, enterprise, date(2025, 4, 7), date(2025, 5, 12))
    found = of(case_of(desk, branch, date(2026, 3, 2)))
    assert {entry.relation: entry.who for entry in found.entries} == {
        "head": COMPANY,
        "branch": f"{COMPANY}江南分公司",
    }


def test_a_person_by_the_number_of_the_identity_document(desk: Desk) -> None:
    first = case_of(desk, firm(desk), date(2025, 4, 7))
    decision(first, person(first), decided_on=date(2025, 5, 12))
    case = case_of(desk, firm(desk, "柳州某科技有限公司"), date(2026, 3, 2))
    assert of(case).is_first
    person(case)
    (entry,) = of(case).entries
    assert (entry.relation, entry.kind) == ("person", "penalty")


def test_unmet_orders_count_and_the_cases_own_does_not(desk: Desk) -> None:
    company = firm(desk)
    visit = desk.visit(1, day=date(2025, 1, 6), enterprise=company)
    order = desk.judged(
        on=date(2025, 2, 13), outcome=Outcome.UNCHANGED, inspection=visit, findings=1
    )
    case = case_of(desk, company, date(2026, 1, 5))
    (entry,) = of(case).entries
    assert (entry.kind, entry.span, entry.url) == ("order", "year", order.get_absolute_url())
    assert entry.is_same_kind
    Case.objects.filter(pk=case.pk).update(order=order)
    assert of(case).entries == ()


def test_nobody_sees_beside_the_own_unit(desk: Desk) -> None:
    """Other units' records stay closed, those of units below count; a later decision is no
    repetition."""
    other, below = UnitFactory(), UnitFactory(parent=desk.unit)
    company, twin = firm(desk), firm(desk, unit=other, name=COMPANY)
    punished(Desk(unit=other), twin, date(2025, 4, 7), date(2025, 5, 12))
    case = case_of(desk, company, date(2026, 1, 5))
    assert of(case).is_first
    punished(Desk(unit=below), firm(desk, unit=below), date(2025, 4, 7), date(2026, 3, 3))
    (entry,) = of(case).entries
    assert (entry.span, of(case).is_first, of(case).is_repeated) == ("after", True, False)
    assert party(case).enterprise == company


@pytest.mark.parametrize(
    ("name", "base"),
    [
        (COMPANY, COMPANY),
        (f"{COMPANY}青秀分公司", COMPANY),
        ("某银行股份有限公司南宁分行", "某银行股份有限公司"),
        ("南宁市第一医院", "南宁市第一医院"),
        ("某某分公司", ""),
        ("演示网吧", ""),
    ],
)
def test_the_name_of_the_whole(name: str, base: str) -> None:
    assert base_name(name) == base
