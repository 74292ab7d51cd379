"""Printing, as owed work. Registered at start-up; see `notices.apps`."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_process_init
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs import registry
from jobs.registry import NotYet
from notices import batches, press, previews, printing, signing
from notices.models import BATCH_JOB, PREVIEW_JOB, PRINT_JOB


@registry.kind(
    PRINT_JOB,
    word=_("打印文书"),
    soft_limit=30,
    lease=timedelta(seconds=75),
    queue=settings.ZHENGGAI_PRINT_QUEUE,
    retry_verb="notices.retry",
)
def print_notice(notice_id: str) -> Callable[[datetime], None] | None:
    return printing.owed_print(notice_id, at=timezone.now())


@registry.kind(
    BATCH_JOB,
    word=_("批量打印和案卷"),
    soft_limit=480,
    lease=timedelta(seconds=540),
    queue=settings.ZHENGGAI_PRINT_QUEUE,
    retry_verb="notices.retry",
)
def make_batch(batch_id: str) -> Callable[[datetime], None] | None:
    return batches.owed_batch(batch_id, at=timezone.now())


@shared_task(name="notices.tasks.sweep_batches")
def sweep_batches() -> int:
    """Batches past their days go, with their files. Owed to nobody: the next run finds the same."""
    return batches.sweep(at=timezone.now())


@registry.kind(
    PREVIEW_JOB,
    word=_("打印预览"),
    soft_limit=30,
    lease=timedelta(seconds=75),
    queue=settings.ZHENGGAI_PRINT_QUEUE,
)
def print_preview(preview_id: str) -> Callable[[datetime], None] | None:
    return previews.owed_print(preview_id)


@shared_task(name="notices.tasks.sweep_previews")
def sweep_previews() -> int:
    """Not owed in the ledger: what one run leaves, the next one finds."""
    return previews.sweep(at=timezone.now())


@worker_init.connect
def load_the_parts(**_kwargs: Any) -> None:
    press.preload()
    with suppress(NotYet):  # each paper that waits for it says so
        signing.parts()


@worker_process_init.connect
def warm_the_press(**_kwargs: Any) -> None:
    press.warm_up()
