"""Whether the reminders are well: when it was last asked what falls due, for /health/."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from deadlines.models import Sweep
from jobs import health

#: So many runs may be missed before it is said.
MISSED = 3


@health.tell
def reminders() -> dict[str, Any]:
    """{"reminders": up | late | never, "reminders_age": seconds since the last run}."""
    last = Sweep.objects.order_by("-at").first()
    if last is None:
        return {"reminders": "never"}
    age = timezone.now() - last.at
    longest = timedelta(seconds=MISSED * settings.ZHENGGAI_REMIND_SECONDS)
    word = "late" if age > longest or (not last.finished and age > timedelta(minutes=10)) else "up"
    return {"reminders": word, "reminders_age": max(0, int(age.total_seconds()))}
