"""Rows under lock, values set and checked: what all verbs of fieldwork share."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from audit.trail import Reason, Refused
from inspections.gates import not_draft
from inspections.models import Inspection


def locked(inspection: Inspection) -> Inspection:
    """The row under lock, fresh."""
    return (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("unit", "enterprise")
        .get(pk=inspection.pk)
    )


def locked_draft(inspection: Inspection) -> Inspection:
    """The row under lock, fresh. Raises Refused unless it is a draft."""
    row = locked(inspection)
    if row.state != Inspection.State.DRAFT:
        raise Refused([not_draft(row)])
    return row


def set_values(row: models.Model, names: Iterable[str], values: dict[str, Any]) -> None:
    unknown = set(values) - set(names)
    if unknown:
        raise TypeError(f"{type(row).__name__} has no such facts: {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def check(row: models.Model, names: Iterable[str]) -> None:
    """Run the fields' own checks; what fails becomes reasons that name the field."""
    others = [field.name for field in row._meta.fields if field.name not in set(names)]
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        raise Refused(
            [
                Reason(message, field=name)
                for name, messages in error.message_dict.items()
                for message in messages
            ]
        ) from None
