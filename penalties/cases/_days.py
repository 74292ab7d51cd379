"""Days on which something happened, as a verb is told of them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from audit.trail import Reason
from rectification.reasons import day_words


def day_reasons(day: date, first: date, today: date, field: str) -> list[Reason]:
    """Neither after today, nor before what it follows."""
    if day > today:
        return [Reason(_("日期不能晚于今天。"), field=field)]
    if day < first:
        return [Reason(_("日期不能早于 %(day)s。") % {"day": day_words(first)}, field=field)]
    return []
