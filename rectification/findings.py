"""The table of findings on an order's page: as frozen for an issued order, live for a draft."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from inspections import noted
from legal.citations import INFO
from rectification import course, words
from rectification.models import Order, Outcome
from rectification.telling import in_chinese, short_day

#: Characters of an article's gist that a cell holds; the article's page has the whole.
GIST = {"zh": 18, "en": 44}


def table(order: Order) -> dict[str, Any]:
    """The table of findings: frozen for an issued order, live for a draft."""
    data = order.notice.snapshot["findings"] if order.notice else words.findings(order)
    lang = "zh" if in_chinese() else "en"
    laws = Counter(a[f"law_{lang}"] for f in data for a in [*f["duty"], *f["penalty"]])
    common = laws.most_common(1)[0][0] if laws else ""
    served = order.served_on is not None
    rows = []
    for finding in data:
        off = {note["article"] for note in finding["notes"] if note["level"] != INFO}
        rows.append(
            {
                "ordinal": finding["ordinal"],
                "name": finding[f"name_{lang}"],
                "seen": finding["seen"],
                "required": finding["required_correction"],
                "duty": [_cite(a, lang, common, off) for a in finding["duty"]],
                "penalty": [_cite(a, lang, common, off) for a in finding["penalty"]],
                "notes": [_note(note, lang) for note in finding["notes"]],
                "status": status(order, finding["item"]) if served else None,
            }
        )
    return {
        "rows": rows,
        "notes": sum(any(not note["calm"] for note in row["notes"]) for row in rows),
        "law": common,
        "frozen": order.notice is not None,
        "served": served,
    }


def _note(note: dict[str, Any], lang: str) -> dict[str, Any]:
    """components/notes.html, of a frozen note. Papers of an earlier edition lack its basis."""
    return noted.titled(note["level"], interpretation=note.get("interpretation", False)) | {
        "text": note[f"text_{lang}"],
        "links": [{"name": link[lang], "url": link["url"]} for link in note["links"]],
        "basis": [{"name": link[lang], "url": link["url"]} for link in note.get("rests_on", [])],
        "lines": [],
    }


def _cite(article: dict[str, str], lang: str, common: str, off: set[str]) -> dict[str, Any]:
    law = article[f"law_{lang}"]
    label = article[f"label_{lang}"] or law
    return {
        "text": label
        if law == common or label == law
        else f"{law}{label}"
        if lang == "zh"
        else f"{law} {label}",
        "small": Truncator(article[f"gist_{lang}"]).chars(GIST[lang]),
        "url": article["url"],
        "off": article["ref"] in off,
        "override": article.get("override", ""),
    }


_SEEN = {
    Outcome.CORRECTED: "met",
    Outcome.PARTLY: "soon",
    Outcome.UNCHANGED: "refused",
    Outcome.WORSE: "refused",
    Outcome.WAIVED: "void",
}


def status(order: Order, item: int) -> dict[str, Any]:
    """Where the correction of one item stands: badge and one line; its own due day where the
    items of the order have several."""
    days = course.of(order).due_on
    own = days.get(item)
    due = _("期限 %(day)s") % {"day": short_day(own)} if own and len(set(days.values())) > 1 else ""
    return _status(order, item) | {"due": due}


def _status(order: Order, item: int) -> dict[str, Any]:
    happened = course.of(order)
    seen, report = happened.latest.get(item), happened.last_report(item)
    if seen is not None and (
        report is None or seen.is_done or report.entered_at <= seen.round.entered_at
    ):
        held = short_day(seen.round.held_on)
        note = _("%(day)s复查") % {"day": held}
        if seen.completed_on is not None:
            note = _("%(done)s完成，%(day)s复查") % {
                "done": short_day(seen.completed_on),
                "day": held,
            }
        return {
            "group": _SEEN[Outcome(seen.outcome)],
            "word": Outcome(seen.outcome).label,
            "note": note,
            "more": seen.note,
        }
    if report is not None:
        note = _("%(day)s，待复查") % {"day": short_day(report.received_on)}
        return {"group": "live", "word": _("企业已报告"), "note": note, "more": ""}
    return {"group": "", "word": _("未报告"), "note": "", "more": ""}
