"""What a term would come to: the due day and its reason, before anything is saved."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from deadlines import clock
from deadlines.words import left_text
from legal import calendars, periods
from rectification import reasons
from rectification.models import Order, TermKind
from rectification.orders import TERM_BASIS


def of_term(
    kind: str, on: date | None, days: int | None, served_on: date, today: date
) -> dict[str, Any]:
    """{"day", "left", "sentence", "warnings"} or {"fault"} for a term served on that day."""
    faults = reasons.term_reasons(kind, on, days, today)
    if faults:
        return {"fault": faults[0].text}
    return _served(kind, on, days, served_on)


def of_service(order: Order, served_on: date) -> dict[str, Any]:
    """The same for an issued order: its term stands, only the day of service is open."""
    if order.issued_at is not None and served_on < periods.local_date(order.issued_at):
        day = reasons.day_words(periods.local_date(order.issued_at))
        return {"fault": _("送达日期不能早于签发日期（%(day)s）。") % {"day": day}}
    return _served(order.term_kind, order.term_date, order.term_days, served_on)


def _served(kind: str, on: date | None, days: int | None, served_on: date) -> dict[str, Any]:
    calendar = calendars.load()
    try:
        if kind in (TermKind.WORKING_DAYS, TermKind.CALENDAR_DAYS):
            assert days is not None
            period = periods.count(
                served_on, days, kind, calendar, basis=TERM_BASIS, event=periods.SERVED
            )
        else:
            day = served_on if kind == TermKind.IMMEDIATE or on is None else on
            period = periods.named(day, served_on, calendar, basis=TERM_BASIS)
    except periods.PeriodRefused as refused:
        return {"fault": clock.refusal(refused).text}
    # An immediate correction leaves no time by its nature; that is no warning.
    warnings = [] if kind == TermKind.IMMEDIATE else period.derivation["warnings"]
    return {
        "served_on": served_on,
        "day": period.due,
        "left": left_text(periods.left(served_on, period.due, calendar)),
        "sentence": clock.said(
            {"zh": period.derivation["sentence_zh"], "en": period.derivation["sentence_en"]}
        ),
        "warnings": [clock.said(warning) for warning in warnings],
    }


def heading(served_on: date, today: date) -> str:
    """For which day of service the preview speaks."""
    if served_on == today:
        return _("如果今天送达")
    return _("如果 %(day)s送达") % {"day": reasons.day_words(served_on)}
