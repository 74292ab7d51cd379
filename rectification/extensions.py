"""More time and standing clocks, told for the page of an order: what was asked by whom and when,
for which items, what was decided and why, on which paper; and on which ground a clock stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rectification import course
from rectification.clocks import Clock
from rectification.course import Course, Request, Standstill
from rectification.models import ExtensionState, Ground, Order
from rectification.orders import DEADLINE_KIND, REINSPECT_KIND
from rectification.reasons import day_words, listed
from rectification.telling import short_day

_BADGES = {
    ExtensionState.REQUESTED: "wait",
    ExtensionState.GRANTED: "met",
    ExtensionState.REFUSED: "refused",
    ExtensionState.LAPSED: "void",
}


def banner(order: Order, happened: Course, *, may_decide: bool) -> dict[str, Any] | None:
    """components/note.html above the page: a request that nobody has decided, a clock that
    stands."""
    pending, standing = happened.pending, happened.standing
    if pending is not None:
        link = reverse("orders:decide_extension", args=[order.pk]) if may_decide else ""
        note = {"url": link or "#extension", "url_text": _("去审批") if link else _("看申请")}
        if pending.late:
            words = {"day": day_words(pending.old_due_on)}
            return note | {
                "tone": "red",
                "strong": _("有逾期提出的延期申请待审批。"),
                "text": _("期限%(day)s届满之后才提出，审批之前照常计算逾期。") % words,
            }
        return note | {
            "tone": "amber",
            "strong": _("有延期申请待审批。"),
            "text": _("申请在期限届满之前提出，审批之前不算逾期，也不转入后续处理。"),
        }
    if standing is not None and order.suspended:
        return {
            "tone": "amber",
            "strong": _("期限自%(day)s起中止。") % {"day": day_words(standing.from_on)},
            "text": _ground(standing),
            "url": "#extension",
            "url_text": _("看中止"),
        }
    return None


def _ground(span: Standstill) -> str:
    word = Ground(span.ground).label
    if span.document_number:
        return _("事由：%(ground)s（%(number)s）。") % {
            "ground": word,
            "number": span.document_number,
        }
    return _("事由：%(ground)s。") % {"ground": word}


def asked(order: Order, request: Request) -> dict[str, Any]:
    """A request as its decider reads it."""
    return _request(order, course.of(order), request)


def story(order: Order, happened: Course) -> list[dict[str, Any]]:
    """Requests and suspensions, newest first."""
    rows = [
        (timezone.localdate(each.requested_at), _request(order, happened, each))
        for each in happened.requests
    ]
    rows += [(each.from_on, _standstill(happened, each)) for each in happened.standstills]
    return [row for _day, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]


def _request(order: Order, happened: Course, request: Request) -> dict[str, Any]:
    asked_on = timezone.localtime(request.asked_at)
    words = {
        "day": day_words(asked_on.date()),
        "n": listed(happened.numbers(request.items)),
        "until": day_words(request.until),
    }
    if request.by_enterprise:
        title = _("%(day)s企业申请第 %(n)s 项延至%(until)s") % words
    else:
        title = _("%(day)s办案单位提出第 %(n)s 项延至%(until)s") % words
    entered = {
        "who": request.requested_by,
        "day": short_day(timezone.localdate(request.requested_at)),
        "time": f"{asked_on:%H:%M}",
    }
    return {
        "title": title,
        "badge": (_BADGES[ExtensionState(request.state)], ExtensionState(request.state).label),
        "late": request.late,
        "text": _("%(time)s提出，%(who)s %(day)s登记；原期限 %(old)s。")
        % (entered | {"old": day_words(request.old_due_on)}),
        "reason": request.reason,
        "decision": _decision(happened, request),
        "note": request.decision_note,
        "paper": {
            "number": request.number,
            "url": reverse("notices:detail", args=[request.notice_id]),
        }
        if request.notice_id
        else None,
        "files": _files(happened, request.id),
    }


def _decision(happened: Course, request: Request) -> str:
    if request.decided_by is None or request.decided_at is None:
        return ""
    words = {
        "who": request.decided_by,
        "day": day_words(timezone.localdate(request.decided_at)),
        "n": listed(happened.numbers(request.granted_items)),
    }
    if request.granted_until is None:
        return _("%(who)s %(day)s决定不予延期。") % words
    words["until"] = day_words(request.granted_until)
    return _("%(who)s %(day)s准予第 %(n)s 项延至%(until)s。") % words


def _standstill(happened: Course, span: Standstill) -> dict[str, Any]:
    words = {"first": day_words(span.from_on)}
    if span.resumed_on is None:
        title, group, word = _("期限自%(first)s起中止") % words, "wait", _("中止中")
    else:
        words["last"] = day_words(span.resumed_on)
        title, group, word = _("期限%(first)s至%(last)s中止") % words, "void", _("已恢复")
    return {
        "title": title,
        "badge": (group, word),
        "late": False,
        "text": _ground(span),
        "reason": span.reason,
        "decision": "",
        "note": "",
        "paper": None,
        "files": _files(happened, span.id),
    }


def _files(happened: Course, owner: Any) -> list[dict[str, str]]:
    return [
        {"title": file.title, "url": reverse("orders:file", args=[file.id])}
        for file in happened.files_of(owner)
    ]


def days(happened: Course) -> list[tuple[date, list[int]]]:
    """The due days of the items with their numbers, where they differ; else nothing."""
    by_day: dict[date, list[int]] = {}
    for item, day in happened.due_on.items():
        if day is not None:
            by_day.setdefault(day, []).append(item)
    if len(by_day) < 2:
        return []
    return [(day, happened.numbers(items)) for day, items in sorted(by_day.items())]


def clock_pairs(order: Order, clocks: Sequence[Clock]) -> list[dict[str, Any]]:
    """components/desc.html: the day of each group of items where they differ, and the day by
    which the house must look again while it must; each leads to why."""
    found = days(course.of(order)) if order.served_on is not None else []
    return [
        {
            "label": _("第 %(n)s 项期限") % {"n": listed(numbers)},
            "value": day_words(day),
            "url": _why(clocks, DEADLINE_KIND, day),
            "number": True,
        }
        for day, numbers in found
    ] + _duty(clocks)


def _why(clocks: Sequence[Clock], kind: str, day: date) -> str:
    found = [each for each in clocks if each.kind == kind and each.due_on == day]
    return found[-1].get_absolute_url() if found else ""


def _duty(clocks: Sequence[Clock]) -> list[dict[str, Any]]:
    return [
        {
            "label": _("复查期限"),
            "value": day_words(each.due_on),
            "url": each.get_absolute_url(),
            "note": _("本单位规定") if each.derivation.get("house") else "",
            "number": True,
        }
        for each in clocks
        if each.kind == REINSPECT_KIND and each.is_open
    ]
