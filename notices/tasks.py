"""Printing, as owed work. Registered at start-up; see `notices.apps`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery.signals import worker_init, worker_process_init
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jobs import registry
from notices import press, printing
from notices.models import PRINT_JOB


@registry.kind(
    PRINT_JOB,
    word=_("打印文书"),
    soft_limit=30,
    lease=timedelta(seconds=75),
    queue=settings.ZHENGGAI_PRINT_QUEUE,
    retry_verb="notices.retry",
)
def print_notice(notice_id: str) -> Callable[[datetime], None] | None:
    return printing.owed_print(notice_id)


@worker_init.connect
def load_the_parts(**_kwargs: Any) -> None:
    press.preload()


@worker_process_init.connect
def warm_the_press(**_kwargs: Any) -> None:
    press.warm_up()
