"""What apps above hang on an inspection's page: orders, cases. Filled at start-up.

A source answers with follow-ups of one inspection in a fixed number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from inspections.models import Inspection


@dataclass(frozen=True)
class FollowUp:
    """Something that came of the inspection; `badge` is (group, word) or None."""

    title: str
    url: str
    text: str = ""
    badge: tuple[str, str] | None = None


Source = Callable[[Inspection, User], list[FollowUp]]
_sources: list[Source] = []


def follow_up_source(source: Source) -> Source:
    """Register a source (may be used as a decorator)."""
    if source not in _sources:
        _sources.append(source)
    return source


def follow_ups(inspection: Inspection, user: User) -> list[FollowUp]:
    """What came of the inspection, in the order of the sources."""
    return [each for source in _sources for each in source(inspection, user)]
