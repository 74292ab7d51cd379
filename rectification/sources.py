"""What orders tell the rooms below: the enterprise file, the inspection's page, the deadlines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from deadlines import registry as deadline_registry
from enterprises import registry as enterprise_registry
from enterprises.models import Enterprise
from enterprises.registry import Entry, Figure
from inspections import registry as inspection_registry
from inspections.models import Inspection
from inspections.registry import FollowUp
from rectification.models import ASSESSABLE, MET_IN_TIME, Order, Verdict
from rectification.orders import DEADLINE_KIND
from rectification.reasons import day_words

AT_MOST = 100
#: Below this number of assessable orders no rate is said: one order more would decide it.
ENOUGH = 5


def _labels(ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = Order.objects.filter(pk__in=ids).for_list()
    return {
        order.pk: f"{order.enterprise.name} {order.notice.number}" if order.notice else str(order)
        for order in rows
    }


deadline_registry.kind(DEADLINE_KIND, gettext_lazy("改正期限"))
deadline_registry.subject("rectification.order", url_name="orders:detail", labels=_labels)


def orders_of(enterprise: Enterprise, user: User) -> list[Order]:
    """Orders of the enterprise that the user may see, newest first; read once a page."""
    kept: list[Order] | None = enterprise.__dict__.get("_orders")
    if kept is None:
        kept = enterprise.__dict__["_orders"] = list(
            Order.objects.visible_to(user)
            .filter(enterprise=enterprise, issued_at__isnull=False)
            .for_list()
            .order_by("-issued_at", "-id")[:AT_MOST]
        )
    return kept


@enterprise_registry.timeline_source
def timeline(enterprise: Enterprise, user: User) -> list[Entry]:
    """Issue, service and verdict of each order."""
    entries = []
    for order in orders_of(enterprise, user):
        assert order.issued_at is not None
        number = order.notice.number if order.notice else ""
        due = _("期限 %(day)s") % {"day": day_words(order.due_on)} if order.due_on else ""
        entries.append(
            Entry(
                at=order.issued_at,
                title=_("签发责令限期改正通知书"),
                text=" · ".join(part for part in (number, due) if part),
                url=order.get_absolute_url(),
                tone="key",
            )
        )
        if order.verdict and order.judged_at is not None:
            entries.append(
                Entry(
                    at=order.judged_at,
                    title=_("责令改正结论：%(word)s") % {"word": order.get_verdict_display()},
                    text=number,
                    url=order.get_absolute_url(),
                    tone="ok" if order.verdict in MET_IN_TIME else "bad",
                )
            )
        if order.withdrawn_at is not None:
            entries.append(
                Entry(
                    at=order.withdrawn_at,
                    title=_("撤回责令限期改正通知书"),
                    text=number,
                    url=order.get_absolute_url(),
                    tone="bad",
                )
            )
    return entries


@enterprise_registry.figures_source
def figures(enterprise: Enterprise, user: User) -> list[Figure]:
    """How many orders, how many overdue, how many met in time."""
    found, today = orders_of(enterprise, user), timezone.localdate()
    address = f"{reverse('orders:list')}?enterprise={enterprise.pk}"
    late = sum(order.is_overdue(today) for order in found)
    rated = [o for o in found if o.verdict in ASSESSABLE and not o.withdrawn_at]
    in_time = sum(Verdict(order.verdict) in MET_IN_TIME for order in rated)
    told = [
        Figure(
            name=_("责令改正"),
            value=str(len(found)),
            text=_("其中逾期 %(n)d 件") % {"n": late} if late else _("没有逾期"),
            url=address if found else "",
            tone="over" if late else "",
            order=20,
        )
    ]
    if rated:
        told.append(
            Figure(
                name=_("按期改正"),
                value=f"{in_time}/{len(rated)}",
                text=_("提前和按期 ÷ 可评定"),
                url=f"{address}&view=judged",
                order=30,
            )
        )
    return told


def _overdue(queryset: QuerySet, user: User, today: date) -> QuerySet:
    mine = Order.objects.visible_to(user).overdue(today)
    return queryset.filter(Exists(mine.filter(enterprise=OuterRef("pk"))))


def _open(queryset: QuerySet, user: User, today: date) -> QuerySet:
    mine = Order.objects.visible_to(user).open()
    return queryset.filter(Exists(mine.filter(enterprise=OuterRef("pk"))))


enterprise_registry.condition("overdue", gettext_lazy("有逾期的责令改正"), _overdue)
enterprise_registry.condition("open_order", gettext_lazy("有未办结的责令改正"), _open)


@inspection_registry.follow_up_source
def follow_ups(inspection: Inspection, user: User) -> list[FollowUp]:
    """The orders that came of a visit."""
    today = timezone.localdate()
    rows = (
        Order.objects.visible_to(user)
        .filter(inspection=inspection)
        .for_list()
        .order_by("drafted_at")
    )
    return [
        FollowUp(
            title=order.notice.number if order.notice else _("责令改正草稿"),
            url=order.get_absolute_url(),
            text=_("期限 %(day)s") % {"day": day_words(order.due_on)} if order.due_on else "",
            badge=(order.phase(today)[0], str(order.phase(today)[1])),
        )
        for order in rows
    ]
