"""The ledger for those who keep the portal running: what waits, what failed, try again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import verb
from audit.trail import Refused
from jobs import ledger, registry
from jobs.models import Job

PAGE = 50
STATES = ("unfinished", *Job.State.values)


@require_safe
@verb("jobs.view")
def job_list(request: HttpRequest) -> HttpResponse:
    """Newest first; `state` chooses a view, `after` is the time of the last row seen."""
    state = request.GET.get("state", "unfinished")
    state = state if state in STATES else "unfinished"
    jobs = Job.objects.unfinished() if state == "unfinished" else Job.objects.filter(state=state)
    after = _moment(request.GET.get("after", ""))
    if after is not None:
        jobs = jobs.filter(created_at__lt=after)
    rows = list(jobs.order_by("-created_at", "-id")[: PAGE + 1])
    now, shown = timezone.now(), min(len(rows), PAGE)
    return render(
        request,
        "jobs/list.html",
        {
            "rows": [_row(job, request, now) for job in rows[:PAGE]],
            "views": _views(state),
            "state": state,
            "next": rows[PAGE - 1].created_at.isoformat() if len(rows) > PAGE else "",
            "previous": "",
            "summary": ngettext("本页 %(number)s 项", "本页 %(number)s 项", shown)
            % {"number": shown},
        },
    )


@require_POST
@verb("jobs.retry")
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    job = get_object_or_404(Job, pk=pk)
    try:
        ledger.retry(job, by=request.user, at=timezone.now())
        messages.success(request, _("已重新排队。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("jobs:list")


def _row(job: Job, request: HttpRequest, now: Any) -> dict[str, Any]:
    return {
        "job": job,
        "kind": registry.word(job.kind),
        "number": str(job.pk)[:8],
        "minutes": int(job.age(now).total_seconds() // 60),
        "may_retry": job.state == Job.State.DEAD and not ledger.can_retry(job, request.user),
    }


def _views(here: str) -> list[dict[str, Any]]:
    counts = dict(
        Job.objects.unfinished().values_list("state").annotate(number=Count("pk")).order_by()
    )
    words = {"unfinished": _("未完成"), **dict(Job.State.choices)}
    views = []
    for state in STATES:
        view: dict[str, Any] = {
            "name": words[state],
            "url": f"{reverse('jobs:list')}?state={state}",
            "here": state == here,
        }
        if state == "unfinished":
            view["count"] = sum(counts.values())
        elif state != Job.State.DONE:
            view["count"] = counts.get(state, 0)
            view["red"] = state == Job.State.DEAD
        views.append(view)
    return views


def _moment(text: str) -> Any:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
