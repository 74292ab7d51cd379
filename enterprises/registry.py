"""What apps above know about an enterprise, handed down at start-up.

Inspections, orders and cases live above this app, which must not import them. Each registers, in
its `AppConfig.ready`, a function that answers with entries for the timeline, figures for the head
of the file, or a condition for the list. A function costs a fixed number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import User
from enterprises.models import Enterprise


@dataclass(frozen=True)
class Entry:
    """One line of the timeline (components/timeline.html); `tone` is key, ok, bad or empty."""

    at: datetime
    title: str
    text: str = ""
    url: str = ""
    tone: str = ""
    entered: datetime | None = None


@dataclass(frozen=True)
class Figure:
    """One figure at the head of the file; `text` (its definition or fraction) stands beneath."""

    name: str
    value: str
    text: str = ""
    unit: str = ""
    url: str = ""
    tone: str = ""
    order: int = 100


Narrowed = TypeVar("Narrowed", bound=QuerySet)
Narrow = Callable[[Any, User, date], Any]


@dataclass(frozen=True)
class Condition:
    """A condition for the list, e.g. "has an open order"; `narrow(queryset, user, today)`."""

    code: str
    label: str | Promise
    narrow: Narrow


TimelineSource = Callable[[Enterprise, User], list[Entry]]
FiguresSource = Callable[[Enterprise, User], list[Figure]]


@dataclass
class _Sources:
    timeline: list[TimelineSource] = field(default_factory=list)
    figures: list[FiguresSource] = field(default_factory=list)
    conditions: dict[str, Condition] = field(default_factory=dict)


_sources = _Sources()


def timeline_source(source: TimelineSource) -> TimelineSource:
    """Register a source of timeline entries (may be used as a decorator)."""
    if source not in _sources.timeline:
        _sources.timeline.append(source)
    return source


def figures_source(source: FiguresSource) -> FiguresSource:
    """Register a source of figures (may be used as a decorator)."""
    if source not in _sources.figures:
        _sources.figures.append(source)
    return source


def condition(code: str, label: str | Promise, narrow: Narrow) -> None:
    """Register a condition that the list of enterprises offers as a filter."""
    _sources.conditions[code] = Condition(code, label, narrow)


def timeline(enterprise: Enterprise, user: User) -> list[Entry]:
    """Entries of all sources, newest first."""
    entries = [entry for source in _sources.timeline for entry in source(enterprise, user)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def figures(enterprise: Enterprise, user: User) -> list[Figure]:
    """Figures of all sources in their order."""
    found = [figure for source in _sources.figures for figure in source(enterprise, user)]
    return sorted(found, key=lambda figure: figure.order)


def conditions() -> list[Condition]:
    """The conditions that apps above have registered."""
    return list(_sources.conditions.values())


def narrow(code: str, queryset: Narrowed, user: User, today: date) -> Narrowed:
    """The queryset under the condition; an unknown code changes nothing."""
    found = _sources.conditions.get(code)
    return found.narrow(queryset, user, today) if found else queryset
