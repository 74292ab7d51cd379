"""The regulator's own duties: counted, listed, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from deadlines import duties
from deadlines.duties import Ask, Duty, Row
from deadlines.forms import DutyConditions
from legal import calendars, citations
from vault.sheets import download

PAGE_SIZE = 30
EXPORT_AT_MOST = 50_000
EXPORT_STEP = 2000


@require_safe
@access.verb("orders.view")
def duties_(request: HttpRequest) -> HttpResponse:
    """Every duty with its figures; below, the rows behind the figure chosen."""
    form, ask, duty = _asked(request)
    counted = duties.counts(request.user, ask.today, ask.calendar, unit=ask.unit, year=ask.year)
    page = duties.page(duty, ask, request.GET.dict(), PAGE_SIZE) if duty else duties.Page([])
    return render(
        request,
        "deadlines/duties.html",
        {
            "form": form,
            "counted": [(each, _bases(each.duty)) for each in counted],
            "duty": duty,
            "state": ask.state,
            "state_word": duties.state_words()[ask.state],
            "year": ask.year,
            "page": page,
            "query": request.GET.urlencode(),
        },
    )


def _asked(request: HttpRequest) -> tuple[DutyConditions, Ask, Duty | None]:
    """The conditions that were understood; without any, what the first duty owes."""
    today = timezone.localdate()
    form = DutyConditions(request.GET, user=request.user, today=today)
    data = form.cleaned_data
    every = duties.every()
    duty = duties.find(data.get("duty") or "") or (every[0] if every else None)
    ask = Ask(
        request.user,
        today,
        data.get("year") or today.year,
        calendars.load(),
        data.get("unit"),
        data.get("state") or duties.OWED,
    )
    return form, ask, duty


def _bases(duty: Duty) -> list[dict[str, str]]:
    """The articles that a duty rests on, with their pages."""
    books = citations.register()
    found = []
    for ref in duty.basis:
        article = books.by_ref.get(ref)
        if article is not None:
            found.append({"text": article.cite(short=True), "url": article.get_absolute_url()})
    return found


@require_safe
@access.verb("orders.view")
def export_duties(request: HttpRequest) -> HttpResponse:
    """The rows behind the figure chosen, as a CSV file; no personal data in it."""
    _form, ask, duty = _asked(request)
    header = [_("职责"), _("事项"), _("单位"), _("期限"), _("完成日期"), _("状态"), _("说明")]
    name = f"{duty.word if duty else _('监管职责')}-{ask.today:%Y%m%d}.csv"
    return download(name, header, _lines(duty, ask))


def _lines(duty: Duty | None, ask: Ask) -> Iterator[list[Any]]:
    if duty is None:
        return
    for row in _every_row(duty, ask):
        yield [
            duty.word,
            row.label,
            row.unit.name,
            row.due_on.isoformat(),
            row.done_on.isoformat() if row.done_on else "",
            row.left,
            row.text,
        ]


def _every_row(duty: Duty, ask: Ask) -> Iterator[Row]:
    """Page after page, so that memory holds one."""
    params: dict[str, str] = {}
    for _page in range(0, EXPORT_AT_MOST, EXPORT_STEP):
        page = duties.page(duty, ask, params, EXPORT_STEP)
        yield from page.rows
        if not page.next:
            return
        params = {"after": page.next}
