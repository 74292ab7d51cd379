"""What orders tell the rooms below: the enterprise file, the inspection's page, the deadlines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from deadlines import duties
from deadlines import registry as deadline_registry
from deadlines.registry import Addressee
from enterprises import registry as enterprise_registry
from enterprises.models import Enterprise
from enterprises.registry import Entry, Figure
from inspections import registry as inspection_registry
from inspections.models import Inspection
from inspections.registry import FollowUp
from rectification.models import (
    ASSESSABLE,
    MET_IN_TIME,
    Asked,
    Extension,
    Order,
    OrderState,
    Verdict,
)
from rectification.orders import DEADLINE_KIND, DECIDE_KIND, REINSPECT_KIND
from rectification.reasons import day_words, listed

AT_MOST = 100
#: Below this number of assessable orders no rate is said: one order more would decide it.
ENOUGH = 5


def _labels(ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = Order.objects.filter(pk__in=ids).for_list()
    return {
        order.pk: f"{order.enterprise.name} {order.notice.number}" if order.notice else str(order)
        for order in rows
    }


def _labels_of_extensions(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """南公（网安）责通字〔2025〕12号 第 2、4 项; what was granted, or else what was asked."""
    found = (
        Extension.objects.filter(pk__in=ids)
        .select_related("order__notice")
        .defer("order__notice__words", "order__notice__snapshot", "order__notice__fingerprint")
        .prefetch_related(Prefetch("asked", Asked.objects.select_related("item")))
    )
    labels = {}
    for extension in found:
        rows = list(extension.asked.all())
        chosen = [row for row in rows if row.granted] or rows
        labels[extension.pk] = _("%(number)s 第 %(n)s 项") % {
            "number": extension.order.notice.number if extension.order.notice else "",
            "n": listed(sorted(row.item.ordinal for row in chosen)),
        }
    return labels


def _addressee(order: Order, items: int) -> Addressee | None:
    """The enterprise is reminded of what it still owes, where it gave an address."""
    reminded = order.state == OrderState.SERVED and order.reported_on is None
    if not (reminded and order.enterprise.contact_email and order.notice):
        return None
    return Addressee(
        email=order.enterprise.contact_email,
        name=order.enterprise.name,
        number=order.notice.number,
        items=items,
        is_demonstration=order.is_demonstration,
    )


def _addressees(ids: Collection[UUID]) -> Mapping[UUID, Addressee]:
    rows: QuerySet[Any] = Order.objects.filter(pk__in=ids).for_list()
    counted = rows.annotate(n_items=Count("items"))
    found = {order.pk: _addressee(order, order.n_items) for order in counted}
    return {pk: each for pk, each in found.items() if each is not None}


def _addressees_of_extensions(ids: Collection[UUID]) -> Mapping[UUID, Addressee]:
    rows = Extension.objects.filter(pk__in=ids).select_related(
        "order__enterprise", "order__unit", "order__notice"
    )
    granted = rows.annotate(n_items=Count("asked", filter=Q(asked__granted=True)))
    found = {each.pk: _addressee(each.order, each.n_items) for each in granted}
    return {pk: each for pk, each in found.items() if each is not None}


def _acts(act: str) -> duties.ActUrls:
    """The address of an act on the order of each of these records, orders or extensions."""

    def urls(ids: Collection[UUID]) -> Mapping[UUID, str]:
        by_extension = dict(Extension.objects.filter(pk__in=ids).values_list("pk", "order_id"))
        return {pk: reverse(f"orders:{act}", args=[by_extension.get(pk, pk)]) for pk in ids}

    return urls


duties.of_kind(
    REINSPECT_KIND,
    what=gettext_lazy("改正期限届满或者收到改正报告后，按时复查。"),
    basis=("MPS176@2026:16(1)",),
    house=True,
    act_word=gettext_lazy("登记复查"),
    act_urls=_acts("record_reinspection"),
    act_verb="orders.reinspect",
)
duties.of_kind(
    DECIDE_KIND,
    what=gettext_lazy("对延期申请按时作出决定。"),
    house=True,
    act_word=gettext_lazy("审批延期"),
    act_urls=_acts("decide_extension"),
    act_verb="orders.decide_extension",
)
deadline_registry.kind(DEADLINE_KIND, gettext_lazy("改正期限"))
deadline_registry.kind(REINSPECT_KIND, gettext_lazy("复查期限"))
deadline_registry.kind(DECIDE_KIND, gettext_lazy("延期审批期限"))
deadline_registry.subject(
    "rectification.order", url_name="orders:detail", labels=_labels, addressees=_addressees
)
deadline_registry.subject(
    "rectification.extension",
    url_name="orders:extension",
    labels=_labels_of_extensions,
    addressees=_addressees_of_extensions,
)


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
