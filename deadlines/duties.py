"""What the regulator itself owes: re-inspection in time, requests to decide, notices to give.

A room above registers each duty at start-up, in its `AppConfig.ready`:

    duties.of_kind("REINSPECT", what=_("…"), house=True, act_word=_("记录复查"), act_url=…)
    duties.source("YEARLY", word=_("年度检查"), what=_("…"), basis=("MPS176@2026:9(2)",),
                  counts=…, page=…)

A duty `of_kind` is every deadline of that kind; its word is that of `deadlines.registry`. A
`source` answers for itself where the duty is a question and not a row. Each duty rests on an
article (`basis`, references of the register) or is a rule of the house (`house`), and pages say
which.

What is counted, by the unit that the duty lies with and all below it:

* owed: not done yet, whatever its day; of these, soon: within `legal.periods.SOON` working days,
  and overdue: its day has passed;
* of those whose day lies in the year asked for: done in time, done late.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, F, Q, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from deadlines import paging, registry, words
from deadlines.models import Deadline, DeadlineQuerySet
from legal.periods import SOON, Calendar, CalendarMissing

OWED, NEAR, OVERDUE = "owed", "soon", "overdue"
IN_TIME, LATE, DONE = "in_time", "late", "done"
STATES = (OWED, NEAR, OVERDUE, IN_TIME, LATE)


@dataclass(frozen=True)
class Ask:
    """Whose duties, seen from which day: all of it stands in the address."""

    user: User
    today: date
    year: int
    calendar: Calendar
    unit: Unit | None = None
    state: str = OWED

    @property
    def soon_until(self) -> date:
        """The last day that counts as soon; calendar days where the calendar ends."""
        try:
            return self.calendar.nth_working_day(self.today, SOON)
        except CalendarMissing:
            return self.today + timedelta(days=SOON)


@dataclass(frozen=True)
class Counts:
    """How many are owed, near and overdue; and done in time and late in the year."""

    owed: int = 0
    soon: int = 0
    overdue: int = 0
    in_time: int = 0
    late: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            *(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True))
        )


@dataclass(frozen=True)
class Row:
    """One thing owed or done, for the page and the file."""

    label: str
    url: str
    unit: Unit
    due_on: date
    left: str
    tone: str = ""
    done_on: date | None = None
    text: str = ""
    act_word: str = ""
    act_url: str = ""
    other_word: str = ""
    other_url: str = ""
    why_url: str = ""


@dataclass(frozen=True)
class Page:
    """Rows of one page; `previous` and `next` are cursors, empty at an end."""

    rows: list[Row]
    previous: str = ""
    next: str = ""


CountsOf = Callable[[Ask], Counts]
PageOf = Callable[[Ask, Mapping[str, str], int], Page]
ActUrls = Callable[[Collection[UUID]], Mapping[UUID, str]]


@dataclass(frozen=True)
class Duty:
    """One duty. `what` says in a sentence what must be done; `counts` and `page` are None for a
    duty that is a kind of deadline."""

    code: str
    what: str | Promise
    basis: tuple[str, ...] = ()
    house: bool = False
    own_word: str | Promise = ""
    act_word: str | Promise = ""
    act_urls: ActUrls | None = None
    act_verb: str = ""
    counts: CountsOf | None = None
    page: PageOf | None = None

    @property
    def word(self) -> str:
        return str(self.own_word) or registry.kind_word(self.code)


@dataclass(frozen=True)
class Counted:
    """A duty with its counts, and the address of the rows behind each figure."""

    duty: Duty
    counts: Counts
    kept: dict[str, Any] = field(default_factory=dict)

    def url(self, state: str = OWED) -> str:
        query = {"duty": self.duty.code, "state": state, **self.kept}
        return f"{reverse('deadlines:duties')}?{urlencode(query)}"

    @property
    def urls(self) -> dict[str, str]:
        """Addresses by state, for templates."""
        return {state: self.url(state) for state in STATES}


_duties: dict[str, Duty] = {}


def of_kind(
    kind: str,
    *,
    what: str | Promise,
    basis: Iterable[str] = (),
    house: bool = False,
    act_word: str | Promise = "",
    act_urls: ActUrls | None = None,
    act_verb: str = "",
) -> None:
    """Register the deadlines of a kind as a duty of the regulator.

    `act_urls` takes the ids of the records (`Deadline.subject_id`) that a page shows and gives
    the address where the duty is done, for those that have one; only who holds `act_verb` is
    shown it.
    """
    _duties[kind] = Duty(kind, what, tuple(basis), house, "", act_word, act_urls, act_verb)


def source(
    code: str,
    *,
    word: str | Promise,
    what: str | Promise,
    counts: CountsOf,
    page: PageOf,
    basis: Iterable[str] = (),
    house: bool = False,
) -> None:
    """Register a duty that answers for itself: `counts` in one query, `page` in a few."""
    _duties[code] = Duty(code, what, tuple(basis), house, own_word=word, counts=counts, page=page)


def every() -> list[Duty]:
    """All duties: first those that a law demands."""
    return sorted(_duties.values(), key=lambda duty: duty.house)


def find(code: str) -> Duty | None:
    return _duties.get(code)


def counts(
    user: User,
    today: date,
    calendar: Calendar,
    *,
    unit: Unit | None = None,
    year: int | None = None,
) -> list[Counted]:
    """Every duty with its counts: one query for all deadlines, one for each source."""
    ask = Ask(user, today, year or today.year, calendar, unit)
    kinds = [duty.code for duty in every() if duty.counts is None]
    by_kind = _by_kind(ask, kinds)
    kept = {"unit": unit.pk} if unit else {}
    if ask.year != today.year:
        kept["year"] = ask.year
    return [
        Counted(
            duty,
            duty.counts(ask) if duty.counts else by_kind.get(duty.code, Counts()),
            kept,
        )
        for duty in every()
    ]


def page(duty: Duty, ask: Ask, params: Mapping[str, str], size: int) -> Page:
    """One page of a duty's rows in the state asked for."""
    if duty.page is not None:
        return duty.page(ask, params, size)
    found = paging.page(_in_state(_rows(ask, [duty.code]), ask), params, size)
    return Page(_told(duty, found.rows, ask), found.previous, found.next)


# --- Duties that are deadlines -------------------------------------------------------------------


def _rows(ask: Ask, kinds: Collection[str]) -> DeadlineQuerySet:
    rows = Deadline.objects.visible_to(ask.user).filter(kind__in=kinds)
    if ask.unit is not None:
        rows = rows.filter(unit__path__startswith=ask.unit.path)
    return rows


def _met_in(year: int) -> Q:
    return Q(state=Deadline.MET, due_on__gte=date(year, 1, 1), due_on__lte=date(year, 12, 31))


def _by_kind(ask: Ask, kinds: Collection[str]) -> dict[str, Counts]:
    """One query in two parts, each answered from an index alone, beside a million rows as well.

    Days are counted, not keys: a key would have to be read from the table.
    """
    rows, running, none = _rows(ask, kinds).order_by(), Q(state=Deadline.RUNNING), Value(0)
    soon = running & Q(due_on__gte=ask.today, due_on__lte=ask.soon_until)
    opened = (
        rows.open()
        .values("kind")
        .annotate(
            owed=Count("due_on"),
            soon=Count("due_on", filter=soon),
            overdue=Count("due_on", filter=running & Q(due_on__lt=ask.today)),
            in_time=none,
            late=none,
        )
    )
    met = (
        rows.filter(_met_in(ask.year))
        .values("kind")
        .annotate(
            owed=none,
            soon=none,
            overdue=none,
            in_time=Count("due_on", filter=Q(ended_on__lte=F("due_on"))),
            late=Count("due_on", filter=Q(ended_on__gt=F("due_on"))),
        )
    )
    found: dict[str, Counts] = {}
    for part in opened.union(met, all=True):
        kind = part.pop("kind")
        found[kind] = found.get(kind, Counts()) + Counts(**part)
    return found


def _in_state(rows: DeadlineQuerySet, ask: Ask) -> DeadlineQuerySet:
    if ask.state == NEAR:
        return rows.running().due_between(ask.today, ask.soon_until)
    if ask.state == OVERDUE:
        return rows.overdue(ask.today)
    if ask.state == DONE:
        return rows.filter(_met_in(ask.year))
    if ask.state == IN_TIME:
        return rows.filter(_met_in(ask.year), ended_on__lte=F("due_on"))
    if ask.state == LATE:
        return rows.filter(_met_in(ask.year), ended_on__gt=F("due_on"))
    return rows.open()


def _told(duty: Duty, rows: list[Deadline], ask: Ask) -> list[Row]:
    subjects = registry.describe({(row.subject_type, row.subject_id) for row in rows})
    open_ids = {row.subject_id for row in rows if row.is_open}
    may = not duty.act_verb or ask.user.may(duty.act_verb)
    acts = duty.act_urls(open_ids) if duty.act_urls and open_ids and may else {}
    told = []
    for row in rows:
        label, url = subjects[row.subject_type, row.subject_id]
        left, tone = words.time_left(row, ask.today, ask.calendar)
        act_url = acts.get(row.subject_id, "") if row.is_open else ""
        told.append(
            Row(
                label=label,
                url=url,
                unit=row.unit,
                due_on=row.due_on,
                left=left,
                tone=tone or ("wait" if row.state == Deadline.SUSPENDED else ""),
                done_on=row.ended_on,
                act_word=str(duty.act_word) if act_url else "",
                act_url=act_url,
                why_url=row.get_absolute_url(),
            )
        )
    return told


def state_words() -> dict[str, str]:
    """The words of the states, for filters and headings."""
    return {
        OWED: _("未完成"),
        NEAR: _("即将到期"),
        OVERDUE: _("已逾期"),
        IN_TIME: _("按时完成"),
        LATE: _("逾期完成"),
    }
