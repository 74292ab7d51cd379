"""The clockwork of reminders: asks every few minutes what has fallen due.

Not a job in the ledger. The ledger holds what would be lost with a worker; here nothing can be: the
next run finds the same facts. The letters that follow are owed there.
"""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from deadlines import reminders


@shared_task(name="deadlines.tasks.remind", soft_time_limit=480, time_limit=540)
def remind() -> int:
    """Say what is due to be said; the day of reminders begins at ZHENGGAI_REMIND_HOUR."""
    now = timezone.now()
    today = timezone.localdate(now - timedelta(hours=settings.ZHENGGAI_REMIND_HOUR))
    return reminders.sweep(today=today, at=now)
