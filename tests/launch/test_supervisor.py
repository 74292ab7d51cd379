"""Real processes: what dies is started again, and TERM ends them all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from launch.places import ROOT, CannotStart
from launch.postgres import process_name
from launch.supervisor import Child, Supervisor, command

PATIENCE = 15.0
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def child(name: str, argv: list[str], folder: Path) -> Child:
    log = folder / f"{name}.log"
    return Child(name, command(argv, dict(os.environ), log, folder), log)


def test_a_dead_child_is_started_again(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        sleeper = supervisor.add(child("sleeper", SLEEP, tmp_path))
        assert sleeper.process is not None
        first = sleeper.process.pid
        os.kill(first, signal.SIGKILL)
        sleeper.process.wait()

        def again() -> bool:
            supervisor.tick()
            return sleeper.alive and sleeper.process.pid != first  # type: ignore[union-attr]

        assert until(again)
        assert sleeper.failures == 1
    assert not sleeper.alive


def test_pauses_grow(tmp_path: Path) -> None:
    supervisor = Supervisor()
    failing = child("failing", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
    supervisor.add(failing)
    pauses = []
    for _ in range(3):
        assert failing.process is not None
        failing.process.wait()
        before = time.monotonic()
        supervisor.tick()
        pauses.append(round(failing.due - before, 1))
        failing.due = 0.001  # the pause is over
        supervisor.tick()
    supervisor.stop()
    assert pauses == [0.5, 1.0, 2.0]


def test_a_child_that_never_comes_up_ends_the_start_with_its_log(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        failing = supervisor.add(
            child("web", [sys.executable, "-c", "raise SystemExit('no such setting')"], tmp_path)
        )
        with pytest.raises(CannotStart, match="no such setting"):
            supervisor.wait_until(lambda: False, failing, 10)


PARENT = """
import os, sys, pathlib
from launch.supervisor import Child, Supervisor, command
folder = pathlib.Path(sys.argv[1])
# The second one does not hear TERM: it is killed after its time.
quiet = [sys.executable, "-c", "import time; time.sleep(60)"]
deaf = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); "
        "print('deaf', flush=True); time.sleep(60)"]
with Supervisor() as supervisor:
    for name, argv in (("quiet", quiet), ("deaf", deaf)):
        log = folder / (name + ".log")
        spawn = command(argv, dict(os.environ), log, folder)
        supervisor.add(Child(name, spawn, log, stop_seconds=0.5))
    print(*[child.process.pid for child in supervisor.children], flush=True)
    supervisor.run()
"""


def start_parent(folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    children = [int(word) for word in parent.stdout.readline().split()]
    parent.stdout.close()
    assert until(lambda: "deaf" in (folder / "deaf.log").read_text())
    return parent, children


def test_term_ends_them_all(tmp_path: Path) -> None:
    parent, children = start_parent(tmp_path)
    parent.terminate()
    assert parent.wait(PATIENCE) == 0
    assert [process_name(pid) for pid in children] == ["", ""]


def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    parent, children = start_parent(tmp_path)
    parent.kill()
    parent.wait()
    assert until(lambda: process_name(children[0]) == "")
    os.kill(children[1], signal.SIGKILL)  # it ignores TERM by design
