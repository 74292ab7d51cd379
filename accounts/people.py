"""What happens to staff: added, given a role, relieved of it, barred, let in again.

    add → grant / revoke* → deactivate / reactivate*;  set_password, change_profile by themselves

Rights are checked at the doors (`admin.security`); what no door may do is refused here: nobody
changes the own roles, and the last active security administrator stays.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.models import PasswordUsed, Role, RoleHolding, Unit, User
from accounts.roles import ADMINISTRATOR

SECURITY = "security_admin"


def add(
    *,
    by: User | None,
    at: datetime,
    username: str,
    name: str,
    unit: Unit | None,
    password: str | None = None,
    roles: list[str] | None = None,
    **fields: Any,
) -> User:
    """A new person, with roles by code. The first password must be changed at the first login.

    Raises ValidationError. Without a password the account exists but cannot log in.
    """
    with transaction.atomic():
        user = User(username=username, name=name, unit=unit, **fields)
        if "must_change_password" not in fields:
            user.must_change_password = password is not None
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(force_insert=True)
        hooks.tell("account.added", user, by=by, at=at)
        for code in roles or []:
            grant(user, code, by=by, at=at)
    return user


def own_roles() -> list[str]:
    """The reason that stands against changing the own roles."""
    return [_("不能更改自己的角色，请由另一名安全管理员办理。")]


def can_grant(user: User, role: Role, by: User | None) -> list[str]:
    """Why `by` cannot give the role; empty when nothing stands against it."""
    reasons: list[str] = []
    if by is not None and by.pk == user.pk:
        reasons += own_roles()
    if role.kind == ADMINISTRATOR:
        others = user.holdings.filter(kind=ADMINISTRATOR).exclude(role=role)
        if other := others.select_related("role").first():
            reasons.append(
                _("%(name)s 已是%(other)s；三个管理员角色不能由同一人兼任。")
                % {"name": user.name, "other": other.role}
            )
    return reasons


def grant(user: User, code: str, *, by: User | None, at: datetime, reason: str = "") -> RoleHolding:
    """Give the role. Raises ValidationError with the reasons of `can_grant`."""
    with transaction.atomic():
        role = Role.objects.get(pk=code)
        if reasons := can_grant(user, role, by):
            raise ValidationError(reasons)
        try:
            with transaction.atomic():
                holding = RoleHolding.objects.create(user=user, role=role)
        except IntegrityError as error:
            raise ValidationError(
                _("%(name)s 已有角色“%(role)s”，或兼任了两个管理员角色。")
                % {"name": user.name, "role": role}
            ) from error
        hooks.tell("account.granted", user, by=by, at=at, reason=reason, data={"role": code})
    return holding


def _is_last_security_administrator(user: User) -> bool:
    """Locks the role, so that two of the last two cannot leave at the same moment."""
    Role.objects.select_for_update().get(pk=SECURITY)
    return (
        not RoleHolding.objects.filter(role=SECURITY, user__is_active=True)
        .exclude(user=user)
        .exists()
    )


def can_revoke(user: User, role: Role, by: User | None) -> list[str]:
    """Why `by` cannot take the role away. Call inside a transaction."""
    reasons: list[str] = []
    if by is not None and by.pk == user.pk:
        reasons += own_roles()
    if role.code == SECURITY and _is_last_security_administrator(user):
        reasons.append(
            _("%(name)s 是最后一名在用的安全管理员，请先任命另一人。") % {"name": user.name}
        )
    return reasons


def revoke(user: User, code: str, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Take the role away; it stops counting at the person's next request."""
    with transaction.atomic():
        holding = RoleHolding.objects.select_related("role").get(user=user, role=code)
        if reasons := can_revoke(user, holding.role, by):
            raise ValidationError(reasons)
        holding.delete()
        hooks.tell("account.revoked", user, by=by, at=at, reason=reason, data={"role": code})


def can_deactivate(user: User, by: User | None) -> list[str]:
    """Why `by` cannot bar the account. Call inside a transaction."""
    reasons = []
    if by is not None and by.pk == user.pk:
        reasons.append(_("不能停用自己的账号。"))
    if user.holds(SECURITY) and _is_last_security_administrator(user):
        reasons.append(
            _("%(name)s 是最后一名在用的安全管理员，请先任命另一人。") % {"name": user.name}
        )
    return reasons


def deactivate(user: User, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Bar the account; an open session is refused at its next request."""
    with transaction.atomic():
        if reasons := can_deactivate(user, by):
            raise ValidationError(reasons)
        user.is_active = False
        user.save(update_fields=["is_active"])
        hooks.tell("account.deactivated", user, by=by, at=at, reason=reason)


def reactivate(user: User, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Let the person in again."""
    with transaction.atomic():
        user.is_active = True
        user.save(update_fields=["is_active"])
        hooks.tell("account.reactivated", user, by=by, at=at, reason=reason)


def set_password(user: User, password: str, *, by: User, at: datetime) -> None:
    """Set the password. Set by another person it must be changed at the next login.

    Ends all other sessions of the account. Raises ValidationError by the policy.
    """
    validate_password(password, user)
    with transaction.atomic():
        if user.has_usable_password():
            PasswordUsed.objects.create(user=user, encoded=user.password, set_at=at)
        user.set_password(password)
        user.must_change_password = by.pk != user.pk
        user.password_changed_at = at
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        hooks.tell("account.password", user, by=by, at=at)


def change_profile(user: User, *, phone: str, email: str, language: str, at: datetime) -> None:
    """The person's own phone, e-mail address and language."""
    with transaction.atomic():
        changed = [
            name
            for name, value in (("phone", phone), ("email", email), ("language", language))
            if getattr(user, name) != value
        ]
        user.phone, user.email, user.language = phone, email, language
        user.save(update_fields=["phone", "phone_index", "email", "language"])
        hooks.tell("account.profile", user, by=user, at=at, data={"changed": changed})


def change_language(user: User, language: str, *, at: datetime) -> None:
    """The language in which the portal speaks to the person."""
    with transaction.atomic():
        user.language = language
        user.save(update_fields=["language"])
        hooks.tell("account.profile", user, by=user, at=at, data={"changed": ["language"]})
