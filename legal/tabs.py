"""The parts of the register, for components/views.html."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(here: str) -> list[dict[str, Any]]:
    """Laws, kinds of violation, time limits, calendars; `here` is the one in sight."""
    return [
        {"name": name, "url": reverse(f"law:{address}"), "here": here == part}
        for part, name, address in (
            ("laws", _("法律法规"), "list"),
            ("violations", _("违法行为类型"), "violations"),
            ("limits", _("法定期限"), "limits"),
            ("calendars", _("工作日历"), "calendars"),
        )
    ]
