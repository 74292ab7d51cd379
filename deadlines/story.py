"""The life of a due date as a person would tell it, from its rows; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deadlines.models import Deadline


def tell(rows: Iterable[Deadline]) -> list[dict[str, Any]]:
    """Entries for components/timeline.html, newest first: {"at", "title", "text", "tone"}."""
    told: list[tuple[date, int, dict[str, Any]]] = []
    for place, row in enumerate(rows):
        began = row.started_at
        told.append((_day(began), place * 3, _entry(began, _began(row), row.sentence, "key")))
        if row.suspended_on is not None:
            words = _("期限中止")
            told.append((row.suspended_on, place * 3 + 1, _entry(row.suspended_on, words, "", "")))
        if row.ended_on is not None and row.state in (Deadline.MET, Deadline.CANCELLED):
            told.append((row.ended_on, place * 3 + 2, _ended(row)))
    told.sort(key=lambda each: (each[0], each[1]), reverse=True)
    return [entry for _on, _place, entry in told]


def _day(moment: datetime) -> date:
    return moment.date()


def _entry(at: date | datetime, title: str, text: str, tone: str) -> dict[str, Any]:
    return {"at": at, "title": title, "text": text, "tone": tone}


def _began(row: Deadline) -> str:
    words = {"kind": row.kind_word, "due": row.due_text}
    if row.replaces_id is None:
        return _("%(kind)s确定为 %(due)s") % words
    return _("%(kind)s变更为 %(due)s") % words


def _ended(row: Deadline) -> dict[str, Any]:
    assert row.ended_on is not None
    if row.state == Deadline.CANCELLED:
        return _entry(row.ended_on, _("期限取消"), row.ended_reason, "")
    late = (row.ended_on - row.due_on).days
    if late <= 0:
        return _entry(row.ended_on, _("在期限内完成"), "", "ok")
    title = ngettext("逾期 %(days)d 天完成", "逾期 %(days)d 天完成", late) % {"days": late}
    return _entry(row.ended_on, title, "", "bad")
