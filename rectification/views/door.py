"""The course of every door: GET shows what would happen and what stands against it; POST acts.

`door` makes the view of one act from what differs: its form, the verb, what is said afterwards, and
what the page shows besides. Permission, word and reasons come from `rectification.acts`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import View, verb
from audit.trail import Decided, Reason, Refused
from legal import calendars
from rectification import forms, orders
from rectification import page as pages
from rectification.acts import ACTS
from rectification.models import Order
from rectification.views.common import now, visible

Do = Callable[[Order, Any, dict[str, Any]], Any]
Say = Callable[[Order, Any], str]
More = Callable[[Order, Any], dict[str, Any]]
#: Lines of the record that an act may leave, where they are not called as the act is.
LEAVES = {
    "record_service": {"orders.record_service", "orders.attempt_service"},
    "decide_extension": {"orders.grant_extension", "orders.refuse_extension"},
    "correct_on_the_spot": {"orders.correct_on_the_spot", "orders.record_reinspection"},
}


def door(
    name: str,
    form_class: type[forms.ActForm],
    *,
    do: Do,
    say: Say,
    effect: Callable[[], str] | None = None,
    basis: tuple[str, ...] = (),
    more: More | None = None,
    own_template: bool = False,
) -> View:
    """The view of the act `name`.

    `do(order, form, who)` is the verb; `say(order, result)` the message after it; `effect()` one
    line above the form and `basis` the articles beside it; `more(order, form)` what its own
    template shows.
    """
    template = f"rectification/act_{name}.html" if own_template else "rectification/act.html"

    def view(request: HttpRequest, pk: UUID) -> HttpResponse:
        order, today = visible(request, pk), timezone.localdate()
        why = ACTS[name].ask(order, request.user, today)
        data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = form_class(data, files, order=order, user=request.user, today=today)
        told: Decided | None = None
        refused: list[Reason] = []
        if request.method == "POST" and "preview" in request.POST:
            form.is_valid()
        elif request.method == "POST" and (form.is_valid() or _overtaken(request, order) or why):
            try:
                if _overtaken(request, order):
                    raise orders.overtaken(order)
                if why:
                    raise Refused(why)
                result = do(order, form, now(request))
            except Decided as decided:
                if _is_own(decided, request, name):
                    messages.info(request, _("已经办过了，没有重复登记。"))
                    return redirect(order)
                told = decided
            except Refused as no:
                refused = form.blame(no)
            else:
                messages.success(request, say(order, result))
                return redirect(order)
            order = visible(request, pk)
            why = ACTS[name].ask(order, request.user, today)
            form.show_again(order)
        return render(
            request,
            template,
            {
                "order": order,
                "label": str(order),
                "name": name,
                "word": ACTS[name].word,
                "form": form,
                "locked": pages.shown(why),
                "refused": pages.shown([r for r in refused if r not in why]),
                "told": told,
                "badge": pages.badge(order, today, calendars.load()),
                "danger": name in pages.DANGER,
                "effect": effect() if effect else "",
                "basis": pages.basis_links(list(basis)),
                **(more(order, form) if more and not why else {}),
            },
        )

    view.__name__ = name
    return verb(ACTS[name].permission)(view)


def _overtaken(request: HttpRequest, order: Order) -> bool:
    """Whether somebody acted since the page was shown."""
    seen = request.POST.get("seen", "")
    return seen.isdecimal() and len(seen) < 10 and int(seen) != order.version


def due_words(order: Order) -> str:
    """The due day for a message; empty while there is none."""
    return pages.day_words(order.due_on) if order.due_on is not None else ""


def _is_own(decided: Decided, request: HttpRequest, name: str) -> bool:
    """The same form posted twice by the same person: the first one did it."""
    event = decided.event
    if event is None or event.actor_id != request.user.pk:
        return False
    return event.verb in LEAVES.get(name, {f"orders.{name}"})
