"""What the opinion on a re-inspection says (复查意见书), frozen when it is issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import translation

from legal import citations, periods
from notices import elements, kinds, leaf
from notices import writing as paper_writing
from notices.kinds.orders import REINSPECTION_OPINION
from rectification import course
from rectification.course import Course, Round, Seen
from rectification.models import Order, Outcome
from rectification.reasons import ORDER_176_FROM

SCHEMA = 1
#: 公安部令第151号 19: the re-inspection and what is fed back of it. Order 176 has no such paper.
BASIS = "MPS151@2018:19"
HOUSE_RULE = "我局关于复查的内部规定"


def is_house_practice(held_on: date) -> bool:
    """Whether no article asks for the paper on a re-inspection of that day."""
    return held_on >= ORDER_176_FROM


def standing(happened: Course, found: Round) -> dict[int, Seen]:
    """The last word on each item when that round was over."""
    return {seen.item: seen for seen in happened.seen if seen.round.number <= found.number}


def snapshot(order: Order, found: Round, opinion: str, *, at: datetime) -> dict[str, Any]:
    """Everything that the paper rests on, as JSON."""
    assert order.notice is not None, "a round belongs to an issued order"
    assert order.issued_at is not None
    frozen = order.notice.snapshot
    return {
        "schema": SCHEMA,
        "order": {
            "id": str(order.pk),
            "number": order.notice.number,
            "issued_on": periods.local_date(order.issued_at).isoformat(),
        },
        "enterprise": frozen["enterprise"],
        "round": found.number,
        "held_on": found.held_on.isoformat(),
        "officers": _officers(order, found),
        "results": _results(order, found),
        "opinion": opinion.strip(),
        "basis": [] if is_house_practice(found.held_on) else [BASIS],
        "issued_on": periods.local_date(at).isoformat(),
    }


def _officers(order: Order, found: Round) -> list[dict[str, str | None]]:
    row = order.reinspections.select_related("officer_1", "officer_2").get(pk=found.id)
    return [
        {"name": who.name, "police_number": who.police_number}
        for who in (row.officer_1, row.officer_2)
    ]


def _results(order: Order, found: Round) -> list[dict[str, Any]]:
    assert order.notice is not None
    happened = course.of(order)
    seen = standing(happened, found)
    due = {item: day.isoformat() if day else None for item, day in happened.due_on.items()}
    return [
        {
            "ordinal": finding["ordinal"],
            "item": finding["item"],
            "name_zh": finding["name_zh"],
            "required_correction": finding["required_correction"],
            "due_on": due.get(finding["item"]),
            **_result(seen.get(finding["item"]), found),
        }
        for finding in order.notice.snapshot["findings"]
    ]


def _result(seen: Seen | None, found: Round) -> dict[str, Any]:
    if seen is None:
        return {"outcome": "", "completed_on": None, "note": "", "seen_on": None}
    return {
        "outcome": seen.outcome,
        "completed_on": seen.completed_on.isoformat() if seen.completed_on else None,
        "note": seen.note,
        "seen_on": None if seen.round.id == found.id else seen.round.held_on.isoformat(),
    }


def context(facts: dict[str, Any]) -> dict[str, Any]:
    """What `notices/papers/reinspection_opinion.html` is given."""
    results = [_row(result) for result in facts["results"]]
    stated = {
        "order_number": facts["order"]["number"],
        "ordered_on": _day(facts["order"]["issued_on"]),
        "held_on": _day(facts["held_on"]),
        "officers": "、".join(
            f"{o['name']}（警号{o['police_number']}）" if o["police_number"] else o["name"]
            for o in facts["officers"]
        ),
        "basis": _basis(facts["basis"]),
        "results": results,
        "opinion": facts["opinion"],
    }
    written = elements.context(kinds.get(REINSPECTION_OPINION).elements, stated)
    has_notes = any(result["note"] for result in results)
    return {**written, "has_notes": has_notes, "fit": _fit(written, has_notes=has_notes)}


_WHAT, _WHAT_WIDE, _NOTE = 16.0, 26.0, 9.0  # characters on a line of the column


def _fit(context: dict[str, Any], *, has_notes: bool) -> str:
    """The class that lets the paper fit on one leaf; empty where it needs more anyway."""
    opening = (
        f"　　我局于{context['ordered_on']}向你单位发出责令限期改正通知书"
        f"（{context['order_number']}）。{context['held_on']}，我局民警{context['officers']}依据"
        f"{context['basis']}，对你单位的改正情况进行了复查。逐项复查结果如下："
    )
    body = 1 + leaf.lines(opening) + leaf.lines(f"　　复查意见：{context['opinion']}。")
    table = 13.0 + 24.0
    for row in context["results"]:
        what = f"{row['what']}：{row['demand']}" if row["demand"] else row["what"]
        lines = leaf.lines(what, _WHAT if has_notes else _WHAT_WIDE)
        noted = leaf.lines(row["note"], _NOTE) if row["note"] else 1
        table += 7.2 + 17.5 * max(lines, noted, len(row["outcome"].split("\n")))
    return leaf.fit(body, table)


def _basis(refs: list[str]) -> str:
    if not refs:
        return HOUSE_RULE
    books = citations.register()
    return "、".join(books.article(ref).cite_zh() for ref in refs)


def _row(result: dict[str, Any]) -> dict[str, str]:
    note = paper_writing.open_end(result["note"])
    if result["completed_on"]:
        done = f"认定于{_day(result['completed_on'])}完成"
        note = f"{done}；{note}" if note else done
    return {
        "no": str(result["ordinal"]),
        "what": result["name_zh"],
        "demand": paper_writing.open_end(result["required_correction"]),
        "outcome": _outcome(result),
        "note": note,
    }


def _outcome(result: dict[str, Any]) -> str:
    if not result["outcome"]:
        return "本次未复查"
    with translation.override("zh-hans"):
        word = str(Outcome(result["outcome"]).label)
    return f"{word}\n（{_day(result['seen_on'])}复查）" if result["seen_on"] else word


def proposed(order: Order, found: Round) -> str:
    """The opinion as the results suggest it; the officer may write another."""
    happened = course.of(order)
    seen = standing(happened, found)
    done = [item for item in happened.items if item in seen and seen[item].is_done]
    open_ = [item for item in happened.items if item not in done]
    if not open_:
        return (
            "经复查，通知书所列事项均已改正。你单位应当继续履行网络安全保护义务，防止问题再次发生。"
        )
    late = [item for item in open_ if (happened.due_on[item] or found.held_on) < found.held_on]
    ahead = [item for item in open_ if item not in late]
    parts = [f"经复查，{_items(happened, done)}已经改正。"] if done else []
    if late:
        parts.append(
            f"{_items(happened, late)}在改正期限届满后仍未改正完毕，我局将依法处理。"
            "你单位应当继续整改，整改期间采取措施确保网络安全。"
        )
    if ahead:
        last = max(day for item in ahead if (day := happened.due_on[item]) is not None)
        parts.append(
            f"{_items(happened, ahead)}尚未改正完毕，应当在{paper_writing.date(last)}前改正完毕；"
            "逾期不改正的，我局将依法处罚。整改期间应当采取措施确保网络安全。"
        )
    return "".join(parts)


def _items(happened: Course, items: list[int]) -> str:
    return f"第{'、'.join(str(n) for n in happened.numbers(items))}项"


def _day(iso: str) -> str:
    return paper_writing.date(date.fromisoformat(iso))
