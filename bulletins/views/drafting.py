"""Choosing the cases of a bulletin, and writing it: each case in a field of its own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Request, verb
from accounts.models import Unit
from audit.trail import Reason, Refused
from bulletins import bulletins, forms, reasons, wording
from bulletins.models import Bulletin, Entry
from bulletins.views import acting
from bulletins.views.bulletins import paragraphs, visible
from enterprises.register import Changed
from rectification import page as order_page

CHOICES_AT_MOST = 100


def _unit(request: Request) -> Unit:
    if request.user.unit is None:
        raise PermissionDenied(_("你没有所属单位，不能起草通报。"))
    return request.user.unit


@verb("bulletins.edit")
def new(request: Request) -> HttpResponse:
    """Choose the cases of a new bulletin."""
    return _choose(request, None)


@verb("bulletins.edit")
def add(request: Request, pk: UUID) -> HttpResponse:
    """Choose more cases for a draft."""
    return _choose(request, visible(request, pk))


def _choose(request: Request, bulletin: Bulletin | None) -> HttpResponse:
    found = bulletins.choosable(request.user)
    if bulletin is not None:
        found = found.exclude(bulletin_entries__bulletin=bulletin)
    cases = list(found.order_by("-decided_on", "-id")[:CHOICES_AT_MOST])
    form = forms.ChooseForm(
        request.POST or None, choices=[(str(case.pk), str(case)) for case in cases]
    )
    locked = reasons.in_draft(bulletin) if bulletin is not None else []
    refused: list[Reason] = []
    if request.method == "POST" and not locked and form.is_valid():
        by_id = {case.pk: case for case in cases}
        # The oldest decision first; the drafter may change the order.
        chosen = [by_id[pk] for pk in reversed(form.chosen()) if pk in by_id]
        chosen.sort(key=lambda case: (case.decided_on, case.filed_on))
        try:
            if bulletin is None:
                made = bulletins.draft(
                    chosen,
                    unit=_unit(request),
                    form_token=form.cleaned_data["form_token"],
                    **acting.now(request),
                )
                messages.success(request, _("已起草，请核对每个案例的文字。"))
            else:
                made = bulletins.add(
                    bulletin, chosen, version=bulletin.version, **acting.now(request)
                )
                messages.success(request, _("案例已加入。"))
            return redirect("bulletins:amend", pk=made.pk)
        except Refused as no:
            refused = no.reasons
    ticked = form.ticked()
    return render(
        request,
        "bulletins/choose.html",
        {
            "bulletin": bulletin,
            "form": form,
            "rows": [
                {"case": case, "ticked": str(case.pk) in ticked, "words": case.measure_words}
                for case in cases
            ],
            "more": len(cases) == CHOICES_AT_MOST,
            "most": CHOICES_AT_MOST,
            "locked": order_page.shown(locked),
            "refused": order_page.shown(refused),
            "word": _("加入案例") if bulletin else _("起草通报"),
        },
    )


@verb("bulletins.edit")
def amend(request: Request, pk: UUID) -> HttpResponse:
    """Write: each case in its own field. What was typed comes back whatever happens."""
    bulletin = visible(request, pk)
    entries = reasons.entries_of(bulletin)
    form = forms.DraftForm(request.POST or None, bulletin=bulletin, entries=entries)
    locked = reasons.in_draft(bulletin)
    conflict: Changed | None = None
    refused: list[Reason] = []
    shown: list[dict[str, str]] = []
    warnings: list[Reason] | None = None
    looking = "preview" in request.POST
    if request.method == "POST" and not locked and form.is_valid() and looking:
        typed = bulletins.as_typed(bulletin, entries, **form.given())
        shown = paragraphs(bulletins.preview(typed[0], entries=typed[1]))
        warnings = reasons.words_reasons(*typed)
    elif request.method == "POST" and not locked and form.is_valid():
        try:
            bulletins.amend(bulletin, **form.given(), **acting.now(request))
        except Changed as changed:
            conflict = changed
            form.show_again(changed.current.version)
        except Refused as no:
            refused = no.reasons
        else:
            messages.success(request, _("通报已保存。"))
            return redirect(bulletin)
    fresh = visible(request, pk)
    return render(
        request,
        "bulletins/amend.html",
        {
            "bulletin": fresh,
            "form": form,
            "rows": form.rows(),
            "conflict": conflict,
            "differences": _differences(form, fresh) if conflict else [],
            "locked": order_page.shown(locked),
            "refused": order_page.shown(refused),
            "preview": shown,
            "warnings": []
            if locked
            else order_page.shown(reasons.text_reasons(fresh) if warnings is None else warnings),
            "may_drop": len(entries) > 1,
            "reminder_heading": wording.REMINDER_HEADING,
        },
    )


def _differences(form: forms.DraftForm, saved: Bulletin) -> list[dict[str, str]]:
    """Where what was typed and what is saved now differ."""
    texts = {reasons.text_field(entry): entry.text for entry in saved.entries.order_by("ordinal")}
    now = {"title": saved.title, "intro": saved.intro, "reminder": saved.reminder} | texts
    return [
        {"name": str(form.fields[name].label), "theirs": theirs, "mine": str(form[name].value())}
        for name, theirs in now.items()
        if name in form.fields and str(form[name].value() or "").strip() != theirs
    ]


@require_POST
@verb("bulletins.edit")
def drop(request: Request, pk: UUID) -> HttpResponse:
    """Take one case out of a draft: `entry` and `version` come with the form."""
    bulletin = visible(request, pk)
    try:
        entry = bulletin.entries.get(pk=UUID(request.POST.get("entry", "")))
        version = int(request.POST.get("version", "")[:9])
    except (ValueError, Entry.DoesNotExist):
        raise Http404 from None
    try:
        bulletins.drop(bulletin, entry, version=version, **acting.now(request))
        messages.success(request, _("案例已去掉。"))
    except Refused as no:
        messages.error(request, str(no))
    return redirect("bulletins:amend", pk=pk)
