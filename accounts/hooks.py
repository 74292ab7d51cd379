"""How acts in this room reach the record, which lies a room above.

`audit` registers its recorder at start-up. Without one nothing here happens: an act that cannot
be recorded is refused.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from accounts.models import User

_recorders: list[Callable[..., Any]] = []


def register(recorder: Callable[..., Any]) -> None:
    """Set the function that writes the record; it has the signature of `tell`."""
    _recorders[:] = [recorder]


def tell(
    verb: str,
    subject: models.Model | None,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one line of the record, inside the caller's transaction."""
    if not _recorders:
        raise RuntimeError("No recorder is registered; nothing may happen unrecorded.")
    _recorders[0](verb, subject, by=by, at=at, reason=reason, data=data)
