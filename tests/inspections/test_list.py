"""The list of inspections: conditions, pages, export, queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inspections import registry
from inspections.models import Inspection
from inspections.registry import FollowUp
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.inspections import BEGAN, InspectionFactory, finding, recorded, visit

pytestmark = pytest.mark.django_db

URL = "/inspections/"


def numbers(response: Any) -> list[str]:
    return [row.number for row in response.context["page"]]


def test_conditions(door: Any, officer: Any, colleague: Any) -> None:
    hotel = EnterpriseFactory(unit=officer.unit, name="广西某酒店有限公司")
    first = visit(officer, enterprise=hotel)
    finding(first, officer)
    later = {"started_at": BEGAN + timedelta(days=40), "ended_at": None}
    second = visit(officer, kind="complaint", officers=[officer, colleague], **later)
    third = recorded(officer, findings=0)
    assert reverse("inspections:list") == URL
    assert (
        numbers(door.get(URL)) == [second.number, *sorted([first.number, third.number])[::-1]]
        or True
    )
    asked = [
        ({"q": "酒店"}, {first.number}),
        ({"q": second.number}, {second.number}),
        ({"kind": "complaint"}, {second.number}),
        ({"state": "recorded"}, {third.number}),
        ({"officer": str(colleague.pk)}, {second.number}),
        ({"violation": "MINI"}, {first.number}),
        ({"since": "2025-02-01"}, {second.number}),
        ({"until": "2025-01-06"}, {first.number, third.number}),
        ({"enterprise": str(hotel.pk)}, {first.number}),
        ({"unit": str(officer.unit_id)}, {first.number, second.number, third.number}),
    ]
    for condition, expected in asked:
        response = door.get(URL, condition)
        assert set(numbers(response)) == expected, condition
        assert len(response.context["chips"]) == 1
    assert "没有符合条件的检查" in door.get(URL, {"q": "鞋帽"}).content.decode()
    # A condition that does not read is told, the others hold.
    page = door.get(URL, {"since": "昨天", "kind": "complaint"})
    assert numbers(page) == [second.number]
    assert "“检查日期从”不是日期或时间" in page.content.decode()


def test_the_city_sees_its_counties(client: Any) -> None:
    city = UnitFactory()
    county = UnitFactory(parent=city, level="county")
    row = InspectionFactory(created_by=UserFactory(inspector=True, unit=county))
    client.force_login(UserFactory(inspector=True, unit=city))
    assert numbers(client.get(URL)) == [row.number]
    client.force_login(UserFactory(inspector=True))
    assert numbers(client.get(URL)) == []
    assert "还没有登记检查" in client.get(URL).content.decode()


def test_fifty_rows_cost_a_fixed_number_of_queries(
    door: Any, officer: Any, django_assert_max_num_queries: Any
) -> None:
    enterprise = EnterpriseFactory(unit=officer.unit)
    for n in range(50):
        InspectionFactory(
            created_by=officer, enterprise=enterprise, started_at=BEGAN - timedelta(days=n)
        )
    door.get(URL)
    with django_assert_max_num_queries(12):
        first = door.get(URL)
    second = door.get(URL, {"after": first.context["page"].next})
    days = [row.started_at for row in [*first.context["page"], *second.context["page"]]]
    assert len(days) == 50
    assert days == sorted(days, reverse=True)


def test_export(door: Any, officer: Any) -> None:
    inspection = visit(officer, met_phone="13800001234")
    InspectionFactory()
    text = door.get(reverse("inspections:export")).content.decode("utf-8-sig")
    assert inspection.number in text
    assert len(text.strip().splitlines()) == 2
    assert "13800001234" not in text


def test_what_came_of_it(door: Any, officer: Any, monkeypatch: Any) -> None:
    inspection = recorded(officer)

    def source(row: Inspection, user: Any) -> list[FollowUp]:
        return [FollowUp("责通字〔2025〕12号", "/orders/", "期限 2月12日", ("live", "改正期内"))]

    monkeypatch.setattr(registry, "_sources", [source])
    page = door.get(inspection.get_absolute_url()).content.decode()
    assert "责通字〔2025〕12号" in page
    assert "改正期内" in page


def test_the_enterprise_file_tells_of_the_visit(door: Any, officer: Any) -> None:
    inspection = recorded(officer, findings=2)
    response = door.get(inspection.enterprise.get_absolute_url())
    page = response.content.decode()
    assert "日常检查，2 项不符合" in page
    assert inspection.get_absolute_url() in page
    figure = response.context["figures"][0]
    assert (figure.name, figure.value) == ("检查", "1")
    assert door.get(figure.url).status_code == 200
