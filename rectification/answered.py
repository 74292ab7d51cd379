"""The verdict in words, and what reports and rounds led to it, for the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rectification import course
from rectification.models import UNMET, Order, Verdict
from rectification.reasons import day_words
from rectification.telling import in_chinese, listed, short_day

_VERDICT_TONES = {
    Verdict.MET_EARLY: "green",
    Verdict.MET_ON_TIME: "green",
    Verdict.MET_LATE: "amber",
    Verdict.PARTLY: "red",
    Verdict.NOT_MET: "red",
    Verdict.MOOT: "",
}


def verdict(order: Order) -> dict[str, Any] | None:
    """components/note.html: the answer, from which facts, and by which rule."""
    if not order.verdict:
        return None
    return said(Verdict(order.verdict), order.verdict_basis)


def said(word: Verdict, facts: dict[str, Any]) -> dict[str, Any]:
    """The same for a verdict that the facts would give but nobody has given yet."""
    said = []
    if "decided_by" in facts:
        said.append(_by_item(facts) if len(_days_of(facts)) > 1 else _as_one(facts))
        if facts["policy"] == "completion":
            said.append(_("按企业完成、经复查认定的日期判定。"))
        else:
            said.append(_("按复查核实的日期判定。"))
    elif word in UNMET:
        left = [str(i["ordinal"]) for i in facts["items"] if i["outcome"] not in course.DONE]
        said.append(_("期限届满后复查，第 %(n)s 项没有改正完毕。") % {"n": listed(left)})
    return {
        "strong": _("结论：%(word)s。") % {"word": word.label},
        "text": ("" if in_chinese() else " ").join(said),
        "tone": _VERDICT_TONES[word],
        "house": "decided_by" in facts,
    }


def _days_of(facts: dict[str, Any]) -> set[str]:
    """The due days of the items; verdicts of an earlier edition know that of the order alone."""
    return {item.get("due_on") or facts["due_on"] for item in facts["items"]}


def _as_one(facts: dict[str, Any]) -> str:
    finished = [_day(i["completed_on"]) for i in facts["items"] if i["completed_on"]]
    return _("期限 %(due)s；最后一项 %(done)s完成，%(seen)s复查核实。") % {
        "done": day_words(max(finished)),
        "seen": day_words(_day(facts["verified_on"])),
        "due": day_words(_day(facts["due_on"])),
    }


def _by_item(facts: dict[str, Any]) -> str:
    """Each item against its own day."""
    told = []
    for item in facts["items"]:
        if not item["completed_on"]:
            continue
        days = item["days_late"]
        words = {
            "n": item["ordinal"],
            "due": short_day(_day(item["due_on"])),
            "done": short_day(_day(item["completed_on"])),
            "seen": short_day(_day(item["verified_on"])),
            "days": days,
        }
        if days:
            told.append(
                ngettext(
                    "第 %(n)d 项期限 %(due)s，%(done)s完成，%(seen)s核实，逾期 %(days)d 天",
                    "第 %(n)d 项期限 %(due)s，%(done)s完成，%(seen)s核实，逾期 %(days)d 天",
                    days,
                )
                % words
            )
        else:
            told.append(_("第 %(n)d 项期限 %(due)s，%(done)s完成，%(seen)s核实") % words)
    return _("%(items)s。") % {"items": _("；").join(told)}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def rows(happened: course.Course) -> list[dict[str, Any]]:
    """Reports and rounds in the order in which they were entered, with their files."""
    rows: list[tuple[Any, dict[str, Any]]] = []
    for report in happened.reports:
        numbers = listed([str(happened.items[i]) for i in sorted(report.items)])
        words = {"n": numbers, "day": day_words(report.received_on)}
        title = _("%(day)s 企业报告改正第 %(n)s 项") % words
        if report.on_the_spot:
            title = _("%(day)s 现场整改第 %(n)s 项") % words
        text = _("%(day)s完成 · %(who)s登记") % {
            "day": short_day(report.completed_on),
            "who": report.entered_by,
        }
        row = _course_row(happened, report.id, title, text, report.note)
        rows.append((report.entered_at, row | {"day": report.received_on, "tone": ""}))
    for each in happened.rounds:
        title = _("第 %(n)d 轮复查，%(day)s") % {"n": each.number, "day": day_words(each.held_on)}
        who = listed(list(each.officers))
        row = _course_row(happened, each.id, title, who, each.note)
        found = [seen for seen in happened.seen if seen.round.id == each.id]
        colour = "ok" if all(seen.is_done for seen in found) else "bad"
        rows.append((each.entered_at, row | {"day": each.held_on, "tone": colour}))
    return [row for _at, row in sorted(rows, key=lambda pair: pair[0])]


def _course_row(
    happened: course.Course, pk: Any, title: str, text: str, note: str
) -> dict[str, Any]:
    files = [
        {"title": file.title, "url": reverse("orders:file", args=[file.id])}
        for file in happened.files_of(pk)
    ]
    return {"title": title, "text": text, "note": note, "files": files}
