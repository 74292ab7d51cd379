"""What the regulator owes itself: counted, listed, exported, each with its basis."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from deadlines import duties, registry
from deadlines.duties import Counts
from legal import calendars
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import DeadlineFactory, period
from tests.factories.legal import load_law

TODAY = date(2025, 2, 8)


@pytest.fixture(autouse=True)
def _duty(_registered, monkeypatch):
    monkeypatch.setattr(duties, "_duties", {})
    registry.kind("REINSPECT", "复查")
    duties.of_kind(
        "REINSPECT",
        what="期限届满后三个工作日内复查。",
        house=True,
        act_word="记录复查",
        act_urls=lambda ids: {pk: f"/orders/{pk}/reinspect/" for pk in ids},
        act_verb="orders.reinspect",
    )


@pytest.fixture
def door(client, officer):
    load_law()
    client.force_login(officer)
    with time_machine.travel("2025-02-08 10:00+08:00", tick=False):
        yield client


def owe(unit, **facts):
    return DeadlineFactory(unit=unit, kind="REINSPECT", **facts)


@pytest.fixture
def several(unit):
    """One near, one far, one overdue, one suspended; done in time, late, and last year."""
    return {
        "near": owe(unit),
        "far": owe(unit, of=period(date(2025, 1, 20))),
        "over": owe(unit, of=period(date(2025, 1, 2))),
        "stopped": owe(unit, suspended=True),
        "in_time": owe(unit, met=True),
        "late": owe(unit, of=period(date(2025, 1, 2)), met=True),
        "before": owe(unit, of=period(date(2024, 3, 1)), met=True, ended_on=date(2024, 3, 5)),
        "other kind": DeadlineFactory(unit=unit),
        "cancelled": owe(unit, cancelled=True),
    }


def test_counts(officer, several, django_assert_num_queries):
    load_law()
    calendar = calendars.load()
    owe(UnitFactory())
    with django_assert_num_queries(1):
        (counted,) = duties.counts(officer, TODAY, calendar)
    assert counted.duty.word == "复查"
    assert counted.counts == Counts(owed=4, soon=1, overdue=1, in_time=1, late=1)
    (former,) = duties.counts(officer, TODAY, calendar, year=2024)
    assert (former.counts.in_time, former.counts.late) == (1, 0)
    assert "year=2024" in former.url()


def test_the_figures_lead_to_their_rows(door, several):
    page = door.get(reverse("deadlines:duties"))
    ((counted, bases),) = page.context["counted"]
    assert bases == []
    assert "本单位规定" in page.content.decode()
    expected = {
        "owed": {"near", "far", "over", "stopped"},
        "soon": {"near"},
        "overdue": {"over"},
        "in_time": {"in_time"},
        "late": {"late"},
    }
    for state, names in expected.items():
        rows = door.get(counted.urls[state]).context["page"].rows
        assert {row.why_url for row in rows} == {
            several[name].get_absolute_url() for name in names
        }, state
        assert len(rows) == getattr(counted.counts, state)


def test_the_act_is_one_click_away(door, client, several, unit):
    near = several["near"]
    act = f"/orders/{near.subject_id}/reinspect/"
    page = door.get(reverse("deadlines:duties"), {"state": "soon"})
    assert act in page.content.decode()
    client.force_login(UserFactory(unit=unit, legal_reviewer=True))
    with time_machine.travel("2025-02-08 10:00+08:00", tick=False):
        page = client.get(reverse("deadlines:duties"), {"state": "soon"})
    assert near.get_absolute_url() in page.content.decode()
    assert act not in page.content.decode()


def test_county_sees_its_own_and_city_its_subtree(door, unit):
    below = UnitFactory(parent=unit)
    owe(unit)
    mine = owe(below)
    assert len(door.get(reverse("deadlines:duties")).context["page"].rows) == 2
    narrowed = door.get(reverse("deadlines:duties"), {"unit": below.pk})
    assert [row.why_url for row in narrowed.context["page"].rows] == [mine.get_absolute_url()]
    assert f"unit={below.pk}" in narrowed.context["counted"][0][0].url()
    door.force_login(UserFactory(unit=below, inspector=True))
    assert len(door.get(reverse("deadlines:duties")).context["page"].rows) == 1


def test_export(door, several):
    response = door.get(reverse("deadlines:export_duties"), {"state": "overdue"})
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "职责,事项,单位,期限,完成日期,状态,说明"
    assert len(lines) == 2
    assert "2025-02-06" in lines[1]


def test_paging_and_nonsense(door, unit, monkeypatch):
    monkeypatch.setattr("deadlines.views.duties.PAGE_SIZE", 2)
    for _number in range(3):
        owe(unit)
    first = door.get(reverse("deadlines:duties"))
    rest = door.get(reverse("deadlines:duties"), {"after": first.context["page"].next})
    assert (len(first.context["page"].rows), len(rest.context["page"].rows)) == (2, 1)
    odd = {"duty": "NONE", "state": "x", "unit": "x", "year": "1", "after": "x"}
    assert door.get(reverse("deadlines:duties"), odd).status_code == 200


def test_queries(door, unit, django_assert_max_num_queries):
    for _number in range(8):
        owe(unit)
    door.get(reverse("deadlines:duties"))
    with django_assert_max_num_queries(12):
        door.get(reverse("deadlines:duties"))


def test_without_any_duty(door, monkeypatch):
    monkeypatch.setattr(duties, "_duties", {})
    assert door.get(reverse("deadlines:duties")).status_code == 200
    assert door.get(reverse("deadlines:export_duties")).status_code == 200


def test_needs_the_permission(client, db):
    client.force_login(UserFactory(system_admin=True))
    assert client.get(reverse("deadlines:duties")).status_code == 403
