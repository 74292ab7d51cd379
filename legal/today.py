"""What kind of day it is, for the head of every page: 工作日, 休息日, 调休上班."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from legal import calendars
from legal.periods import CalendarMissing

# A calendar that is loaded meanwhile shows at the head of the pages after this time at the latest.
KEPT_SECONDS = 300
_KINDS = {"working": "work", "made_up": "makeup", "weekend": "rest", "holiday": "rest"}


def day(request: HttpRequest) -> dict[str, Any]:
    """The entry `day` of the layout; "unknown" where this year's calendar is not loaded."""
    key = f"legal.today.{timezone.localdate()}"
    kept: dict[str, str] | None = cache.get(key)
    if kept is None:
        kept = _day()
        if kept["kind"] != "unknown":
            cache.set(key, kept, KEPT_SECONDS)
    return {"day": kept}


def _day() -> dict[str, str]:
    try:
        today = calendars.load().kind_of(timezone.localdate())
    except CalendarMissing:
        return {"kind": "unknown", "name": ""}
    return {
        "kind": _KINDS[today.kind],
        "name": today.name if today.kind == "holiday" else "",
    }
