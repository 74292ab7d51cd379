"""The ledger of work. It is the truth; the broker is its doorbell.

    owe      in the business transaction: the row (owe_many: rows); after commit the bell is rung
    work     claim -> handler -> effect and `done` in one transaction
    sweep    what the bell, or a worker, has lost is rung again
    retry    a person sends a dead job back

    queued --claim--> running --effect--> done
      ^                  |
      |---- back-off ----|---- fifth failure, or hopeless ----> dead --retry--> queued

`kill -9` at any moment: before the claim commits, the row is still queued; after it, the lease
runs out and the sweep gives the row to somebody else; the effect is all or nothing. A worker
that only seemed dead is held off by the fence: its attempt number is no longer the current one.

Job states are moved here by compare-and-set, not by `audit.trail.move`: they are steps of a
machine, and the record holds what people did. `retry` is a person's act and goes through it.
"""

import logging
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from jobs import bell, registry
from jobs.models import Job
from jobs.registry import Effect, Hopeless, NotYet

log = logging.getLogger(__name__)

ATTEMPTS = 5
BACK_OFF = (10, 60, 300, 1500)  # seconds before the 2nd, 3rd, 4th and 5th attempt
NOT_YET = timedelta(seconds=60)
SWEEP_AT_ONCE = 500
RUNG_AT_ONCE = 50
LONGEST_ERROR = 2000

trail.words({"jobs.retry": gettext_lazy("重试后台任务")})


class Lost(Exception):
    """The job went to another worker while this one was busy."""


def owe(kind: str, key: str, **args: Any) -> Job:
    """Write down work that must be done once this transaction commits.

    Args:
        kind: a registered kind.
        key: makes the work the only one of its kind: owing it twice returns the first row.
        args: what the handler is called with; small and JSON.
    """
    registry.get(kind)
    job, created = Job.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={"args": args, "allowed": ATTEMPTS},
    )
    if created:
        transaction.on_commit(lambda: bell.ring([job]), robust=True)
    return job


def owe_many(kind: str, works: Iterable[tuple[str, dict[str, Any]]]) -> int:
    """Write down many pieces of work of one kind, each (key, args); how many were not owed before.

    As `owe`, in one statement a thousand. Only the first are rung; the sweep rings the others, so
    that a broker is not flooded.
    """
    registry.get(kind)
    made = Job.objects.bulk_create(
        [Job(kind=kind, key=key, args=args, allowed=ATTEMPTS) for key, args in works],
        batch_size=1000,
        ignore_conflicts=True,
    )
    new = Job.objects.filter(pk__in=[job.pk for job in made])
    first = list(new.order_by("key")[:RUNG_AT_ONCE])
    if first:
        transaction.on_commit(lambda: bell.ring(first), robust=True)
    return new.count()


def work(job_id: str, *, clock: Callable[[], datetime]) -> bool:
    """Do the job if it can be had; True when it was done here.

    Called any number of times for the same job, by any number of workers.
    """
    job = _claim(job_id, at=clock())
    if job is None:
        return False
    try:
        effect = registry.get(job.kind).handler(**job.args)
        _finish(job, effect, at=clock())
    except Lost:
        log.warning("job %s went to another worker; this result is dropped", job.pk)
        return False
    except NotYet as wait:
        _postpone(job, str(wait), at=clock())
        return False
    except Hopeless as reason:
        log.warning("job %s %s is hopeless: %s", job.kind, job.pk, reason)
        _fail(job, str(reason), at=clock(), again=False)
        return False
    except SoftTimeLimitExceeded:
        _fail(job, _too_slow(job), at=clock(), again=True)
        return False
    except Exception as fault:
        log.exception("job %s %s failed at attempt %d", job.kind, job.pk, job.attempts)
        _fail(job, _brief(fault), at=clock(), again=True)
        return False
    return True


def _claim(job_id: str, *, at: datetime) -> Job | None:
    """Take the job in one short transaction. None when it is not to be had."""
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(pk=job_id)
            .filter(
                Q(state=Job.State.QUEUED, due_at__lte=at)
                | Q(state=Job.State.RUNNING, lease_until__lt=at)
            )
            .first()
        )
        if job is None:
            return None
        if job.attempts >= job.allowed:
            _give_up(job, job.last_error or _("处理它的进程中断了。"))
            return None
        job.state = Job.State.RUNNING
        job.attempts += 1
        job.version += 1
        job.started_at = at
        job.lease_until = at + lease(job.kind)
        job.save(update_fields=["state", "attempts", "version", "started_at", "lease_until"])
    return job


def lease(kind: str) -> timedelta:
    """How long a worker may be silent; settings.JOBS_LEASE_SECONDS overrides (fault runs)."""
    override = settings.JOBS_LEASE_SECONDS
    return timedelta(seconds=override) if override else registry.get(kind).lease


def _mine(job: Job) -> Any:
    """The row, if it still belongs to the attempt that `job` is."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _finish(job: Job, effect: Effect | None, *, at: datetime) -> None:
    """The effect and `done` in one transaction, fenced. Raises Lost when the job is not ours."""
    with transaction.atomic():
        done = _mine(job).update(
            state=Job.State.DONE,
            done_at=at,
            lease_until=None,
            last_error="",
            version=F("version") + 1,
        )
        if not done:
            raise Lost
        if effect is not None:
            effect(at)


def _fail(job: Job, error: str, *, at: datetime, again: bool) -> None:
    if not again or job.attempts >= job.allowed:
        _give_up(job, error)
        return
    wait = BACK_OFF[min(job.attempts, len(BACK_OFF)) - 1]
    _requeue(job, error, due_at=at + timedelta(seconds=wait))


def _postpone(job: Job, reason: str, *, at: datetime) -> None:
    """Back in the queue, said why; the attempt does not count against the job."""
    _requeue(job, reason, due_at=at + NOT_YET, allowed=F("allowed") + 1)


def _requeue(job: Job, error: str, *, due_at: datetime, **sets: Any) -> None:
    _mine(job).update(
        state=Job.State.QUEUED,
        lease_until=None,
        due_at=due_at,
        rung_at=None,
        last_error=error[:LONGEST_ERROR],
        version=F("version") + 1,
        **sets,
    )


def _give_up(job: Job, error: str) -> None:
    _mine(job).update(
        state=Job.State.DEAD,
        lease_until=None,
        last_error=error[:LONGEST_ERROR],
        version=F("version") + 1,
    )


def _too_slow(job: Job) -> str:
    limit = registry.get(job.kind).soft_limit
    return _("超过 %(seconds)s 秒没有完成，已中断。") % {"seconds": limit}


def _brief(fault: BaseException) -> str:
    """The kind of fault and where, without its message: a message may quote personal data."""
    frames = traceback.extract_tb(fault.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    return _("程序错误 %(name)s（%(where)s），详见运行日志。") % {
        "name": type(fault).__name__,
        "where": where,
    }


def sweep(*, at: datetime, patience: timedelta | None = None) -> int:
    """Ring again for what the bell or a worker has lost. Returns how many were rung.

    Args:
        patience: how long a rung job may stay unheard; zero at the start of a worker, since
            the messages of the time before may be lost. Two minutes by default.
    """
    patience = timedelta(seconds=120) if patience is None else patience
    _bury_abandoned(at)
    lost = list(Job.objects.abandoned(at).order_by("created_at")[:SWEEP_AT_ONCE])
    unheard = list(
        Job.objects.unheard(at, patience).order_by("due_at", "created_at")[:SWEEP_AT_ONCE]
    )
    # Work that a worker died on comes last: should it be what kills them, the rest is done first.
    bell.ring([*unheard, *lost])
    return len(lost) + len(unheard)


def _bury_abandoned(at: datetime) -> None:
    """Abandoned at the last allowed attempt: nobody will claim it again."""
    Job.objects.abandoned(at).filter(attempts__gte=F("allowed")).update(
        state=Job.State.DEAD,
        lease_until=None,
        last_error=_("处理它的进程在最后一次尝试中断了。"),
        version=F("version") + 1,
    )


def can_retry(job: Job, user: User) -> list[Reason]:
    """Why this job cannot be sent back; empty when it can."""
    reasons = []
    if not user.may_any(("jobs.retry", registry.get(job.kind).retry_verb)):
        reasons.append(Reason(text=_("您的角色不能重试后台任务。")))
    if job.state != Job.State.DEAD:
        reasons.append(Reason(text=_("只有已停止的任务可以重试。")))
    return reasons


@transaction.atomic
def retry(job: Job, *, by: User, at: datetime) -> Job:
    """Send a dead job back to the queue with five fresh attempts.

    Raises Refused with the reasons of `can_retry`; `trail.Decided` when somebody was faster.
    """
    reasons = can_retry(job, by)
    if reasons:
        raise Refused(reasons)
    trail.move(
        job,
        Job.State.QUEUED,
        by=by,
        at=at,
        verb="jobs.retry",
        data={"kind": job.kind, "key": job.key, "attempts": job.attempts},
        allowed=job.attempts + ATTEMPTS,
        due_at=at,
        rung_at=None,
    )
    transaction.on_commit(lambda: bell.ring([job]), robust=True)
    return job
