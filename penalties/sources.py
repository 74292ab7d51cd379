"""What penalty cases tell the rooms below: beside an order, on a visit, in the enterprise file."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from enterprises import registry as enterprise_registry
from enterprises.models import Enterprise
from enterprises.registry import Entry
from inspections import registry as inspection_registry
from inspections.models import Finding, Inspection
from inspections.registry import FollowUp
from penalties.models import Case, CaseFinding, CaseState
from rectification import beside
from rectification.models import UNMET, Order, OrderState
from rectification.telling import listed

AT_MOST = 100


def _beside(order: Order, user: User) -> list[Case]:
    """Cases upon the order or upon findings of its visit, not the declined; read once a page."""
    kept: list[Case] | None = order.__dict__.get("_cases")
    if kept is None:
        upon = Q(order=order.pk) | _upon_visit(order.inspection_id)
        cases = Case.objects.visible_to(user).filter(upon).exclude(state=CaseState.DECLINED)
        kept = order.__dict__["_cases"] = list(cases.order_by("filed_on", "id"))
    return kept


def _upon_visit(visit: UUID) -> Q:
    """Cases that hold a finding of the visit, or were opened upon it."""
    held = CaseFinding.objects.filter(finding__inspection=visit).values("case")
    return Q(inspection=visit) | Q(pk__in=held)


@beside.source
def beside_order(order: Order, user: User) -> list[dict[str, Any]]:
    """The penalty that runs beside the order, or took it over; from the same visit."""
    if not user.may("cases.view") or order.issued_at is None:
        return []
    return [
        {"label": _("行政处罚"), "value": _told(case), "url": case.get_absolute_url()}
        for case in _beside(order, user)[:3]
    ]


@beside.act_source
def file_act(order: Order, user: User) -> list[dict[str, Any]]:
    """Filing a case: beside a running order, or upon one that was not met."""
    open_to_it = (OrderState.ISSUED, OrderState.SERVED, OrderState.JUDGED)
    if not user.may("cases.file") or order.state not in open_to_it:
        return []
    if any(case.order_id == order.pk for case in _beside(order, user)):
        return []
    if order.state == OrderState.JUDGED and order.verdict not in UNMET:
        return []
    return [
        {
            "name": _("提请立案"),
            "url": f"{reverse('cases:open')}?order={order.pk}",
            "primary": False,
            "danger": False,
            "hint": _("处罚与责令改正是两件事，可以并行。"),
            "reasons": [],
        }
    ]


def _told(case: Case) -> str:
    """警告，南公（网安）行罚决字〔2025〕8号; before the decision its state."""
    if case.decided_on is None:
        return str(case.get_state_display())
    words = listed(case.measure_words)
    if not case.document_number:
        return words
    return _("%(measures)s，%(number)s") % {"measures": words, "number": case.document_number}


@inspection_registry.follow_up_source
def follow_ups(inspection: Inspection, user: User) -> list[FollowUp]:
    """The cases that came of a visit."""
    if not user.may("cases.view"):
        return []
    rows = Case.objects.visible_to(user).filter(_upon_visit(inspection.pk))
    cases = rows.order_by("filed_on", "id")
    return [
        FollowUp(
            title=case.document_number or _("行政处罚案件：%(cause)s") % {"cause": case.cause},
            url=case.get_absolute_url(),
            text=_told(case),
            badge=case.phase,
        )
        for case in cases
    ]


@inspection_registry.follow_up_source
def on_the_spot(inspection: Inspection, user: User) -> list[FollowUp]:
    """The way to a penalty on the spot, while something is undisposed of that no case holds."""
    undisposed = Finding.Disposition.NONE
    if not user.may("cases.file") or not (
        inspection.findings.filter(disposition=undisposed).exclude(casefindings__live=True).exists()
    ):
        return []
    url = f"{reverse('cases:spot')}?inspection={inspection.pk}"
    text = _("违法事实确凿，警告或者小额罚款的。")
    return [FollowUp(title=_("当场处罚"), url=url, text=text)]


@enterprise_registry.timeline_source
def timeline(enterprise: Enterprise, user: User) -> list[Entry]:
    """Opening or filing and decision of each case, on their days."""
    if not user.may("cases.view"):
        return []
    entries = []
    cases = Case.objects.visible_to(user).filter(enterprise=enterprise).order_by("-filed_on", "-id")
    for case in cases[:AT_MOST]:
        url = reverse("cases:detail", args=[case.pk])
        entries.append(Entry(at=_noon(case.filed_on), title=_begun(case), text=case.cause, url=url))
        if case.decided_on is not None:
            entries.append(
                Entry(
                    at=_noon(case.decided_on),
                    title=_("处罚决定：%(measures)s") % {"measures": listed(case.measure_words)},
                    text=case.document_number,
                    url=url,
                    tone="bad",
                )
            )
    return entries


def _begun(case: Case) -> str:
    """What happened on its first day: filed, asked for, or not filed."""
    if case.state == CaseState.OPENED:
        return _("提请立案")
    if case.state == CaseState.DECLINED:
        return _("提请立案，决定不予立案")
    return pgettext("表头", "立案")


def _noon(day: Any) -> datetime:
    """A moment of that day, for a list that is sorted by moments."""
    return datetime.combine(day, time(12), timezone.get_default_timezone())
