"""Reminders by e-mail, beside the inbox: to people who gave an address, and to enterprises.

    owe          one letter to each person for a sweep, one to the enterprise for each deadline
    owe_report   one letter to each leader of the unit above

What is owed stands in the ledger, so a worker or a mail server that is away costs time and no
letter. Who gets one is found when it is owed; whether there is still something to say, and to which
address, when it is sent. The Message-ID follows from what the letter is about: a letter that left
before a worker died, and is sent again, carries the same one, and mail programs show it once.
"""

from __future__ import annotations

import smtplib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Unit, User
from deadlines import inbox, registry, words
from deadlines.models import Audience, Deadline, Letter, Reminder, Sweep
from jobs import ledger
from jobs import registry as job_kinds
from jobs.registry import Effect, Hopeless
from legal import calendars
from legal.periods import local_date
from vault import masks

DIGEST, REPORT, ENTERPRISE = "mail_reminders", "mail_report", "mail_enterprise"
#: Kinds of which an enterprise is reminded, whatever the ladder says: the others are the office's
#: own duties.
OUTSIDE = ("RECTIFY",)
#: Rows that a letter names; the rest is one link away.
ROWS = 50
AT_ONCE = 2000


class Undelivered(Exception):
    """The mail server did not take a letter. Names the kind of fault, no address: it is logged."""


# --- Owing ----------------------------------------------------------------------------------------


@transaction.atomic
def owe(sweep: Sweep) -> None:
    """Owe the letters of the sweep's reminders; nothing where that was done before."""
    said = Reminder.objects.filter(entered_at=sweep.at, by__isnull=True)
    rows = said.order_by().values_list("owner", "unit", "audience").distinct()
    people = _with_address(inbox.people_for((o, u, a) for o, u, a in rows))
    moment = sweep.at.isoformat()
    ledger.owe_many(
        DIGEST,
        [
            (f"{key}:{sweep.at.timestamp():.6f}", {"user": str(key), "sweep": moment})
            for key in people
        ],
    )
    outside = said.filter(
        audience__contains=[Audience.ENTERPRISE],
        deadline__kind__in=OUTSIDE,
        deadline__subject_type__in=registry.types_with_addressees(),
    ).order_by()
    portion: list[tuple[UUID, str, UUID]] = []
    for row in outside.values_list("pk", "deadline__subject_type", "deadline__subject_id").iterator(
        chunk_size=AT_ONCE
    ):
        portion.append(row)
        if len(portion) == AT_ONCE:
            _owe_outside(portion)
            portion = []
    _owe_outside(portion)
    sweep.finished = True
    sweep.save(update_fields=["finished"])


def _owe_outside(rows: Iterable[tuple[UUID, str, UUID]]) -> None:
    """Only where somebody has an address, so that the ledger is not filled with nothing."""
    by_type: dict[str, dict[UUID, UUID]] = defaultdict(dict)
    for reminder, type_, subject in rows:
        by_type[type_][subject] = reminder
    for type_, reminders in by_type.items():
        found = registry.addressees(type_, list(reminders))
        keys = [reminders[subject] for subject in found]
        ledger.owe_many(ENTERPRISE, [(str(key), {"reminder": str(key)}) for key in keys])


def owe_report(reminder: Reminder) -> None:
    """Owe a letter to each leader of the unit above."""
    people = inbox.people_for([(reminder.owner_id, reminder.unit_id, reminder.audience)])
    for key in _with_address(people):
        ledger.owe(REPORT, f"{key}:{reminder.pk}", user=str(key), reminder=str(reminder.pk))


def _with_address(people: Iterable[UUID]) -> list[UUID]:
    rows = User.objects.active().filter(pk__in=list(people)).exclude(email="")
    return list(rows.order_by("pk").values_list("pk", flat=True))


# --- Sending --------------------------------------------------------------------------------------


@job_kinds.kind(DIGEST, word=gettext_lazy("期限提醒邮件"))
def send_digest(*, user: str, sweep: str) -> Effect | None:
    """One letter with everything that a sweep said to a person and that still holds."""
    person = _person(user)
    this = Sweep.objects.filter(at=datetime.fromisoformat(sweep)).first()
    if person is None or person.unit is None or this is None:
        return None
    rows, total = inbox.digest(person, this, size=ROWS)
    if not rows:
        return None
    with translation.override(person.language):
        told = _told([row.deadline for row in rows], this.today)
        late = sum(row.deadline.is_overdue(this.today) for row in rows)
        subject = ngettext("期限提醒：%(n)d 项", "期限提醒：%(n)d 项", total) % {"n": total}
        if late:
            subject = ngettext(
                "期限提醒：%(n)d 项，其中 %(late)d 项已逾期",
                "期限提醒：%(n)d 项，其中 %(late)d 项已逾期",
                total,
            ) % {"n": total, "late": late}
        return _send(
            f"{person.pk}.{this.at.timestamp():.6f}",
            to=person.email,
            subject=_marked(subject, _is_demonstration(person)),
            template="digest",
            context={
                "person": person,
                "rows": told,
                "more": total - len(rows),
                "today": this.today,
                "inbox_url": _absolute(reverse("deadlines:inbox")),
            },
            unit=person.unit,
            user=person,
        )


@job_kinds.kind(REPORT, word=gettext_lazy("上报邮件"))
def send_report(*, user: str, reminder: str) -> Effect | None:
    """What an officer below reports, with the reason."""
    person = _person(user)
    said = _said(reminder)
    if person is None or said is None or not said.deadline.is_open:
        return None
    with translation.override(person.language):
        (row,) = _told([said.deadline], local_date(said.entered_at))
        subject = _("%(unit)s 上报：%(label)s") % {
            "unit": said.unit.short_name,
            "label": row["label"],
        }
        return _send(
            f"{person.pk}.{said.pk}",
            to=person.email,
            subject=_marked(subject, _is_demonstration(person)),
            template="report",
            context={
                "person": person,
                "row": row,
                "reminder": said,
                "inbox_url": _absolute(reverse("deadlines:inbox")),
            },
            unit=said.unit,
            user=person,
            reminder=said,
        )


@job_kinds.kind(ENTERPRISE, word=gettext_lazy("企业提醒邮件"))
def send_to_enterprise(*, reminder: str) -> Effect | None:
    """The order's number, what falls due, until when and to which unit; no personal data."""
    said = _said(reminder)
    if said is None or said.deadline.state != Deadline.RUNNING:
        return None
    deadline = said.deadline
    addressee = registry.addressees(deadline.subject_type, [deadline.subject_id]).get(
        deadline.subject_id
    )
    if addressee is None or not addressee.email:
        return None
    with translation.override("zh-hans"):  # as the papers, so the letters about them
        subject = _("关于%(number)s%(kind)s的提醒") % {
            "number": addressee.number,
            "kind": deadline.kind_word,
        }
        mark = addressee.is_demonstration or deadline.unit.is_demonstration
        return _send(
            str(said.pk),
            to=addressee.email,
            subject=_marked(subject, mark),
            template="enterprise",
            context={
                "addressee": addressee,
                "deadline": deadline,
                "late": deadline.is_overdue(local_date(said.entered_at)),
            },
            unit=deadline.unit,
            reminder=said,
        )


def _person(key: str) -> User | None:
    """The person, if the account is open and has an address."""
    person = User.objects.active().select_related("unit").filter(pk=key).first()
    return person if person is not None and person.email else None


def _is_demonstration(person: User) -> bool:
    return person.is_demonstration or (person.unit is not None and person.unit.is_demonstration)


def _said(key: str) -> Reminder | None:
    return Reminder.objects.select_related("deadline__unit", "unit", "by").filter(pk=key).first()


def _told(deadlines: list[Deadline], today: date) -> list[dict[str, Any]]:
    """What a letter says of each deadline."""
    calendar = calendars.load()
    subjects = registry.describe({(row.subject_type, row.subject_id) for row in deadlines})
    rows = []
    for row in deadlines:
        label, url = subjects[row.subject_type, row.subject_id]
        left, tone = words.time_left(row, today, calendar)
        rows.append(
            {
                "label": label,
                "url": _absolute(url or row.get_absolute_url()),
                "kind": row.kind_word,
                "due": row.due_text,
                "left": left,
                "tone": tone,
                "unit": row.unit.short_name,
            }
        )
    return rows


def _absolute(path: str) -> str:
    return f"{settings.ZHENGGAI_PUBLIC_URL}{path}"


def _marked(subject: str, is_demonstration: bool) -> str:
    """One line, and said that it is made up where it is."""
    line = " ".join(subject.split())
    return _("【演示】%(subject)s") % {"subject": line} if is_demonstration else line


def message_id(about: str) -> str:
    """The Message-ID of the letter about this: the same however often it is sent."""
    host = urlsplit(settings.ZHENGGAI_PUBLIC_URL).hostname or "localhost"
    return f"<reminder.{about}@{host}>"


def _send(
    about: str,
    *,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    unit: Unit,
    user: User | None = None,
    reminder: Reminder | None = None,
) -> Effect | None:
    """Hand the letter to the mail server; the effect notes that it left.

    Raises Hopeless where the server will never take it, Undelivered or OSError where it may later.
    """
    mark = message_id(about)
    if Letter.objects.filter(message_id=mark).exists():
        return None
    letter = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"deadlines/emails/{template}.txt", dict(context)),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={"Message-ID": mark, "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(
        render_to_string(f"deadlines/emails/{template}.html", dict(context)), "text/html"
    )
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _why in refused.recipients.values()]
        if all(code >= 500 for code in codes):
            raise Hopeless(_("邮件服务器不接受这个收件地址。")) from None
        raise Undelivered(f"recipient refused: {codes}") from None
    except smtplib.SMTPException as fault:
        code = getattr(fault, "smtp_code", "")
        raise Undelivered(f"{type(fault).__name__} {code}".strip()) from None
    return _noted(mark, to, subject, unit, user, reminder)


def _noted(
    mark: str,
    to: str,
    subject: str,
    unit: Unit,
    user: User | None,
    reminder: Reminder | None,
) -> Callable[[datetime], None]:
    def effect(at: datetime) -> None:
        Letter.objects.get_or_create(
            message_id=mark,
            defaults={
                "unit": unit,
                "user": user,
                "reminder": reminder,
                "address": masks.email(to),
                "subject": subject[:200],
                "sent_at": at,
            },
        )

    return effect
