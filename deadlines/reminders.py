"""Who is to be reminded of what, found out from the facts each time anew.

    sweep    the rungs that have been reached and not yet said become reminders
    report   an officer tells the upper unit, with a reason

Nothing is scheduled in advance. A sweep asks every running deadline for the newest day of its
ladder up to today, and writes a reminder unless that day, or a later one, was said already. So

* a scheduler that stood still loses nothing: the newest rung stands for those that it missed, goes
  to everybody whom one of them addressed, and names their days;
* two sweeps at once write each reminder once: the second one leaves, and a constraint holds;
* a clock that was set back finds only days that were said, and says nothing old;
* an extension puts another row in the deadline's place and a suspension takes it out of the
  running ones, and with it all that was still to come;
* one that is held, because the other side has reported or asked in time and the house must act,
  is left alone until it is held no more;
* what falls before the deadline began is nobody's business: a rung seven days before the end of
  a term of three days. One that was entered late is reminded of once, by the newest day passed.

The ladder is that of the policy in effect for the unit on the day on which the deadline began; a
later policy never touches it. Deadlines with the same ladder, kind and due day (and trigger day,
where a rung is a share of the term) have the same days, so the days are worked out for each such
group, and the rows are chosen and written by the database: the memory does not grow with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.trail import Reason, Refused
from deadlines import ladder, mail, policies
from deadlines.models import Audience, Deadline, Reminder, Rung, Sweep
from deadlines.policies import Regime
from legal import calendars
from legal.periods import local_date

#: Deadlines looked at in one statement: a few seconds each.
AT_ONCE = 25_000
#: Only one sweep writes at a time; any number that no other lock of ours uses.
LOCK = 20_041_107
_PARTS = 4096

_BEGAN = "(d.started_at AT TIME ZONE 'Asia/Shanghai')::date"

#: Each regime with the running deadlines under it. A regime for all units needs no list of them.
_GROUPS = f"""
WITH regime AS MATERIALIZED (
    SELECT r.number, r.first, r."end", r.shared, u.id AS unit
    FROM jsonb_to_recordset(%(regimes)s)
        AS r(number int, first date, "end" date, shared text[], units int[])
    JOIN accounts_unit u ON r.units IS NULL OR u.id = ANY(r.units)
)
SELECT r.number, d.kind, d.due_on,
       CASE WHEN d.kind = ANY(r.shared) THEN d.trigger_on END AS trigger_on, count(*)
FROM deadlines_deadline d
JOIN regime r ON r.unit = d.unit_id AND {_BEGAN} >= r.first AND {_BEGAN} < r."end"
WHERE d.state = 'running' AND NOT d.held
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - our own fragments

_WRITE = f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(asked)s)
        AS a(units int[], first date, "end" date, kind text, due_on date, trigger_on date,
             newest date, days date[], people text[])
)
INSERT INTO deadlines_reminder
    (id, deadline_id, unit_id, owner_id, fires_on, rungs, audience, entered_at, note)
SELECT gen_random_uuid(), d.id, d.unit_id, d.owner_id, a.newest, said.days, said.people,
       %(at)s, ''
FROM asked a
JOIN deadlines_deadline d ON d.state = 'running' AND NOT d.held
    AND d.kind = a.kind AND d.due_on = a.due_on
    AND (a.trigger_on IS NULL OR d.trigger_on = a.trigger_on)
    AND (a.units IS NULL OR d.unit_id = ANY(a.units))
    AND {_BEGAN} >= a.first AND {_BEGAN} < a."end"
    AND d.id BETWEEN %(low)s AND %(high)s
CROSS JOIN LATERAL (
    SELECT CASE WHEN d.replaces_id IS NULL THEN least(d.trigger_on, {_BEGAN})
                ELSE {_BEGAN} END AS day
) began
LEFT JOIN LATERAL (
    SELECT max(r.fires_on) AS day FROM deadlines_reminder r
    WHERE r.deadline_id = d.id AND r.by_id IS NULL
) last ON TRUE
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT rung.day) AS days, array_agg(DISTINCT rung.person) AS people
    FROM unnest(a.days, a.people) AS rung(day, person)
    WHERE rung.day >= began.day AND (last.day IS NULL OR rung.day > last.day)
) said
WHERE a.newest >= began.day AND (last.day IS NULL OR last.day < a.newest)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own fragments


@dataclass(frozen=True)
class Group:
    """Running deadlines with the same days; `days` and `people` are pairs, `newest` the last."""

    units: list[int] | None
    first: date
    end: date
    kind: str
    due_on: date
    trigger_on: date | None
    newest: date
    days: list[date]
    people: list[str]


def sweep(*, today: date, at: datetime) -> int:
    """Write the reminders that are due on `today` and owe their letters; how many were written.

    Safe to repeat, and to run twice at once: the second one leaves at once. Whatever was written
    stays if it is killed half-way; the next sweep goes on from there, and owes the letters that
    this one did not.
    """
    with _alone() as alone:
        if not alone:
            return 0
        for left in Sweep.objects.filter(finished=False):
            mail.owe(left)
        Sweep.objects.filter(found=0).delete()
        this, _new = Sweep.objects.get_or_create(at=at, defaults={"today": today})
        before, written = this.found, 0
        for groups, low, high in _portions(_groups(today)):
            written += _write(groups, low, high, at)
            this.found = before + written
            this.save(update_fields=["found"])
        mail.owe(this)
        return written


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other sweep is at work. The lock of one that is killed goes with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        had = bool(cursor.fetchone()[0])
    try:
        yield had
    finally:
        if had:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _groups(today: date) -> Iterator[tuple[Group, int]]:
    """Each group that has reached a rung, with the number of its deadlines."""
    regimes, ladders = policies.regimes()
    calendar = calendars.load()
    for number, kind, due_on, trigger_on, count in _counted(regimes, ladders):
        regime = regimes[number]
        fallen = ladder.falls(
            policies.rungs_for(kind, ladders[regime.policy]),
            trigger=trigger_on or due_on,
            due=due_on,
            calendar=calendar,
            until=today,
        )
        if not fallen:
            continue
        pairs = [(fall.day, person) for fall in fallen for person in fall.audience]
        days, people = [day for day, _who in pairs], [who for _day, who in pairs]
        yield (
            Group(
                regime.units,
                regime.first,
                regime.end,
                kind,
                due_on,
                trigger_on,
                fallen[-1].day,
                days,
                people,
            ),
            count,
        )


def _counted(regimes: list[Regime], ladders: dict[int, list[Rung]]) -> list[tuple[Any, ...]]:
    """(number of the regime, kind, due day, trigger day where a rung is a share, how many)."""
    kinds = list(Deadline.objects.running().order_by().values_list("kind", flat=True).distinct())
    shared = {
        policy: [kind for kind in kinds if ladder.uses_term(policies.rungs_for(kind, rungs))]
        for policy, rungs in ladders.items()
    }
    told = [
        asdict(regime) | {"number": number, "shared": shared[regime.policy]}
        for number, regime in enumerate(regimes)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"regimes": json.dumps(told, default=str)})
        return cursor.fetchall()


def _portions(groups: Iterable[tuple[Group, int]]) -> Iterator[tuple[list[Group], str, str]]:
    """Groups that together hold at most AT_ONCE deadlines; a larger one is cut by its keys."""
    portion: list[Group] = []
    size = 0
    for group, number in groups:
        if number > AT_ONCE:
            for low, high in _key_ranges(-(-number // AT_ONCE)):
                yield [group], low, high
            continue
        if portion and size + number > AT_ONCE:
            yield portion, *_key_range(0, _PARTS)
            portion, size = [], 0
        portion.append(group)
        size += number
    if portion:
        yield portion, *_key_range(0, _PARTS)


def _key_ranges(parts: int) -> Iterator[tuple[str, str]]:
    step = max(1, _PARTS // parts)
    for low in range(0, _PARTS, step):
        yield _key_range(low, min(low + step, _PARTS))


def _key_range(low: int, high: int) -> tuple[str, str]:
    """The first and last key of a part of all keys, which begin with three free digits."""
    return f"{low:03x}{'0' * 29}", f"{high - 1:03x}{'f' * 29}"


@transaction.atomic
def _write(groups: list[Group], low: str, high: str, at: datetime) -> int:
    """How many reminders were written."""
    asked = json.dumps([asdict(group) for group in groups], default=str)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"asked": asked, "low": low, "high": high, "at": at})
        return int(cursor.rowcount)


@transaction.atomic
def report(deadline: Deadline, *, by: User, at: datetime, reason: str) -> Reminder:
    """Tell the unit above, in its inbox and by e-mail. Who may, asks the room of the record.

    Called inside the verb of that room, which leaves the line in the record. Raises Refused without
    a reason.
    """
    if not reason.strip():
        raise Refused([Reason(_("请写明上报的理由。"), field="reason")])
    reminder = Reminder.objects.create(
        deadline=deadline,
        fires_on=local_date(at),
        audience=[Audience.UPPER],
        entered_at=at,
        by=by,
        note=reason.strip(),
    )
    mail.owe_report(reminder)
    return reminder
