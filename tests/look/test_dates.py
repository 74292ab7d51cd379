"""How dates, numbers and hashes are written in either language."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from look import dates
from look.templatetags import zg

DAY = date(2025, 2, 12)


@pytest.mark.parametrize(
    ("filter_", "chinese", "english"),
    [
        (zg.zdate, "2025年2月12日", "12 Feb 2025"),
        (zg.zday, "2025年2月12日（周三）", "Wed 12 Feb 2025"),
        (zg.zshort, "2月12日", "12 Feb"),
        (zg.zweekday, "周三", "Wed"),
    ],
)
def test_a_date_is_written_by_language(filter_, chinese, english):
    assert filter_(DAY) == chinese
    assert filter_("2025-02-12") == chinese
    with translation.override("en"):
        assert filter_(DAY) == english
    with translation.override(None):
        assert filter_(DAY) == chinese


@pytest.mark.parametrize(
    "filter_",
    [
        zg.zdate,
        zg.zday,
        zg.zshort,
        zg.zweekday,
        zg.zdatetime,
        zg.zmoment,
        zg.iso,
        zg.zhash,
        zg.zhash_full,
        zg.znumber,
        zg.zsize,
        zg.money,
        zg.money_wan,
    ],
)
def test_nothing_stays_nothing(filter_):
    assert filter_(None) == ""


def test_a_moment_is_told_in_shanghai_and_with_the_year_only_when_needed():
    at = datetime(2025, 2, 12, 2, 25, tzinfo=UTC)
    with time_machine.travel("2025-06-01"):
        assert zg.zdatetime(at) == "2月12日 10:25"
        with translation.override("en"):
            assert zg.zdatetime(at) == "12 Feb 10:25"
    with time_machine.travel("2026-06-01"):
        assert zg.zdatetime(at) == "2025年2月12日 10:25"
    assert zg.zmoment(at) == "2025年2月12日 10:25"
    assert zg.zdatetime(DAY) == "2025年2月12日"


def test_the_year_turns_in_shanghai_not_in_greenwich():
    at = datetime(2024, 12, 31, 16, 30, tzinfo=UTC)
    assert zg.zdate(at) == "2025年1月1日"
    with time_machine.travel(at):
        assert zg.zdatetime(at) == "1月1日 00:30"


def test_money():
    assert zg.money(30000) == "30,000 元"
    assert zg.money(0) == "0 元"
    assert zg.money(Decimal("1234.50")) == "1,234.50 元"
    assert zg.money_wan(385_000) == "38.5 万元"
    assert zg.money_wan(310_000) == "31 万元"
    with translation.override("en"):
        assert zg.money(30000) == "30,000 yuan"
        assert zg.money_wan(385_000) == "385,000 yuan"


def test_hashes_are_grouped():
    digest = "9f2c41d75b08e6a3c4d1f72e80ab39c516e7d2f04a93b85cd70f21e60be37a15"
    assert dates.hash_short(digest) == "9f2c 41d7 … 0be3 7a15"
    assert dates.hash_full(digest).split() == [digest[i : i + 8] for i in range(0, 64, 8)]
    assert zg.zhash(digest) == '<span class="zg-hash">9f2c 41d7 … 0be3 7a15</span>'
    assert dates.hash_short("9f2c41d7") == "9f2c 41d7"


def test_a_number_is_not_broken_and_is_escaped():
    assert zg.znumber("南公（网安）责通字〔2025〕12号") == (
        '<span class="zg-num">南公（网安）责通字〔2025〕12号</span>'
    )
    assert "&lt;b&gt;" in zg.znumber("<b>")


def test_sizes():
    assert [zg.zsize(n) for n in (0, 900, 190_464, 2_500_000)] == [
        "0 B",
        "900 B",
        "186 KB",
        "2.4 MB",
    ]


def test_a_rate_is_a_whole_number_or_nothing():
    assert zg.percent(317, 377) == "84"
    assert zg.percent(0, 5) == "0"
    assert zg.percent(1, 0) == ""
    assert zg.percent(None, 5) == ""
