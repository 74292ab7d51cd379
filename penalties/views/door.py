"""The course of every act on a case: GET shows what would happen and what stands against it; POST
acts, or shows again what was typed with the reasons.

    give_notice = door(Act("give_notice", …), NoticeForm, do=…, say=…)

makes the view and registers the act; `penalties.urls` takes the address from `paths()`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import View, verb
from audit.trail import Decided, Reason, Refused
from penalties import acts, cases
from penalties.acts import Act
from penalties.casefile import File
from penalties.forms.acts import ActForm
from penalties.models import Case, CaseFinding, OfCase
from penalties.views.common import now, visible
from rectification import page as order_page

Do = Callable[[Case, Any, ActForm, dict[str, Any]], Any]
Say = Callable[[Case, Any], str]
More = Callable[[File, Any, ActForm], dict[str, Any]]

_paths: list[URLPattern] = []


def door(
    act: Act,
    form_class: type[ActForm],
    *,
    do: Do,
    say: Say,
    model: type[OfCase] | type[CaseFinding] | None = None,
    basis: tuple[str, ...] = (),
    effect: Callable[[], str] | None = None,
    more: More | None = None,
    template: str = "penalties/act.html",
    to: Callable[[Case, Any], str] | None = None,
) -> View:
    """The view of one act.

    Args:
        do: `do(case, row, form, who)` is the verb; `who` holds `by` and `at`.
        say: `say(case, result)`, the message after it.
        model: of the record that the act is on; the address then carries its id as well.
        basis: articles beside the form. `effect()` is one line above it.
        more: what an own template shows beside the form.
        to: where to go afterwards; the tab of the act by default.
    """
    acts.register(act)

    def view(request: HttpRequest, pk: UUID, row: UUID | None = None) -> HttpResponse:
        file, on = _fetch(request, pk, model, row)
        today = timezone.localdate()
        why = act.ask(file, on, request.user, today)
        data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = form_class(data, files, file=file, row=on, user=request.user, today=today)
        told: Decided | None = None
        refused: list[Reason] = []
        if request.method == "POST" and (form.is_valid() or why or _overtaken(request, file.case)):
            try:
                if _overtaken(request, file.case):
                    raise cases.overtaken(file.case)
                if why:
                    raise Refused(why)
                result = do(file.case, on, form, now(request))
            except Decided as decided:
                if _is_own(decided, request, act.name):
                    messages.info(request, _("已经办过了，没有重复登记。"))
                    return redirect(_target(file.case, act))
                told = decided
            except Refused as no:
                refused = form.blame(no)
            else:
                messages.success(request, say(file.case, result))
                return redirect(to(file.case, result) if to else _target(file.case, act))
            file, on = _fetch(request, pk, model, row)
            why = act.ask(file, on, request.user, today)
            form.show_again(file)
        return render(
            request,
            template,
            {
                "case": file.case,
                "file": file,
                "row": on,
                "name": str(file.case),
                "badge": file.case.phase,
                "form": form,
                "word": act.word,
                "danger": act.danger,
                "effect": effect() if effect else "",
                "basis": order_page.basis_links(list(basis)),
                "told": told,
                "locked": order_page.shown(why),
                "refused": order_page.shown([r for r in refused if r not in why]),
                "back": _target(file.case, act),
                **(more(file, on, form) if more and not why else {}),
            },
        )

    view.__name__ = act.name
    guarded = verb(act.permission)(view)
    place = f"<uuid:pk>/{act.name}/" + ("<uuid:row>/" if model is not None else "")
    _paths.append(path(place, guarded, name=act.name))
    return guarded


def paths() -> list[URLPattern]:
    """The addresses of all doors made so far."""
    return list(_paths)


def _fetch(
    request: HttpRequest, pk: UUID, model: type[OfCase] | type[CaseFinding] | None, row: UUID | None
) -> tuple[File, Any]:
    """The file and the record that the act is on; 404 for what is not in this case."""
    file = File(visible(request, pk))
    if model is None or row is None:
        return file, None
    found = model._default_manager.filter(case=file.case, pk=row).first()
    if found is None:
        raise Http404
    found.case = file.case
    return file, found


def _target(case: Case, act: Act) -> str:
    return f"{case.get_absolute_url()}?tab={act.tab}"


def _overtaken(request: HttpRequest, case: Case) -> bool:
    """Whether somebody acted since the page was shown."""
    seen = request.POST.get("seen", "")
    return seen.isdecimal() and len(seen) < 10 and int(seen) != case.version


def _is_own(decided: Decided, request: HttpRequest, name: str) -> bool:
    """The same form posted twice by the same person: the first one did it."""
    event = decided.event
    if event is None or event.actor_id != request.user.pk:
        return False
    return event.verb == f"cases.{name}"
