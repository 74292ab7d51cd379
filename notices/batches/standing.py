"""Where a batch is: queued, being made, ready or failed. Computed from the facts, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.models import Job
from notices.models import BATCH_JOB, Batch


@dataclass(frozen=True)
class Standing:
    """`code`: queued, making, ready or failed; `group` of its badge; `reason` why it waits."""

    code: str
    group: str
    word: str | Promise
    reason: str = ""


READY = Standing("ready", "met", _("已完成"))


def of(batches: Sequence[Batch]) -> dict[UUID, Standing]:
    """For each of these; one query for all that are not ready."""
    keys = [str(batch.pk) for batch in batches if batch.ready_at is None]
    jobs = (
        {job.key: job for job in Job.objects.filter(kind=BATCH_JOB, key__in=keys)} if keys else {}
    )
    return {
        batch.pk: READY if batch.ready_at is not None else _of(jobs.get(str(batch.pk)))
        for batch in batches
    }


def _of(job: Job | None) -> Standing:
    if job is None or job.state == Job.State.DEAD:
        return Standing("failed", "refused", _("没有做成"), job.last_error if job else "")
    if job.state == Job.State.RUNNING:
        return Standing("making", "live", _("正在制作"))
    return Standing("queued", "wait", _("排队"), job.last_error)


def unfinished(user: User) -> int:
    """How many of the person's batches are still to be made; given up ones do not count."""
    keys = Batch.objects.filter(by=user, ready_at__isnull=True).values_list("pk", flat=True)
    owed = Job.objects.filter(kind=BATCH_JOB, key__in=[str(key) for key in keys])
    return owed.exclude(state=Job.State.DEAD).count()
