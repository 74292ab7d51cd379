"""The list of cases, and the same rows as a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from accounts.access import verb
from enterprises import paging
from penalties import page as pages
from penalties.forms.listing import CaseConditions
from penalties.models import Case
from rectification.telling import listed
from vault import sheets

EXPORT_AT_MOST = 50_000


def _conditions(request: HttpRequest) -> CaseConditions:
    return CaseConditions(request.GET, user=request.user, today=timezone.localdate())


@require_safe
@verb("cases.view")
def list_(request: HttpRequest) -> HttpResponse:
    """Cases of the user's units, under conditions, newest first."""
    conditions = _conditions(request)
    rows = conditions.narrow(Case.objects.visible_to(request.user).for_list())
    try:
        page = paging.page(rows, order=conditions.order(), params=request.GET)
    except ValidationError:  # a cursor that somebody cut or made up
        return redirect("cases:list")
    today = timezone.localdate()
    return render(
        request,
        "penalties/list.html",
        {
            "rows": [
                {"case": case, "badge": case.phase, "due": pages.due(case, today)} for case in page
            ],
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "query": request.GET.urlencode(),
            "may_board": request.user.may("board.view"),
            "summary": ngettext("本页 %(n)d 件", "本页 %(n)d 件", len(page)) % {"n": len(page)},
        },
    )


@require_safe
@verb("cases.view")
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the rows of the list under the same conditions, as a CSV file."""
    conditions = _conditions(request)
    rows = conditions.narrow(Case.objects.visible_to(request.user).for_list())
    rows = rows.order_by(*conditions.order())[:EXPORT_AT_MOST]
    today = timezone.localdate()
    header = [
        _("企业"),
        _("统一社会信用代码"),
        _("案由"),
        _("承办单位"),
        _("承办人"),
        _("案件来源"),
        _("办理程序"),
        _("状态"),
        _("阶段"),
        pgettext("表头", "立案"),
        _("办案期限"),
        _("决定日期"),
        _("决定书文号"),
        _("处罚种类"),
        _("罚款（元）"),
        _("结案日期"),
        _("演示数据"),
    ]
    return sheets.download(
        f"{_('行政处罚')}-{today:%Y%m%d}.csv",
        header,
        (_cells(case) for case in rows.iterator(chunk_size=2000)),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _cells(case: Case) -> list[Any]:
    return [
        case.enterprise.name,
        case.enterprise.uscc,
        case.cause,
        case.unit.name,
        case.filed_by.name,
        case.get_origin_display(),
        case.get_route_display(),
        case.get_state_display(),
        case.get_step_display(),
        _day(case.filed_on),
        _day(case.decision_due_on),
        _day(case.decided_on),
        case.document_number,
        listed(case.measure_words) if case.measures else case.get_outcome_display(),
        case.fine if case.fine is not None else "",
        _day(case.closed_on),
        _("是") if case.is_demonstration else "",
    ]
