"""Private calendars (.ics, RFC 5545): a person's and a unit's, under secret addresses.

Calendar programs cannot log in, so the address itself is the secret: 32 random bytes of which only
a hash is kept. A person's calendar shows what the person sees in the portal at that moment, and
nothing once the account is closed; a unit's shows what falls due in the unit and below it. Neither
names a person. A new address makes the old one void.

One event stands for everything that ever was due of one kind on one record: its UID stays when an
extension, a resumption or a correction puts another day in the place of the old one, and SEQUENCE
grows with every change, so that a program moves the event instead of showing two. What was met or
cancelled stays for `KEPT_DAYS`, marked as such, so that a program that copied it learns of it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Alarm, Calendar, Event

from accounts.models import Unit, User
from audit import trail
from deadlines import registry
from deadlines.models import Deadline, DeadlineQuerySet, Feed, UnitFeed

trail.words(
    {
        "deadlines.open_feed": gettext_lazy("开通日历订阅"),
        "deadlines.close_feed": gettext_lazy("关闭日历订阅"),
        "deadlines.open_unit_feed": gettext_lazy("开通单位日历订阅"),
        "deadlines.close_unit_feed": gettext_lazy("关闭单位日历订阅"),
    }
)

SHOWN_AT_MOST = 1000
KEPT_DAYS = 60
#: Nine in the morning of the day before an all-day event.
ALARM = timedelta(hours=-15)


# --- Addresses -----------------------------------------------------------------------------------


@transaction.atomic
def open_feed(user: User, *, by: User, at: datetime) -> str:
    """Give the person a new secret address; the token is told this once and not kept."""
    token = secrets.token_urlsafe(32)
    Feed.objects.update_or_create(
        user=user, defaults={"token_hash": _hash(token), "created_at": at}
    )
    trail.record("deadlines.open_feed", user, by=by, at=at)
    return token


@transaction.atomic
def close_feed(user: User, *, by: User, at: datetime) -> None:
    """Make the person's address void."""
    if Feed.objects.filter(user=user).delete()[0]:
        trail.record("deadlines.close_feed", user, by=by, at=at)


@transaction.atomic
def open_unit_feed(unit: Unit, *, by: User, at: datetime) -> str:
    """Give the unit a new secret address; the token is told this once and not kept."""
    token = secrets.token_urlsafe(32)
    UnitFeed.objects.update_or_create(
        unit=unit, defaults={"token_hash": _hash(token), "created_at": at, "created_by": by}
    )
    trail.record("deadlines.open_unit_feed", unit, by=by, at=at)
    return token


@transaction.atomic
def close_unit_feed(unit: Unit, *, by: User, at: datetime) -> None:
    """Make the unit's address void."""
    if UnitFeed.objects.filter(unit=unit).delete()[0]:
        trail.record("deadlines.close_unit_feed", unit, by=by, at=at)


def owner(token: str) -> User | None:
    """The person whose address this is, if the account is open and may see orders."""
    feed = Feed.objects.select_related("user__unit").filter(token_hash=_hash(token)).first()
    if feed is None or not feed.user.is_active or not feed.user.may("orders.view"):
        return None
    return feed.user


def unit_of(token: str) -> Unit | None:
    """The unit whose address this is."""
    feed = UnitFeed.objects.select_related("unit").filter(token_hash=_hash(token)).first()
    return feed.unit if feed else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- What stands in a calendar -------------------------------------------------------------------


@dataclass(frozen=True)
class Contents:
    """The rows of a calendar and how their records are called. `etag` is the same as long as the
    text would be: it is known before anything is written."""

    name: str
    language: str
    rows: list[Any]  # deadlines, each with `sequence`
    subjects: dict[tuple, tuple[str, str]]
    alarms: bool

    @property
    def etag(self) -> str:
        told = hashlib.sha256(f"{self.name} {self.language} {self.alarms}".encode())
        for row in self.rows:
            label, url = self.subjects[row.subject_type, row.subject_id]
            told.update(f"\n{row.pk} {row.version} {row.sequence} {label} {url}".encode())
        return f'"{told.hexdigest()[:32]}"'

    def text(self) -> bytes:
        """The .ics file."""
        with translation.override(self.language):
            return _written(self)


def of_user(user: User, today: date) -> Contents:
    """What the person sees, in the person's language, with an alarm on the day before."""
    with translation.override(user.language):
        return _contents(
            Deadline.objects.visible_to(user), today, _("整改期限"), user.language, alarms=True
        )


def of_unit(unit: Unit, today: date) -> Contents:
    """What falls due in the unit and below it, in Chinese, without alarms: it hangs on a wall."""
    rows = Deadline.objects.filter(unit__path__startswith=unit.path)
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        name = _("%(unit)s 整改期限") % {"unit": unit.short_name}
        return _contents(rows, today, name, language, alarms=False)


def _contents(
    rows: DeadlineQuerySet, today: date, name: str, language: str, *, alarms: bool
) -> Contents:
    """Two queries, and one for each kind of record."""
    chain = Deadline.objects.filter(
        subject_type=OuterRef("subject_type"),
        subject_id=OuterRef("subject_id"),
        kind=OuterRef("kind"),
    )
    changes = chain.order_by().values("kind").annotate(sum=Sum(F("version") + 1)).values("sum")
    ended = Q(
        state__in=[Deadline.MET, Deadline.CANCELLED],
        ended_on__gt=today - timedelta(days=KEPT_DAYS),
    )
    sequence = Subquery(changes)
    shown = list(rows.open().annotate(sequence=sequence).order_by("due_on", "id")[:SHOWN_AT_MOST])
    # What ended lately, unless the same thing has begun anew.
    shown += (
        rows.filter(ended)
        .annotate(sequence=sequence)
        .order_by("-ended_on", "-entered_at")[:SHOWN_AT_MOST]
    )
    newest: dict[tuple, Deadline] = {}
    for row in shown:
        newest.setdefault((row.subject_type, row.subject_id, row.kind), row)
    kept = list(newest.values())
    subjects = registry.describe({(row.subject_type, row.subject_id) for row in kept})
    return Contents(name, language, kept, subjects, alarms)


# --- The file ------------------------------------------------------------------------------------


def _written(contents: Contents) -> bytes:
    book = Calendar()
    book.add("prodid", "-//Zhenggai//Deadlines//ZH")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", contents.name)
    book.add("x-wr-timezone", "Asia/Shanghai")
    for row in _ordered(contents.rows):
        label, url = contents.subjects[row.subject_type, row.subject_id]
        book.add_component(_event(row, label, url, alarm=contents.alarms))
    return bytes(book.to_ical())


def _ordered(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.due_on, str(row.pk)))


def _event(row: Any, label: str, url: str, *, alarm: bool) -> Event:
    summary = _("%(kind)s：%(label)s") % {"kind": row.kind_word, "label": label}
    status = "CONFIRMED"
    if row.state == Deadline.SUSPENDED:
        summary, status = _("（中止）%(summary)s") % {"summary": summary}, "TENTATIVE"
    elif row.state == Deadline.MET:
        summary = _("（已完成）%(summary)s") % {"summary": summary}
    elif row.state == Deadline.CANCELLED:
        summary, status = _("（已取消）%(summary)s") % {"summary": summary}, "CANCELLED"
    event = Event()
    event.add("uid", f"{row.subject_id}-{row.kind.lower()}@zhenggai")
    event.add("dtstamp", row.entered_at.astimezone(UTC))
    event.add("sequence", row.sequence - 1)
    if row.due_at is not None:
        event.add("dtstart", row.due_at.astimezone(UTC))
    else:
        event.add("dtstart", row.due_on)
        event.add("dtend", row.due_on + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", row.sentence)
    if url:
        event.add("url", f"{settings.ZHENGGAI_PUBLIC_URL}{url}")
    event.add("status", status)
    event.add("transp", "TRANSPARENT")
    if alarm and row.state == Deadline.RUNNING:
        bell = Alarm()
        bell.add("action", "DISPLAY")
        bell.add("description", summary)
        bell.add("trigger", ALARM)
        event.add_component(bell)
    return event
