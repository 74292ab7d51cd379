"""The life of a date, told from first to last with who acted and why."""

from datetime import date, datetime

import pytest

from accounts.models import User
from deadlines import clock, story
from legal.periods import FORMER_DUE, SHANGHAI, count
from tests.factories.accounts import UserFactory


def at(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 15, tzinfo=SHANGHAI)


@pytest.fixture
def people(officer, unit) -> dict[str, User]:
    User.objects.filter(pk=officer.pk).update(name="韦志强")
    officer.refresh_from_db()
    return {"officer": officer, "chief": UserFactory(unit=unit, supervisor=True, name="覃海波")}


def lines(rows) -> list[str]:
    told = []
    for each in reversed(story.of(rows)):
        day = each["at"].date() if isinstance(each["at"], datetime) else each["at"]
        told.append(f"{day} {each['title']}｜{each['text'].split(' · ')[0]}")
    return told


def test_the_whole_life(people, deadline, officer, years):
    """Served, extended, suspended, resumed, corrected, done."""
    chief = people["chief"]
    longer = count(date(2025, 2, 12), 10, "working_day", years, event=FORMER_DUE)
    second = clock.replace(deadline, longer, reason="设备未到货", by=chief, at=at(2, 10))
    clock.suspend(second, on=date(2025, 2, 18), reason="法院查封服务器", by=officer, at=at(2, 19))
    third = clock.resume(
        second, on=date(2025, 2, 24), calendar=years, by=officer, at=at(2, 25), reason="解除查封"
    )
    right = count(date(2025, 2, 12), 12, "working_day", years, event=FORMER_DUE)
    fourth = clock.replace(third, right, reason="原延期天数录错", by=chief, at=at(2, 27))
    clock.meet(fourth, on=date(2025, 3, 3), by=officer, at=at(3, 3))
    assert lines(clock.history(officer, "RECTIFY")) == [
        f"2025-01-09 改正期限确定为 2025年2月12日（周三）｜{deadline.started_by.name}",
        "2025-02-10 改正期限变更为 2025年2月26日（周三）｜覃海波，理由：设备未到货",
        "2025-02-18 期限中止｜韦志强，理由：法院查封服务器",
        f"2025-02-25 期限恢复，改正期限变更为 {third.due_text}｜韦志强，理由：解除查封",
        "2025-02-27 改正期限变更为 2025年2月28日（周五）｜覃海波，理由：原延期天数录错",
        "2025-03-03 逾期 3 天完成｜韦志强",
    ]


def test_withdrawn(people, deadline, officer):
    clock.cancel(deadline, reason="通知书撤回", by=people["chief"], at=at(1, 15))
    assert lines(clock.history(officer, "RECTIFY"))[-1] == (
        "2025-01-15 期限取消｜覃海波，理由：通知书撤回"
    )


def test_one_query_however_long(deadline, officer, years, django_assert_num_queries):
    longer = count(date(2025, 2, 12), 10, "working_day", years, event=FORMER_DUE)
    clock.replace(deadline, longer, reason="一", by=officer, at=at(2, 10))
    rows = clock.history(officer, "RECTIFY")
    with django_assert_num_queries(1):
        assert len(story.of(rows)) == 2
    assert story.of([]) == []
