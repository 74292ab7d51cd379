"""Counting a stored period once more on another calendar, to see whether and why it differs. Pure.

Nothing is decided here: a date stands as it was counted. What an event set going is taken from the
derivation as stored (trigger, length, unit, suspended spans; after a suspension, what was left
then); only the days of rest are read from the calendar at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from legal.derivations import HOUR, WORKING_DAY, Span
from legal.periods import count, count_back
from legal.working_days import Calendar, CalendarMissing, DayKind


class DayChange(NamedTuple):
    """A day that the stored derivation took for one kind of day and the calendar for another."""

    day: date
    was: DayKind
    now: DayKind


class CalendarChange(NamedTuple):
    """A year that was counted with one edition and stands in another today."""

    year: int
    edition: int
    checksum: str
    status: str
    new_edition: int
    new_checksum: str
    new_status: str


def again(derivation: Mapping[str, Any], calendar: Calendar) -> date:
    """The day that the stored period would end on by this calendar.

    A date that the paper names stands as named. Raises CalendarMissing.
    """
    kind, unit = derivation["kind"], derivation["unit"]
    if kind == "named" or unit == HOUR:
        return date.fromisoformat(derivation["due"])
    trigger = date.fromisoformat(derivation["trigger"])
    if kind == "counted_back":
        return count_back(trigger, derivation["length"], unit, calendar).due
    rolls = derivation.get("rolls", True)
    if kind == "resumed":
        if unit == WORKING_DAY:
            return calendar.nth_working_day(trigger, derivation["length"])
        last_day = date.fromisoformat(derivation["last_day"])
        return calendar.next_working_day(last_day) if rolls else last_day
    spans = [
        Span(date.fromisoformat(span["from"]), date.fromisoformat(span["to"]))
        for span in derivation["suspended"]
    ]
    return count(trigger, derivation["length"], unit, calendar, suspended=spans, roll=rolls).due


def differing_days(derivation: Mapping[str, Any], calendar: Calendar) -> list[DayChange]:
    """The days on which the stored derivation and the calendar disagree, earliest first."""
    return list(_differing(derivation, calendar))


def _differing(derivation: Mapping[str, Any], calendar: Calendar) -> Iterator[DayChange]:
    stored = {
        each["date"]: DayKind(each["why"], each["name"], each["name_en"])
        for each in (*derivation["skipped"], *derivation["rolled"], *derivation["made_up"])
    }
    ends = [derivation["due"], derivation["last_day"]]
    if derivation["unit"] == WORKING_DAY:
        ends.append(derivation["first_day"])
    for ordinal in range(
        date.fromisoformat(min(ends)).toordinal(), date.fromisoformat(max(ends)).toordinal() + 1
    ):
        day = date.fromordinal(ordinal)
        was = stored.get(day.isoformat(), _PLAIN)
        try:
            now = calendar.kind_of(day)
        except CalendarMissing:
            continue
        if was.kind != "suspended" and was.is_working != now.is_working:
            yield DayChange(day, was, now)


_PLAIN = DayKind("working", "", "")


def differing_calendars(derivation: Mapping[str, Any], calendar: Calendar) -> list[CalendarChange]:
    """The years whose calendar has changed since the period was counted."""
    found = []
    for stamp in derivation["calendar"]:
        now = calendar.years.get(stamp["year"])
        if now is None or (now.checksum, now.status) != (stamp["checksum"], stamp["status"]):
            found.append(
                CalendarChange(
                    year=stamp["year"],
                    edition=stamp["edition"],
                    checksum=stamp["checksum"],
                    status=stamp["status"],
                    new_edition=now.edition if now else 0,
                    new_checksum=now.checksum if now else "",
                    new_status=now.status if now else "",
                )
            )
    return found
