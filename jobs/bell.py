"""The doorbell: tells a worker that a row waits. Losing a ring costs time, never work."""

import logging
from collections.abc import Sequence

from celery import current_app
from django.utils import timezone

from jobs import registry
from jobs.models import Job

log = logging.getLogger(__name__)

KILL_AFTER = 30  # seconds between the interruption and the kill
_silent = False


def ring(jobs: Sequence[Job]) -> None:
    """Send each job's number to the broker. A broker that is down is logged once, no more.

    Raises nothing: whoever issued the paper must not notice a dead broker.
    """
    global _silent
    heard = []
    for job in jobs:
        kind = registry.get(job.kind)
        try:
            current_app.send_task(
                "jobs.tasks.run",
                args=(str(job.pk),),
                queue=kind.queue,
                soft_time_limit=kind.soft_limit,
                time_limit=kind.soft_limit + KILL_AFTER,
                retry=False,
            )
        except Exception as fault:  # noqa: BLE001 - every transport has its own errors
            if not _silent:
                log.warning(
                    "the broker does not answer (%s); the sweep will find the work",
                    type(fault).__name__,
                )
            _silent = True
            break
        heard.append(job.pk)
        _silent = False
    if heard:
        Job.objects.filter(pk__in=heard).update(rung_at=timezone.now())
