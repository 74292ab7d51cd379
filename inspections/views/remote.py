"""Doors of remote tests: list, plan, the page of one, and its acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.access import Request
from audit import trail
from audit.trail import Reason, Refused
from deadlines import clock, words
from deadlines.models import Deadline
from enterprises import paging
from enterprises.views import picker
from enterprises.wording import blame
from inspections import paper_pages, papers, remote
from inspections.basis import order_176
from inspections.models import RemoteTest
from inspections.remote_forms import (
    CancelForm,
    HoldForm,
    MoveForm,
    NoticeForm,
    PlanForm,
    RemoteConditions,
)
from inspections.views.visits import enterprise_of
from legal import calendars
from legal.periods import CalendarMissing


@require_safe
@access.verb("inspections.view")
def list_(request: Request) -> HttpResponse:
    """Remote tests of the user's units, the latest day first, under conditions."""
    conditions = RemoteConditions(request.GET, user=request.user)
    rows = conditions.narrow(RemoteTest.objects.visible_to(request.user))
    page = paging.page(
        rows.select_related("unit", "enterprise", "system"),
        order=["-starts_on", "-id"],
        params=request.GET,
    )
    today, calendar = timezone.localdate(), calendars.load()
    notices = {
        row.subject_id: row
        for row in Deadline.objects.filter(
            subject_type=RemoteTest._meta.label_lower,
            subject_id__in=[test.pk for test in page if test.is_ahead],
            kind=remote.DEADLINE_KIND,
            state=Deadline.RUNNING,
        )
    }
    shown = []
    for test in page:
        due = notices.get(test.pk)
        left, tone = words.time_left(due, today, calendar) if due else ("", "")
        shown.append({"test": test, "due": due, "left": left, "tone": tone})
    return render(
        request,
        "inspections/remotes.html",
        {
            "rows": shown,
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "cannot": remote.can_plan(request.user.unit),
            "may_record": request.user.may("inspections.record"),
        },
    )


@require_safe
@access.verb("inspections.view")
def detail(request: Request, pk: UUID) -> HttpResponse:
    """One test: what is planned, until when the notice is due and why, what may be done."""
    test = _visible(request, pk)
    today, calendar = timezone.localdate(), calendars.load()
    history = clock.history(test, remote.DEADLINE_KIND)
    due = history[-1]
    left, tone = words.time_left(due, today, calendar)
    notices = papers.issued(test)
    return render(
        request,
        "inspections/remote.html",
        {
            "test": test,
            "facts": _facts(test),
            "due": due,
            "left": left,
            "tone": tone,
            "today": today if due.is_open else None,
            "law": order_176(4, 2),
            "actions": _actions(test, request),
            "papers": paper_pages.shown(notices, request.user),
            "withdrawable": paper_pages.withdrawable(notices, request.user),
            "events": trail.story(trail.timeline(test)[:100]),
        },
    )


def _facts(test: RemoteTest) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("检测单位"), "value": test.unit.name},
        {"label": _("系统"), "value": test.system.name},
        {"label": _("计划人"), "value": test.planned_by.name},
        {"label": _("检测范围"), "value": test.scope, "full": True},
    ]
    if test.notified_on is not None:
        facts += [
            {
                "label": _("告知"),
                "value": _("%(day)s，%(how)s")
                % {
                    "day": remote.day_words(test.notified_on),
                    "how": test.get_notified_how_display(),
                },
            },
            {
                "label": _("通报网信"),
                "value": remote.day_words(test.cac_told_on) if test.cac_told_on else "",
            },
            {
                "label": _("通报行业"),
                "value": _("%(day)s，%(name)s")
                % {"day": remote.day_words(test.regulator_told_on), "name": test.regulator}
                if test.regulator_told_on
                else _("没有行业主管部门"),
            },
        ]
    if test.inspection is not None:
        facts.append(
            {
                "label": _("检查编号"),
                "value": test.inspection.number,
                "url": test.inspection.get_absolute_url(),
                "number": True,
            }
        )
    return facts


def _actions(test: RemoteTest, request: Request) -> list[dict[str, Any]]:
    """What can be done now, for components/acts.html; refusals from the verbs' own lists."""
    if not request.user.may("inspections.record") or not test.is_ahead:
        return []
    planned = test.state == RemoteTest.State.PLANNED
    cannot_hold = remote.can_hold(test, timezone.localdate())
    started = f"{reverse('inspections:new')}?enterprise={test.enterprise_id}&remote={test.pk}"
    acts: list[dict[str, Any]] = []
    if planned:
        acts.append(
            {
                "name": _("记录告知"),
                "url": reverse("inspections:remote_notice", args=[test.pk]),
                "primary": True,
                "hint": _("告知被检测单位，并通报网信部门和行业主管部门"),
            }
        )
    if request.user.may("inspections.issue"):
        acts.append(
            {
                "name": _("签发监督检查通知书"),
                "url": reverse("inspections:issue_remote_notice", args=[test.pk]),
                "hint": _("书面告知时送交被检测单位"),
                "reasons": paper_pages.reasons(papers.can_issue_remote_notice(test)),
            }
        )
    acts += [
        {
            "name": _("登记检测"),
            "url": started,
            "primary": not planned and not cannot_hold,
            "hint": _("开始检测时登记，检查与这次告知关联"),
            "reasons": cannot_hold,
        },
        {
            "name": _("关联已登记的检查"),
            "url": reverse("inspections:remote_hold", args=[test.pk]),
            "reasons": cannot_hold,
        },
        {
            "name": _("改期"),
            "url": reverse("inspections:remote_move", args=[test.pk]),
            "hint": "" if planned else _("改期后须重新告知"),
        },
        {
            "name": _("取消检测"),
            "url": reverse("inspections:remote_cancel", args=[test.pk]),
            "danger": True,
        },
    ]
    return acts


@access.verb("inspections.record")
def new(request: Request) -> HttpResponse:
    """Plan a test: first the enterprise (?enterprise=), then system, day and scope."""
    cannot = remote.can_plan(request.user.unit)
    chosen = request.GET.get("enterprise", "")
    if cannot or not chosen:
        return render(
            request,
            "inspections/remote_pick.html",
            {"cannot": cannot, **picker(request, url_name="inspections:remote_new")},
        )
    enterprise = enterprise_of(request, chosen)
    form = PlanForm(request.POST or None, enterprise=enterprise)
    if request.method == "POST" and form.is_valid():
        try:
            test = remote.plan(by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已计划远程检测，按期告知被检测单位"))
            return redirect(test)
    return render(
        request,
        "inspections/remote_new.html",
        {
            "enterprise": enterprise,
            "form": form,
            "earliest": _earliest(),
            "law": order_176(4, 2),
            "has_systems": form.fields["system"].queryset.exists(),
        },
    )


def _earliest() -> Any:
    """The first day on which a test that is told of today may start; None without calendar."""
    try:
        return remote.earliest(timezone.localdate(), calendars.load())
    except CalendarMissing:
        return None


Verb = Callable[..., Any]


def _act(
    request: Request,
    test: RemoteTest,
    form: Any,
    verb: Verb,
    *,
    title: str,
    intro: str,
    done: str,
    locked: list[Reason],
    danger: bool = False,
) -> HttpResponse:
    """One act on a test: its form, the verb, the message; or why it cannot be done."""
    if request.method == "POST" and not locked and form.is_valid():
        test.version = form.cleaned_data["version"] or 0
        try:
            verb(test, by=request.user, at=timezone.now(), **form.facts())
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, done)
            return redirect(test)
    return render(
        request,
        "inspections/remote_act.html",
        {
            "test": test,
            "form": form,
            "title": title,
            "intro": intro,
            "locked": locked,
            "danger": danger,
            "law": order_176(4, 2),
        },
    )


@access.verb("inspections.record")
def notice(request: Request, pk: UUID) -> HttpResponse:
    """Record that the operator was told, and the authorities beside it."""
    test = _visible(request, pk)
    form = NoticeForm(
        request.POST or None,
        test=test,
        initial={"on": timezone.localdate(), "how": RemoteTest.How.PAPER},
    )
    return _act(
        request,
        test,
        form,
        remote.record_notice,
        title=_("记录告知"),
        intro=_("检测日期 %(day)s，至少提前三个工作日告知。")
        % {"day": remote.day_words(test.starts_on)},
        done=_("已记录告知"),
        locked=remote.can_notify(test),
    )


@access.verb("inspections.record")
def move(request: Request, pk: UUID) -> HttpResponse:
    """Put the test on another day."""
    test = _visible(request, pk)
    form = MoveForm(request.POST or None, test=test)
    return _act(
        request,
        test,
        form,
        remote.reschedule,
        title=_("改期"),
        intro=_("原定 %(day)s。已经告知的，改期后重新告知。")
        % {"day": remote.day_words(test.starts_on)},
        done=_("已改期"),
        locked=remote.can_change(test),
    )


@access.verb("inspections.record")
def hold(request: Request, pk: UUID) -> HttpResponse:
    """Say which inspection records the test."""
    test = _visible(request, pk)
    form = HoldForm(request.POST or None, test=test, user=request.user)
    return _act(
        request,
        test,
        form,
        remote.hold,
        title=_("关联检查"),
        intro=_("检测按告知实施后，与登记的检查关联。"),
        done=_("已关联检查"),
        locked=remote.can_hold(test, timezone.localdate()),
    )


@access.verb("inspections.record")
def cancel(request: Request, pk: UUID) -> HttpResponse:
    """Give the test up, with a reason."""
    test = _visible(request, pk)
    form = CancelForm(request.POST or None, test=test)
    return _act(
        request,
        test,
        form,
        remote.cancel,
        title=_("取消检测"),
        intro=_("取消后不再提醒告知，记录保留。"),
        done=_("已取消远程检测"),
        locked=remote.can_change(test),
        danger=True,
    )


def _visible(request: Request, pk: UUID) -> RemoteTest:
    return get_object_or_404(
        RemoteTest.objects.visible_to(request.user).select_related(
            "unit", "enterprise", "system", "planned_by", "inspection"
        ),
        pk=pk,
    )
