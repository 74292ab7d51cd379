"""What every verb on a case needs: the row under lock, refusals, where the procedure stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.trail import Decided, Reason, Refused
from legal import periods
from penalties import steps
from penalties.casefile import File
from penalties.models import Case, OfCase

Row = TypeVar("Row", bound=OfCase)


def lock(case: Case) -> Case:
    """Hold the row until the transaction ends; the object in hand becomes the row as it is now.

    Every verb of a case queues here, also those on its records. Raises `Decided`, which says who
    did what when, if somebody acted since `case` was read.
    """
    row = (
        Case.objects.select_for_update(of=("self",))
        .select_related("enterprise", "unit", "inspection", "order__notice", "filed_by")
        .get(pk=case.pk)
    )
    if (row.state, row.version) != (case.state, case.version):
        raise overtaken(row)
    case.__dict__.clear()
    case.__dict__.update(row.__dict__)
    return case


def overtaken(case: Case) -> Decided:
    """Somebody was quicker: what the last line of the record says of it."""
    event = trail.timeline(case).order_by("-id").first()
    if event is None:
        return Decided([Reason(_("刚才已被别人改动，请看过现在的情况再办。"))])
    when = f"{timezone.localtime(event.entered_at):%Y-%m-%d %H:%M}"
    sentence = _("%(who)s 已于 %(when)s %(did)s。请看过现在的情况再办。") % {
        "who": event.actor_name,
        "when": when,
        "did": trail.word(event.verb),
    }
    return Decided([Reason(sentence)], event)


def refuse(found: list[Reason]) -> None:
    """Raise `Refused` where there is a reason."""
    if found:
        raise Refused(found)


def needs(text: str, field: str, sentence: str = "", basis: str = "") -> list[Reason]:
    """A reason when the text is empty."""
    if text.strip():
        return []
    return [Reason(sentence or _("这一项必须填写。"), field=field, basis=basis)]


def settle(case: Case, *, at: datetime, **facts: Any) -> File:
    """Write `facts` on the case with where the procedure stands now, and count the change.

    Every verb that does not move the state ends with it; one that does calls it after
    `trail.move`. Gives back the file as it is now.
    """
    for name, value in facts.items():
        setattr(case, name, value)
    file = File(case)
    step = steps.of(file)
    if step != case.step or case.step_since is None:
        case.step, case.step_since = step, periods.local_date(at)
    case.version += 1
    case.save(update_fields=[*facts, "step", "step_since", "version"])
    return file


def record(
    verb: str,
    case: Case,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    row: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """The one line that an act leaves; it stands on the case, and names the record it made."""
    named = {"row": f"{row._meta.label_lower}:{row.pk}"} if row is not None else {}
    trail.record(verb, case, by=by, at=at, reason=reason, data={**named, **(data or {})})
