"""Keeps the processes alive: starts them, restarts what dies with growing pauses, ends them all.

Every child leads its own process group, so that Ctrl-C in the terminal reaches only the
supervisor, which then stops the children: all that make work at once, then what they stand on.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from launch.places import CannotStart
from launch.postgres import dies_with_parent, tail

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the first, second, … restart
STEADY_SECONDS = 60.0  # who lived this long starts again from the shortest pause
TICK_SECONDS = 0.1
LOG_BYTES = 5 * 1024 * 1024


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    spawn: Callable[[], subprocess.Popen[bytes]]
    log: Path
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 20.0
    foundation: bool = False  # stopped after all others: the database
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0  # monotonic time of the next start

    def start(self) -> None:
        """Starts the process and remembers when."""
        self.process = self.spawn()
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def end_group(self) -> None:
        """Ends what a dead leader left behind, so that a restart does not meet its orphans."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def command(
    argv: Sequence[str], env: dict[str, str], log: Path, cwd: Path, fds: Sequence[int] = ()
) -> Callable[[], subprocess.Popen[bytes]]:
    """A spawn function that appends the output of `argv` to `log`."""

    def spawn() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                list(argv),
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=tuple(fds),
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )

    return spawn


def trim(log: Path) -> None:
    """Keeps one older log once this one is large. Called before anything is started."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(log.suffix + ".1"))


class Supervisor:
    """Runs children until told to stop."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stopping = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._asked_to_stop)
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def add(self, child: Child) -> Child:
        """Takes the child in; starts it unless it runs already."""
        if child.process is None:
            child.start()
        else:
            child.started = time.monotonic()
        self.children.append(child)
        return child

    def tick(self) -> None:
        """Looks once at every child and restarts what died, after its pause."""
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                continue
            if child.due == 0.0:
                code = child.process.returncode if child.process else None
                if now - child.started > STEADY_SECONDS:
                    child.failures = 0
                pause = PAUSES[min(child.failures, len(PAUSES) - 1)]
                child.failures += 1
                child.due = now + pause
                say(f"{child.name} ended ({code}); starting it again in {pause:g} s")
                if child.failures == len(PAUSES) - 2:
                    say(f"The last lines of {child.log}:\n{tail(child.log)}")
                child.end_group()
            elif now >= child.due:
                child.due = 0.0
                child.start()

    def wait_until(self, condition: Callable[[], bool], child: Child, seconds: float) -> bool:
        """Supervises until the condition holds; False when asked to stop meanwhile.

        Raises CannotStart when `child` fails three times before, or the time is over.
        """
        until = time.monotonic() + seconds
        while not self.stopping:
            self.tick()
            if condition():
                return True
            if child.failures >= 3 or time.monotonic() > until:
                raise CannotStart(
                    f"{child.name} does not come up. The last lines of {child.log}:\n"
                    f"{tail(child.log, 25)}"
                )
            time.sleep(TICK_SECONDS)
        return False

    def run(self) -> None:
        """Supervises until asked to stop."""
        while not self.stopping:
            self.tick()
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """Stops the children, foundations last; kills who does not listen in its time."""
        for foundation in (False, True):
            leaving = [child for child in self.children if child.foundation == foundation]
            for child in leaving:
                if child.alive and child.process is not None:
                    child.process.send_signal(child.stop_signal)
            began = time.monotonic()
            for child in leaving:
                self._see_off(child, began + child.stop_seconds)
        self.children.clear()

    @staticmethod
    def _see_off(child: Child, until: float) -> None:
        if child.alive and child.process is not None:
            try:
                child.process.wait(max(until - time.monotonic(), 0.01))
            except subprocess.TimeoutExpired:
                say(f"{child.name} does not stop; killing it")
                child.process.kill()
                child.process.wait()
        child.end_group()
