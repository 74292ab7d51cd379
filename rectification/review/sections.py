"""The review put together; sections of the rooms above are filled in at start-up."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from rectification.review.citing import looked, sheets
from rectification.review.dates import moments
from rectification.review.entries import Review, Section
from rectification.review.facts import Facts

Source = Callable[[Facts], list[Section]]
_sources: list[Source] = []


def section(source: Source) -> Source:
    """Register a source of sections (may be used as a decorator); twice changes nothing."""
    if source not in _sources:
        _sources.append(source)
    return source


def of(facts: Facts) -> Review:
    """The review of one order, as of the day of the facts."""
    own = Section(
        title=_("责令改正"),
        url=facts.order.get_absolute_url(),
        moments=moments(facts),
        findings=looked(facts),
        sheets=sheets(facts),
    )
    more = [each for source in _sources for each in source(facts)]
    return Review([own, *more], facts.today)
