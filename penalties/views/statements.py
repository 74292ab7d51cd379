"""Doors of statements: recording, the scan, and the record as a page to print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Request, verb
from audit import downloads
from penalties.acts import Act
from penalties.cases import exhibits, statements
from penalties.forms.statements import ScanForm, StatementForm
from penalties.models import Statement
from penalties.views.common import visible
from penalties.views.door import door

TAB = "inquiry"

record_statement = door(
    Act(
        "record_statement",
        "cases.file",
        gettext_lazy("登记询问笔录"),
        TAB,
        statements.can_record_statement,
        when=lambda file, row: not exhibits.is_over(file),
    ),
    StatementForm,
    do=lambda case, row, form, who: statements.record_statement(case, **form.given(), **who),
    say=lambda case, row: _("询问笔录已登记，并列入证据清单。"),
    basis=("APL@2021:42(1)", "APL@2021:55"),
)

scan_statement = door(
    Act(
        "scan_statement",
        "cases.file",
        gettext_lazy("上传扫描件"),
        TAB,
        statements.can_scan_statement,
        on="statement",
        when=lambda file, row: row.file_id is None,
    ),
    ScanForm,
    model=Statement,
    do=lambda case, row, form, who: statements.scan_statement(
        case, row, upload=form.cleaned_data["upload"], **who
    ),
    say=lambda case, row: _("扫描件已上传。"),
)


@require_safe
@verb("cases.view")
def statement_page(request: Request, pk: UUID, row: UUID) -> HttpResponse:
    """The record with its questions and answers, as it is printed."""
    case = visible(request, pk)
    found = Statement.objects.select_related("officer_1", "officer_2", "respondent", "file")
    statement: Any = get_object_or_404(found, case=case, pk=row)
    return render(
        request,
        "penalties/statement.html",
        {"case": case, "name": str(case), "statement": statement},
    )


@require_POST
@verb("cases.view")
def statement_file(request: Request, pk: UUID, row: UUID) -> HttpResponse:
    """The scan, as an attachment; the record says who took it. A POST, since it writes."""
    case = visible(request, pk)
    found = Statement.objects.filter(case=case, file__isnull=False).select_related("file")
    statement = get_object_or_404(found, pk=row)
    assert statement.file is not None
    return downloads.send(request, statement.file, case)
