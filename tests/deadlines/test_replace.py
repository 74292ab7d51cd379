from datetime import date, datetime

import pytest

from audit import trail
from audit.trail import Decided, Refused
from deadlines import clock, story
from deadlines.models import Deadline
from legal.periods import FORMER_DUE, SHANGHAI, count

LATER = datetime(2025, 2, 10, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def longer(years):
    return count(date(2025, 2, 12), 10, "working_day", years, event=FORMER_DUE)


def test_replace_writes_a_row_of_its_own(deadline, officer, longer):
    new = clock.replace(deadline, longer, reason="设备采购未到货", by=officer, at=LATER)
    deadline.refresh_from_db()
    assert (deadline.state, deadline.due_on) == (Deadline.REPLACED, date(2025, 2, 12))
    assert (deadline.ended_on, deadline.ended_reason) == (date(2025, 2, 10), "设备采购未到货")
    assert (new.replaces, new.due_on, new.state) == (deadline, date(2025, 2, 26), "running")
    assert deadline.replaced_by == new
    event = trail.timeline(deadline).first()
    assert event.verb == "deadlines.replace"
    assert (event.data["from_due"], event.data["to_due"]) == ("2025-02-12", "2025-02-26")


def test_replace_needs_a_reason(deadline, officer, longer):
    with pytest.raises(Refused, match="理由"):
        clock.replace(deadline, longer, reason="  ", by=officer, at=LATER)
    assert Deadline.objects.get().state == Deadline.RUNNING


def test_of_two_at_once_one_wins(deadline, officer, longer):
    same = Deadline.objects.get(pk=deadline.pk)
    clock.replace(deadline, longer, reason="一", by=officer, at=LATER)
    with pytest.raises(Decided):
        clock.replace(same, longer, reason="二", by=officer, at=LATER)
    assert Deadline.objects.running().count() == 1


def test_ended_is_not_replaced(deadline, officer, longer):
    clock.meet(deadline, on=date(2025, 2, 10), by=officer, at=LATER)
    with pytest.raises(Refused):
        clock.replace(deadline, longer, reason="一", by=officer, at=LATER)


def test_story(deadline, officer, longer):
    new = clock.replace(deadline, longer, reason="设备采购未到货", by=officer, at=LATER)
    clock.meet(new, on=date(2025, 2, 27), by=officer, at=LATER)
    told = story.tell(clock.history(officer, "RECTIFY"))
    assert [each["title"] for each in told] == [
        "逾期 1 天完成",
        "改正期限变更为 2025年2月26日（周三）",
        "改正期限确定为 2025年2月12日（周三）",
    ]
    assert [each["tone"] for each in told] == ["bad", "key", "key"]
