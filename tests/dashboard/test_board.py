"""监督看板: each figure is the number of rows of the list that it leads to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import User
from dashboard import board, figures
from dashboard.figures import Period, Rate
from dashboard.views import spans_offered
from deadlines.views.duties import PAGE_SIZE
from legal import calendars, periods
from rectification.models import Extension, Order, Verdict, where
from tests.factories.demo import NOW

TODAY = NOW.date()
Enter = Callable[[str], Client]
Person = Callable[[str], User]
#: A number of orders that leads to a list; a rate and a span of days carry a unit in <small>.
NUMBER = re.compile(r'<a[^>]*href="(/orders/[^"]*)"[^>]*>\s*([\d,]+)\s*</a>(?!\s*<small>)')


def html_of(client: Client, **query: str) -> str:
    response = client.get("/board/", query)
    assert response.status_code == 200
    return response.content.decode()


def listed(client: Client, address: str) -> int:
    """How many orders the list at that address has, all its pages together."""
    seen: set[str] = set()
    while address:
        html = client.get(address.replace("&amp;", "&")).content.decode()
        seen |= set(re.findall(r'href="/orders/([0-9a-f-]{36})/"', html))
        following = re.search(r'href="([^"]+)" rel="next"', html)
        address = "/orders/" + following.group(1) if following else ""
    return len(seen)


@pytest.mark.parametrize(
    ("who", "period", "by"),
    [
        ("province", "12m", "due"),
        ("province", "12m", "issued"),
        ("province", "2024", "due"),
        ("supervisor", "2024", "issued"),
        ("supervisor", "quarter", "due"),
    ],
)
def test_every_figure_is_the_number_of_its_rows(
    who: str, period: str, by: str, enter: Enter
) -> None:
    client = enter(who)
    html = html_of(client, period=period, by=by, types="all")
    numbers = {(link, int(number.replace(",", ""))) for link, number in NUMBER.findall(html)}
    assert len(numbers) >= 12
    for link, number in sorted(numbers):
        assert listed(client, link) == number, link


def test_the_rate_leads_to_what_it_divides_by(enter: Enter) -> None:
    client = enter("province")
    context = client.get("/board/", {"period": "12m"}).context
    rate = context["kpis"][0]
    orders = Order.objects.filter(
        where.live(), due_on__range=(context["period"].first, context["period"].last)
    )
    assessable = orders.exclude(verdict__in=["", Verdict.MOOT])
    in_time = assessable.filter(verdict__in=["met_early", "met_on_time"])
    assert listed(client, rate["url"]) == assessable.count()
    assert rate["value"] == round(100 * in_time.count() / assessable.count())
    assert f"按期 {in_time.count()} 件 ÷ 可评定 {assessable.count()} 件" in rate["fraction"]


def test_nothing_is_rated_under_five() -> None:
    assert Rate(4, 4).percent is None
    assert Rate(4, 5).percent == 80
    assert (Rate(1, 2) + Rate(2, 3)).percent == 60


def test_a_board_with_few_verdicts_shows_no_rate(enter: Enter) -> None:
    kpi = enter("hechi").get("/board/", {"period": "12m"}).context["kpis"][0]
    assert kpi["value"] == "—"
    assert "不足 5 件" in kpi["few"]


def test_units_add_up_to_their_head(enter: Enter) -> None:
    units = enter("province").get("/board/").context["units"]
    for key in ("all", "overdue", "serve", "reinspect"):
        assert sum(row[key] for row in units["rows"]) == units["total"][key]


def test_classes_of_lateness_hold_everything_overdue(enter: Enter) -> None:
    ageing = enter("province").get("/board/").context["ageing"]
    assert sum(row["value"] for row in ageing["rows"]) == ageing["total"] > 0


@pytest.mark.parametrize("today", [TODAY, date(2026, 11, 22), date(2026, 2, 24), date(2027, 5, 4)])
def test_classes_of_lateness_count_working_days(today: date) -> None:
    calendar = calendars.load()
    ages = figures.ages(today, calendar)
    assert ages[0].last < today
    assert ages[-1].first is None
    for younger, older in pairwise(ages):
        assert (younger.first - older.last).days == 1
    if today.year == 2026:
        for age, most in zip(ages, figures.AGES, strict=False):
            assert calendar.working_days_between(age.first, today) <= most
            assert calendar.working_days_between(age.first, today) > most - 1


def test_a_unit_can_be_opened_and_left(enter: Enter) -> None:
    client = enter("province")
    html = html_of(client)
    unit = re.search(r'href="\?unit=(\d+)"', html)
    assert unit
    below = html_of(client, unit=unit.group(1))
    assert "回到本单位" in below
    links = [unescape(link) for link, _number in NUMBER.findall(below)]
    assert links
    assert all(parse_qs(urlsplit(link).query).get("unit") for link in links)


def test_strangers_units_are_not_found(enter: Enter, person: Person) -> None:
    hechi = person("hechi").unit
    assert enter("supervisor").get("/board/", {"unit": hechi.pk}).status_code == 404


@pytest.mark.parametrize("who", ["inspector", "reviewer", "system", "security"])
def test_who_may_not_see_the_board(who: str, enter: Enter) -> None:
    assert enter(who).get("/board/").status_code == 403


def test_withdrawn_orders_do_not_count(enter: Enter) -> None:
    client = enter("supervisor")
    before = client.get("/board/", {"period": "2024"}).context["kpis"][0]["fraction"]
    order = Order.objects.get(enterprise__name="广西某酒店有限公司")
    Order.objects.filter(pk=order.pk).update(
        state="withdrawn",
        withdrawn_at=NOW,
        withdrawn_by=order.drafted_by,
        withdraw_reason="测试",
    )
    after = client.get("/board/", {"period": "2024"}).context["kpis"][0]["fraction"]
    assert before != after


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("12m", date(2025, 12, 1), date(2026, 11, 30)),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_periods_end_where_they_should(key: str, first: date, last: date) -> None:
    spans = {span.key: (span.first, span.last) for span in spans_offered(TODAY)}
    assert spans[key] == (first, last)


def test_the_year_before_a_leap_day() -> None:
    assert Period("x", date(2024, 2, 29), date(2024, 12, 31), "due").year_before().first == date(
        2023, 2, 28
    )


def test_the_trend_leaves_months_with_few_verdicts_empty(enter: Enter) -> None:
    trend = enter("province").get("/board/").context["trend"]
    assert trend["chart"] is None
    assert all(row["this"].assessable or row["last"].assessable for row in trend["table"])


def test_with_enough_verdicts_the_trend_is_drawn(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "ENOUGH", 1)
    html = html_of(enter("province"))
    assert '<svg class="zg-chart zg-wide"' in html
    assert "按期改正率：2026年10月" in html
    assert "各月按期与可评定件数" in html


def test_months_run_over_the_turn_of_a_year() -> None:
    assert board.months_until(date(2026, 2, 9), 3) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


def test_the_one_sentence_names_what_is_overdue(enter: Enter) -> None:
    text = re.sub(r"\s+", "", strip_tags(html_of(enter("supervisor"))))
    assert "逾期3件。最久的一件已逾期" in text


def test_at_most_twelve_queries(enter: Enter, django_assert_max_num_queries: Any) -> None:
    client = enter("province")
    client.get("/board/")
    with django_assert_max_num_queries(12):
        client.get("/board/")


@pytest.mark.parametrize("who", ["province", "supervisor"])
def test_each_figure_of_a_duty_is_the_number_of_its_rows(who: str, enter: Enter) -> None:
    client = enter(who)
    told = client.get("/board/").context["duties"]
    figures_told = [
        duty[state] for duty in told for state in ("owed", "soon", "overdue", "in_time", "late")
    ]
    assert sum(figure["value"] for figure in figures_told) > 10
    for figure in figures_told:
        rows = client.get(figure["url"]).context["page"].rows
        assert len(rows) == figure["value"] <= PAGE_SIZE, figure["url"]


def test_the_oldest_request_is_told_with_its_age(enter: Enter, person: Person) -> None:
    told = enter("supervisor").get("/board/").context["standing"]
    requests = Extension.objects.filter(
        state="requested", order__in=Order.objects.visible_to(person("supervisor"))
    )
    oldest = min(periods.local_date(asked) for asked in requests.values_list("asked_at", flat=True))
    assert told[0]["value"] == requests.values("order").distinct().count()
    assert f"最久已等 {(TODAY - oldest).days} 天" in told[0]["text"]
