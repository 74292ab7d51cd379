"""Meeting and cancelling; and the words that people ask with."""

from datetime import date, datetime

import pytest

from accounts.models import Unit
from audit.trail import Decided, Refused
from deadlines import clock, words
from deadlines.models import Deadline
from legal.periods import SHANGHAI
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import DeadlineFactory

LATER = datetime(2025, 2, 20, 9, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("on", "in_time"), [(date(2025, 2, 12), True), (date(2025, 2, 13), False)])
def test_meet(deadline, officer, on, in_time):
    event = clock.meet(deadline, on=on, by=officer, at=LATER)
    assert deadline.state == Deadline.MET
    assert deadline.was_met_in_time is in_time
    assert event.data["days_late"] == (0 if in_time else 1)


def test_meet_twice(deadline, officer):
    same = Deadline.objects.get(pk=deadline.pk)
    clock.meet(deadline, on=date(2025, 2, 12), by=officer, at=LATER)
    with pytest.raises(Decided):
        clock.meet(same, on=date(2025, 2, 13), by=officer, at=LATER)


def test_cancel_needs_a_reason(deadline, officer):
    with pytest.raises(Refused, match="理由"):
        clock.cancel(deadline, reason="", by=officer, at=LATER)


def test_not_met_yet(deadline):
    assert deadline.was_met_in_time is None
    assert not deadline.is_overdue(date(2025, 2, 12))
    assert deadline.is_overdue(date(2025, 2, 13))


def test_words_of_the_queryset(deadline):
    DeadlineFactory(met=True), DeadlineFactory(cancelled=True), DeadlineFactory(suspended=True)
    rows = Deadline.objects
    assert list(rows.running()) == [deadline]
    assert rows.open().count() == 2
    assert list(rows.due_within(3, date(2025, 2, 9))) == [deadline]
    assert list(rows.due_within(2, date(2025, 2, 9))) == []
    assert list(rows.due_within(0, date(2025, 2, 12))) == [deadline]
    assert list(rows.overdue(date(2025, 2, 12))) == []
    assert list(rows.overdue(date(2025, 2, 13))) == [deadline]


@pytest.mark.django_db
def test_visible_to_the_unit_and_above():
    city = UnitFactory()
    county = UnitFactory(parent=city, level=Unit.Level.COUNTY)
    row = DeadlineFactory(unit=county)
    assert list(Deadline.objects.visible_to(UserFactory(unit=city))) == [row]
    assert list(Deadline.objects.visible_to(UserFactory(unit=county))) == [row]
    assert list(Deadline.objects.visible_to(UserFactory())) == []


def test_time_left_in_words(deadline, officer, years):
    def say(day):
        return words.time_left(deadline, day, years)

    assert say(date(2025, 2, 8)) == ("还剩 3 个工作日", "soon")
    assert say(date(2025, 2, 6)) == ("还剩 5 个工作日", "")
    assert say(date(2025, 2, 12)) == ("今天截止", "soon")
    assert say(date(2025, 2, 20)) == ("逾期 6 个工作日", "over")
    assert say(date(2025, 2, 15)) == ("逾期 2 个工作日", "over")
    clock.meet(deadline, on=date(2025, 2, 11), by=officer, at=LATER)
    assert say(date(2025, 2, 20)) == ("按期完成", "met")
