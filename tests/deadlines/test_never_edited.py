"""What the database itself refuses."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from deadlines import clock
from deadlines.models import Deadline
from tests.factories.deadlines import DeadlineFactory


def refused(match, act):
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        act()


@pytest.mark.parametrize(
    "change",
    [
        {"due_on": date(2025, 3, 1)},
        {"trigger_on": date(2025, 1, 1)},
        {"derivation": {}},
        {"kind": "OTHER"},
        {"subject_type": "x.y"},
    ],
)
def test_a_date_is_never_edited(deadline, change):
    refused("cannot be edited", lambda: Deadline.objects.filter(pk=deadline.pk).update(**change))


def test_a_date_is_never_deleted(deadline):
    refused("cannot be deleted", deadline.delete)


def test_what_ended_stays(deadline, officer, at):
    clock.meet(deadline, on=date(2025, 2, 10), by=officer, at=at)
    rows = Deadline.objects.filter(pk=deadline.pk)
    refused("has ended", lambda: rows.update(state="running", ended_on=None))
    refused("has ended", lambda: rows.update(ended_on=date(2025, 1, 10)))


def broken(constraint, **facts):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DeadlineFactory(**facts)


def test_constraints(deadline):
    same = {"subject_type": deadline.subject_type, "subject_id": deadline.subject_id}
    broken("deadlines_one_open_per_subject", **same)
    broken("deadlines_one_open_per_subject", **same, suspended=True)
    broken("deadlines_ended_has_a_day", state="met")
    broken("deadlines_ended_has_a_day", ended_on=date(2025, 1, 10))
    broken("deadlines_suspended_has_a_day", state="suspended")
    broken("deadlines_change_has_a_reason", state="cancelled", ended_on=date(2025, 1, 10))
    broken("deadlines_change_has_a_reason", state="replaced", ended_on=date(2025, 1, 10))
    own = uuid4()
    broken("deadlines_not_its_own_successor", id=own, replaces_id=own)
    first = DeadlineFactory(met=True)
    DeadlineFactory(replaces=first)
    broken("deadlines_deadline_replaces_id", replaces=first)
