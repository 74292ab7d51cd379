"""Lines of the record."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

from accounts.models import User
from audit import trail
from audit.models import Event

AT = datetime(2025, 2, 12, 1, 30, tzinfo=UTC)


def event(
    verb: str = "test.touch",
    subject: models.Model | None = None,
    by: User | None = None,
    **kwargs: Any,
) -> Event:
    """One event, at `AT` unless told."""
    return trail.record(verb, subject, by=by, **({"at": AT} | kwargs))


def chain_now() -> None:
    """Append the links now, as the commit would: a test's transaction never commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
