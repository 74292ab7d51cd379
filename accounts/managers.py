"""Querysets and managers that answer in the words of the office."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from accounts.scope import ScopedQuerySet

if TYPE_CHECKING:
    from accounts.models import Unit, User


class UnitQuerySet(ScopedQuerySet):
    scope_path = ""

    def subtree(self, unit: "Unit") -> Self:
        """The unit and everything below it."""
        return self.filter(path__startswith=unit.path)


class UserQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The people of the user's units; a root unit also sees those without a unit."""
        own = super().visible_to(user)
        if own.query.is_empty() or user.unit.parent_id is not None:
            return own
        return self.filter(Q(unit__path__startswith=user.unit.path) | Q(unit__isnull=True))

    def active(self) -> Self:
        return self.filter(is_active=True)

    def holding(self, *codes: str) -> Self:
        """People who hold at least one of the roles."""
        return self.filter(holdings__role__in=codes).distinct()

    def officers(self) -> Self:
        """Active people with a police number: those who may appear on a paper."""
        return self.active().filter(police_number__isnull=False)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A new person with a hashed password; without one the account cannot log in."""
        if not username:
            raise ValueError("A person needs a user name.")
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username)


class RoleQuerySet(models.QuerySet):
    def administrators(self) -> Self:
        return self.filter(kind="administrator")
