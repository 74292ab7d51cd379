"""Doors of what falls due, by subject: the agenda, the month, one date, duties, feeds."""

from deadlines.views.agenda import list_
from deadlines.views.detail import detail
from deadlines.views.duties import duties_, export_duties
from deadlines.views.feeds import (
    close_feed,
    close_unit_feed,
    feed,
    ics,
    open_feed,
    open_unit_feed,
    unit_ics,
)
from deadlines.views.month import month

__all__ = [
    "close_feed",
    "close_unit_feed",
    "detail",
    "duties_",
    "export_duties",
    "feed",
    "ics",
    "list_",
    "month",
    "open_feed",
    "open_unit_feed",
    "unit_ics",
]
