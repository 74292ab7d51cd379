"""The back room: for administrators only, each with their own part, everything on the record."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Unit, User
from accounts.roles import ROLES
from accounts.rooms import RoomAdmin
from audit.models import Event
from tests.factories.accounts import RegionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW = "Beiliu-2026-qing"


def enter(client: Client, role: str, **extra: Any) -> User:
    user = UserFactory(**{role: True}, **extra)
    client.force_login(user)
    return user


def test_nobody_enters_without_logging_in(client: Client) -> None:
    response = client.get("/admin/accounts/unit/", follow=True)
    assert response.redirect_chain[-1][0] == "/login/?next=/admin/accounts/unit/"
    assert "/login/" in client.get("/admin/login/")["Location"]


@pytest.mark.parametrize("role", ["inspector", "legal_reviewer", "supervisor"])
def test_closed_to_those_who_work_on_orders(client: Client, role: str) -> None:
    enter(client, role)
    for path in ("/admin/", "/admin/accounts/unit/", "/admin/accounts/user/add/"):
        response = client.get(path)
        assert response.status_code == 403
    assert "管理后台只对系统、安全、审计三类管理员开放" in response.content.decode()


EDITORS = {
    "region": "system_admin",
    "unit": "system_admin",
    "user": "security_admin",
    "role": "security_admin",
}


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
@pytest.mark.parametrize("model", EDITORS)
def test_each_administrator_has_an_own_part(client: Client, role: str, model: str) -> None:
    user = enter(client, role)
    key = {
        "region": user.unit.region_id,
        "unit": user.unit_id,
        "user": user.pk,
        "role": "inspector",
    }[model]
    editor = EDITORS[model] == role
    reads = editor or role == "auditor"
    base = f"/admin/accounts/{model}/"
    assert client.get(base).status_code == (200 if reads else 403)
    assert client.get(f"{base}{key}/change/").status_code == (200 if reads else 403)
    assert client.get(f"{base}add/").status_code == (200 if editor else 403)
    before = Event.objects.count()
    posted = client.post(f"{base}{key}/change/", {"name": ""})
    assert posted.status_code == (200 if editor else 403), "the editor sees the errors of the form"
    assert Event.objects.count() == before


def test_every_page_of_the_back_room_obeys_the_rooms_rules() -> None:
    for model, page in admin.site._registry.items():
        assert isinstance(page, RoomAdmin), f"{model} is registered past accounts.rooms"
        # An act on many rows asks for a permission of its own; deleting many is never offered.
        for name in page.actions or ():
            assert getattr(page, name).allowed_permissions, f"{model}: {name}"


def unit_form(unit: Unit, **changes: Any) -> dict[str, Any]:
    names = [
        "name",
        "short_name",
        "abbreviation",
        "level",
        "address",
        "phone",
        "postcode",
        "reconsideration_body",
        "court",
    ]
    data = {name: getattr(unit, name) for name in names}
    return data | {"region": unit.region_id, "parent": unit.parent_id or ""} | changes


def test_a_change_is_recorded_with_old_and_new(client: Client) -> None:
    user = enter(client, "system_admin")
    county = UnitFactory(parent=user.unit, phone="0771-1")
    response = client.post(
        f"/admin/accounts/unit/{county.pk}/change/", unit_form(county, phone="0771-2")
    )
    assert response.status_code == 302
    line = Event.objects.get(verb="admin.changed")
    assert line.data == {"changes": {"phone": ["0771-1", "0771-2"]}}
    assert (line.actor, line.subject_id) == (user, str(county.pk))


def test_units_of_others_are_neither_seen_nor_chosen(client: Client) -> None:
    user = enter(client, "system_admin", unit=UnitFactory(parent=UnitFactory()))
    foreign = UnitFactory()
    assert client.get(f"/admin/accounts/unit/{foreign.pk}/change/").status_code == 302
    assert foreign.name not in client.get("/admin/accounts/unit/").content.decode()
    new = UnitFactory.build(region=RegionFactory())
    response = client.post("/admin/accounts/unit/add/", unit_form(new, parent=foreign.pk))
    assert "选择一个有效的选项" in response.content.decode()
    assert client.post("/admin/accounts/unit/add/", unit_form(new)).status_code == 200, "no root"
    response = client.post("/admin/accounts/unit/add/", unit_form(new, parent=user.unit_id))
    assert response.status_code == 302
    assert Event.objects.filter(verb="admin.added").count() == 1


def test_the_first_unit_of_all_is_added_by_somebody_without_one(client: Client) -> None:
    enter(client, "system_admin", unit=None)
    first = unit_form(UnitFactory.build(region=RegionFactory()))
    client.post("/admin/accounts/unit/add/", first)
    assert Unit.objects.get().parent is None
    again = client.post("/admin/accounts/unit/add/", first | {"name": "另一个单位"})
    assert again.status_code == 200
    assert Unit.objects.count() == 1


def test_a_cycle_is_refused_on_the_form(client: Client) -> None:
    user = enter(client, "system_admin")
    city = UnitFactory(parent=user.unit)
    county = UnitFactory(parent=city)
    response = client.post(
        f"/admin/accounts/unit/{city.pk}/change/", unit_form(city, parent=county.pk)
    )
    assert "上级单位不能是本单位或其下级单位。" in response.content.decode()


def user_form(user: User | None = None, **changes: Any) -> dict[str, Any]:
    data = {
        "username": user.username if user else "045127",
        "name": user.name if user else "韦志强",
        "police_number": (user.police_number if user else "045127") or "",
        "unit": user.unit_id if user else "",
        "certificate_number": user.certificate_number if user else "",
        "certificate_expires_on": (user.certificate_expires_on if user else "") or "",
        "language": "zh-hans",
        "new_password": "",
        "holdings-TOTAL_FORMS": "0",
        "holdings-INITIAL_FORMS": "0",
    }
    if user is None or user.is_active:
        data["is_active"] = "on"
    return data | changes


def grants(*codes: str) -> dict[str, str]:
    data = {"holdings-TOTAL_FORMS": str(len(codes)), "holdings-INITIAL_FORMS": "0"}
    return data | {f"holdings-{n}-role": code for n, code in enumerate(codes)}


def test_a_new_person_with_a_role(client: Client) -> None:
    admin_user = enter(client, "security_admin")
    response = client.post(
        "/admin/accounts/user/add/",
        user_form(unit=admin_user.unit_id, new_password=NEW, **grants("inspector")),
    )
    assert response.status_code == 302, response.content.decode()
    user = User.objects.get(username="045127")
    assert user.must_change_password
    assert user.check_password(NEW)
    assert user.may("orders.draft")
    lines = Event.objects.filter(subject_id=str(user.pk)).order_by("pk")
    assert [line.verb for line in lines] == ["account.granted", "admin.added"]
    assert all(NEW not in line.payload for line in lines)


def test_without_a_first_password_or_with_a_weak_one_nobody_is_added(client: Client) -> None:
    enter(client, "security_admin")
    page = client.post("/admin/accounts/user/add/", user_form()).content.decode()
    assert "请设置首次登录的密码。" in page
    page = client.post("/admin/accounts/user/add/", user_form(new_password="x")).content.decode()
    assert "密码至少 12 个字符。" in page
    assert not User.objects.filter(username="045127").exists()


def test_two_administrators_roles_at_once_are_refused_on_the_form(client: Client) -> None:
    enter(client, "security_admin")
    response = client.post(
        "/admin/accounts/user/add/",
        user_form(new_password=NEW, **grants("system_admin", "auditor")),
    )
    assert "三个角色不能由同一人兼任" in response.content.decode()
    assert not User.objects.filter(username="045127").exists()


def taking(user: User) -> dict[str, str]:
    holding = user.holdings.get()
    return {
        "holdings-TOTAL_FORMS": "1",
        "holdings-INITIAL_FORMS": "1",
        "holdings-0-id": str(holding.pk),
        "holdings-0-user": str(user.pk),
        "holdings-0-DELETE": "on",
    }


def test_taking_a_role_goes_through_the_verb(client: Client) -> None:
    admin_user = enter(client, "security_admin")
    officer = UserFactory(inspector=True, unit=admin_user.unit)
    path = f"/admin/accounts/user/{officer.pk}/change/"
    response = client.post(path, user_form(officer, **taking(officer)))
    assert response.status_code == 302, response.content.decode()
    assert not officer.holdings.exists()
    assert Event.objects.filter(verb="account.revoked", actor=admin_user).count() == 1


def test_the_own_role_and_the_last_one_stay(client: Client) -> None:
    admin_user = enter(client, "security_admin")
    path = f"/admin/accounts/user/{admin_user.pk}/change/"
    page = client.post(path, user_form(admin_user, **taking(admin_user))).content.decode()
    assert "不能更改自己的角色" in page
    assert "是最后一名在用的安全管理员" in page
    data = user_form(admin_user)
    del data["is_active"]
    assert "不能停用自己的账号。" in client.post(path, data).content.decode()
    page = client.post(path, user_form(admin_user, **grants("inspector"))).content.decode()
    assert "不能更改自己的角色" in page
    assert admin_user.holdings.count() == 1


def test_barring_and_letting_in_again_and_a_new_password(client: Client) -> None:
    admin_user = enter(client, "security_admin")
    officer = UserFactory(inspector=True, unit=admin_user.unit)
    path = f"/admin/accounts/user/{officer.pk}/change/"
    data = user_form(officer)
    del data["is_active"]
    assert client.post(path, data).status_code == 302
    officer.refresh_from_db()
    assert not officer.is_active
    assert client.post(path, user_form(officer, is_active="on", new_password=NEW)).status_code
    officer.refresh_from_db()
    assert officer.is_active
    assert officer.must_change_password
    assert officer.check_password(NEW)
    verbs = set(Event.objects.filter(subject_id=str(officer.pk)).values_list("verb", flat=True))
    assert {"account.deactivated", "account.reactivated", "account.password"} <= verbs


def test_somebody_who_holds_a_role_is_moved_to_another_unit(client: Client) -> None:
    """As a browser sends it, with the roles that the page shows."""
    admin_user = enter(client, "security_admin")
    city = UnitFactory(parent=admin_user.unit)
    officer = UserFactory(system_admin=True, unit=admin_user.unit)
    holding = officer.holdings.get()
    shown = taking(officer) | {"holdings-0-id": str(holding.pk)}
    del shown["holdings-0-DELETE"]
    path = f"/admin/accounts/user/{officer.pk}/change/"
    response = client.post(path, user_form(officer, is_active="on", unit=city.pk) | shown)
    assert response.status_code == 302
    officer.refresh_from_db()
    assert officer.unit == city
    both = shown | {"holdings-TOTAL_FORMS": "2", "holdings-1-role": "security_admin"}
    both["holdings-1-user"] = str(officer.pk)
    response = client.post(path, user_form(officer, is_active="on") | both)
    assert "三个角色不能由同一人兼任" in response.content.decode()


def test_the_phone_is_masked_and_the_hash_is_nowhere(client: Client) -> None:
    admin_user = enter(client, "security_admin")
    officer = UserFactory(unit=admin_user.unit, phone="13877123456")
    text = client.get(f"/admin/accounts/user/{officer.pk}/change/").content.decode()
    assert "138****3456" in text
    assert "13877123456" not in text
    assert officer.password not in text


def test_people_and_built_in_roles_are_not_deleted(client: Client) -> None:
    admin_user = enter(client, "security_admin")
    officer = UserFactory(unit=admin_user.unit)
    assert client.post(f"/admin/accounts/user/{officer.pk}/delete/").status_code == 403
    assert client.post("/admin/accounts/role/inspector/delete/").status_code == 403


def test_work_roles_are_shaped_administrators_roles_are_not(client: Client) -> None:
    enter(client, "security_admin")
    data = {"name": "办案民警", "name_en": "Inspector", "verbs": ["orders.view"]}
    assert client.post("/admin/accounts/role/inspector/change/", data).status_code == 302
    role = Role.objects.get(pk="inspector")
    assert (role.verbs, role.customised) == (["orders.view"], True)
    data = {"name": "x", "name_en": "x", "verbs": ["orders.issue"]}
    path = "/admin/accounts/role/security_admin/change/"
    assert client.post(path, data).status_code == 403
    assert Role.objects.get(pk="security_admin").verbs == ROLES["security_admin"][3]


def test_the_record_in_the_back_room_is_a_signpost(client: Client) -> None:
    enter(client, "auditor")
    assert client.get("/admin/audit/event/")["Location"] == "/trail/"
    assert client.get(reverse("admin:index")).status_code == 200


def test_an_own_password_is_changed_on_the_own_page(client: Client) -> None:
    enter(client, "auditor")
    assert client.get("/admin/password_change/")["Location"] == "/password/"
