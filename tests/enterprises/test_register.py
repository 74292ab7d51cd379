"""Entering, correcting and refusing enterprises, through the verb and through the door."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from audit import trail
from audit.trail import Refused
from enterprises import register
from enterprises.models import Enterprise, System
from enterprises.register import Changed
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.enterprises import AT, EnterpriseFactory, SystemFactory, uscc
from tests.factories.enterprises import register as registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Any:
    return UserFactory(inspector=True)


@pytest.fixture
def door(client: Any, officer: Any) -> Any:
    client.force_login(officer)
    return client


def typed(officer: Any, **changes: Any) -> dict[str, Any]:
    """What an officer types into the form."""
    return {
        "form_token": str(uuid4()),
        "name": "广西某酒店有限公司",
        "uscc": uscc(1),
        "unit": officer.unit_id,
        "region": officer.unit.region_id,
        "industry_code": "h6110",
        "address": "南宁市青秀区民族大道",
        "legal_representative": "陈某某",
        "contact_phone": "138 0000 2706",
    } | changes


def test_the_form_enters_an_enterprise(door: Any, officer: Any) -> None:
    response = door.post(reverse("enterprises:new"), typed(officer))
    enterprise = Enterprise.objects.get()
    assert response.url == enterprise.get_absolute_url()
    assert (enterprise.unit, enterprise.created_by) == (officer.unit, officer)
    assert (enterprise.industry_code, enterprise.industry_name) == ("H6110", "旅游饭店")
    event = trail.timeline(enterprise).get()
    assert (event.verb, event.actor) == ("enterprises.register", officer)


@pytest.mark.parametrize("name", ["𬭸鑫酒店管理有限公司", "䶮㙱商务服务有限公司"])
def test_rare_characters_in_names_are_kept(door: Any, officer: Any, name: str) -> None:
    door.post(reverse("enterprises:new"), typed(officer, name=name))
    enterprise = Enterprise.objects.get()
    assert enterprise.name == name
    assert name in door.get(enterprise.get_absolute_url()).content.decode()
    assert Enterprise.objects.search(name[:2]).get() == enterprise


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (uscc(1)[:-1] + ("A" if uscc(1)[-1] != "A" else "B"), f"按前 17 位应为“{uscc(1)[-1]}”"),
        (uscc(1)[:9] + "O" + uscc(1)[10:], "第 10 位“O”不会出现在代码中"),
        (uscc(1)[:4] + "A" + uscc(1)[5:], "第 5 位“A”应为数字"),
        (uscc(1)[:-1], "应为 18 位，现在是 17 位"),
    ],
)
def test_a_wrong_code_names_the_character_and_keeps_what_was_typed(
    door: Any, officer: Any, code: str, message: str
) -> None:
    page = door.post(reverse("enterprises:new"), typed(officer, uscc=code)).content.decode()
    assert message in page
    assert f'value="{code}"' in page
    assert "广西某酒店有限公司" in page
    assert not Enterprise.objects.exists()


def test_a_code_is_read_as_people_paste_it(door: Any, officer: Any) -> None:
    pasted = " ".join([uscc(1)[:6].lower(), uscc(1)[6:]])
    door.post(reverse("enterprises:new"), typed(officer, uscc=pasted))
    assert Enterprise.objects.get().uscc == uscc(1)


def test_a_code_in_the_register_is_refused_with_a_link(door: Any, officer: Any) -> None:
    first = registered(officer)
    page = door.post(
        reverse("enterprises:new"), typed(officer, name="另一家完全不同的公司", uscc=first.uscc)
    ).content.decode()
    assert f"已登记：{first.name}" in page
    assert first.get_absolute_url() in page
    assert Enterprise.objects.count() == 1


def test_a_code_of_a_stranger_is_refused_without_naming_it(door: Any, officer: Any) -> None:
    stranger = EnterpriseFactory(uscc=uscc(5), name="外地秘密公司")
    page = door.post(
        reverse("enterprises:new"), typed(officer, uscc=stranger.uscc)
    ).content.decode()
    assert "已由其他单位登记" in page
    assert "外地秘密公司" not in page


def test_a_like_name_is_shown_first_and_may_be_confirmed(door: Any, officer: Any) -> None:
    first = registered(officer, name="广西某酒店有限公司", uscc="")
    form = typed(officer, name="广西某酒店有限责任公司")
    page = door.post(reverse("enterprises:new"), form).content.decode()
    assert "名称相近" in page
    assert first.get_absolute_url() in page
    assert Enterprise.objects.count() == 1
    door.post(reverse("enterprises:new"), form | {"not_the_same": "on"})
    assert Enterprise.objects.count() == 2


def test_the_same_form_posted_twice_makes_one_enterprise(door: Any, officer: Any) -> None:
    form = typed(officer)
    first = door.post(reverse("enterprises:new"), form)
    second = door.post(reverse("enterprises:new"), form)
    assert first.url == second.url
    assert Enterprise.objects.count() == 1


def test_correcting_keeps_sealed_fields_left_empty(door: Any, officer: Any) -> None:
    enterprise = registered(officer, contact_phone="13800002706", contact_name="李某某")
    url = reverse("enterprises:edit", args=[enterprise.pk])
    page = door.get(url).content.decode()
    assert "13800002706" not in page
    assert "138****2706" in page
    form = typed(officer, version=1, name="广西某大酒店有限公司", contact_phone="")
    assert door.post(url, form).url == enterprise.get_absolute_url()
    enterprise.refresh_from_db()
    assert (enterprise.name, enterprise.contact_phone) == ("广西某大酒店有限公司", "13800002706")
    assert enterprise.version == 2
    event = trail.timeline(enterprise).first()
    assert event.verb == "enterprises.amend"
    assert "13800002706" not in event.payload
    door.post(url, form | {"version": 2, "contact_phone": "无"})
    enterprise.refresh_from_db()
    assert enterprise.contact_phone == ""


def test_who_saves_second_keeps_the_words_and_sees_what_changed(door: Any, officer: Any) -> None:
    enterprise = registered(officer)
    colleague = UserFactory(inspector=True, unit=officer.unit, name="黄莉")
    register.amend(enterprise, by=colleague, at=AT, version=1, address="南宁市良庆区")
    url = reverse("enterprises:edit", args=[enterprise.pk])
    form = typed(officer, version=1, name=enterprise.name, uscc=enterprise.uscc, address="南宁市")
    response = door.post(url, form)
    page = response.content.decode()
    assert response.status_code == 409
    assert "黄莉" in page
    assert "南宁市良庆区" in page
    assert 'name="version" value="2"' in page
    enterprise.refresh_from_db()
    assert enterprise.address == "南宁市良庆区"
    assert door.post(url, form | {"version": 2}).status_code == 302
    enterprise.refresh_from_db()
    assert enterprise.address == "南宁市"


def test_saving_without_a_change_leaves_no_line(officer: Any) -> None:
    enterprise = registered(officer)
    register.amend(enterprise, by=officer, at=AT, version=1, name=enterprise.name)
    assert trail.timeline(enterprise).count() == 1
    with pytest.raises(Changed):
        register.amend(enterprise, by=officer, at=AT, version=7, name="其他")
    with pytest.raises(TypeError):
        register.amend(enterprise, by=officer, at=AT, version=1, nonsense=1)


def test_systems_are_entered_and_corrected(door: Any, officer: Any) -> None:
    enterprise = registered(officer)
    url = reverse("enterprises:system_new", args=[enterprise.pk])
    form = {
        "form_token": str(uuid4()),
        "name": "酒店管理系统",
        "mlps_level": "2",
        "icp_number": "桂ICP备20230012号-1",
        "mlps_number": "45010099001-00001",
        "mps_filing_number": "桂公网安备 45010302000018号",
        "pii_kinds": ["name", "identity"],
        "pii_volume": "120000",
        "in_use": "on",
    }
    door.post(url, form)
    door.post(url, form)
    system = System.objects.get()
    assert system.pii_words == ["姓名", "身份证号码"]
    page = door.get(enterprise.get_absolute_url()).content.decode()
    assert "120,000" in page
    page = door.post(url, form | {"form_token": str(uuid4())}).content.decode()
    assert "已登记过同名系统" in page
    edit = reverse("enterprises:system_edit", args=[system.pk])
    door.post(edit, form | {"version": 1, "mlps_level": "3"})
    system.refresh_from_db()
    assert (system.mlps_level, system.version) == (3, 2)
    response = door.post(edit, form | {"version": 1, "mlps_level": "4"})
    assert response.status_code == 409
    assert trail.timeline(enterprise).count() == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("icp_number", "ICP123", "ICP 备案号的写法"),
        ("mlps_number", "4501", "等保备案编号的写法"),
        ("mps_filing_number", "公网", "公安备案号的写法"),
    ],
)
def test_filing_numbers_have_their_shape(
    door: Any, officer: Any, field: str, value: str, message: str
) -> None:
    enterprise = registered(officer)
    form = {"form_token": str(uuid4()), "name": "官网", "mlps_level": "0", field: value}
    url = reverse("enterprises:system_new", args=[enterprise.pk])
    page = door.post(url, form).content.decode()
    assert message in page
    assert not System.objects.exists()


def test_a_bad_fact_is_refused_by_the_verb_too(officer: Any) -> None:
    with pytest.raises(Refused) as refused:
        register.register(by=officer, at=AT, name="某公司", region=officer.unit.region, uscc="9145")
    assert [reason.field for reason in refused.value.reasons] == ["uscc"]


def test_another_units_enterprise_is_not_found(door: Any) -> None:
    stranger = EnterpriseFactory()
    system = SystemFactory(enterprise=stranger)
    for name, pk in [
        ("detail", stranger.pk),
        ("edit", stranger.pk),
        ("system_new", stranger.pk),
        ("system_edit", system.pk),
    ]:
        assert door.get(reverse(f"enterprises:{name}", args=[pk])).status_code == 404


def test_the_city_sees_its_counties_and_not_the_reverse(client: Any) -> None:
    city = UnitFactory()
    county = UnitFactory(parent=city, level="county")
    enterprise = EnterpriseFactory(unit=county)
    client.force_login(UserFactory(inspector=True, unit=city))
    assert client.get(enterprise.get_absolute_url()).status_code == 200
    of_city = EnterpriseFactory(unit=city)
    client.force_login(UserFactory(inspector=True, unit=county))
    assert client.get(of_city.get_absolute_url()).status_code == 404


def test_reviewers_look_and_do_not_edit(client: Any) -> None:
    reviewer = UserFactory(legal_reviewer=True)
    enterprise = EnterpriseFactory(unit=reviewer.unit)
    client.force_login(reviewer)
    page = client.get(enterprise.get_absolute_url()).content.decode()
    assert "更正信息" not in page
    assert client.get(reverse("enterprises:new")).status_code == 403
    assert client.get(reverse("enterprises:edit", args=[enterprise.pk])).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"uscc": "91450100MA5000001O"},
        {"name": ""},
        {"version": 0},
    ],
)
def test_the_database_refuses_bad_rows(changes: dict[str, Any]) -> None:
    enterprise = EnterpriseFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.filter(pk=enterprise.pk).update(**changes)


def test_the_database_keeps_a_code_once() -> None:
    EnterpriseFactory(uscc=uscc(9))
    with pytest.raises(IntegrityError), transaction.atomic():
        EnterpriseFactory(uscc=uscc(9))
    EnterpriseFactory(uscc="")
    EnterpriseFactory(uscc="")


@pytest.mark.parametrize("changes", [{"mlps_level": 6}, {"name": ""}])
def test_the_database_refuses_bad_systems(changes: dict[str, Any]) -> None:
    system = SystemFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        System.objects.filter(pk=system.pk).update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        SystemFactory(enterprise=system.enterprise, name=system.name)


def test_sealed_fields_are_ciphertext_in_the_table(officer: Any) -> None:
    enterprise = registered(officer, legal_representative_identity="110101199003074610")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT legal_representative_identity FROM enterprises_enterprise WHERE id = %s",
            [enterprise.pk],
        )
        stored = bytes(cursor.fetchone()[0])
    assert b"1101011990" not in stored
    assert Enterprise.objects.get(pk=enterprise.pk).legal_representative_identity.endswith("4610")
