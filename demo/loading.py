"""Loading the demonstration, and throwing it away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from accounts.models import Unit
from demo import bulletin, calendar, remote, routes, situations, six, told
from demo import ground as grounds
from demo.days import Days
from demo.story import Story
from demo.told import Telling
from enterprises.models import Enterprise
from legal import calendars
from legal.periods import local_date


class NotADemonstration(Exception):
    """Real units or enterprises are there: the demonstration keeps away from them."""


@dataclass
class Loaded:
    """What a run did."""

    told: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    #: The year without a calendar that kept terms from ending later, if there is one.
    missing: int | None = None
    until: date | None = None


def real_records() -> list[str]:
    """Units and enterprises that are no demonstration, by name; a few are enough to refuse."""
    units = Unit.objects.filter(is_demonstration=False).values_list("name", flat=True)
    enterprises = Enterprise.objects.filter(is_demonstration=False).values_list("name", flat=True)
    return [*units[:3], *enterprises[:3]]


def load(now: datetime, *, every_route: bool = True) -> Loaded:
    """Bring in what is missing. Running again adds nothing. Without `every_route` only the six
    published cases have a penalty case.

    `now` is the moment of loading: the invented matters are dated from its day, in the past as
    far as it has come. Raises NotADemonstration.
    """
    if names := real_records():
        raise NotADemonstration(
            "Real records are in this database (" + ", ".join(names) + "), so the demonstration "
            "is not mixed into it. Use a database of its own."
        )
    with transaction.atomic():
        ground = grounds.lay(now)
    calendar.foresee(local_date(now))
    days = Days(local_date(now), calendars.load())
    loaded = Loaded()
    if not days.is_complete:
        loaded.missing, loaded.until = days.last_known.year + 1, days.last_known
    # What overlaps is told as one: all of it or none.
    with transaction.atomic():
        told.together([*_new(six.stories(ground), loaded), bulletin.tell(ground)])
    for story, tell in situations.stories(ground, days):
        if story.is_told:
            loaded.known.append(story.key)
            continue
        with transaction.atomic():
            tell()
        loaded.told.append(story.key)
    if every_route:
        with transaction.atomic():
            told.together(_new(routes.stories(ground, days), loaded))
    with transaction.atomic():
        remote.tell(ground, days)
    return loaded


def _new(stories: Iterable[tuple[Story, Callable[[], Telling]]], loaded: Loaded) -> list[Telling]:
    """The tellings of those that no earlier run has told."""
    found = []
    for story, tell in stories:
        (loaded.known if story.is_told else loaded.told).append(story.key)
        if not story.is_told:
            found.append(tell())
    return found
