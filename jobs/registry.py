"""The kinds of work there are. The room that owns a kind registers its handler at start-up.

A handler has two halves, because a worker may die between any two lines:

* the handler itself does the slow work and writes nothing;
* what it returns is the effect: called inside one transaction together with `state = done`,
  and only if the job still belongs to this worker. A handler with nothing to write returns
  None.

So a killed worker leaves either everything or nothing, and the next one simply starts again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

Effect = Callable[[datetime], None]
Handler = Callable[..., Effect | None]


class Hopeless(Exception):
    """Trying again cannot help (a character that no font has). The job stops at once.

    The message is shown to officers: whole sentences, in Chinese.
    """


class NotYet(Exception):
    """Something the work needs is missing on this machine. The job waits, attempts uncounted.

    The message is shown to officers: what is missing and that the work will follow.
    """


@dataclass(frozen=True)
class JobKind:
    """`lease`: how long a worker may be silent before the job is given to another one."""

    code: str
    word: str | Promise
    handler: Handler
    lease: timedelta
    soft_limit: int
    queue: str | None
    retry_verb: str


_KINDS: dict[str, JobKind] = {}


def kind(
    code: str,
    *,
    word: str | Promise,
    lease: timedelta = timedelta(seconds=150),
    soft_limit: int = 90,
    queue: str | None = None,
    retry_verb: str = "jobs.retry",
) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of `code`.

    Args:
        word: what pages call this work.
        lease: longer than `soft_limit` plus 30 s, or a slow job would run twice.
        soft_limit: seconds after which the handler is interrupted; it is killed 30 s later.
        queue: a Celery queue of its own; None for the common one.
        retry_verb: who may send a dead job back, beside the holders of jobs.retry.
    """
    if lease < timedelta(seconds=soft_limit + 30):
        raise ValueError(f"{code}: the lease ends before the time limit does")

    def register(handler: Handler) -> Handler:
        if code in _KINDS and _KINDS[code].handler is not handler:
            raise ValueError(f"two handlers for the job kind {code!r}")
        _KINDS[code] = JobKind(code, word, handler, lease, soft_limit, queue, retry_verb)
        return handler

    return register


def get(code: str) -> JobKind:
    """Raises KeyError for a kind that nobody registered."""
    return _KINDS[code]


def word(code: str) -> str | Promise:
    """What pages call this kind; the code itself where the kind is gone."""
    return _KINDS[code].word if code in _KINDS else code


def codes() -> list[str]:
    return sorted(_KINDS)
