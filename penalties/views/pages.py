"""The page of one case."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import verb
from legal import calendars
from notices.shown import shown
from penalties import acts, cautions, owed, page, tabs
from penalties.casefile import File
from penalties.models import CaseState
from penalties.views.common import visible


@require_safe
@verb("cases.view")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page of one case: head, steps, what is owed now, and one tab of its file (`?tab=`)."""
    case = visible(request, pk)
    file = File(case)
    today, calendar = timezone.localdate(), calendars.load()
    every, tab = page.tab_of(file, request.GET.get("tab", ""))
    waits = owed.shown(owed.deadlines(case), request.user, today, calendar, file.articles)
    due = page.due(case, today)
    filled: dict[str, Any] = {}
    if tab is not None:
        here = acts.offered(file, request.user, today, tab=tab.code)
        filled = {"acts": here, **tab.fill(file, request, today)}
    return render(
        request,
        "penalties/detail.html",
        {
            **filled,
            "case": case,
            "file": file,
            "today": today,
            "name": str(case),
            "badge": case.phase,
            "tab": tab,
            "views": [
                {"name": each.word, "url": f"?tab={each.code}#file", "here": each is tab}
                for each in every
            ],
            "page": {
                "facts": page.facts(case),
                "due": due,
                "due_basis": file.articles.words("APL@2021:60"),
                "excluded": page.excluded(file, today),
                "steps": page.step_bar(file, due["tone"]),
                "derivation": case.decision_derivation,
                "why_today": today if case.state == CaseState.FILED else None,
                "why_basis": page.why_basis(case, file.articles),
                "ours": [each for each in waits if each["ours"]],
                "theirs": [each for each in waits if not each["ours"]],
                "acts": page.next_acts(file, request.user, today),
                "overridden": file.overridden,
                "cautions": shown(cautions.warnings(file, today), file.articles),
            },
        },
    )


# --- The tabs that gather what the others made ---------------------------------------------------


@tabs.tab("papers", _("文书"), order=90, template="penalties/tab_papers.html")
def papers(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """Every paper of the case with its file."""
    return {"papers": page.papers(file, request.user)}


@tabs.tab("log", _("经过"), order=95, template="penalties/tab_log.html")
def log(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """What happened, from the record."""
    return {"events": page.events(file.case)}
