"""Celery's own beat with the portal's schedule: what it starts after a pause, and what comes of it.

Messages are not sent to a worker but done at once, in this process.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import current_app
from celery.beat import PersistentScheduler

from accounts.models import Unit
from deadlines.models import Deadline, Reminder, Sweep
from legal.periods import SHANGHAI
from tests.factories.deadlines import DeadlineFactory

#: The deadline falls due on Wednesday 12 February 2025.
DUE = date(2025, 2, 12)
Start = Callable[[str], PersistentScheduler]


def morning(day: date, minute: int = 0) -> datetime:
    return datetime.combine(day, time(9, minute), tzinfo=SHANGHAI)


@pytest.fixture
def row(unit: Unit) -> Deadline:
    return DeadlineFactory(unit=unit)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """`start(name)`: a beat that remembers in the file of that name when it last ran."""
    current_app.loader.import_default_modules()
    for name in ("task_always_eager", "task_eager_propagates"):
        monkeypatch.setitem(current_app.conf.changes, name, True)
    running: list[PersistentScheduler] = []

    def begin(name: str) -> PersistentScheduler:
        beat = PersistentScheduler(current_app, schedule_filename=str(tmp_path / name))
        running.append(beat)
        return beat

    yield begin
    for beat in running:
        beat.close()


def ticks(beat: PersistentScheduler) -> None:
    """As often as there may be something to start."""
    for _n in range(6):
        beat.tick()


def said() -> list[tuple[date, list[date]]]:
    return list(Reminder.objects.order_by("fires_on").values_list("fires_on", "rungs"))


def test_beat_stops_for_three_days_and_is_started_twice(
    row: Deadline, start: Start, tmp_path: Path
) -> None:
    three, one = DUE - timedelta(days=3), DUE - timedelta(days=1)
    with time_machine.travel(morning(three - timedelta(days=1)), tick=False) as clock:
        beat = start("beat")
        clock.shift(timedelta(seconds=301))
        ticks(beat)
        seven = DUE - timedelta(days=7)
        assert said() == [(seven, [seven])]
        beat.close()  # and nobody notices

        clock.move_to(morning(DUE))
        for file in tmp_path.glob("beat*"):
            shutil.copy(file, file.with_name(file.name.replace("beat", "other")))
        sweeps = Sweep.objects.count()
        beats = [start("beat"), start("other")]
        for each in beats:
            ticks(each)
        # One message each, not one for every run that was missed; the newest rung stands for all.
        assert Sweep.objects.count() - sweeps <= len(beats)
        assert said() == [(seven, [seven]), (DUE, [three, one, DUE])]

        clock.shift(timedelta(seconds=301))
        for each in beats:
            ticks(each)
        assert len(said()) == 2


def test_a_clock_that_is_set_back_says_nothing_twice(row: Deadline, start: Start) -> None:
    with time_machine.travel(morning(DUE), tick=False) as clock:
        beat = start("beat")
        clock.shift(timedelta(seconds=301))
        ticks(beat)
        (told,) = said()
        for back in (timedelta(hours=1), timedelta(days=1), timedelta(days=5)):
            clock.move_to(morning(DUE) - back)
            ticks(beat)
            again = start(f"after {back.days} {back.seconds}")
            clock.shift(timedelta(seconds=301))
            ticks(again)
        assert said() == [told]
        clock.move_to(morning(DUE + timedelta(days=1)))
        ticks(beat)
        assert [day for day, _rungs in said()] == [DUE, DUE + timedelta(days=1)]


def test_the_schedule_names_tasks_that_exist(start: Start) -> None:
    names: set[Any] = {each["task"] for each in current_app.conf.beat_schedule.values()}
    assert names == {
        "jobs.tasks.sweep",
        "deadlines.tasks.remind",
        "notices.tasks.sweep_previews",
        "notices.tasks.sweep_batches",
    }
    assert names <= set(current_app.tasks)
