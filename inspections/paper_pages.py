"""What pages show of the papers of a visit: elements with what they lack, and the papers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.trail import Reason
from inspections import papers
from inspections.models import Inspection, RemoteTest
from inspections.paper_facts import Worded
from legal import citations
from notices import kinds, sheets
from notices.elements import Sort
from notices.models import Notice

LONGEST = 120  # characters of an element on the page


def article_words(ref: str, day: date | None = None) -> str:
    """The article in words; where it was not in force on the day, what stood in its place then."""
    books = citations.register()
    article = books.by_ref.get(ref)
    if article is None:
        return ref
    if day is None or article.in_force_on(day):
        return article.cite_short
    found = books.counterparts(article, day)
    return _("、").join(each.cite_short for each in found)


def reasons(found: Iterable[Reason], day: date | None = None) -> list[dict[str, Any]]:
    """Reasons with their article in words, for components/reasons.html."""
    return [
        {
            "text": reason.text,
            "basis": article_words(reason.basis, day) if reason.basis else "",
            "house": reason.house,
            "url": reason.url,
            "url_text": reason.url_text,
        }
        for reason in found
    ]


def elements(
    worded: Worded, found: Iterable[Reason], day: date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The elements of the paper in their order: those that lack, for components/gates.html, each
    with its article and the page that mends it; and what the others will say, for
    components/desc.html."""
    faults: dict[str, list[Reason]] = {}
    for reason in found:
        faults.setdefault(reason.field, []).append(reason)
    lacking, said = [], []
    for element in kinds.get(worded.kind).elements:
        if reasons := faults.get(element.code):
            lacking.append(
                {
                    "state": "no",
                    "title": element.word,
                    "text": " ".join(str(reason.text) for reason in reasons),
                    "law": article_words(element.basis, day) if element.basis else "",
                    "url": reasons[0].url,
                    "url_text": reasons[0].url_text,
                }
            )
            continue
        words = _words(worded.context.get(element.code), element.sort)
        said.append({"label": element.word, "value": words or _("没有"), "full": True})
    return lacking, said


def _words(value: Any, sort: Sort) -> str:
    if sort is Sort.TEXTS:
        return Truncator(_("；").join(value or ())).chars(LONGEST)
    if sort is Sort.ROWS:
        rows = list(value or ())
        if not rows:
            return ""
        firsts = [Truncator(next(iter(row.values()))).chars(30) for row in rows[:6]]
        count = ngettext("%(count)d 项", "%(count)d 项", len(rows)) % {"count": len(rows)}
        return _("%(count)s：%(names)s") % {"count": count, "names": _("、").join(firsts)}
    return Truncator(value or "").chars(LONGEST)


def shown(notices: list[Notice], user: User) -> list[dict[str, Any]]:
    """The papers for components/papers.html; a withdrawn one says so."""
    entries = sheets.entries(notices, user=user)
    for notice, entry in zip(notices, entries, strict=True):
        if notice.state != Notice.State.VALID:
            entry["hint"] = _("%(state)s：%(reason)s") % {
                "state": notice.get_state_display(),
                "reason": notice.ended_reason,
            }
    return entries


def issued_with_test(inspection: Inspection) -> list[Notice]:
    """The papers of the visit and those of the test that it records, oldest first."""
    before: list[Notice] = []
    if inspection.mode == Inspection.Mode.REMOTE:
        test = RemoteTest.objects.filter(inspection=inspection).first()
        before = papers.issued(test) if test is not None else []
    return [*before, *papers.issued(inspection)]


def actions(inspection: Inspection, user: User, notices: list[Notice]) -> list[dict[str, Any]]:
    """What can be done about the papers now, for components/acts.html."""
    if not user.may("inspections.issue") or inspection.state == Inspection.State.DISCARDED:
        return []
    held = {notice.kind for notice in notices if notice.state == Notice.State.VALID}
    acts: list[dict[str, Any]] = []
    if inspection.is_draft and papers.INSPECTION_NOTICE not in held:
        acts.append(
            {
                "name": _("签发监督检查通知书"),
                "url": reverse("inspections:issue_notice", args=[inspection.pk]),
                "hint": _("检查开始时出示；内容不全的，页面上逐项补填"),
            }
        )
    if inspection.is_final and papers.INSPECTION_RECORD not in held:
        acts.append(
            {
                "name": _("制作监督检查记录"),
                "url": reverse("inspections:issue_record", args=[inspection.pk]),
                "hint": _("打印后由双方逐页签名"),
            }
        )
    if inspection.is_final:
        acts.append(
            {
                "name": _("签发公安提示函"),
                "url": reverse("inspections:advise", args=[inspection.pk]),
                "hint": _("提示风险隐患，不是处罚，也不代替责令改正"),
            }
        )
    return acts


def withdrawable(notices: list[Notice], user: User) -> list[Notice]:
    """The valid papers, for whoever may withdraw them."""
    if not user.may("notices.withdraw"):
        return []
    return [notice for notice in notices if notice.state == Notice.State.VALID]
