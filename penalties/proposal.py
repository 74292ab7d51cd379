"""What is proposed to a respondent, as it is told, reviewed and decided: one text, one digest.

The notice (告知) freezes it; the gate compares what would be decided now with what was told then.
Whatever stands in `of` is what the law wants told before a decision (行政处罚法 44): the content,
the facts, the grounds and the basis.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from inspections.models import Citation
from penalties.casefile import File
from penalties.models import Item, Respondent


def of(file: File, respondent: Respondent) -> dict[str, Any]:
    """JSON: what is proposed to this respondent now."""
    report = file.report
    return {
        "facts": respondent.facts or (report.facts if report else ""),
        "reasons": report.reasons if report else "",
        "breaches": cited(file, Citation.Role.DUTY),
        "basis": sorted({row.clause.get("cite", "") for row in file.items_of(respondent)}),
        "items": [item(row) for row in file.items_of(respondent)],
        "circumstances": [
            {"effect": row.effect, "text": row.text, "article": row.article.ref}
            for row in file.circumstances_of(respondent)
        ],
    }


def item(row: Item) -> dict[str, Any]:
    """JSON: one penalty as it is frozen in notices and decisions.

    `override` is empty, or who allowed a sum outside the range, by which paper, when and why.
    """
    return {
        "measure": row.measure,
        "clause": row.clause,
        "condition_reason": row.condition_reason,
        "amount": str(row.amount) if row.amount is not None else None,
        "detail": row.detail,
        "length": row.length,
        "length_unit": row.length_unit,
        "override": [
            row.override_organ,
            row.override_number,
            str(row.override_on),
            row.override_reason,
        ]
        if row.is_overridden
        else [],
    }


def cited(file: File, role: str) -> list[str]:
    """《中华人民共和国网络安全法》第二十一条: the articles cited in this role, each once."""
    words: dict[str, None] = {}
    for finding in file.findings:
        for row in finding.cited():
            if row.role == role:
                words[row.article.cite_zh()] = None
    return list(words)


def digest(proposed: Any) -> str:
    """SHA-256 over a proposal."""
    text = json.dumps(proposed, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def whole_digest(file: File) -> str:
    """SHA-256 over what is proposed to all respondents: what review and approval rest on."""
    return digest([[str(row.pk), of(file, row)] for row in file.respondents])
