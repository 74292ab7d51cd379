"""A date that the paper names."""

from datetime import date

import pytest

from legal.periods import PeriodRefused, named


def codes(period):
    return [warning["code"] for warning in period.warnings]


def test_stands_as_named(years):
    period = named(date(2025, 2, 14), date(2025, 1, 9), years, basis=["APL@2021:28(1)"])
    assert period.due == date(2025, 2, 14)
    assert codes(period) == []
    why = period.derivation
    assert why["kind"] == "named"
    assert why["length"] is None
    assert why["basis"] == ["APL@2021:28(1)"]
    assert "文书载明期限为2025年2月14日（周五）" in why["sentence_zh"]


def test_a_day_of_rest_is_said_and_does_not_move(years):
    period = named(date(2025, 2, 9), date(2025, 1, 9), years)
    assert period.due == date(2025, 2, 9)
    assert codes(period) == ["not_working_day"]


def test_served_late_is_said(years):
    assert codes(named(date(2025, 2, 12), date(2025, 2, 10), years)) == ["short_notice"]
    assert codes(named(date(2025, 2, 12), date(2025, 2, 12), years)) == ["no_day_left"]
    assert codes(named(date(2025, 2, 12), date(2025, 2, 10), years, enough=2)) == []


def test_overtaken_by_service_is_refused(years):
    with pytest.raises(PeriodRefused) as refused:
        named(date(2025, 2, 12), date(2025, 2, 13), years)
    assert refused.value.code == "before_service"


def test_year_without_calendar_is_said_and_not_guessed(years):
    period = named(date(2027, 1, 5), date(2026, 12, 20), years)
    assert period.due == date(2027, 1, 5)
    assert codes(period) == ["calendar_missing"]
    assert period.warnings[0]["year"] == 2027


def test_before_service_there_is_nothing_to_compare(years):
    period = named(date(2025, 2, 14), None, years)
    assert period.trigger is None
    assert codes(period) == []
