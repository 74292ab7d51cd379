"""Drafts: choosing findings, wording what is demanded, and setting the term."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import verb
from audit import trail
from audit.models import Event
from audit.trail import Refused
from enterprises.register import Changed
from inspections.models import Inspection
from rectification import orders, preview, reasons
from rectification import page as pages
from rectification.draft_form import DraftForm
from rectification.models import Order
from rectification.views.common import now, visible


@verb("orders.draft")
def new(request: HttpRequest) -> HttpResponse:
    """Begin an order from a signed visit; `?inspection=` names it."""
    inspection = _inspection(request)
    if inspection is None:
        return _choose(request)
    form = DraftForm(request.POST or None, inspection=inspection)
    refused: list[Any] = []
    if _is_kept(request) and form.is_valid():
        try:
            order = orders.draft(
                inspection,
                form.chosen(),
                form_token=form.cleaned_data["form_token"],
                **form.facts(),
                **now(request),
            )
        except Refused as no:
            refused = form.blame(no)
        else:
            messages.success(request, _("草稿已保存。请核对后提交审批。"))
            return redirect(order)
    return _page(request, form, refused=refused)


@verb("orders.draft")
def amend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a draft; who saves second keeps the words and is shown what changed."""
    order = visible(request, pk)
    form = DraftForm(request.POST or None, inspection=order.inspection, order=order)
    why = reasons.can_amend(order, request.user, timezone.localdate())
    context: dict[str, Any] = {"order": order, "locked": pages.shown(why)}
    refused: list[Any] = []
    if not why and _is_kept(request) and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            orders.amend(
                order,
                form.chosen(),
                version=order.version if version is None else version,
                **form.facts(),
                **now(request),
            )
        except Changed as changed:
            context |= _conflict(form, changed)
        except Refused as no:
            refused = form.blame(no)
        else:
            messages.success(request, _("草稿已保存。"))
            return redirect(order)
    return _page(request, form, refused=refused, **context)


def _is_kept(request: HttpRequest) -> bool:
    """Whether the button pressed was the one that saves, not the one that counts."""
    return request.method == "POST" and "preview" not in request.POST


def _inspection(request: HttpRequest) -> Inspection | None:
    asked = request.GET.get("inspection")
    if not asked:
        return None
    visits = Inspection.objects.visible_to(request.user).select_related("enterprise", "unit")
    try:
        return get_object_or_404(visits, pk=UUID(asked))
    except ValueError:
        return None


def _choose(request: HttpRequest) -> HttpResponse:
    """Without a visit: those from which an order can be made."""
    visits = (
        Inspection.objects.visible_to(request.user)
        .filter(state=Inspection.State.RECORDED, findings__disposition="none")
        .select_related("enterprise")
        .distinct()
        .order_by("-started_at", "-id")[:50]
    )
    return render(request, "rectification/choose.html", {"visits": visits})


def _page(request: HttpRequest, form: DraftForm, **context: Any) -> HttpResponse:
    today = timezone.localdate()
    form.is_valid() if form.is_bound else None
    kind, on, days = form.term()
    if not form.is_bound:
        kind, on, days = (form[name].value() for name in ("term_kind", "term_date", "term_days"))
    shown = preview.of_term(kind, on, days, today, today) if kind else None
    return render(
        request,
        "rectification/draft.html",
        {
            "form": form,
            "inspection": form.inspection,
            "order": None,
            "rows": form.rows(),
            "conflict": None,
            "locked": [],
            "preview": shown,
            "heading": preview.heading(today, today),
            **(context | {"refused": pages.shown(context["refused"])}),
        },
    )


def _conflict(form: DraftForm, changed: Changed) -> dict[str, Any]:
    """Who saved meanwhile, and where the two versions differ; the typed words stay."""
    current: Order = changed.current
    last: Event | None = trail.timeline(current).order_by("-id").first()
    given = cast(QueryDict, form.data).copy()
    given["version"] = str(current.version)
    form.data = given
    theirs = {item.finding_id: item.required_correction for item in current.items.all()}
    mine = form.facts()
    chosen = {finding.pk for finding in form.chosen()}
    differences = []
    for finding in form.offered:
        typed = mine["corrections"][finding.pk] if finding.pk in chosen else None
        if theirs.get(finding.pk) != typed:
            differences.append(
                {
                    "name": _("第 %(n)d 项发现") % {"n": finding.ordinal},
                    "theirs": theirs.get(finding.pk, _("不列入")),
                    "mine": _("不列入") if typed is None else typed,
                }
            )
    term = Order(
        term_kind=mine["term_kind"], term_date=mine["term_date"], term_days=mine["term_days"]
    )
    pairs = [
        (_("期限"), pages.term_words(current), pages.term_words(term)),
        (_("期限届满前的措施"), current.interim_measures, mine["interim_measures"]),
    ]
    differences += [
        {"name": name, "theirs": there, "mine": here}
        for name, there, here in pairs
        if there != here
    ]
    return {"conflict": {"event": last, "differences": differences}}
