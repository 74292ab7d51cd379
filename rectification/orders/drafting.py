"""Drafts: begin, change, give up, submit, and what the approver answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason
from enterprises.register import Changed
from inspections.models import Inspection
from legal import periods
from rectification import reasons
from rectification.models import Item, Order, OrderState, TermKind
from rectification.orders._row import lock, needs, refuse

if TYPE_CHECKING:
    from inspections.models import Finding


@transaction.atomic
def draft(
    inspection: Inspection,
    findings: Sequence[Finding],
    *,
    by: User,
    at: datetime,
    term_kind: str,
    term_date: date | None = None,
    term_days: int | None = None,
    interim_measures: str = "",
    corrections: Mapping[Any, str] | None = None,
    form_token: uuid.UUID | None = None,
) -> Order:
    """Begin an order from the findings of a signed visit.

    `corrections` maps a finding's id to the wording demanded of the enterprise; without it the
    finding's own `required_correction` is taken. The same `form_token` twice returns the order
    that the first call made. Raises `Refused`: the visit is not signed, no finding or one that
    another live order holds, a term that is none, a day that has passed or has no calendar.
    """
    # Drafts from one visit queue here: the second of two equal forms finds the first one's order.
    Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if form_token is not None:
        made = Order.objects.filter(form_token=form_token, drafted_by=by).first()
        if made is not None:
            return made
    term_date, term_days = _one_term(term_kind, term_date, term_days)
    refuse(
        _draft_reasons(inspection, findings)
        + reasons.term_reasons(term_kind, term_date, term_days, periods.local_date(at))
    )
    order = Order.objects.create(
        unit=inspection.unit,
        inspection=inspection,
        enterprise=inspection.enterprise,
        system=inspection.system,
        term_kind=term_kind,
        term_date=term_date,
        term_days=term_days,
        interim_measures=interim_measures.strip(),
        drafted_by=by,
        drafted_at=at,
        form_token=form_token or uuid.uuid4(),
    )
    _set_items(order, findings, corrections or {})
    trail.record(
        "orders.draft",
        order,
        by=by,
        at=at,
        data={"inspection": inspection.number, "findings": len(findings), "term": _term(order)},
    )
    return order


def _one_term(kind: str, on: date | None, days: int | None) -> tuple[date | None, int | None]:
    """Only what belongs to the kind: a form may still carry the other field."""
    in_days = (TermKind.WORKING_DAYS, TermKind.CALENDAR_DAYS)
    return (on if kind == TermKind.DATE else None), (days if kind in in_days else None)


def _draft_reasons(inspection: Inspection, findings: Sequence[Finding]) -> list[Reason]:
    found: list[Reason] = []
    if not inspection.is_final:
        found.append(
            Reason(
                _("检查记录还没有签字确认。"),
                basis=reasons.record_basis(inspection.day),
                url=inspection.get_absolute_url(),
                url_text=_("去完成检查记录"),
            )
        )
    if not findings:
        found.append(Reason(_("至少选择一项检查发现。"), field="findings"))
    if any(finding.inspection_id != inspection.pk for finding in findings):
        found.append(Reason(_("所选的检查发现不属于这次检查。"), field="findings"))
    taken = (
        Item.objects.filter(finding__in=findings, released=False)
        .select_related("finding", "order__notice", "order__enterprise")
        .order_by("finding__ordinal")
    )
    found += [
        Reason(
            _("第 %(n)d 项发现已经列入另一份责令改正：%(order)s。")
            % {"n": item.finding.ordinal, "order": item.order},
            url=item.order.get_absolute_url(),
            url_text=str(item.order),
            field="findings",
        )
        for item in taken
    ]
    return found


def _set_items(order: Order, findings: Sequence[Finding], wording: Mapping[Any, str]) -> None:
    order.items.all().delete()
    Item.objects.bulk_create(
        Item(
            order=order,
            finding=finding,
            ordinal=n,
            required_correction=wording.get(finding.pk, finding.required_correction).strip(),
        )
        for n, finding in enumerate(sorted(findings, key=lambda f: f.ordinal), start=1)
    )


def _term(order: Order) -> dict[str, Any]:
    return {"kind": order.term_kind, "date": order.term_date, "days": order.term_days}


@transaction.atomic
def amend(
    order: Order,
    findings: Sequence[Finding],
    *,
    by: User,
    at: datetime,
    version: int,
    term_kind: str,
    term_date: date | None = None,
    term_days: int | None = None,
    interim_measures: str = "",
    corrections: Mapping[Any, str] | None = None,
) -> Order:
    """Change a draft. `version` is the one that the person saw.

    Raises `Changed` when somebody saved in between (nothing is overwritten), else `Refused` as
    `draft` does, or `Decided` when it has left the drafter's hands.
    """
    now = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if now.version != version and now.in_draft:
        raise Changed(now)
    order.version = version
    order = lock(order)
    refuse(reasons.can_amend(order, by, periods.local_date(at)))
    own = {item.finding_id for item in order.items.all()}
    new = [finding for finding in findings if finding.pk not in own]
    term_date, term_days = _one_term(term_kind, term_date, term_days)
    refuse(
        (_draft_reasons(order.inspection, new) if new or not findings else [])
        + reasons.term_reasons(term_kind, term_date, term_days, periods.local_date(at))
    )
    before = _term(order)
    order.term_kind, order.term_date, order.term_days = term_kind, term_date, term_days
    order.interim_measures = interim_measures.strip()
    order.version += 1
    order.save(update_fields=["term_kind", "term_date", "term_days", "interim_measures", "version"])
    _set_items(order, findings, corrections or {})
    trail.record(
        "orders.amend",
        order,
        by=by,
        at=at,
        data={"before": before, "after": _term(order), "findings": len(findings)},
    )
    return order


@transaction.atomic
def discard(order: Order, *, by: User, at: datetime, reason: str = "") -> Order:
    """Give up a draft. Its findings are free for another order."""
    order = lock(order)
    refuse(reasons.can_discard(order, by, periods.local_date(at)))
    order.items.update(released=True)
    trail.move(order, OrderState.DISCARDED, by=by, at=at, verb="orders.discard", reason=reason)
    return order


@transaction.atomic
def submit(order: Order, *, by: User, at: datetime) -> Order:
    """Lay a complete draft before somebody else."""
    order = lock(order)
    refuse(reasons.can_submit(order, by, periods.local_date(at)))
    trail.move(
        order,
        OrderState.SUBMITTED,
        by=by,
        at=at,
        verb="orders.submit",
        submitted_at=at,
        submitted_by=by,
        return_reason="",
    )
    return order


@transaction.atomic
def approve(order: Order, *, by: User, at: datetime) -> Order:
    """Agree to a draft. The approver is never the drafter (the database says so, too)."""
    order = lock(order)
    refuse(reasons.can_approve(order, by, periods.local_date(at)))
    trail.move(
        order,
        OrderState.APPROVED,
        by=by,
        at=at,
        verb="orders.approve",
        approved_at=at,
        approved_by=by,
    )
    return order


@transaction.atomic
def send_back(order: Order, *, by: User, at: datetime, reason: str) -> Order:
    """Return a draft to its drafter with a reason; an approval that was given falls away."""
    order = lock(order)
    refuse(
        reasons.can_send_back(order, by, periods.local_date(at))
        + needs(reason, "reason", _("写明退回的理由，拟稿人才知道改什么。"))
    )
    trail.move(
        order,
        OrderState.RETURNED,
        by=by,
        at=at,
        verb="orders.send_back",
        reason=reason,
        return_reason=reason.strip(),
        approved_at=None,
        approved_by=None,
    )
    return order
