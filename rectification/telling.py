"""What happened to an order, in sentences: the entries of its timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Event
from notices.models import Service
from rectification.acts import ACTS
from rectification.models import Ground, Verdict
from rectification.reasons import day_words

#: Words for the record: each act by its own word, and what an act may turn into.
trail.words(
    {f"orders.{name}": act.word for name, act in ACTS.items()}
    | {
        "orders.draft": gettext_lazy("拟稿"),
        "orders.attempt_service": gettext_lazy("记录未成功的送达"),
        "orders.grant_extension": gettext_lazy("准予延期"),
        "orders.refuse_extension": gettext_lazy("不予延期"),
        "orders.lapse_extension": gettext_lazy("延期申请失效"),
        "orders.download_file": gettext_lazy("下载附件"),
        "orders.export": gettext_lazy("导出责令改正"),
    }
)


def in_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def listed(parts: list[str]) -> str:
    """甲、乙 / A, B."""
    return _("、").join(parts)


def short_day(day: date) -> str:
    """2月12日 / 12 Feb."""
    return f"{day.month}月{day.day}日" if in_chinese() else f"{day.day} {day:%b}"


def _day(event: Event, key: str) -> str:
    value = event.data.get(key)
    return day_words(date.fromisoformat(str(value)[:10])) if value else ""


def _served(event: Event) -> str:
    method = dict(Service.Method.choices).get(event.data.get("method"), "")
    return _("%(method)s，期限确定为 %(due)s") % {"method": method, "due": _day(event, "due_on")}


def _items(event: Event) -> str:
    numbers = [str(n) for n in event.data.get("items", [])]
    if event.data.get("complete"):
        return _("企业报告全部改正（第 %(n)s 项）") % {"n": listed(numbers)}
    return _("企业报告改正第 %(n)s 项") % {"n": listed(numbers)}


def _numbers(event: Event) -> str:
    return listed([str(n) for n in event.data.get("items", [])])


def _asked(event: Event) -> str:
    """Requests of an earlier edition were for all items and do not name them."""
    words = {"until": _day(event, "until"), "n": _numbers(event)}
    if not words["n"]:
        return _("申请延期至 %(until)s") % words
    if event.data.get("late"):
        return _("逾期提出：申请第 %(n)s 项延期至 %(until)s") % words
    return _("申请第 %(n)s 项延期至 %(until)s") % words


def _granted(event: Event) -> str:
    words = {"old": _day(event, "due_on"), "new": _day(event, "until"), "n": _numbers(event)}
    if not words["n"]:
        return _("准予延期，期限由 %(old)s改为 %(new)s") % words
    return _("准予第 %(n)s 项延期，期限由 %(old)s改为 %(new)s") % words


def _suspended(event: Event) -> str:
    words = {"day": _day(event, "from_on"), "ground": ""}
    if event.data.get("ground") not in Ground.values:
        return _("期限自 %(day)s起中止") % words
    words["ground"] = str(Ground(event.data["ground"]).label)
    return _("期限自 %(day)s起中止：%(ground)s") % words


def _round(event: Event) -> str:
    words = {
        "n": event.data.get("round", 0),
        "day": _day(event, "held_on"),
        "ok": event.data.get("corrected", 0),
        "unmet": event.data.get("unmet", 0),
    }
    if words["unmet"]:
        return _("第 %(n)d 轮复查（%(day)s）：%(ok)d 项已改正，%(unmet)d 项未改正") % words
    return _("第 %(n)d 轮复查（%(day)s）：%(ok)d 项已改正") % words


def _judged(event: Event) -> str:
    verdict = Verdict(event.data["verdict"]).label
    days = event.data.get("days_late")
    if not days:
        return _("结论：%(verdict)s") % {"verdict": verdict}
    return ngettext(
        "结论：%(verdict)s，逾期 %(n)d 天", "结论：%(verdict)s，逾期 %(n)d 天", days
    ) % {"verdict": verdict, "n": days}


#: Verb → (sentence, tone): key moves the deadline, ok and bad are answers.
_TOLD: dict[str, tuple[Callable[[Event], str], str]] = {
    "orders.draft": (
        lambda e: (
            ngettext(
                "拟稿，由检查记录带入 %(n)d 项发现",
                "拟稿，由检查记录带入 %(n)d 项发现",
                e.data.get("findings", 0),
            )
            % {"n": e.data.get("findings", 0)}
        ),
        "",
    ),
    "orders.issue": (
        lambda e: _("签发 %(number)s，正文冻结") % {"number": e.data.get("number", "")},
        "key",
    ),
    "orders.record_service": (_served, "key"),
    "orders.attempt_service": (
        lambda e: (
            _("送达未成功：%(outcome)s")
            % {"outcome": dict(Service.Outcome.choices).get(e.data.get("outcome"), "")}
        ),
        "",
    ),
    "orders.record_returned_mail": (
        lambda e: _("邮件退回（%(day)s），期限停止") % {"day": _day(e, "returned_on")},
        "bad",
    ),
    "orders.record_correction": (_items, ""),
    "orders.correct_on_the_spot": (lambda e: _("现场整改，当场改正全部事项"), "ok"),
    "orders.record_reinspection": (_round, ""),
    "orders.issue_opinion": (
        lambda e: (
            _("制作第 %(n)d 轮复查的意见书 %(number)s")
            % {"n": e.data.get("round", 0), "number": e.data.get("number", "")}
        ),
        "",
    ),
    "orders.request_extension": (_asked, ""),
    "orders.grant_extension": (_granted, "key"),
    "orders.refuse_extension": (
        lambda e: (
            _("第 %(n)s 项不予延期，期限不变") % {"n": _numbers(e)}
            if e.data.get("items")
            else _("不予延期，期限不变")
        ),
        "bad",
    ),
    "orders.suspend": (_suspended, "key"),
    "orders.resume": (
        lambda e: _("期限恢复，改为 %(due)s") % {"due": _day(e, "due_on")},
        "key",
    ),
    "orders.report_upward": (
        lambda e: _("上报 %(to)s") % {"to": e.data.get("to", "")},
        "bad",
    ),
    "orders.judge": (_judged, ""),
    "orders.escalate": (lambda e: _("转入：%(to)s") % {"to": e.data.get("to", "")}, "bad"),
    "orders.withdraw": (lambda e: _("撤回通知书"), "bad"),
    "orders.send_back": (lambda e: _("退回修改"), "bad"),
}
_TONE_OF_VERDICT = {
    Verdict.MET_EARLY: "ok",
    Verdict.MET_ON_TIME: "ok",
    Verdict.MET_LATE: "key",
    Verdict.PARTLY: "bad",
    Verdict.NOT_MET: "bad",
    Verdict.MOOT: "",
}


def sentence(event: Event) -> str:
    """What was done, without who."""
    told = _TOLD.get(event.verb)
    return told[0](event) if told else trail.word(event.verb)


def tone(event: Event) -> str:
    if event.verb == "orders.judge":
        return _TONE_OF_VERDICT[Verdict(event.data["verdict"])]
    told = _TOLD.get(event.verb)
    return told[1] if told else ""


def timeline(events: Iterable[Event]) -> list[dict[str, Any]]:
    """components/timeline.html; says when an act was entered on a later day than it happened."""
    found = []
    for event in events:
        happened, entered = (
            timezone.localdate(event.happened_at),
            timezone.localdate(event.entered_at),
        )
        text = event.actor_name
        if event.reason:
            text = _("%(who)s · “%(why)s”") % {"who": event.actor_name, "why": event.reason}
        found.append(
            {
                "at": event.happened_at,
                "title": sentence(event),
                "text": text,
                "tone": tone(event),
                "entered": event.entered_at if entered != happened else None,
            }
        )
    return found
