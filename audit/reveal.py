"""Which sealed fields may be shown in full, to whom, and the showing itself.

An app registers its fields at start-up:
`reveal.allow("enterprises.enterprise", "contact_phone", "personal.reveal", _("联系电话"))`.
Pages show the mask and a small form to `trail:reveal`; the value comes back only for a reason,
and the reason stands on the record before the value leaves the database.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.functional import Promise

from accounts.models import User
from audit import trail


@dataclass(frozen=True)
class Revealable:
    model: str
    field: str
    verb: str
    label: str | Promise


_fields: dict[tuple[str, str], Revealable] = {}


def allow(model: str, field: str, verb: str, label: str | Promise) -> None:
    """Let people with the permission `verb` see `field` of `model` ("app.model") in full."""
    _fields[model.lower(), field] = Revealable(model.lower(), field, verb, label)


def registered(model: str, field: str) -> Revealable | None:
    return _fields.get((model.lower(), field))


def all_registered() -> list[Revealable]:
    return list(_fields.values())


def find(entry: Revealable, pk: str, user: User) -> models.Model:
    """The row, if the user may know of it. Raises DoesNotExist otherwise."""
    model: Any = apps.get_model(entry.model)
    return model.objects.visible_to(user).get(pk=pk)


def reveal(entry: Revealable, obj: models.Model, *, by: User, at: datetime, reason: str) -> str:
    """The plain value, after the line in the record."""
    with transaction.atomic():
        trail.record(
            "personal.reveal", obj, by=by, at=at, reason=reason, data={"field": entry.field}
        )
    return getattr(obj, entry.field)
