"""A review as its page wants it: articles in words, one list of what is to be mended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legal.citations import Register
from rectification.review.entries import (
    DEFECT,
    REMIND,
    Check,
    Looked,
    Moment,
    Review,
    Section,
    Sheet,
    State,
    of_note,
)


def page(review: Review, books: Register) -> dict[str, Any]:
    """What templates/rectification/_review.html shows."""
    return {
        "on": review.on,
        "defects": len(review.defects),
        "reminders": len(review.reminders),
        "passed": review.passed,
        "mend": _to_mend(review, books),
        "sections": [
            _section(each, number, books) for number, each in enumerate(review.sections, start=1)
        ],
    }


def _to_mend(review: Review, books: Register) -> list[dict[str, Any]]:
    """components/gates.html: defects first. The notes on one finding stand in one line, which
    leads to where they are read in full."""
    order: dict[State, int] = {DEFECT: 0, REMIND: 1}
    found: list[tuple[State, dict[str, Any]]] = []
    for number, section in enumerate(review.sections, start=1):
        for name, check in section.own_checks():
            found.append((check.state, _gate(name, check, books)))
        for finding in section.findings:
            states = [of_note(note, "").state for note in finding.notes]
            for state in order:
                if count := states.count(state):
                    found.append((state, _of_finding(finding, state, count, number)))
    kept = [(order[state], gate) for state, gate in found if state in order]
    return [gate for _place, gate in sorted(kept, key=lambda each: each[0])]


def _gate(name: str, check: Check, books: Register) -> dict[str, Any]:
    return {
        "state": "no" if check.state == DEFECT else "na",
        "title": name,
        "text": _("%(text)s。") % {"text": check.text.removesuffix("。")},
        "law": _law(check, books),
        "url": check.url,
        "url_text": check.url_text,
    }


def _of_finding(finding: Looked, state: State, count: int, number: int) -> dict[str, Any]:
    said = {
        DEFECT: ngettext("%(n)d 处引用须更换或者写明理由", "%(n)d 处引用须更换或者写明理由", count),
        REMIND: ngettext("%(n)d 处引用提示", "%(n)d 处引用提示", count),
    }
    return {
        "state": "no" if state == DEFECT else "na",
        "title": finding.name,
        "text": _("%(text)s。") % {"text": said[state] % {"n": count}},
        "law": "",
        "url": f"#cited-{number}-{finding.ordinal}",
        "url_text": _("看提示"),
    }


def _law(check: Check, books: Register) -> str:
    article = books.by_ref.get(check.basis)
    return article.cite_short if article is not None else ""


def _section(section: Section, number: int, books: Register) -> dict[str, Any]:
    return {
        "number": number,
        "title": section.title,
        "url": section.url,
        "text": section.text,
        "moments": [_moment(each, books) for each in section.moments],
        "findings": [looked_page(each) for each in section.findings],
        "sheets": [_sheet(each, books) for each in section.sheets],
    }


def _checks(checks: Iterable[Check], books: Register) -> list[dict[str, Any]]:
    return [
        {
            "state": check.state,
            "text": check.text,
            "law": _law(check, books),
            "house": check.house,
            "url": check.url,
            "url_text": check.url_text,
        }
        for check in checks
    ]


def _moment(moment: Moment, books: Register) -> dict[str, Any]:
    articles = [books.by_ref[ref] for ref in moment.basis if ref in books.by_ref]
    return {
        "name": moment.name,
        "day": moment.day,
        "until": moment.until,
        "clock": moment.clock,
        "who": moment.who,
        "why": moment.why,
        "number": moment.number,
        "url": moment.url,
        "worst": moment.worst,
        "basis": [{"text": each.cite_short, "url": each.get_absolute_url()} for each in articles],
        "checks": _checks(moment.checks, books),
    }


def looked_page(finding: Looked) -> dict[str, Any]:
    """One finding for templates/rectification/_cited.html."""
    off = {note["article"] for note in finding.notes if not note["calm"]}
    return {
        "ordinal": finding.ordinal,
        "together": finding.together,
        "name": finding.name,
        "url": finding.url,
        "cited": [
            {
                "role": role,
                "text": article.cite_short,
                "gist": article.gist,
                "url": article.get_absolute_url(),
                "override": override,
                "off": article.ref in off,
            }
            for role, article, override in finding.cited
        ],
        "notes": finding.notes,
    }


def _sheet(sheet: Sheet, books: Register) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "number": sheet.number,
        "url": sheet.url,
        "sha256": sheet.sha256,
        "checks": _checks(sheet.checks, books),
    }
