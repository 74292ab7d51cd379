"""Doors of the list of exhibits, and the list itself: to print, and as CSV."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Request, verb
from audit import downloads
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import exhibits
from penalties.forms.acts import Confirm, NeededReason
from penalties.forms.exhibits import AddExhibitForm, AmendExhibitForm, VerifyForm
from penalties.models import Exhibit
from penalties.views.common import visible
from penalties.views.door import door
from vault import sheets

TAB = "inquiry"

adopt_exhibits = door(
    Act(
        "adopt_exhibits",
        "cases.file",
        gettext_lazy("接收检查的证据和文书"),
        TAB,
        exhibits.can_adopt_exhibits,
        when=lambda file, row: not exhibits.is_over(file) and any(exhibits.to_adopt(file)),
        hint=gettext_lazy("把检查取得的全部证据和文书列入证据清单。"),
    ),
    Confirm,
    do=lambda case, row, form, who: exhibits.adopt_exhibits(case, **who),
    say=lambda case, rows: (
        ngettext("已接收 %(n)d 件证据。", "已接收 %(n)d 件证据。", len(rows)) % {"n": len(rows)}
    ),
    basis=("APL@2021:46(1)",),
)

add_exhibit = door(
    Act(
        "add_exhibit",
        "cases.file",
        gettext_lazy("登记证据"),
        TAB,
        exhibits.can_add_exhibit,
        when=lambda file, row: not exhibits.is_over(file),
    ),
    AddExhibitForm,
    do=lambda case, row, form, who: exhibits.add_exhibit(case, **form.given(), **who),
    say=lambda case, row: _("证据已登记，编号 %(n)s。") % {"n": row.number},
    basis=("APL@2021:46(1)",),
)

verify_exhibits = door(
    Act(
        "verify_exhibits",
        "cases.file",
        gettext_lazy("查证属实"),
        TAB,
        exhibits.can_verify_exhibits,
        when=lambda file, row: not exhibits.is_over(file) and bool(exhibits.unverified(file)),
    ),
    VerifyForm,
    do=lambda case, row, form, who: exhibits.verify_exhibits(case, **form.given(), **who),
    say=lambda case, rows: exhibits.verified_words(rows),
    basis=("APL@2021:46(2)",),
)

amend_exhibit = door(
    Act(
        "amend_exhibit",
        "cases.file",
        gettext_lazy("修改登记"),
        TAB,
        exhibits.can_amend_exhibit,
        on="exhibit",
        when=lambda file, row: not (row.verified or row.excluded_reason or exhibits.is_over(file)),
    ),
    AmendExhibitForm,
    model=Exhibit,
    do=lambda case, row, form, who: exhibits.amend_exhibit(case, row, **form.given(), **who),
    say=lambda case, row: _("证据登记已修改。"),
    basis=("APL@2021:46(1)",),
)

exclude_exhibit = door(
    Act(
        "exclude_exhibit",
        "cases.file",
        gettext_lazy("不予采用"),
        TAB,
        exhibits.can_exclude_exhibit,
        on="exhibit",
        when=lambda file, row: not row.excluded_reason and not exhibits.is_over(file),
        danger=True,
    ),
    NeededReason,
    model=Exhibit,
    do=lambda case, row, form, who: exhibits.exclude_exhibit(case, row, **form.given(), **who),
    say=lambda case, row: _("证据不予采用，编号保留。"),
    basis=("APL@2021:46(2)",),
)

restore_exhibit = door(
    Act(
        "restore_exhibit",
        "cases.file",
        gettext_lazy("恢复采用"),
        TAB,
        exhibits.can_restore_exhibit,
        on="exhibit",
        when=lambda file, row: bool(row.excluded_reason) and not exhibits.is_over(file),
    ),
    NeededReason,
    model=Exhibit,
    do=lambda case, row, form, who: exhibits.restore_exhibit(case, row, **form.given(), **who),
    say=lambda case, row: _("证据恢复采用，等待查证。"),
)


@require_safe
@verb("cases.view")
def exhibit_list(request: Request, pk: UUID) -> HttpResponse:
    """The list of exhibits of one case, whole, as it is printed."""
    case = visible(request, pk)
    return render(
        request,
        "penalties/exhibits.html",
        {"case": case, "name": str(case), "rows": File(case).exhibits},
    )


@require_safe
@verb("cases.view")
def exhibit_sheet(request: Request, pk: UUID) -> HttpResponse:
    """The same list as CSV."""
    case = visible(request, pk)
    header = (
        _("编号"),
        _("证据种类"),
        _("名称"),
        _("证明内容"),
        _("来源"),
        _("取得日期"),
        _("取证人"),
        _("查证"),
        _("不采用的理由"),
    )
    rows = (
        (
            row.number,
            row.get_kind_display(),
            row.title,
            row.proves,
            row.source,
            row.collected_on.isoformat(),
            " ".join(each.name for each in (row.officer_1, row.officer_2) if each),
            _("已查证属实") if row.verified else "",
            row.excluded_reason,
        )
        for row in File(case).exhibits
    )
    return sheets.download(f"{_('证据清单')}-{case.filed_on:%Y%m%d}.csv", header, rows)


@require_POST
@verb("cases.view")
def exhibit_file(request: Request, pk: UUID, row: UUID) -> HttpResponse:
    """The file that was kept with an exhibit; the record says who took it."""
    case = visible(request, pk)
    found = Exhibit.objects.filter(case=case, file__isnull=False).select_related("file")
    exhibit = get_object_or_404(found, pk=row)
    assert exhibit.file is not None
    return downloads.send(request, exhibit.file, case)
