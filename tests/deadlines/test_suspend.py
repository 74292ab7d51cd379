"""Suspending, and going on."""

from datetime import date, datetime

import pytest

from audit.trail import Refused
from deadlines import clock
from deadlines.models import Deadline
from legal.periods import SHANGHAI, Calendar, count

LATER = datetime(2025, 1, 16, 9, 0, tzinfo=SHANGHAI)


def suspend(deadline, officer, on=date(2025, 1, 13)):
    clock.suspend(deadline, on=on, reason="系统被法院查封", by=officer, at=LATER)


def test_suspended_waits(deadline, officer):
    suspend(deadline, officer)
    assert deadline.state == Deadline.SUSPENDED
    assert not deadline.is_overdue(date(2025, 3, 1))
    assert list(Deadline.objects.overdue(date(2025, 3, 1))) == []
    assert clock.running(officer, "RECTIFY") == deadline


def test_resume_adds_the_span(deadline, officer, years):
    suspend(deadline, officer)
    new = clock.resume(deadline, on=date(2025, 1, 15), calendar=years, by=officer, at=LATER)
    assert (new.due_on, new.replaces, new.state) == (date(2025, 2, 17), deadline, "running")
    assert new.derivation["former_due"] == "2025-02-12"
    assert deadline.state == Deadline.REPLACED


def test_suspend_refuses(deadline, officer, years):
    with pytest.raises(Refused, match="早于"):
        suspend(deadline, officer, on=date(2025, 1, 8))
    with pytest.raises(Refused, match="届满"):
        suspend(deadline, officer, on=date(2025, 2, 13))
    with pytest.raises(Refused, match="理由"):
        clock.suspend(deadline, on=date(2025, 1, 13), reason="", by=officer, at=LATER)
    with pytest.raises(Refused, match="没有中止"):
        clock.resume(deadline, on=date(2025, 1, 15), calendar=years, by=officer, at=LATER)


def test_resume_refuses_a_year_without_calendar(deadline, officer, years):
    suspend(deadline, officer)
    short = Calendar([years.years[2025]])
    with pytest.raises(Refused, match="2026年日历未导入"):
        clock.resume(deadline, on=date(2025, 12, 30), calendar=short, by=officer, at=LATER)
    deadline.refresh_from_db()
    assert deadline.state == Deadline.SUSPENDED


def test_suspended_is_not_replaced(deadline, officer, years):
    suspend(deadline, officer)
    with pytest.raises(Refused, match="先恢复"):
        clock.replace(
            deadline,
            count(date(2025, 2, 12), 3, "working_day", years),
            reason="一",
            by=officer,
            at=LATER,
        )


def test_suspended_can_be_cancelled(deadline, officer):
    suspend(deadline, officer)
    clock.cancel(deadline, reason="撤回", by=officer, at=LATER)
    assert deadline.state == Deadline.CANCELLED
