"""Freed memory goes back to the system, where the C library would keep it for itself.

A case file moves hundreds of megabytes through blocks of all sizes. glibc learns from that to keep
ever larger ones, and the worker would stay as large as its largest moment.
"""

import ctypes
import gc
from collections.abc import Callable
from functools import cache


@cache
def _trim() -> Callable[[int], int] | None:
    """None where the C library is another one."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> None:
    """Costs some milliseconds."""
    gc.collect()
    trim = _trim()
    if trim is not None:
        trim(0)
