"""Which rows a person may know of: those of the own unit and of the units below it."""

from typing import Any, Self

from django.db import models


class ScopedQuerySet(models.QuerySet):
    """Base of every queryset of records. Views take objects through `visible_to` only.

    `scope_path` leads to the unit that owns a row: "unit", "order__unit", or "" for the unit
    itself. Out of scope means 404, never 403: a stranger does not learn that the row exists.
    """

    scope_path = "unit"

    def visible_to(self, user: Any) -> Self:
        """The rows of the user's unit and of the units below it; none without a unit."""
        path = scope_of(user)
        if path is None:
            return self.none()
        prefix = f"{self.scope_path}__" if self.scope_path else ""
        return self.filter(**{f"{prefix}path__startswith": path})


def scope_of(user: Any) -> str | None:
    """The path of the subtree that the user sees, or None for one who sees nothing."""
    if user is None or not user.is_authenticated or not user.is_active or user.unit_id is None:
        return None
    return user.unit.path
