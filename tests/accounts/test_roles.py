"""Roles and verbs: who may what, granting and revoking, and who must stay."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from accounts import hooks, people
from accounts.apps import load_roles
from accounts.models import Role, User
from accounts.roles import ROLES, VERBS
from audit.models import Event
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.audit import AT

pytestmark = pytest.mark.django_db


def test_roles_hold_known_verbs_only_and_each_verb_is_somebodys() -> None:
    held = {verb for *_, verbs in ROLES.values() for verb in verbs}
    assert held == set(VERBS)
    assert {role.code: role.verbs for role in Role.objects.all()} == {
        code: verbs for code, (*_, verbs) in ROLES.items()
    }


def test_the_inspector_does_not_decide() -> None:
    inspector, supervisor = UserFactory(inspector=True), UserFactory(supervisor=True)
    for verb in ("orders.approve", "orders.issue", "orders.decide_extension", "orders.withdraw"):
        assert not inspector.may(verb)
        assert supervisor.may(verb)
    assert inspector.may("orders.draft")


def test_administrators_hold_no_procedure() -> None:
    acts = {"orders.draft", "orders.issue", "inspections.record", "cases.file", "personal.reveal"}
    for code in ("system_admin", "security_admin", "auditor"):
        assert not acts & set(ROLES[code][3])


def test_may_asks_once(django_assert_num_queries: Any) -> None:
    user = User.objects.get(pk=UserFactory(inspector=True).pk)
    with django_assert_num_queries(1):
        assert user.may("orders.draft")
        assert not user.may("orders.issue")
        assert user.has_perm("orders.draft")
        assert user.has_module_perms("orders")
        assert not user.is_staff


def test_a_barred_person_may_nothing() -> None:
    assert not UserFactory(supervisor=True, is_active=False).may("orders.issue")


def test_customised_roles_survive_an_upgrade() -> None:
    Role.objects.filter(pk="inspector").update(verbs=["orders.view"], customised=True)
    Role.objects.filter(pk="supervisor").update(verbs=["orders.view"])
    load_roles(apps=apps)
    assert Role.objects.get(pk="inspector").verbs == ["orders.view"]
    assert Role.objects.get(pk="supervisor").verbs == ROLES["supervisor"][3]


def test_grant_and_revoke_are_on_the_record() -> None:
    admin, user = UserFactory(security_admin=True), UserFactory()
    people.grant(user, "inspector", by=admin, at=AT, reason="任命")
    people.revoke(user, "inspector", by=admin, at=AT, reason="调离")
    assert list(Event.objects.order_by("pk").values_list("verb", "reason", "data")) == [
        ("account.granted", "任命", {"role": "inspector"}),
        ("account.revoked", "调离", {"role": "inspector"}),
    ]
    assert not User.objects.get(pk=user.pk).held


def test_nobody_changes_the_own_roles() -> None:
    admin = UserFactory(security_admin=True)
    with pytest.raises(ValidationError, match="不能更改自己的角色"):
        people.grant(admin, "inspector", by=admin, at=AT)
    UserFactory(security_admin=True)
    with pytest.raises(ValidationError, match="不能更改自己的角色"):
        people.revoke(admin, "security_admin", by=admin, at=AT)


def test_a_second_administrators_role_is_refused_in_words() -> None:
    user = UserFactory(auditor=True, name="李审")
    with pytest.raises(ValidationError, match="李审 已是审计管理员"):
        people.grant(user, "system_admin", by=UserFactory(security_admin=True), at=AT)
    with pytest.raises(ValidationError, match="已有角色"):
        people.grant(user, "auditor", by=UserFactory(security_admin=True), at=AT)


def test_the_last_security_administrator_stays() -> None:
    last, helper = UserFactory(security_admin=True, name="黄安"), UserFactory()
    UserFactory(security_admin=True, is_active=False)
    with pytest.raises(ValidationError, match="黄安 是最后一名在用的安全管理员"):
        people.revoke(last, "security_admin", by=helper, at=AT)
    with pytest.raises(ValidationError, match="最后一名"):
        people.deactivate(last, by=helper, at=AT)
    people.grant(helper, "security_admin", by=last, at=AT)
    people.revoke(last, "security_admin", by=helper, at=AT)


def test_nobody_bars_the_own_account() -> None:
    user = UserFactory()
    with pytest.raises(ValidationError, match="不能停用自己"):
        people.deactivate(user, by=user, at=AT)


def test_add_makes_a_person_with_roles_who_must_change_the_password() -> None:
    admin, unit = UserFactory(security_admin=True), UnitFactory()
    user = people.add(
        by=admin,
        at=AT,
        username="045127",
        name="韦志强",
        unit=unit,
        police_number="045127",
        password="Chengshi-2025-an",
        roles=["inspector"],
    )
    assert user.must_change_password
    assert user.check_password("Chengshi-2025-an")
    assert user.may("orders.draft")
    with pytest.raises(ValidationError, match="已有同名用户"):
        people.add(by=admin, at=AT, username="045127", name="x", unit=unit)


def test_without_a_recorder_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    admin, user = UserFactory(security_admin=True), UserFactory()
    monkeypatch.setattr(hooks, "_recorders", [])
    with pytest.raises(RuntimeError, match="unrecorded"):
        people.grant(user, "inspector", by=admin, at=AT)
    assert not User.objects.get(pk=user.pk).held
