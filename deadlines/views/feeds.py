"""Private calendars: opening, renewing and closing an address, and the calendar itself."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.models import Unit
from deadlines import feeds
from deadlines.feeds import Contents
from deadlines.models import Feed, UnitFeed


@require_safe
@access.verb("orders.view")
def feed(request: HttpRequest) -> HttpResponse:
    """Whether there is an address for the person and for each unit, and how to get a new one."""
    return _feed_page(request)


def _feed_page(request: HttpRequest, address: str = "", unit: Unit | None = None) -> HttpResponse:
    """`address` is shown this once: the person's own, or that of `unit`."""
    units = []
    if request.user.may("board.view"):
        feed_of = Prefetch("deadline_feed", UnitFeed.objects.select_related("created_by"))
        units = list(Unit.objects.visible_to(request.user).prefetch_related(feed_of))
    response = render(
        request,
        "deadlines/feed.html",
        {
            "feed": Feed.objects.filter(user=request.user).first(),
            "address": address,
            "units": [(each, getattr(each, "deadline_feed", None)) for each in units],
            "unit": unit,
        },
    )
    if address:
        patch_cache_control(response, no_store=True)
    return response


@require_POST
@access.verb("orders.view")
def open_feed(request: HttpRequest) -> HttpResponse:
    """Make a new address and show it this once."""
    token = feeds.open_feed(request.user, by=request.user, at=timezone.now())
    return _feed_page(request, _address("deadlines:ics", token))


@require_POST
@access.verb("orders.view")
def close_feed(request: HttpRequest) -> HttpResponse:
    """Make the address void."""
    feeds.close_feed(request.user, by=request.user, at=timezone.now())
    messages.success(request, _("日历订阅已关闭，原地址失效。"))
    return redirect("deadlines:feed")


@require_POST
@access.verb("board.view")
def open_unit_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new address for a unit and show it this once."""
    unit = _unit(request, pk)
    token = feeds.open_unit_feed(unit, by=request.user, at=timezone.now())
    return _feed_page(request, _address("deadlines:unit_ics", token), unit)


@require_POST
@access.verb("board.view")
def close_unit_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the unit's address void."""
    unit = _unit(request, pk)
    feeds.close_unit_feed(unit, by=request.user, at=timezone.now())
    messages.success(
        request, _("%(unit)s的日历订阅已关闭，原地址失效。") % {"unit": unit.short_name}
    )
    return redirect("deadlines:feed")


def _unit(request: HttpRequest, pk: int) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)


def _address(name: str, token: str) -> str:
    return str(settings.ZHENGGAI_PUBLIC_URL) + reverse(name, args=[token])


@access.public
@require_safe
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """A person's calendar; the address is the secret, and a wrong one is simply not there."""
    owner = feeds.owner(token)
    if owner is None:
        raise Http404
    return _sent(request, feeds.of_user(owner, timezone.localdate()))


@access.public
@require_safe
def unit_ics(request: HttpRequest, token: str) -> HttpResponse:
    """A unit's calendar."""
    unit = feeds.unit_of(token)
    if unit is None:
        raise Http404
    return _sent(request, feeds.of_unit(unit, timezone.localdate()))


def _sent(request: HttpRequest, contents: Contents) -> HttpResponse:
    """The file; 304 where the program has it already, before anything is written."""
    response: HttpResponse
    if contents.etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(contents.text(), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="zhenggai.ics"'
    response["ETag"] = contents.etag
    # Kept by the program itself and asked about each time; by nobody on the way.
    patch_cache_control(response, private=True, no_cache=True)
    return response
