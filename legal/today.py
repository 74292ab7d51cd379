"""What kind of day it is, for the head of every page: 工作日, 休息日, 调休上班."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from legal import calendars
from legal.periods import CalendarMissing

_KINDS = {"working": "work", "made_up": "makeup", "weekend": "rest", "holiday": "rest"}


def day(request: HttpRequest) -> dict[str, Any]:
    """The entry `day` of the layout; "unknown" where this year's calendar is not loaded."""
    try:
        today = calendars.load().kind_of(timezone.localdate())
    except CalendarMissing:
        return {"day": {"kind": "unknown", "name": ""}}
    holiday = today.name if today.kind == "holiday" else ""
    return {"day": {"kind": _KINDS[today.kind], "name": holiday}}
