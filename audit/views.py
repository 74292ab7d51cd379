"""The record browser, and the showing of a personal datum for a reason."""

import hashlib
from datetime import datetime, time
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.access import Request
from audit import export as sheet
from audit import reveal as revealing
from audit import trail
from audit.forms import ReasonForm, TrailFilter
from audit.models import Event, EventQuerySet

PAGE = 50


def _filtered(request: Request, form: TrailFilter) -> EventQuerySet:
    events = Event.objects.visible_to(request.user)
    if not form.is_valid():
        return events.none()
    asked = form.cleaned_data
    if asked["q"]:
        events = events.filter(subject_label__icontains=asked["q"])
    if asked["person"]:
        events = events.filter(actor_name__icontains=asked["person"])
    if asked["verb"]:
        events = events.filter(verb=asked["verb"])
    zone = timezone.get_default_timezone()
    if asked["since"]:
        start = datetime.combine(asked["since"], time.min, zone)
        events = events.filter(happened_at__gte=start)
    if asked["until"]:
        end = datetime.combine(asked["until"], time.max, zone)
        events = events.filter(happened_at__lte=end)
    return events


def _cursor(request: Request, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


@access.verb("trail.view")
@never_cache
@require_safe
def event_list(request: Request) -> HttpResponse:
    """Newest first, by the order of entry; pages by key, whatever the length of the record."""
    form = TrailFilter(request.GET)
    events = _filtered(request, form).select_related("unit", "link")
    after, before = _cursor(request, "after"), _cursor(request, "before")
    if before is not None:
        rows = list(events.filter(pk__gt=before).order_by("pk")[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if after is not None:
            events = events.filter(pk__lt=after)
        rows = list(events.order_by("-pk")[: PAGE + 1])
        more_newer, more_older = after is not None, len(rows) > PAGE
        rows = rows[:PAGE]
    context = {
        "form": form,
        "rows": [{"event": event, "word": trail.word(event.verb)} for event in rows],
        "previous": rows[0].pk if rows and more_newer else None,
        "next": rows[-1].pk if rows and more_older else None,
        "asked": any(request.GET.get(name) for name in form.fields),
        "reason_form": ReasonForm(prefix="export"),
        "export_limit": sheet.LIMIT,
    }
    return render(request, "audit/list.html", context)


def _subject_url(event: Event, user: Any) -> str:
    """The page of the subject, where it has one and the reader may know of it."""
    try:
        model: Any = apps.get_model(event.subject_type)
    except (LookupError, ValueError):
        return ""
    if not hasattr(model, "get_absolute_url") or not hasattr(model.objects, "visible_to"):
        return ""
    try:
        return model.objects.visible_to(user).get(pk=event.subject_id).get_absolute_url()
    except (ObjectDoesNotExist, ValidationError, ValueError):
        return ""


@access.verb("trail.view")
@never_cache
@require_safe
def event_detail(request: Request, pk: int) -> HttpResponse:
    """One event: everything that is known of it, its place in the chain, and whether it holds."""
    event = get_object_or_404(
        Event.objects.visible_to(request.user).select_related("unit", "link"), pk=pk
    )
    link = getattr(event, "link", None)
    sound = False
    if link is not None:
        digest = hashlib.sha256((link.prev + event.payload).encode()).hexdigest()
        sound = digest == link.hash and trail.canonical(event) == event.payload
    facts = [
        {"label": _("事项"), "value": trail.word(event.verb), "note": event.verb},
        {
            "label": _("对象"),
            "value": event.subject_label,
            "url": _subject_url(event, request.user),
        },
        {"label": _("经办人"), "value": event.actor_name},
        {"label": _("单位"), "value": event.unit.name if event.unit else ""},
        {"label": _("理由"), "value": event.reason, "full": True},
        {"label": "IP", "value": event.ip or "", "number": True},
        {"label": _("请求编号"), "value": event.request_id, "number": True},
    ]
    context = {
        "event": event,
        "sentence": trail.describe(event),
        "facts": facts,
        "data": _rows(event.data),
        "link": link,
        "sound": sound,
    }
    return render(request, "audit/detail.html", context)


def _rows(data: Any, name: str = "") -> list[tuple[str, str]]:
    """Nested data as lines "changes.phone: …" for a table."""
    if isinstance(data, dict):
        rows = []
        for key, value in data.items():
            rows += _rows(value, f"{name}.{key}" if name else str(key))
        return rows
    if isinstance(data, list):
        return [(name, _("、").join(str(each) for each in data))]
    return [(name, "" if data is None else str(data))]


@access.verb("trail.view")
@never_cache
@require_POST
def export(request: Request) -> HttpResponse:
    """The filtered record as CSV, newest first, for a reason that itself goes on the record."""
    form = TrailFilter(request.GET)
    reason = ReasonForm(request.POST, prefix="export")
    if not form.is_valid() or not reason.is_valid():
        return render(
            request, "audit/export.html", {"reason_form": reason, "form": form}, status=422
        )
    events = _filtered(request, form).select_related("unit", "link").order_by("-pk")
    rows = list(events[: sheet.LIMIT])
    trail.record(
        "trail.export",
        None,
        by=request.user,
        at=timezone.now(),
        reason=reason.cleaned_data["reason"],
        data={"rows": len(rows), "conditions": request.GET.dict()},
    )
    response = HttpResponse(sheet.csv_text(rows), content_type="text/csv; charset=utf-8")
    day = f"{timezone.localdate():%Y%m%d}"
    response["Content-Disposition"] = f'attachment; filename="trail-{day}.csv"'
    return response


@access.verb("personal.reveal")
@never_cache
@require_POST
def reveal(request: Request) -> HttpResponse:
    """One sealed field of one row in full, against a reason. 404 out of scope, as everywhere."""
    entry = revealing.registered(request.POST.get("model", ""), request.POST.get("field", ""))
    if entry is None:
        raise Http404
    if not request.user.may(entry.verb):
        raise PermissionDenied(access.denial(entry.verb))
    try:
        obj = revealing.find(entry, request.POST.get("pk", ""), request.user)
    except (ObjectDoesNotExist, ValidationError, ValueError):
        raise Http404 from None
    form = ReasonForm(request.POST)
    value = None
    if form.is_valid():
        value = revealing.reveal(
            entry,
            obj,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
    context = {
        "form": form,
        "entry": entry,
        "subject": obj,
        "value": value,
        "back": _back(request),
    }
    fragment = "HX-Request" in request.headers
    template = "audit/revealed_fragment.html" if fragment else "audit/revealed.html"
    return render(request, template, context, status=422 if value is None else 200)


def _back(request: Request) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target and safe else "/"
