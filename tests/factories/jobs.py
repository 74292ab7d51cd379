"""Owed work. `JobFactory(dead=True)` and the other traits are one situation each.

The kind "test_echo" exists in tests only: its handler notes what it was called with.
"""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from jobs.models import Job


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    class Params:
        running = factory.Trait(
            state=Job.State.RUNNING,
            attempts=1,
            lease_until=factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=2)),
        )
        abandoned = factory.Trait(
            state=Job.State.RUNNING,
            attempts=1,
            lease_until=factory.LazyFunction(lambda: timezone.now() - timedelta(seconds=1)),
        )
        dead = factory.Trait(state=Job.State.DEAD, attempts=5, last_error="打印机没有纸。")
        done = factory.Trait(
            state=Job.State.DONE, attempts=1, done_at=factory.LazyFunction(timezone.now)
        )

    kind = "print_notice"
    key = factory.Sequence(lambda n: f"00000000-0000-4000-8000-{n:012d}")
    args = factory.LazyAttribute(lambda o: {"notice_id": o.key})
