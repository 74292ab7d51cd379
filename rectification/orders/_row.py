"""What every verb on an order needs: the row under lock, refusals, facts repeated on the row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.trail import Decided, Reason, Refused
from rectification import course
from rectification.models import Attachment, Order
from vault import files

if TYPE_CHECKING:
    from accounts.models import User
    from notices.models import Notice

DEADLINE_KIND = "RECTIFY"
REINSPECT_KIND = "REINSPECT"
DECIDE_KIND = "DECIDE_EXTENSION"
NOTICE_KIND = "correction_order"
DECISION_KIND = "extension_decision"
#: No statute fixes the length of the term; the order itself must be within a limit.
TERM_BASIS = ("APL@2021:28(1)", "MPSP@2020:155")


class Upload(Protocol):
    """A file that has passed its checks (`vault.uploads.check` makes one)."""

    name: str
    content_type: str
    data: bytes


def lock(order: Order) -> Order:
    """Hold the row until the transaction ends; the object in hand becomes the row as it is now.

    Raises `Decided`, which says who did what when, if somebody acted since `order` was read:
    whoever presses a button acts on what was seen, or is told.
    """
    row = (
        Order.objects.select_for_update(of=("self",))
        .select_related("unit", "enterprise", "inspection", "system", "notice", "drafted_by")
        .get(pk=order.pk)
    )
    if (row.state, row.version) != (order.state, order.version):
        raise overtaken(row)
    order.__dict__.clear()
    order.__dict__.update(row.__dict__)
    return order


def overtaken(order: Order) -> Decided:
    """Somebody was quicker: what the last line of the record says of it."""
    event = trail.timeline(order, also=order.extensions.all()).order_by("-id").first()
    if event is None:
        return Decided([Reason(_("刚才已被别人改动，请看过现在的情况再办。"))])
    when = f"{timezone.localtime(event.entered_at):%Y-%m-%d %H:%M}"
    sentence = _("%(who)s 已于 %(when)s %(did)s。请看过现在的情况再办。") % {
        "who": event.actor_name,
        "when": when,
        "did": trail.word(event.verb),
    }
    return Decided([Reason(sentence)], event)


def refuse(found: list[Reason]) -> None:
    """Raise `Refused` where there is a reason."""
    if found:
        raise Refused(found)


def needs(text: str, field: str, sentence: str = "") -> list[Reason]:
    """A reason when the text is empty."""
    return [] if text.strip() else [Reason(sentence or _("这一项必须填写。"), field=field)]


def stamp(order: Order, **facts: Any) -> None:
    """Repeat on the order facts that other rows of the transaction own, and count the change."""
    for name, value in facts.items():
        setattr(order, name, value)
    order.version += 1
    course.forget(order)
    order.save(update_fields=[*facts, "version"])


def settle(order: Order, **facts: Any) -> None:
    """`stamp`, with the day of the order and the day of its last word as they follow from its
    items now. Every verb that moves a day, takes a report or looks at an item ends with it."""
    course.forget(order)
    happened = course.of(order)
    stamp(order, due_on=happened.falls_due(), reinspected_on=happened.conclusive_on(), **facts)


def paper_of(order: Order) -> Notice:
    """The notice of an issued order."""
    assert order.notice is not None, "an issued order has its paper"
    return order.notice


def attach(
    order: Order, uploads: Iterable[Upload], *, by: User, at: datetime, **owner: models.Model
) -> None:
    """Keep the files that came with one thing: `correction=`, `reinspection=`, `extension=` or
    `suspension=`."""
    Attachment.objects.bulk_create(
        Attachment(
            order=order,
            file=files.store(upload.data, upload.name, upload.content_type, by),
            title=upload.name[:200],
            received_at=at,
            received_by=by,
            **owner,
        )
        for upload in uploads
    )
