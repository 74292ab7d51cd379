"""Remote tests of invented enterprises: one to be notified, one notified, one overdue.

Told only where the day of loading lies in the time of Order 176; each test by its system, whose
name says that it is made for this.
"""

from __future__ import annotations

from datetime import date

from accounts.models import User
from demo.days import Days, at
from demo.ground import Ground, token
from enterprises import register
from enterprises.models import System
from inspections import remote
from inspections.basis import ORDER_176_FROM
from inspections.models import RemoteTest
from legal.periods import CalendarMissing

UNIT = "南宁市公安局"
SCOPE = "演示设定：对外网站和接口的漏洞探测，9 时至 18 时，不做破坏性测试。"
LEVEL = 3


def tell(ground: Ground, days: Days) -> bool:
    """Bring in what is missing. False where the calendars do not reach far enough, or the day
    lies before Order 176: nothing is told then."""
    try:
        planned_on = days.calendar.nth_working_day_before(days.today, 9)
        ahead = [days.calendar.nth_working_day(days.today, number) for number in (2, 6, 9)]
    except CalendarMissing:
        return False
    if planned_on < ORDER_176_FROM:
        return False
    officer = ground.team(UNIT).first
    _planned(_system(ground, "J", officer, planned_on), officer, planned_on, ahead[2])
    notified = _planned(_system(ground, "K", officer, planned_on), officer, planned_on, ahead[1])
    if notified.state == RemoteTest.State.PLANNED:
        told_on = days.ago(1)
        remote.record_notice(
            notified,
            by=officer,
            at=at(told_on, "15:00"),
            on=told_on,
            how=RemoteTest.How.PAPER,
            cac_told_on=told_on,
            regulator="演示行业主管部门",
            regulator_told_on=told_on,
        )
    # The notice of this one should have been given yesterday.
    _planned(_system(ground, "L", officer, planned_on), officer, planned_on, ahead[0])
    return True


def _system(ground: Ground, key: str, officer: User, day: date) -> System:
    return register.add_system(
        ground.enterprises[key],
        by=officer,
        at=at(day, "09:00"),
        form_token=token(f"{key}/remote-system"),
        name="演示门户网站",
        mlps_level=LEVEL,
    )


def _planned(system: System, officer: User, day: date, starts_on: date) -> RemoteTest:
    return remote.plan(
        system,
        by=officer,
        at=at(day, "09:30"),
        starts_on=starts_on,
        scope=SCOPE,
        form_token=token(f"{system.pk}/remote"),
    )
