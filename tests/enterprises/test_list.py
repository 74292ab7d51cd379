"""The list of enterprises: two characters find, conditions, pages, export; the file's queries."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from enterprises.models import Enterprise
from enterprises.search import grams_of, words
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import EnterpriseFactory, SystemFactory
from tests.factories.inspections import visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Any:
    return UserFactory(inspector=True)


@pytest.fixture
def door(client: Any, officer: Any) -> Any:
    client.force_login(officer)
    return client


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["page"]]


def test_two_characters_find(door: Any, officer: Any) -> None:
    EnterpriseFactory(unit=officer.unit, name="南宁某客货服务有限责任公司")
    EnterpriseFactory(unit=officer.unit, name="东兰县某物业服务公司", short_name="兴华物业")
    url = reverse("enterprises:list")
    assert names(door.get(url, {"q": "客货"})) == ["南宁某客货服务有限责任公司"]
    assert names(door.get(url, {"q": "兴华"})) == ["东兰县某物业服务公司"]
    assert names(door.get(url, {"q": "服务 南宁"})) == ["南宁某客货服务有限责任公司"]
    # All pairs are there, the word is not.
    assert names(door.get(url, {"q": "物业公司"})) == []
    assert "没有符合条件的企业" in door.get(url, {"q": "鞋帽"}).content.decode()


def test_the_code_finds_in_any_case(door: Any, officer: Any) -> None:
    enterprise = EnterpriseFactory(unit=officer.unit)
    url = reverse("enterprises:list")
    assert names(door.get(url, {"q": enterprise.uscc[8:16].lower()})) == [enterprise.name]


def test_search_uses_the_index() -> None:
    query = Enterprise.objects.search("酒店").order_by().values("pk").query
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "enterprise_grams" in plan


def test_grams_and_words() -> None:
    assert grams_of("某酒店") == ["店", "某", "某酒", "酒", "酒店"]
    assert words("ＡＢ酒店，南 宁") == ["ab酒店", "南", "宁"]


def test_conditions_narrow_and_show_as_chips(door: Any, officer: Any) -> None:
    hotel = EnterpriseFactory(unit=officer.unit, hotel=True)
    SystemFactory(enterprise=hotel, mlps_level=3)
    EnterpriseFactory(unit=officer.unit)
    url = reverse("enterprises:list")
    assert names(door.get(url, {"industry": "H"})) == [hotel.name]
    assert names(door.get(url, {"mlps": "3"})) == [hotel.name]
    assert len(names(door.get(url, {"region": officer.unit.region_id}))) == 2
    assert len(names(door.get(url, {"unit": officer.unit_id}))) == 2
    response = door.get(url, {"industry": "H", "mlps": "3"})
    chips = [chip["word"] for chip in response.context["chips"]]
    assert chips == ["行业：H 住宿和餐饮业", "等保级别：三级"]
    assert response.context["chips"][0]["url"] == "?mlps=3"


def test_a_condition_from_the_inspections(door: Any, officer: Any) -> None:
    seen = EnterpriseFactory(unit=officer.unit)
    visit(officer, enterprise=seen)
    response = door.get(reverse("enterprises:list"), {"condition": "not_this_year"})
    assert seen.name in names(response)


def test_pages_go_forth_and_back(door: Any, officer: Any) -> None:
    EnterpriseFactory.create_batch(55, unit=officer.unit, created_by=officer)
    url = reverse("enterprises:list")
    everything = [e.name for e in Enterprise.objects.order_by("name", "id")]
    first = door.get(url, {"sort": "name"})
    second = door.get(url, {"sort": "name", "after": first.context["page"].next})
    third = door.get(url, {"sort": "name", "after": second.context["page"].next})
    assert names(first) + names(second) + names(third) == everything
    assert (first.context["page"].previous, third.context["page"].next) == ("", "")
    back = door.get(url, {"sort": "name", "before": third.context["page"].previous})
    assert names(back) == names(second)
    assert names(door.get(url, {"sort": "name", "after": "nonsense!"})) == names(first)


def test_fifty_rows_cost_a_fixed_number_of_queries(
    door: Any, officer: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(50):
        SystemFactory(enterprise=EnterpriseFactory(unit=officer.unit, created_by=officer))
    door.get(reverse("enterprises:list"))
    with django_assert_max_num_queries(12):
        assert len(names(door.get(reverse("enterprises:list")))) == 25


def test_the_file_costs_a_fixed_number_of_queries(
    door: Any, officer: Any, django_assert_max_num_queries: Any
) -> None:
    enterprise = EnterpriseFactory(unit=officer.unit)
    for _ in range(6):
        SystemFactory(enterprise=enterprise)
        visit(officer, enterprise=enterprise)
    door.get(enterprise.get_absolute_url())
    with django_assert_max_num_queries(13):
        page = door.get(enterprise.get_absolute_url()).content.decode()
    assert page.count("没有发现问题") == 6


def test_export_is_safe_from_formulas(door: Any, officer: Any) -> None:
    EnterpriseFactory(unit=officer.unit, name="=HYPERLINK(1)", contact_phone="13800002706")
    EnterpriseFactory(name="别处的公司")
    response = door.get(reverse("enterprises:export"))
    text = response.content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "别处的公司" not in text
    assert "13800002706" not in text
    assert response["Content-Disposition"].startswith("attachment")


def test_personal_fields_are_masked_and_shown_for_a_reason(door: Any, officer: Any) -> None:
    enterprise = EnterpriseFactory(
        unit=officer.unit,
        legal_representative_identity="110101199003074610",
        contact_phone="13800002706",
    )
    page = door.get(enterprise.get_absolute_url()).content.decode()
    assert "138****2706" in page
    assert "13800002706" not in page
    assert "110101199003074610" not in page
    response = door.post(
        reverse("trail:reveal"),
        {
            "model": "enterprises.enterprise",
            "field": "contact_phone",
            "pk": str(enterprise.pk),
            "reason": "联系安排复查",
        },
    )
    assert "13800002706" in response.content.decode()


def test_picking_an_enterprise(door: Any, officer: Any) -> None:
    enterprise = EnterpriseFactory(unit=officer.unit, name="广西某酒店有限公司")
    EnterpriseFactory(name="外地某酒店")
    page = door.get(reverse("inspections:new"), {"q": "酒店"}).content.decode()
    assert f"?enterprise={enterprise.pk}" in page
    assert "外地某酒店" not in page
    assert "没有找到" in door.get(reverse("inspections:new"), {"q": "鞋帽"}).content.decode()
