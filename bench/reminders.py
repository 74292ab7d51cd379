"""A sweep over 1,000,000 running deadlines, and my desk beside them: `./run bench reminders`.

The deadlines are invented and written by one statement, in the units of `bench.board`: due from two
months ago to three months ahead, four kinds, two of the counties with a ladder of their own. A
first sweep brings them to the state of three days ago; then the scheduler stands still for three
days, and the sweep that is measured chooses what to say, catches up and owes the letters. Each runs
in a process of its own, so that its memory is its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Unit, User
from bench import Row, board
from deadlines.models import Deadline, Policy, Rung, Sweep

DEADLINES = 1_000_000
SECONDS, MEGABYTES, DESK, INBOX = 60, 300, 80, 100
PAUSE = timedelta(days=3)
ABOUT = "bench.reminder"
OFFICERS = 20  # of each unit

SWEEP = """
import json, re, sys, time
from pathlib import Path
import django
django.setup()
from datetime import date
from django.utils import timezone
from deadlines import reminders
began = time.perf_counter()
said = reminders.sweep(today=date.fromisoformat(sys.argv[1]), at=timezone.now())
taken = time.perf_counter() - began
# Not getrusage: its peak is that of the parent too, from before the child was another program.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"said": said, "seconds": taken, "peak": peak / 1024}))
"""

LOAD = """
INSERT INTO deadlines_deadline
    (id, unit_id, kind, subject_type, subject_id, trigger_on, due_on, derivation, started_at,
     started_by_id, owner_id, entered_at, state, version, ended_reason)
SELECT gen_random_uuid(), (%(units)s::int[])[1 + n %% %(n_units)s],
       (ARRAY['RECTIFY', 'RECTIFY', 'RECTIFY', 'REINSPECT', 'DECIDE_EXTENSION', 'RECTIFY',
              'PENALTY'])[1 + abs(hashint4(n + 5000000)) %% 7],
       %(about)s, gen_random_uuid(), due - 30, due, %(derivation)s::jsonb,
       (due - 30)::timestamp AT TIME ZONE 'Asia/Shanghai' + interval '10 hours',
       %(by)s, (%(owners)s::uuid[])
           [1 + n %% %(n_units)s + %(n_units)s * (abs(hashint4(n + 7000000)) %% %(each)s)],
       now(), 'running', 0, ''
FROM generate_series(1, %(number)s) n,
     LATERAL (SELECT %(today)s::date - 60 + abs(hashint4(n)) %% 150 AS due) days
"""


def rows() -> list[Row]:
    """Seconds, rows a second and memory of each sweep; then the pages beside the rows."""
    chief = board.load()
    _load(chief)
    _forget()
    today = timezone.localdate()
    first = _sweep(today - PAUSE)
    _settle()
    caught_up = _sweep(today)
    again = _sweep(today)
    _settle()
    found = [
        Row(f"first sweep over {DEADLINES:,} running deadlines", first["seconds"], "s"),
        Row("reminders written by it", first["said"], ""),
        Row("peak memory", first["peak"], "MB", MEGABYTES),
        Row("sweep after three days' pause", caught_up["seconds"], "s", SECONDS),
        Row("deadlines a second", DEADLINES / caught_up["seconds"], "1/s"),
        Row("reminders written by it", caught_up["said"], ""),
        Row("peak memory", caught_up["peak"], "MB", MEGABYTES),
        Row("second sweep, nothing to say", again["seconds"], "s", SECONDS),
        Row("peak memory", again["peak"], "MB", MEGABYTES),
    ]
    client = Client(SERVER_NAME="localhost")
    client.force_login(chief)
    for name, address, at_most in (
        ("my desk", "/", DESK),
        ("inbox, unread", "/deadlines/inbox/", INBOX),
        ("inbox, everything", "/deadlines/inbox/?show=all", INBOX),
        ("inbox, overdue of one kind", "/deadlines/inbox/?overdue=on&kind=RECTIFY", INBOX),
    ):
        taken, queries = board._ask(client, address)
        found.append(Row(f"{name} beside them, p50", taken, "ms", at_most))
        found.append(Row(f"{name}, queries", queries, "", board.QUERIES))
    return found


def _sweep(today: date) -> dict[str, Any]:
    told = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", SWEEP, today.isoformat()],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def _load(chief: User) -> None:
    """The deadlines, their owners and two policies; nothing where they are there already."""
    if Deadline.objects.filter(subject_type=ABOUT)[:DEADLINES].count() >= DEADLINES:
        return
    units = list(Unit.objects.visible_to(chief).order_by("pk"))
    owners = [
        User(username=f"bench-remind-{n:04}", name=f"{board.MARK}{n}", unit=units[n % len(units)])
        for n in range(OFFICERS * len(units))
    ]
    with transaction.atomic(), _no_limit():
        User.objects.bulk_create(owners, ignore_conflicts=True)
        names = [owner.username for owner in owners]
        rows = User.objects.filter(username__in=names).order_by("username")
        keys = list(rows.values_list("pk", flat=True))
        for unit, offset in zip(units[1:3], (-5, -2), strict=True):
            _policy(unit, offset)
        derivation = {
            "event": {"zh": "送达", "en": "service"}, "warnings": [],
            "sentence_zh": "演练" * 60, "sentence_en": "bench " * 40,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                LOAD,
                {
                    "units": [unit.pk for unit in units],
                    "n_units": len(units),
                    "owners": keys,
                    "each": OFFICERS,
                    "about": ABOUT,
                    "by": chief.pk,
                    "derivation": json.dumps(derivation),
                    "number": DEADLINES,
                    "today": timezone.localdate(),
                },
            )
    _settle()


def _policy(unit: Unit, offset: int) -> None:
    """A ladder of the unit's own with a share of the term, in effect since last year."""
    today = timezone.localdate()
    policy = Policy.objects.create(
        unit=unit, effective_from=today + timedelta(days=1), entered_on=today
    )
    for facts in (
        {"offset": 50, "measure": "share"},
        {"offset": offset, "measure": "working_day"},
        {"offset": 0, "repeat_every": 7},
    ):
        Rung.objects.create(policy=policy, audience=["officer", "supervisor"], **facts)
    began = today - timedelta(days=365)
    Policy.objects.filter(pk=policy.pk).update(
        effective_from=began, entered_on=began - timedelta(days=1)
    )


def _forget() -> None:
    """Whatever was said in an earlier run of this bench."""
    with transaction.atomic(), _no_limit(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE deadlines_reminder, deadlines_seen, deadlines_letter")
    Sweep.objects.all().delete()
    _settle()


def _settle() -> None:
    """What autovacuum does within minutes, at once."""
    with _no_limit(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE deadlines_deadline")
        cursor.execute("VACUUM ANALYZE deadlines_reminder")


@contextmanager
def _no_limit() -> Iterator[None]:
    """Loading and settling may hold long statements."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    yield
