"""The demonstration can be loaded on any day, also when the next year's calendar is missing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings

from demo import ground, situations
from demo.days import Days, at
from legal import calendars
from legal.working_days import Calendar
from notices.models import Notice
from rectification.models import Order


def official() -> Calendar:
    """The calendars that were published: not the one that the demonstration foresees."""
    years = calendars.load().years.values()
    return Calendar(year for year in years if year.status == "official")


@pytest.mark.parametrize(
    ("today", "last", "complete"),
    [
        (date(2026, 1, 2), date(2026, 12, 31), True),
        (date(2026, 12, 31), date(2026, 12, 31), False),
        (date(2027, 1, 1), date(2026, 12, 31), False),
        (date(2027, 6, 15), date(2026, 12, 31), False),
    ],
)
def test_days_stay_within_known_calendars(today: date, last: date, complete: bool) -> None:
    days = Days(today, official())
    assert days.last_known == last
    assert days.is_complete is complete
    assert days.ahead(12) <= last
    assert days.ago(1) < min(today, last)


@pytest.mark.parametrize("today", [date(2026, 12, 31), date(2027, 1, 1), date(2026, 1, 2)])
def test_every_matter_can_be_told_on_any_day(
    today: date, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """A second world beside the loaded one, with names of its own, thrown away afterwards."""
    monkeypatch.setattr(ground, "NAMESPACE", ground.token(today.isoformat()))
    plain = ground.code_of
    monkeypatch.setattr(ground, "code_of", lambda region, key: plain(region, f"{key}{today}"))
    before = set(Order.objects.values_list("pk", flat=True))
    with override_settings(MEDIA_ROOT=tmp_path), transaction.atomic():
        world = ground.lay(at(today, "08:30"))
        for _story, tell in situations.stories(world, Days(today, official())):
            tell()
        orders = Order.objects.exclude(pk__in=before)
        words = {str(order.phase(today)[1]) for order in orders}
        numbers = Notice.objects.filter(order__in=orders, unit__name="南宁市公安局")
        issued = list(numbers.order_by("year", "serial").values_list("issued_at", flat=True))
        transaction.set_rollback(True)
    assert words >= {
        "起草中", "已退回", "待审批", "待签发", "待送达", "已逾期", "期限中止", "延期待审批",
        "待复查", "待作出结论", "按期改正", "逾期改正", "部分改正",
    }  # fmt: skip
    assert ("改正期限内" in words) is (today.year == 2026)
    assert all(moment < at(today, "08:30") for moment in issued)
