"""The tree of units: paths that are always right, and what each person sees."""

import io
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import Region, Role, RoleHolding, Unit, User
from tests.factories.accounts import RegionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_paths_follow_the_tree() -> None:
    province = UnitFactory(level="province")
    city = UnitFactory(parent=province)
    county = UnitFactory(parent=city, level="county")
    assert county.path == f"/{province.pk}/{city.pk}/{county.pk}/"
    assert (province.depth, county.depth) == (0, 2)
    assert county.ancestor_ids() == [province.pk, city.pk, county.pk]
    assert province.contains(county)
    assert not county.contains(province)


def test_a_moved_unit_takes_all_below_with_it() -> None:
    old, new = UnitFactory(), UnitFactory()
    city = UnitFactory(parent=old)
    county = UnitFactory(parent=city)
    station = UnitFactory(parent=county)
    city.parent = new
    city.save()
    station.refresh_from_db()
    assert station.path == f"/{new.pk}/{city.pk}/{county.pk}/{station.pk}/"
    assert list(Unit.objects.subtree(new).order_by("path")) == [new, city, county, station]
    assert list(Unit.objects.subtree(old)) == [old]
    city.parent = None
    city.save()
    station.refresh_from_db()
    assert station.path.startswith(f"/{city.pk}/")


def test_a_bulk_update_keeps_paths_right_too() -> None:
    a, b = UnitFactory(), UnitFactory()
    child = UnitFactory(parent=a)
    Unit.objects.filter(pk=child.pk).update(parent=b)
    child.refresh_from_db()
    assert child.path == f"{b.path}{child.pk}/"


def test_the_path_cannot_be_written() -> None:
    unit = UnitFactory()
    Unit.objects.filter(pk=unit.pk).update(path="/999/")
    unit.refresh_from_db()
    assert unit.path == f"/{unit.pk}/"


def test_a_cycle_is_refused_by_form_and_database() -> None:
    city = UnitFactory()
    county = UnitFactory(parent=city)
    city.parent = county
    with pytest.raises(ValidationError, match="上级单位不能是本单位或其下级单位"):
        city.clean()
    with pytest.raises(IntegrityError, match="cannot lie below itself"), transaction.atomic():
        city.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=city.pk).update(parent=city.pk)


def test_each_sees_the_own_unit_and_below() -> None:
    city, other = UnitFactory(), UnitFactory()
    county = UnitFactory(parent=city)
    boss, officer, stranger = (UserFactory(unit=unit) for unit in (city, county, other))
    assert set(Unit.objects.visible_to(boss)) == {city, county}
    assert set(Unit.objects.visible_to(officer)) == {county}
    assert set(User.objects.visible_to(boss)) >= {boss, officer}
    assert stranger not in User.objects.visible_to(boss)
    assert set(User.objects.visible_to(officer)) == {officer}


@pytest.mark.parametrize(
    "who",
    [
        lambda: None,
        AnonymousUser,
        lambda: UserFactory(unit=None),
        lambda: UserFactory(is_active=False),
    ],
    ids=["nobody", "anonymous", "no unit", "barred"],
)
def test_these_see_nothing(who: object) -> None:
    UnitFactory()
    assert not Unit.objects.visible_to(who()).exists()  # type: ignore[operator]


def test_only_the_root_sees_people_without_a_unit() -> None:
    lost = UserFactory(unit=None)
    root = UserFactory()
    below = UserFactory(unit=UnitFactory(parent=root.unit))
    assert lost in User.objects.visible_to(root)
    assert lost not in User.objects.visible_to(below)


def test_a_prefix_of_digits_is_not_a_parent() -> None:
    """/1/ must not contain /12/."""
    a = UnitFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('accounts_unit', 'id'), %s)", [a.pk * 10 + 1]
        )
    b = UnitFactory()
    assert str(b.pk).startswith(str(a.pk))
    assert b not in Unit.objects.subtree(a)


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (lambda: RegionFactory(code="45010"), "region_code_has_six_digits"),
        (
            lambda: Region.objects.create(code="450199", name="x", parent_id="450199"),
            "region_is_not_its_own_parent",
        ),
        (lambda: UnitFactory(postcode="5300"), "unit_postcode_has_six_digits"),
        (lambda: UserFactory(police_number="04A127"), "user_police_number_is_digits"),
        (
            lambda: UserFactory(certificate_number="", certificate_expires_on=date(2030, 1, 1)),
            "user_certificate_has_number_and_expiry",
        ),
        (
            lambda: UserFactory(certificate_number="桂A1", certificate_expires_on=None),
            "user_certificate_has_number_and_expiry",
        ),
        (
            lambda: Role.objects.create(code="x", name="x", name_en="x", kind="god"),
            "role_kind_is_known",
        ),
    ],
)
def test_constraints_hold(make: object, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()  # type: ignore[operator]


@pytest.mark.parametrize("name", ["police_number", "username"])
def test_one_number_once(name: str) -> None:
    user = UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**{name: getattr(user, name)})
    UserFactory(police_number=None)
    UserFactory(police_number=None)


def test_the_three_administrators_exclude_each_other_in_the_database() -> None:
    user = UserFactory(system_admin=True)
    for code in ("security_admin", "auditor"):
        with (
            pytest.raises(IntegrityError, match="holding_one_administrator_role_only"),
            transaction.atomic(),
        ):
            RoleHolding.objects.create(user=user, role_id=code)
    RoleHolding.objects.create(user=user, role_id="inspector")
    with pytest.raises(IntegrityError, match="holding_once_per_role"), transaction.atomic():
        RoleHolding.objects.create(user=user, role_id="inspector")


def test_a_holding_cannot_pretend_another_kind() -> None:
    user = UserFactory(inspector=True, auditor=True)
    assert len(user.held) == 2
    RoleHolding.objects.filter(user=user, role_id="auditor").update(kind="work")
    with (
        pytest.raises(IntegrityError, match="holding_kind_is_the_roles"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    RoleHolding.objects.filter(user=user, role_id="auditor").update(kind="administrator")


def test_certificates_have_a_last_day() -> None:
    user = UserFactory(certificate_expires_on=date(2025, 2, 12))
    assert user.certificate_valid_on(date(2025, 2, 12))
    assert not user.certificate_valid_on(date(2025, 2, 13))
    assert not UserFactory(without_certificate=True).certificate_valid_on(date(2025, 2, 12))


def test_regions_load_twice_alike() -> None:
    for _ in range(2):
        call_command("load_regions", stdout=io.StringIO())
    assert Region.objects.count() == 38
    donglan = Region.objects.get(code="451224")
    assert (donglan.name, donglan.parent.name, donglan.parent.parent.name) == (
        "东兰县",
        "河池市",
        "广西壮族自治区",
    )
