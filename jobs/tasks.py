"""The one Celery task for work that is owed, and its broom. What is owed stands in the ledger.

Beside it stands only `deadlines.tasks.remind`, which is owed to nobody: it asks the facts anew.
"""

from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from jobs import ledger


@shared_task(name="jobs.tasks.run")
def run(job_id: str) -> bool:
    return ledger.work(job_id, clock=timezone.now)


@shared_task(name="jobs.tasks.sweep")
def sweep() -> int:
    return ledger.sweep(at=timezone.now())


@worker_ready.connect
def ring_again_at_start(**_: Any) -> None:
    """The messages of the time before may be lost with the worker that had fetched them."""
    ledger.sweep(at=timezone.now(), patience=timedelta(0))
