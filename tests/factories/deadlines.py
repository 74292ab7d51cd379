"""Deadlines on plain records: the unit itself stands in for an order (any row with a UUID would).

`DeadlineFactory(unit=…)` is served on 9 January 2025 and due on 12 February 2025, the example of
the design; traits `met`, `suspended`, `cancelled`.
"""

import uuid
from datetime import date, datetime

import factory
from factory.django import DjangoModelFactory

from deadlines.models import Deadline
from legal.periods import SERVED, SHANGHAI, count
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.legal import calendar

SERVED_ON = date(2025, 1, 9)


def period(start: date = SERVED_ON, days: int = 20):
    """`days` working days from service."""
    return count(start, days, "working_day", calendar(), event=SERVED, basis=["APL@2021:28(1)"])


class DeadlineFactory(DjangoModelFactory):
    class Meta:
        model = Deadline

    class Params:
        of = factory.LazyFunction(period)
        met = factory.Trait(state=Deadline.MET, ended_on=date(2025, 2, 10))
        suspended = factory.Trait(state=Deadline.SUSPENDED, suspended_on=date(2025, 1, 20))
        cancelled = factory.Trait(
            state=Deadline.CANCELLED, ended_on=date(2025, 1, 20), ended_reason="撤回"
        )

    unit = factory.SubFactory(UnitFactory)
    kind = "RECTIFY"
    subject_type = "rectification.order"
    subject_id = factory.LazyFunction(uuid.uuid4)
    trigger_on = factory.LazyAttribute(lambda o: o.of.trigger)
    due_on = factory.LazyAttribute(lambda o: o.of.due)
    derivation = factory.LazyAttribute(lambda o: o.of.derivation)
    started_at = datetime(2025, 1, 9, 10, 25, tzinfo=SHANGHAI)
    started_by = factory.SubFactory(UserFactory)
    owner = factory.SelfAttribute("started_by")
