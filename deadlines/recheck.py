"""Which open deadlines would come out differently on today's calendars, and why.

A date is never changed because a calendar was: this only looks, and changes nothing. Only terms
that touch a year whose calendar was ever exchanged (or is provisional) are looked at; those with
one derivation once, however many there are; and a derivation whose calendars are still the ones it
was counted with is not counted again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, Func, Max, Min, Q, TextField
from django.db.models.functions import Cast, Greatest, Least
from django.urls import reverse
from django.utils.translation import gettext as _

from deadlines.clock import said
from deadlines.models import Deadline, DeadlineQuerySet
from legal import calendars, recounts
from legal.periods import Calendar, DayKind, PeriodRefused
from legal.published import PROVISIONAL
from legal.recounts import CalendarChange, DayChange


@dataclass(frozen=True)
class Difference:
    """What today's calendars would make of one stored derivation, and how many rest on it.

    `new_due` is None where the period cannot be counted any more; then `refused` says why.
    """

    trigger_on: date
    due_on: date
    derivation: Mapping[str, Any]
    number: int
    new_due: date | None
    refused: str
    days: tuple[DayChange, ...]
    calendars: tuple[CalendarChange, ...]

    @property
    def why(self) -> list[str]:
        """One sentence a day that is another kind of day now, in the language of the page."""
        return [
            _("%(day)s：算定时%(was)s，现在%(now)s")
            % {"day": each.day.isoformat(), "was": _kind(each.was), "now": _kind(each.now)}
            for each in self.days
        ]

    @property
    def editions(self) -> list[str]:
        """Which calendar was exchanged: 2027年第1版（暂定）→ 第2版（正式）."""
        return [
            _("%(year)s年日历第 %(old)s 版 %(old_sum)s → 第 %(new)s 版 %(new_sum)s")
            % {
                "year": each.year,
                "old": each.edition,
                "old_sum": each.checksum[:8],
                "new": each.new_edition,
                "new_sum": each.new_checksum[:8],
            }
            for each in self.calendars
        ]


@dataclass(frozen=True)
class Found:
    """The outcome: open deadlines looked at, those on a provisional calendar, and differences."""

    checked: int
    provisional: int
    differences: tuple[Difference, ...]

    @property
    def number(self) -> int:
        """How many deadlines would come out differently."""
        return sum(each.number for each in self.differences)


def differences(
    rows: DeadlineQuerySet | None = None,
    *,
    calendar: Calendar | None = None,
    years: Collection[int] | None = None,
) -> Found:
    """Count every open deadline once more on the calendar; the earliest due day first.

    `rows` narrows to some deadlines, `years` to those whose term touches one of them.
    """
    calendar = calendar or calendars.load()
    rows = (Deadline.objects.all() if rows is None else rows).open().order_by()
    if years:
        rows = rows.filter(_touching(years))
    ends = rows.aggregate(
        number=Count("pk"),
        first=Least(Min("trigger_on"), Min("due_on")),
        last=Greatest(Max("trigger_on"), Max("due_on")),
    )
    provisional, found = 0, []
    for group in _groups(rows, _changeable(ends, calendar)):
        stored = group["derivation"]["calendar"]
        if any(each["status"] == PROVISIONAL for each in stored):
            provisional += group["number"]
        difference = _difference(group, calendar)
        if difference is not None:
            found.append(difference)
    found.sort(key=lambda each: (each.due_on, each.trigger_on))
    return Found(ends["number"], provisional, tuple(found))


def _changeable(ends: Mapping[str, Any], calendar: Calendar) -> list[int]:
    """The years for which a date may have been counted on anything but today's official calendar.

    A calendar in its first edition is the one that everything was counted on: an exchange makes
    the next edition.
    """
    if not ends["number"]:
        return []
    return [
        year
        for year in range(ends["first"].year, ends["last"].year + 1)
        if (known := calendar.years.get(year)) is None
        or known.edition > 1
        or known.status == PROVISIONAL
    ]


def _groups(rows: DeadlineQuerySet, years: Collection[int]) -> Iterator[dict[str, Any]]:
    """Each derivation among the terms that touch these years once, and how many share it."""
    if not years:
        return
    groups = list(
        rows.filter(_touching(years))
        .values("trigger_on", "due_on")
        # Grouping by the hash: the database sorts numbers and not whole derivations.
        .annotate(
            hash=_Hash("derivation", 0), number=Count("pk"), sample=Min(Cast("pk", TextField()))
        )
    )
    for start in range(0, len(groups), _AT_ONCE):
        part = groups[start : start + _AT_ONCE]
        samples = rows.in_bulk([group["sample"] for group in part])
        for group in part:
            yield {**group, "derivation": samples[UUID(group["sample"])].derivation}


class _Hash(Func):
    function = "jsonb_hash_extended"
    output_field = BigIntegerField()


_AT_ONCE = 1000


def deadlines_of(
    found: Collection[Difference], rows: DeadlineQuerySet
) -> Iterator[tuple[Deadline, Difference]]:
    """The deadlines behind some differences, each with its own."""
    by_days: dict[tuple[date, date], list[Difference]] = {}
    for each in found:
        by_days.setdefault((each.trigger_on, each.due_on), []).append(each)
    rows = rows.open().select_related("unit").order_by("due_on", "id")
    wanted = rows.filter(
        trigger_on__in={trigger for trigger, _due in by_days},
        due_on__in={due for _trigger, due in by_days},
    )
    for deadline in wanted.iterator():
        for each in by_days.get((deadline.trigger_on, deadline.due_on), []):
            if each.derivation == deadline.derivation:
                yield deadline, each


def _difference(group: Mapping[str, Any], calendar: Calendar) -> Difference | None:
    derivation = group["derivation"]
    changed = recounts.differing_calendars(derivation, calendar)
    if not changed:
        return None
    new_due, refused = None, ""
    try:
        new_due = recounts.again(derivation, calendar)
    except PeriodRefused as refusal:
        refused = said({"zh": refusal.zh, "en": refusal.en})
    if new_due == group["due_on"]:
        return None
    return Difference(
        trigger_on=group["trigger_on"],
        due_on=group["due_on"],
        derivation=derivation,
        number=group["number"],
        new_due=new_due,
        refused=refused,
        days=tuple(recounts.differing_days(derivation, calendar)),
        calendars=tuple(changed),
    )


def _touching(years: Collection[int]) -> Q:
    """Terms that have a day in one of these years; a term may be counted backwards."""
    touching = Q()
    for year in years:
        first, last = date(year, 1, 1), date(year, 12, 31)
        touching |= Q(trigger_on__lte=last, due_on__gte=first)
        touching |= Q(due_on__lte=last, trigger_on__gte=first)
    return touching


def _kind(kind: DayKind) -> str:
    """是工作日, 是调休上班日, 是休息日（春节）."""
    if kind.kind == "made_up":
        return _("是调休上班日")
    if kind.is_working:
        return _("是工作日")
    return _("是休息日（%(name)s）") % {"name": said({"zh": kind.name, "en": kind.name_en})}


def _effect(years: Collection[int]) -> calendars.Effect:
    return calendars.Effect(differences(years=years).number, reverse("deadlines:recheck"))


calendars.effect(_effect)
