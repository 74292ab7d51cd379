"""The self-review of a case: its page, and the same as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import verb
from penalties import review
from penalties.casefile import File
from penalties.review.rules import WORDS
from penalties.views.common import visible
from rectification import review as reviews
from vault import sheets


@require_safe
@verb("cases.view")
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every defect with its article and where it stands; then the dates and clauses themselves."""
    case = visible(request, pk)
    file, today = File(case), timezone.localdate()
    found = review.of(file, today)
    dates, books = review.cited(case, today)
    return render(
        request,
        "penalties/review.html",
        {
            "case": case,
            "name": str(case),
            "badge": case.phase,
            "found": found,
            "groups": _groups(file, found),
            "rules": len(review.rules()),
            "weights": review.WEIGHTS,
            "review": reviews.page(dates, books),
        },
    )


def _groups(file: File, found: review.Reviewed) -> list[dict[str, Any]]:
    """The defects by severity, the gravest first, with their articles in words."""
    groups = []
    for severity, weight in review.WEIGHTS.items():
        rows = [
            {"defect": each, "law": file.articles.links([each.basis])}
            for each in found.of(severity)
        ]
        if rows:
            groups.append({"word": WORDS[severity], "weight": weight, "rows": rows})
    return groups


@require_safe
@verb("cases.view")
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The defects as a CSV file."""
    case = visible(request, pk)
    file, today = File(case), timezone.localdate()
    found = review.of(file, today)
    header = [_("严重程度"), _("扣分"), _("项目"), _("情况"), _("依据"), _("代码")]
    return sheets.download(
        f"{_('案卷评查')}-{case}-{today:%Y%m%d}.csv",
        header,
        (
            [
                each.severity_word,
                review.WEIGHTS[each.severity],
                each.word,
                each.text,
                file.articles.words(each.basis),
                each.code,
            ]
            for each in found.defects
        ),
    )
