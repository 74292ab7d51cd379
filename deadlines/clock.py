"""The clock. It starts at an event, runs, may be stopped and go on, and ends.

1.  `start`     an event (service, filing) sets a period going
2.  `replace`   another date takes its place: an extension that was granted, a correction
3.  `suspend`   the clock stands still; `resume` lets it go on, with a new date in its own row
4.  `meet`      what was due was done on a day, in time or late: the dates tell
5.  `cancel`    nothing is due any more: withdrawn, returned mail, closed otherwise

A date is never edited. Each verb is one transaction and leaves one line in the record. `at` is when
the act happened; days are those of Shanghai. Whether a person may do it is asked by the room that
owns the record.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from audit import trail
from audit.trail import Event, Reason, Refused
from deadlines.models import Deadline
from legal.periods import Calendar, Period, PeriodRefused, Span, local_date
from legal.periods import resume as resumed

trail.words(
    {
        "deadlines.start": gettext_lazy("开始计算"),
        "deadlines.replace": gettext_lazy("变更"),
        "deadlines.suspend": gettext_lazy("中止"),
        "deadlines.resume": gettext_lazy("恢复"),
        "deadlines.meet": gettext_lazy("按要求完成"),
        "deadlines.cancel": gettext_lazy("取消"),
    }
)


def running(subject: models.Model, kind: str) -> Deadline | None:
    """The open deadline of this kind on the record, running or suspended; None when none is."""
    return Deadline.objects.of(subject).open().filter(kind=kind).first()


def history(subject: models.Model, kind: str) -> list[Deadline]:
    """Every deadline of this kind that ever stood on the record, oldest first."""
    return list(
        Deadline.objects.of(subject).filter(kind=kind).select_related("started_by", "replaces")
    )


@transaction.atomic
def start(
    subject: models.Model,
    *,
    unit: Unit,
    kind: str,
    period: Period,
    by: User,
    at: datetime,
    owner: User | None = None,
) -> Deadline:
    """Set a period going on a record. `owner` is reminded as the officer, by default `by`.

    Raises Refused when one of this kind is already open.
    """
    deadline = _create(
        subject._meta.label_lower, subject.pk, unit, kind, period, by, at, owner=owner or by
    )
    trail.record(
        "deadlines.start", deadline, by=by, at=at, data=_facts(deadline), unit=deadline.unit
    )
    return deadline


@transaction.atomic
def replace(deadline: Deadline, period: Period, *, reason: str, by: User, at: datetime) -> Deadline:
    """Put another date in the place of this one: an extension, or a correction with its reason.

    A suspended deadline must be resumed first. Raises Refused, or Decided when somebody was
    quicker.
    """
    if deadline.state == Deadline.SUSPENDED:
        raise Refused([Reason(_("期限正在中止，先恢复再变更。"))])
    return _succeed(deadline, period, verb="deadlines.replace", reason=reason, by=by, at=at)


@transaction.atomic
def suspend(deadline: Deadline, *, on: date, reason: str, by: User, at: datetime) -> Event:
    """Let the clock stand still from this day, which is not counted any more.

    Raises Refused for a day before the period began or after it ended.
    """
    _need(reason)
    if on < deadline.trigger_on:
        raise Refused([Reason(_("中止日期不能早于期限起算之日。"), field="from_on")])
    if on > deadline.due_on:
        raise Refused([Reason(_("期限已经届满，不能中止。"), field="from_on")])
    return trail.move(
        deadline,
        Deadline.SUSPENDED,
        by=by,
        at=at,
        verb="deadlines.suspend",
        reason=reason,
        data={"on": on},
        suspended_on=on,
    )


@transaction.atomic
def resume(
    deadline: Deadline, *, on: date, calendar: Calendar, by: User, at: datetime, reason: str = ""
) -> Deadline:
    """Let the clock go on after this day; the new date stands in a row of its own.

    What was left on the day of suspension is left on resumption (see `legal.periods.resume`).
    Raises Refused, also for a year without calendar.
    """
    if deadline.state != Deadline.SUSPENDED or deadline.suspended_on is None:
        raise Refused([Reason(_("期限没有中止，不需要恢复。"))])
    try:
        period = resumed(deadline.derivation, Span(deadline.suspended_on, on), calendar)
    except PeriodRefused as refused:
        raise Refused([refusal(refused, field="on")]) from refused
    return _succeed(
        deadline,
        period,
        verb="deadlines.resume",
        reason=reason or _("中止后恢复"),
        by=by,
        at=at,
    )


@transaction.atomic
def meet(deadline: Deadline, *, on: date, by: User, at: datetime) -> Event:
    """What was due was done on this day. A suspended clock must be resumed or cancelled first."""
    days_late = max(0, (on - deadline.due_on).days)
    return trail.move(
        deadline,
        Deadline.MET,
        by=by,
        at=at,
        verb="deadlines.meet",
        data={"on": on, "due_on": deadline.due_on, "days_late": days_late},
        ended_on=on,
    )


@transaction.atomic
def cancel(deadline: Deadline, *, reason: str, by: User, at: datetime) -> Event:
    """Nothing is due any more, for this reason."""
    _need(reason)
    return trail.move(
        deadline,
        Deadline.CANCELLED,
        by=by,
        at=at,
        verb="deadlines.cancel",
        reason=reason,
        ended_on=local_date(at),
        ended_reason=reason,
    )


def hold(deadline: Deadline, held: bool) -> None:
    """Say whether the other side has answered, so that nobody is reminded meanwhile.

    No act of its own: it repeats a fact of the record behind, and is called by the verb that
    changes that fact, inside its transaction.
    """
    if deadline.held != held:
        deadline.held = held
        deadline.save(update_fields=["held"])


def refusal(refused: PeriodRefused, *, field: str = "") -> Reason:
    """A refusal of `legal.periods` in the reader's language, for a verb's list of reasons."""
    # Both sentences come with the refusal, since the counting itself knows no language.
    return Reason(said({"zh": refused.zh, "en": refused.en}), field=field)


def said(words: dict[str, Any]) -> str:
    """The Chinese or the English of a pair {"zh", "en"}, by the language of the page."""
    return str(words["zh"] if _in_chinese() else words["en"])


def _in_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def _need(reason: str) -> None:
    if not reason.strip():
        raise Refused([Reason(_("请写明理由。"), field="reason")])


def _create(
    subject_type: str,
    subject_id: Any,
    unit: Unit,
    kind: str,
    period: Period,
    by: User,
    at: datetime,
    *,
    owner: User,
    replaces: Deadline | None = None,
) -> Deadline:
    if period.trigger is None:
        raise Refused([Reason(_("还没有起算事由，不能开始计算期限。"))])
    try:
        with transaction.atomic():
            return Deadline.objects.create(
                unit=unit,
                kind=kind,
                subject_type=subject_type,
                subject_id=subject_id,
                trigger_on=period.trigger,
                due_on=period.due,
                due_at=period.due_at,
                derivation=period.derivation,
                replaces=replaces,
                started_at=at,
                started_by=by,
                owner=owner,
            )
    except IntegrityError as error:
        if "deadlines_one_open_per_subject" not in str(error):
            raise
        raise Refused([Reason(_("这一期限已经在计算，不能再次开始。"))]) from error


def _succeed(
    deadline: Deadline, period: Period, *, verb: str, reason: str, by: User, at: datetime
) -> Deadline:
    """End the row and write its successor; the record's one line names both dates."""
    _need(reason)
    former_due = deadline.due_on
    trail.move(
        deadline,
        Deadline.REPLACED,
        by=by,
        at=at,
        verb=verb,
        reason=reason,
        data={"from_due": former_due, "to_due": period.due},
        ended_on=local_date(at),
        ended_reason=reason,
    )
    return _create(
        deadline.subject_type,
        deadline.subject_id,
        deadline.unit,
        deadline.kind,
        period,
        by,
        at,
        owner=deadline.owner,
        replaces=deadline,
    )


def _facts(deadline: Deadline) -> dict[str, Any]:
    return {
        "kind": deadline.kind,
        "subject": f"{deadline.subject_type}:{deadline.subject_id}",
        "trigger_on": deadline.trigger_on,
        "due_on": deadline.due_on,
    }
