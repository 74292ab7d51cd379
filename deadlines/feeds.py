"""A person's deadlines as a calendar (.ics, RFC 5545) under a secret address.

Calendar programs cannot log in, so the address itself is the secret: 32 random bytes of which only
a hash is kept. It shows what the person sees in the portal at that moment, and nothing once the
account is closed. A new address makes the old one void.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from deadlines import registry
from deadlines.models import Deadline, Feed
from legal.periods import SHANGHAI

trail.words(
    {
        "deadlines.open_feed": gettext_lazy("开通日历订阅"),
        "deadlines.close_feed": gettext_lazy("关闭日历订阅"),
    }
)

SHOWN_AT_MOST = 1000
_LINE_OCTETS = 75


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


def owner(token: str) -> User | None:
    """The person whose address this is, if the account is open and may see orders."""
    feed = Feed.objects.select_related("user__unit").filter(token_hash=_hash(token)).first()
    if feed is None or not feed.user.is_active or not feed.user.may("orders.view"):
        return None
    return feed.user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def calendar(user: User) -> str:
    """The open deadlines that the person sees, as the text of an .ics file."""
    rows = list(
        Deadline.objects.visible_to(user)
        .open()
        .select_related("unit")
        .order_by("due_on", "id")[:SHOWN_AT_MOST]
    )
    subjects = registry.describe({(row.subject_type, row.subject_id) for row in rows})
    return "".join(f"{line}\r\n" for line in _folded(_lines(rows, subjects)))


def _lines(rows: Iterable[Deadline], subjects: dict[tuple, tuple[str, str]]) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Zhenggai//Deadlines//ZH"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{_escaped(_('整改期限'))}"
    yield "X-WR-TIMEZONE:Asia/Shanghai"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    for row in rows:
        label, url = subjects[row.subject_type, row.subject_id]
        summary = _("%(kind)s：%(label)s") % {"kind": row.kind_word, "label": label}
        if row.state == Deadline.SUSPENDED:
            summary = _("（中止）%(summary)s") % {"summary": summary}
        yield "BEGIN:VEVENT"
        yield f"UID:{row.pk}@zhenggai"
        yield f"DTSTAMP:{_utc(row.entered_at)}"
        yield f"SEQUENCE:{row.version}"
        if row.due_at is not None:
            yield f"DTSTART:{_utc(row.due_at)}"
        else:
            yield f"DTSTART;VALUE=DATE:{row.due_on:%Y%m%d}"
            yield f"DTEND;VALUE=DATE:{row.due_on + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_escaped(summary)}"
        yield f"DESCRIPTION:{_escaped(row.sentence)}"
        if url:
            yield f"URL:{settings.ZHENGGAI_PUBLIC_URL}{url}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _utc(moment: datetime) -> str:
    shifted = moment.astimezone(SHANGHAI) - timedelta(hours=8)
    return f"{shifted:%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text as RFC 5545 wants it (3.3.11)."""
    for plain, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(plain, safe)
    return text


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Lines of at most 75 octets, never cut in a character; continuations begin with a blank."""
    for line in lines:
        part, size = "", 0
        for character in line:
            width = len(character.encode())
            if size + width > _LINE_OCTETS:
                yield part
                part, size = " ", 1
            part += character
            size += width
        yield part
