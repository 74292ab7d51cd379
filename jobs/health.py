"""Is the portal well? For the supervisor process and a monitor; no log-in, nothing told.

200 while the web can do its work, 503 when it cannot (database or disk). What waits too long is
said beside it and does not turn the web off: a stopped worker must not take the portal down.
"""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public
from jobs.models import Job

LEAST_FREE = 0.10
LONGEST_WAIT = timedelta(minutes=10)

_told: list[Callable[[], dict[str, Any]]] = []


def tell(part: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Let a room above say how its own clockwork is; registering twice changes nothing.

    Asked only while the database answers; what it says never turns the web off.
    """
    if part not in _told:
        _told.append(part)
    return part


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    parts: dict[str, Any] = {"database": _database(), "disk": _disk()}
    well = all(word != "down" for word in parts.values())
    if well:
        parts["jobs"] = _jobs()
        for told in _told:
            parts |= told()
    return JsonResponse({"well": well, **parts}, status=200 if well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "up"


def _disk() -> str:
    """Of the folder that keeps the files; full means that nothing can be stored."""
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    if usage.free == 0:
        return "down"
    return "up" if usage.free / usage.total >= LEAST_FREE else "low"


def _jobs() -> str:
    oldest = Job.objects.waiting().order_by("due_at").values_list("due_at", flat=True).first()
    return "late" if oldest and timezone.now() - oldest > LONGEST_WAIT else "up"
