"""While a paper is printed, its process may compute, and nothing else.

`closed` is a belt beside the fetcher, which answers what a document asks for: here nothing that
the libraries do for whatever other reason reaches a socket, starts a program, or opens a file that
is not a face or a part of Python. What is refused is also noted, since a library may swallow the
refusal: a print with a note does not count.

Each print has its own limits of processor time and memory. They are looked at four times in a
second of processor time; a library that is busy in C is stopped when it returns, at the latest by
the worker's own time limit. Behind them stands a limit of the system on the address space, so that
one paper cannot take the whole machine with it. All is as before when the print ends.
"""

import os
import resource
import signal
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from notices import faces

CPU_SECONDS = 20
MEMORY_MB = 400  # more than the process had when the print began
BEYOND_MB = 800  # address space, likewise: the last resort
TICK = 0.25  # seconds of processor time

_MEGABYTE = 1 << 20
_CLOSED = (
    "socket.", "subprocess.", "shutil.", "tempfile.", "urllib.", "http.", "ftplib.", "smtplib.",
    "sqlite3.", "pty.", "ctypes.dlopen", "os.system", "os.exec", "os.fork", "os.posix_spawn",
    "os.spawn", "os.startfile", "os.kill", "os.putenv", "os.remove", "os.rename", "os.rmdir",
    "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime",
    "_thread.start_new_thread",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_STATM = "/proc/self/statm"
_HARMLESS = ("/dev/null", "/dev/urandom", _STATM)
_CODE = (".py", ".pyc")  # a part that is imported on first need, wherever it lies


class Breach(PermissionError):
    """The print tried to leave its cell. Libraries may catch it; the note stays."""


class LimitReached(BaseException):
    """No `except Exception` of a library may hold it up."""


class TooSlow(LimitReached):
    """More than CPU_SECONDS of processor time."""


class TooBig(LimitReached):
    """More than MEMORY_MB of memory."""


@dataclass
class Cell:
    """One print. `breaches`: what was tried and refused, in words of the interpreter."""

    thread: int
    ends: float  # process time
    most: int  # bytes resident
    breaches: list[str] = field(default_factory=list)


_cell: Cell | None = None


@contextmanager
def closed() -> Iterator[Cell]:
    """The cell of one print; in the main thread of a process, and never two at once.

    Raises TooSlow or TooBig out of the middle of what runs inside.
    """
    global _cell
    if _cell is not None:
        raise RuntimeError("two prints in one process")
    _install()
    # Anew each time: the pool of workers puts handlers of its own, which end the process. Ours
    # stays afterwards and does nothing, so that a late signal is harmless.
    signal.signal(signal.SIGPROF, _tick)
    began = time.process_time()
    cell = Cell(threading.get_ident(), began + CPU_SECONDS, _resident() + MEMORY_MB * _MEGABYTE)
    bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    space = resource.getrlimit(resource.RLIMIT_AS)
    _cell = cell
    try:
        _limit_space(space)
        signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
        yield cell
    except MemoryError:
        raise TooBig from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _cell = None
        resource.setrlimit(resource.RLIMIT_AS, space)
        sys.dont_write_bytecode = bytecode


@cache
def _install() -> None:
    """Once per process: a hook cannot be taken out. It does nothing while no print runs."""
    sys.addaudithook(_hook)


def _tick(_number: int, _frame: FrameType | None) -> None:
    if _cell is None:
        return
    if time.process_time() > _cell.ends:
        raise TooSlow
    if _resident() > _cell.most:
        raise TooBig


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _cell is None or threading.get_ident() != _cell.thread:
        return
    if event == "open":
        if not _may_open(*args):
            _refuse(f"open {args[0]!r}")
    elif event.startswith(_CLOSED):
        _refuse(event)


def _refuse(what: str) -> None:
    if _cell is not None:
        _cell.breaches.append(what[:120])
    raise Breach(what)


def _may_open(path: Any, _mode: Any, flags: int) -> bool:
    if isinstance(path, int):
        return True  # a file that is open already
    name = os.path.abspath(os.fsdecode(path))
    if name in _HARMLESS:
        return True
    return not flags & _WRITING and (name.startswith(_readable()) or name.endswith(_CODE))


@cache
def _readable() -> tuple[str, ...]:
    """The folders of Python's own parts and of the faces."""
    folders = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    folders |= {str(Path(folder).resolve()) for folder in folders} | {str(faces.FONTS)}
    return tuple(sorted(folder + os.sep for folder in folders))


def _pages(column: int) -> int:
    """Bytes by /proc/self/statm: 0 the address space, 1 what is resident; 0 where it is absent."""
    try:
        with open(_STATM, "rb", buffering=0) as statm:
            return int(statm.read(80).split()[column]) * resource.getpagesize()
    except OSError:
        return 0


def _resident() -> int:
    return _pages(1)


def _limit_space(space: tuple[int, int]) -> None:
    soft, hard = space
    now = _pages(0)
    wanted = now + BEYOND_MB * _MEGABYTE
    if now and (soft == resource.RLIM_INFINITY or wanted < soft):
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
