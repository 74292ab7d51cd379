"""The life of a due date as a person would tell it: what became of it, why, and by whom.

The days come from the rows and nothing is computed anew; who acted, and the reason given, come
from the lines of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import trail
from audit.models import Event
from deadlines.models import Deadline
from legal.periods import local_date

_Lines = dict[tuple[str, str], Event]


def of(rows: Sequence[Deadline]) -> list[dict[str, Any]]:
    """The story of a chain with the people in it: one query for the record."""
    if not rows:
        return []
    return tell(rows, trail.timeline(rows[0], also=rows[1:]))


def tell(rows: Iterable[Deadline], events: Iterable[Event] = ()) -> list[dict[str, Any]]:
    """Entries for components/timeline.html, newest first: {"at", "title", "text", "tone"}."""
    lines: _Lines = {(event.subject_id, event.verb): event for event in events}
    told: list[tuple[date, int, dict[str, Any]]] = []
    for place, row in enumerate(rows):
        told.append((local_date(row.started_at), place * 3, _begun(row, lines)))
        if row.suspended_on is not None:
            event = lines.get((str(row.pk), "deadlines.suspend"))
            entry = _entry(row.suspended_on, _("期限中止"), _who(event, why=True), "")
            told.append((row.suspended_on, place * 3 + 1, entry))
        if row.ended_on is not None and row.state in (Deadline.MET, Deadline.CANCELLED):
            told.append((row.ended_on, place * 3 + 2, _ended(row, lines)))
    told.sort(key=lambda each: (each[0], each[1]), reverse=True)
    return [entry for _on, _place, entry in told]


def _entry(at: date | datetime, title: str, text: str, tone: str) -> dict[str, Any]:
    return {"at": at, "title": title, "text": text, "tone": tone}


def _who(event: Event | None, *, why: bool) -> str:
    """Who acted, and for what reason where one was given."""
    if event is None:
        return ""
    words = {"who": event.actor_name, "reason": event.reason}
    if why and event.reason:
        return _("%(who)s，理由：%(reason)s") % words
    return event.actor_name


def _begun(row: Deadline, lines: _Lines) -> dict[str, Any]:
    """How the row's day came about: set, put in another's place, or resumed."""
    words = {"kind": row.kind_word, "due": row.due_text}
    before = str(row.replaces_id)
    resumed = lines.get((before, "deadlines.resume"))
    if row.replaces_id is None:
        title = _("%(kind)s确定为 %(due)s") % words
        who = _who(lines.get((str(row.pk), "deadlines.start")), why=False)
    elif resumed is not None:
        title = _("期限恢复，%(kind)s变更为 %(due)s") % words
        who = _who(resumed, why=True)
    else:
        title = _("%(kind)s变更为 %(due)s") % words
        who = _who(lines.get((before, "deadlines.replace")), why=True)
    text = " · ".join(part for part in (who, row.sentence) if part)
    return _entry(row.started_at, title, text, "key")


def _ended(row: Deadline, lines: _Lines) -> dict[str, Any]:
    assert row.ended_on is not None
    if row.state == Deadline.CANCELLED:
        event = lines.get((str(row.pk), "deadlines.cancel"))
        text = _who(event, why=True) or row.ended_reason
        return _entry(row.ended_on, _("期限取消"), text, "")
    who = _who(lines.get((str(row.pk), "deadlines.meet")), why=False)
    late = (row.ended_on - row.due_on).days
    if late <= 0:
        return _entry(row.ended_on, _("在期限内完成"), who, "ok")
    title = ngettext("逾期 %(days)d 天完成", "逾期 %(days)d 天完成", late) % {"days": late}
    return _entry(row.ended_on, title, who, "bad")
