"""What is said about the citations of a finding: the one door to `legal.citations` for findings.

Forms, pages, gates, orders and penalty cases ask here, so that all of them look at the same days
(the act's, the visit's, the decision's) and at the level of the same unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inspections.models import Citation, Finding
from legal import citations
from legal.citations import BLOCK, INFO, WARN, Cited, Note, Register


def cited(rows: Sequence[Citation], books: Register) -> list[Cited]:
    """Citations as the rules of law want them; articles come from the register in memory."""
    return [Cited(row.role, books.article(row.article_id), row.override_reason) for row in rows]


def notes(
    finding: Finding,
    books: Register,
    *,
    decided_on: date | None = None,
    rows: Sequence[Citation] | None = None,
) -> list[Note]:
    """The notes on a finding's citations; no query where citations and unit are at hand.

    `decided_on` is the day of a penalty decision, if there is one to look at.
    """
    inspection = finding.inspection
    return citations.notes(
        finding.violation_type_id,
        cited(finding.cited() if rows is None else rows, books),
        finding.act_from,
        finding.act_on,
        visited_on=inspection.day,
        decided_on=decided_on,
        authority=inspection.unit.level,
        register=books,
    )


def shown(note: Note) -> dict[str, Any]:
    """A note for components/notes.html."""
    return titled(note.level, interpretation=note.interpretation) | {
        "code": note.code,
        "article": note.article.ref if note.article else None,
        "text": note.text,
        "lines": note.lines,
        "links": [
            {"name": article.cite_short, "url": article.get_absolute_url()}
            for article in note.articles[:4]
        ],
        "basis": note.links,
    }


def titled(level: str, *, interpretation: bool) -> dict[str, Any]:
    """The head of a note: what kind of note it is, and whether an article says so."""
    titles = {
        BLOCK: _("须更换或者写明理由："),
        WARN: _("引用提示："),
        INFO: _("适用说明："),
    }
    return {
        "level": level,
        "title": titles[level],
        "calm": level == INFO,
        "tag": _("通行理解，法律没有明文") if interpretation else "",
    }
