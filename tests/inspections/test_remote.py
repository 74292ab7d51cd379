"""Planned remote tests: the notice in time, by whom, of what; and the yearly inspection."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Unit
from audit import trail
from audit.trail import Decided, Refused
from deadlines import clock, duties
from deadlines.models import Deadline
from inspections import remote, yearly
from inspections.gates import can_record
from inspections.models import CheckedElsewhere, Inspection, RemoteTest
from legal import calendars
from legal.periods import SHANGHAI
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.enterprises import EnterpriseFactory, SystemFactory
from tests.factories.inspections import visit
from tests.factories.legal import calendar, load_law

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)  # a Monday
TEST_ON = date(2026, 12, 1)  # a Tuesday; the notice is due on Thursday 26 November


def on(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def system(officer: Any) -> Any:
    load_law()
    return SystemFactory(enterprise=EnterpriseFactory(unit=officer.unit), mlps_level=3)


def planned(officer: Any, system: Any, **facts: Any) -> RemoteTest:
    given = {"starts_on": TEST_ON, "scope": "对外网站漏洞探测，9 时至 18 时。", "at": NOW} | facts
    return remote.plan(system, by=officer, **given)


def told(test: RemoteTest, officer: Any, **facts: Any) -> RemoteTest:
    given = {
        "at": on(date(2026, 11, 25)),
        "on": date(2026, 11, 25),
        "how": "paper",
        "cac_told_on": date(2026, 11, 25),
    }
    return remote.record_notice(test, by=officer, **(given | facts))


def why(refusal: Any) -> str:
    return " ".join(str(reason) for reason in refusal.value.reasons)


# --- Counting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told_on", "possible"),
    [
        (date(2026, 11, 23), date(2026, 11, 26)),  # Mon; Mon, Tue, Wed are the three days
        (date(2026, 11, 26), date(2026, 12, 1)),  # Thu, Fri, Mon
        (date(2026, 11, 28), date(2026, 12, 3)),  # told on a Saturday: Mon, Tue, Wed
        (date(2026, 9, 30), date(2026, 10, 10)),  # Wed, 8 and 9 Oct; Sat 10 Oct is made up
    ],
)
def test_the_first_possible_day(told_on: date, possible: date) -> None:
    years = calendar()
    assert remote.earliest(told_on, years) == possible
    # The same rule from the other end, and the working day before is too soon.
    back = years.nth_working_day_before
    assert back(possible, remote.NOTICE_DAYS) >= told_on
    assert back(back(possible, 1), remote.NOTICE_DAYS) < told_on


# --- The life of a test --------------------------------------------------------------------------


def test_plan_notify_hold(officer: Any, system: Any) -> None:
    test = planned(officer, system)
    due = clock.running(test, remote.DEADLINE_KIND)
    assert (test.state, due.due_on, due.trigger_on) == ("planned", date(2026, 11, 26), TEST_ON)
    assert "MPS176@2026:4(2)" in due.derivation["basis"]
    assert due.kind_word == "远程检测告知"
    told(test, officer, regulator="文化和旅游局", regulator_told_on=date(2026, 11, 25))
    due.refresh_from_db()
    assert (test.state, due.state, due.was_met_in_time) == ("notified", Deadline.MET, True)
    held_at = on(TEST_ON, 14)
    inspection = visit(
        officer,
        enterprise=system.enterprise,
        system=system,
        mode="remote",
        met_name="",
        signature="none",
        started_at=on(TEST_ON, 9),
        ended_at=on(TEST_ON, 12),
    )
    (reason,) = can_record(inspection, officer, at=held_at)
    assert "没有关联已告知的远程检测" in str(reason)
    assert reason.basis == "公安部令第176号第四条第二款"
    remote.hold(test, inspection, by=officer, at=held_at)
    assert (test.state, test.inspection) == ("held", inspection)
    assert can_record(inspection, officer, at=held_at) == []
    verbs = list(trail.timeline(test).order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "inspections.plan_remote",
        "inspections.notify_remote",
        "inspections.hold_remote",
    ]


def test_visits_before_order_176_need_no_plan(officer: Any) -> None:
    inspection = visit(officer, mode="remote", met_name="", signature="none")
    assert can_record(inspection, officer, at=NOW) == []


def test_too_soon_is_refused_with_the_next_possible_day(officer: Any, system: Any) -> None:
    with pytest.raises(Refused) as refusal:
        planned(officer, system, starts_on=date(2026, 11, 25))
    assert "最早2026年11月26日（周四）检测" in why(refusal)
    assert refusal.value.reasons[0].basis == "公安部令第176号第四条第二款"
    assert planned(officer, system, starts_on=date(2026, 11, 26)).pk
    assert Deadline.objects.get().due_on == date(2026, 11, 23)


def test_a_late_notice_is_refused(officer: Any, system: Any) -> None:
    test = planned(officer, system)
    friday = date(2026, 11, 27)
    with pytest.raises(Refused) as refusal:
        told(test, officer, at=on(friday), on=friday, cac_told_on=friday)
    assert "最早2026年12月2日（周三）检测" in why(refusal)
    assert refusal.value.reasons[0].url.endswith("/move/")
    # Put off by a day it is in time; the deadline has moved along in a row of its own.
    remote.reschedule(
        test, by=officer, at=on(friday), starts_on=date(2026, 12, 2), reason="告知晚了一天"
    )
    assert [row.due_on.day for row in clock.history(test, remote.DEADLINE_KIND)] == [26, 27]
    assert told(test, officer, at=on(friday), on=friday, cac_told_on=friday).state == "notified"


def test_put_off_after_the_notice_needs_a_new_one(officer: Any, system: Any) -> None:
    test = told(planned(officer, system), officer)
    remote.reschedule(
        test, by=officer, at=on(date(2026, 11, 26)), starts_on=date(2026, 12, 8), reason="系统迁移"
    )
    assert (test.state, test.notified_on, test.cac_told_on) == ("planned", None, None)
    assert [row.state for row in clock.history(test, remote.DEADLINE_KIND)] == ["met", "running"]
    with pytest.raises(Refused, match="还没有记录告知"):
        remote.hold(test, visit(officer), by=officer, at=on(date(2026, 12, 8)))


def test_cancel_ends_the_deadline(officer: Any, system: Any) -> None:
    test = planned(officer, system)
    with pytest.raises(Refused, match="理由"):
        remote.cancel(test, by=officer, at=NOW, reason=" ")
    remote.cancel(test, by=officer, at=NOW, reason="系统已下线")
    assert (test.state, Deadline.objects.get().state) == ("cancelled", Deadline.CANCELLED)
    for act in (
        lambda: told(test, officer),
        lambda: remote.cancel(test, by=officer, at=NOW, reason="再次"),
    ):
        with pytest.raises(Refused, match="已取消"):
            act()


def test_who_may_test_what(officer: Any, system: Any) -> None:
    county = UserFactory(
        unit=UnitFactory(level=Unit.Level.COUNTY, parent=officer.unit), inspector=True
    )
    with pytest.raises(Refused, match="市级以上"):
        planned(county, system)
    critical = SystemFactory(enterprise=system.enterprise, critical=True)
    with pytest.raises(Refused, match="关键信息基础设施"):
        planned(officer, critical)
    with pytest.raises(Refused, match="已停用"):
        planned(officer, SystemFactory(enterprise=system.enterprise, in_use=False))
    with pytest.raises(Refused, match="2026年10月1日"):
        planned(officer, system, starts_on=date(2026, 9, 25), at=on(date(2026, 9, 1)))
    with pytest.raises(Refused, match="2027年日历未导入"):
        planned(officer, system, starts_on=date(2027, 1, 8))
    with pytest.raises(Refused, match="范围"):
        planned(officer, system, scope=" ")
    assert not RemoteTest.objects.exists()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"on": date(2026, 11, 26)}, "将来"),
        ({"cac_told_on": date(2026, 11, 26)}, "将来"),
        ({"regulator": "文化和旅游局"}, "填写通报行业主管部门的日期"),
        ({"regulator_told_on": date(2026, 11, 25)}, "填写行业主管部门的名称"),
        ({"how": "pigeon"}, "告知的方式"),
    ],
)
def test_a_notice_says_all(officer: Any, system: Any, facts: Any, said: str) -> None:
    test = planned(officer, system)
    with pytest.raises(Refused, match=said):
        told(test, officer, **facts)


def test_the_inspection_must_fit(officer: Any, system: Any) -> None:
    test = told(planned(officer, system), officer)
    early = visit(officer, enterprise=system.enterprise, system=system, mode="remote")
    with pytest.raises(Refused, match="当日起检测"):
        remote.hold(test, early, by=officer, at=on(date(2026, 11, 30)))
    with pytest.raises(Refused, match="早于告知的检测日期"):
        remote.hold(test, early, by=officer, at=on(TEST_ON))
    with pytest.raises(Refused) as refusal:
        remote.hold(test, visit(officer), by=officer, at=on(TEST_ON))
    assert "不是远程检测" in why(refusal)
    assert "不是这个系统" in why(refusal)


def test_of_two_at_once_one_wins(officer: Any, system: Any) -> None:
    test = planned(officer, system)
    same = RemoteTest.objects.get(pk=test.pk)
    remote.reschedule(test, by=officer, at=NOW, starts_on=date(2026, 12, 3), reason="改到周四")
    with pytest.raises(Decided):
        remote.reschedule(same, by=officer, at=NOW, starts_on=date(2026, 12, 4), reason="周五")
    same = RemoteTest.objects.get(pk=test.pk)
    told(test, officer)
    with pytest.raises(Decided):
        remote.cancel(same, by=officer, at=NOW, reason="不查了")


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "lost"},
        {"scope": ""},
        {"state": "notified"},
        {"notified_on": TEST_ON},
        {"regulator": "网信办"},
        {"state": "held"},
    ],
)
def test_the_database_holds_it_together(officer: Any, system: Any, facts: Any) -> None:
    test = planned(officer, system)
    with pytest.raises(IntegrityError), transaction.atomic():
        RemoteTest.objects.filter(pk=test.pk).update(**facts)


def test_a_system_of_another_enterprise(officer: Any, system: Any) -> None:
    test, other = planned(officer, system), SystemFactory()

    @transaction.atomic
    def mix() -> None:
        RemoteTest.objects.filter(pk=test.pk).update(system=other)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="remotetest_system_of_enterprise"):
        mix()


# --- Through the doors ---------------------------------------------------------------------------


@pytest.fixture
def today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_doors(door: Any, officer: Any, colleague: Any, system: Any, today: Any) -> None:
    new = reverse("inspections:remote_new")
    assert "检测哪家企业" in door.get(new).content.decode()
    page = door.get(f"{new}?enterprise={system.enterprise_id}")
    assert "最早 2026年11月26日（周四）" in page.content.decode()
    facts = {
        "form_token": page.context["form"].initial["form_token"],
        "system": system.pk,
        "starts_on": "2026-12-01",
        "scope": "对外网站",
    }
    response = door.post(f"{new}?enterprise={system.enterprise_id}", facts)
    test = RemoteTest.objects.get()
    assert response.url == test.get_absolute_url()
    assert door.post(f"{new}?enterprise={system.enterprise_id}", facts).url == response.url
    text = door.get(response.url).content.decode()
    assert "2026年11月26日" in text
    assert "为什么是这一天" in text
    assert "还没有记录告知，不能开始检测" in text
    notice = reverse("inspections:remote_notice", args=[test.pk])
    assert door.get(notice).status_code == 200
    facts = {"version": 1, "on": "2026-11-23", "how": "phone", "cac_told_on": "2026-11-23"}
    assert (
        "填写“通报网信部门日期”" in door.post(notice, facts | {"cac_told_on": ""}).content.decode()
    )
    assert door.post(notice, facts).url == test.get_absolute_url()
    assert "现在不能办理" in door.get(notice).content.decode()
    move = reverse("inspections:remote_move", args=[test.pk])
    refused = door.post(move, {"version": 2, "starts_on": "2026-11-24", "reason": "提前"})
    assert "最早2026年11月26日" in refused.content.decode()
    with time_machine.travel(on(TEST_ON, 14), tick=False):
        door.force_login(officer)
        opened = door.get(response.url).content.decode()
        url = f"{reverse('inspections:new')}?enterprise={system.enterprise_id}&remote={test.pk}"
        assert url.replace("&", "&amp;") in opened
        form = door.get(url).context["form"]
        assert (form["mode"].value(), form["system"].value()) == ("remote", system.pk)
        made = door.post(
            url,
            {
                "form_token": form.initial["form_token"],
                "kind": "routine",
                "mode": "remote",
                "system": system.pk,
                "started_at": "2026-12-01T09:00",
                "officers": [officer.pk, colleague.pk],
            },
        )
        inspection = Inspection.objects.get()
        assert made.url == inspection.get_absolute_url()
        test.refresh_from_db()
        assert (test.state, test.inspection) == ("held", inspection)
        assert inspection.number in door.get(response.url).content.decode()
        assert "已提前告知被检测单位" in door.get(made.url).content.decode()


def test_link_a_visit_that_is_registered(door: Any, officer: Any, system: Any, today: Any) -> None:
    test = told(planned(officer, system), officer)
    with time_machine.travel(on(TEST_ON, 14), tick=False):
        door.force_login(officer)
        facts = {"started_at": on(TEST_ON, 9), "ended_at": on(TEST_ON, 12), "mode": "remote"}
        fits = visit(officer, enterprise=system.enterprise, system=system, **facts)
        visit(officer, enterprise=system.enterprise, **facts)
        url = reverse("inspections:remote_hold", args=[test.pk])
        page = door.get(url)
        assert list(page.context["form"].fields["inspection"].queryset) == [fits]
        door.post(url, {"version": test.version, "inspection": fits.pk})
    test.refresh_from_db()
    assert test.inspection == fits


def test_the_list(
    door: Any, officer: Any, system: Any, today: Any, django_assert_max_num_queries: Any
) -> None:
    first = planned(officer, system)
    for number in range(5):
        other = SystemFactory(enterprise=system.enterprise)
        planned(officer, other, starts_on=date(2026, 12, 2 + number))
    told(first, officer)
    url = reverse("inspections:remotes")
    door.get(url)
    with django_assert_max_num_queries(12):
        page = door.get(url)
    assert len(page.context["rows"]) == 6
    assert page.context["rows"][-1]["due"] is None
    assert [row["test"] for row in door.get(url, {"state": "notified"}).context["rows"]] == [first]
    nothing = door.get(url, {"state": "held", "enterprise": system.enterprise_id})
    assert "没有符合条件的远程检测" in nothing.content.decode()
    assert len(door.get(url, {"since": "2026-12-05", "until": "x"}).context["rows"]) == 2


def test_counties_and_strangers(client: Any, officer: Any, system: Any) -> None:
    test = planned(officer, system)
    county = UnitFactory(level=Unit.Level.COUNTY, parent=officer.unit)
    client.force_login(UserFactory(unit=county, inspector=True))
    assert client.get(test.get_absolute_url()).status_code == 404
    assert "市级以上公安机关实施" in client.get(reverse("inspections:remote_new")).content.decode()
    client.force_login(UserFactory(unit=officer.unit, legal_reviewer=True))
    assert client.get(test.get_absolute_url()).status_code == 200
    assert client.get(reverse("inspections:remote_notice", args=[test.pk])).status_code == 403


# --- The yearly inspection -----------------------------------------------------------------------


def counted(user: Any, year: int = 2026, today: date = date(2026, 10, 8)) -> duties.Counts:
    found = duties.counts(user, today, calendars.load(), year=year)
    return next(each.counts for each in found if each.duty.code == yearly.DUTY)


def test_which_systems_the_year_asks_for(officer: Any, system: Any) -> None:
    critical = SystemFactory(enterprise=system.enterprise, mlps_level=0, critical=True)
    SystemFactory(enterprise=system.enterprise, mlps_level=2)
    SystemFactory(enterprise=system.enterprise, mlps_level=4, in_use=False)
    SystemFactory(mlps_level=3)
    assert set(yearly.systems(officer, 2026)) == {system, critical}
    assert not yearly.systems(officer, 2025)
    assert counted(officer) == duties.Counts(owed=2)
    assert counted(officer, today=date(2026, 11, 2)) == duties.Counts(owed=2, soon=2)
    assert counted(officer, today=date(2027, 1, 4)) == duties.Counts(owed=2, overdue=2)
    assert counted(officer, year=2025) == duties.Counts()


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({}, True),
        ({"system": None}, True),
        ({"system": "other"}, False),
        ({"mode": "remote", "signature": "none"}, False),
        ({"kind": "complaint"}, False),
        ({"state": "draft"}, False),
        ({"started_at": on(date(2025, 12, 31)), "ended_at": on(date(2025, 12, 31), 12)}, False),
    ],
)
def test_which_visit_counts(officer: Any, system: Any, facts: Any, counts: bool) -> None:
    given = {
        "system": system,
        "started_at": on(date(2026, 3, 2)),
        "ended_at": on(date(2026, 3, 2), 12),
    } | facts
    if given["system"] == "other":
        given["system"] = SystemFactory(enterprise=system.enterprise, mlps_level=1)
    state = given.pop("state", "recorded")
    made = visit(officer, enterprise=system.enterprise, **given)
    if state == "recorded":
        Inspection.objects.filter(pk=made.pk).update(
            state=state, recorded_at=made.ended_at, recorded_by=officer
        )
    expected = duties.Counts(in_time=1) if counts else duties.Counts(owed=1)
    assert counted(officer) == expected


def test_a_result_of_another_department_is_used_again(
    door: Any, officer: Any, system: Any, today: Any
) -> None:
    url = f"{reverse('deadlines:duties')}?duty={yearly.DUTY}"
    text = door.get(url).content.decode()
    assert system.name in text
    reuse = reverse("inspections:yearly_reuse", args=[system.pk])
    assert reuse in text
    prefilled = f"enterprise={system.enterprise_id}&amp;system={system.pk}"
    assert prefilled in text
    form = door.get(f"{reverse('inspections:new')}?{prefilled.replace('&amp;', '&')}")
    assert form.context["form"]["system"].value() == system.pk
    facts = {"authority": "自治区通信管理局", "checked_on": "2026-05-12", "note": "没有发现问题"}
    future = door.post(reuse, facts | {"checked_on": "2026-12-01"})
    assert "将来" in future.content.decode()
    assert door.post(reuse, facts).url == url
    assert counted(officer, today=NOW.date()) == duties.Counts(in_time=1)
    assert "已登记过" in door.post(reuse, facts).content.decode()
    assert system.name in door.get(f"{url}&state=in_time").content.decode()
    assert "没有要办的" in door.get(url).content.decode()


def test_only_what_is_inspected_yearly_takes_a_result(officer: Any, system: Any) -> None:
    facts = {"authority": "网信办", "checked_on": date(2026, 5, 1), "note": "无"}
    with pytest.raises(Refused, match="不属于每年检查"):
        yearly.reuse_result(SystemFactory(mlps_level=2), by=officer, at=NOW, **facts)
    with pytest.raises(Refused, match="之前年度"):
        yearly.reuse_result(
            system, by=officer, at=NOW, **(facts | {"checked_on": date(2025, 5, 1)})
        )
    row = yearly.reuse_result(system, by=officer, at=NOW, **facts)
    for broken in ({"year": 2025}, {"authority": ""}, {"note": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CheckedElsewhere.objects.filter(pk=row.pk).update(**broken)


def test_key_sectors_are_reminded_of_the_authorities(officer: Any) -> None:
    bank = EnterpriseFactory(unit=officer.unit, industry_code="J6621")
    facts = {"started_at": on(date(2026, 11, 20)), "ended_at": on(date(2026, 11, 20), 12)}
    inspection = visit(officer, enterprise=bank, **facts)
    assert can_record(inspection, officer, at=NOW) == []
    page = duties.find(remote.DEADLINE_KIND)
    assert page.basis == ("MPS176@2026:4(2)",)
